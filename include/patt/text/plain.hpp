/// @file
/// Words of users made safe: without invisible and direction-changing characters, bounded, and escaped for
/// the chat server's Markdown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace patt::text {

enum class line_breaks : std::uint8_t {
    become_spaces, ///< One line.
    stay,          ///< `\n`; other kinds of line break become it.
};

/// The text as it may be kept and shown: valid UTF-8, at most `max_characters` code points.
///
/// Dropped: control characters, zero-width characters, direction marks and overrides, variation selectors,
/// tags, soft hyphens, whatever is not decodable. Runs of white space become one space; the ends are trimmed.
/// Never fails, whatever the bytes.
[[nodiscard]] std::string plain(std::string_view text, std::size_t max_characters,
                                line_breaks breaks = line_breaks::become_spaces);

/// The text so that the chat server shows it as it is: no formatting, link, mention or heading comes of it.
///
/// Escaped with a backslash: `\ * _ ~ | [ ] <` and the back-tick everywhere, the colon of `://`, and at the
/// beginning of a line `# > - +` and the dot or bracket after a number. A zero-width space goes between `@`
/// and what would be a mention. Invisible characters of the text itself are dropped first, as by `plain`.
/// Source of the syntax: https://support.discord.com/hc/en-us/articles/210298617 and
/// https://discord.com/developers/docs/reference#message-formatting
[[nodiscard]] std::string escape_markdown(std::string_view text);

} // namespace patt::text
