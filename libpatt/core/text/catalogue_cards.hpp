/// @file
/// Which messages are cards, and of which texts: data, one row a card.
#pragma once

#include <patt/text/message.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace patt::text::detail {

/// Which of the guild's colours a card has.
enum class tone : std::uint8_t { normal, good, warning };

/// A field of a card; its texts are KEY.NAME.name and KEY.NAME.value.
struct card_field {
    std::string_view name;
    std::string_view
        depends_on; ///< An argument: without it, or when it is `hidden_when`, the field is left out.
    std::string_view hidden_when;
    field_width width = field_width::full;
};

enum class presence : std::uint8_t { absent, present };

struct card {
    std::string_view key;
    detail::tone tone = tone::normal;
    presence footer = presence::absent;
    std::span<const card_field> fields;
};

/// The card of a key, or null: then the message is the plain text of that key.
[[nodiscard]] const card* find_card(std::string_view key) noexcept;

[[nodiscard]] std::span<const card> all_cards() noexcept;

} // namespace patt::text::detail
