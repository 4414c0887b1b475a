/// @file
/// The message catalogue: every text for people, by key and locale, with ICU's plurals and selections.
#pragma once

#include <patt/decision/text.hpp>
#include <patt/ids.hpp>
#include <patt/policy/settings.hpp>
#include <patt/text/message.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace patt::text {

/// The texts of one locale as a document. Source of the format: this project.
///
///     # a comment
///     key(argument, another) = A pattern with {argument} and {another}.
///       | A second line.
///
/// Patterns are ICU MessageFormat (https://unicode-org.github.io/icu/userguide/format_parse/messages/). Every
/// argument that a pattern uses is declared. `has_x` is `yes` or `no`, by whether argument `x` has a text.
struct catalogue_source {
    std::string locale;
    std::string document;
};

/// How the words of users are written into a text.
enum class markup : std::uint8_t {
    markdown, ///< Escaped for the chat server.
    plain,    ///< As they are, without invisible characters: terminal, footer, log.
};

/// What a text is rendered with besides its own arguments.
struct surroundings {
    const policy::guild_settings&
        settings; ///< Gives locale, colours, and the arguments guild, website, signup, …
    text::markup markup = text::markup::markdown;
    /// The code of an invite, for arguments of kind `invite_code`; without it they stay empty.
    std::function<std::string(invite_id)> code_of = {};
};

/// What could not be rendered so far. Counted, never thrown at a person.
struct catalogue_misses {
    std::int64_t keys = 0;      ///< No text of that key in any locale of the chain: the key was shown.
    std::int64_t arguments = 0; ///< A declared argument was not given: its name was shown in braces.
    std::vector<std::string> first_keys; ///< The first few, for the report.
};

/// The catalogue. Locales fall back from `pt-BR` to `pt` to `en`.
///
/// Patterns are parsed at their first use in a locale and kept.
/// @par Threads  One catalogue a thread: formatting fills the cache.
class catalogue {
public:
    /// The texts of this version of the library.
    catalogue();

    /// Other texts. @throws failure when a document or pattern is broken, or a pattern uses what is not
    /// declared.
    explicit catalogue(const std::vector<catalogue_source>& sources);

    catalogue(catalogue&&) noexcept;
    catalogue& operator=(catalogue&&) noexcept;
    ~catalogue();

    /// One text. A missing one shows its key, a missing argument its name in braces.
    [[nodiscard]] std::string format(const text_ref& what, const surroundings& with);

    /// A message: the card that is defined for the key, else a plain message of the text of that key.
    ///
    /// Every part is within `message_limits`; what is longer is cut with an ellipsis. Fields whose condition
    /// does not hold are left out.
    [[nodiscard]] message compose(const text_ref& what, const surroundings& with);

    [[nodiscard]] const catalogue_misses& misses() const noexcept;

    /// The keys of a locale, sorted; without fallback.
    [[nodiscard]] std::vector<std::string> keys(std::string_view locale) const;

    /// What a text declares; empty for an unknown key.
    [[nodiscard]] std::vector<std::string> arguments(std::string_view locale, std::string_view key) const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace patt::text
