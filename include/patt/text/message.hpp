/// @file
/// A message as the chat server knows it: words, a card with fields, a colour. Neutral: other surfaces show
/// the same parts in their way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace patt::text {

enum class field_width : std::uint8_t { full, narrow };

/// A named part of a card.
struct message_field {
    std::string name;
    std::string value;
    field_width width = field_width::full; ///< Narrow ones stand beside each other.
    friend bool operator==(const message_field&, const message_field&) = default;
};

/// A message. A plain one has only `content`; a card has a title or a description.
struct message {
    std::string content;
    std::string title;
    std::string description;
    std::vector<message_field> fields;
    std::string footer;
    std::uint32_t colour = 0; ///< 0xRRGGBB; of the card.

    [[nodiscard]] bool has_card() const noexcept {
        return !title.empty() || !description.empty() || !fields.empty() || !footer.empty();
    }
    friend bool operator==(const message&, const message&) = default;
};

/// What the chat server takes, in characters.
/// Source: https://discord.com/developers/docs/resources/message#embed-object-embed-limits
struct message_limits {
    static constexpr std::size_t content = 2000;
    static constexpr std::size_t title = 256;
    static constexpr std::size_t description = 4096;
    static constexpr std::size_t field_name = 256;
    static constexpr std::size_t field_value = 1024;
    static constexpr std::size_t fields = 25;
    static constexpr std::size_t footer = 2048;
    static constexpr std::size_t card = 6000; ///< All texts of a card together.
};

/// The message as lines of text, for the terminal and for logs of the sample: title, description, fields,
/// footer.
[[nodiscard]] std::string as_lines(const message& what);

} // namespace patt::text
