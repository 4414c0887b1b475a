/// @file
/// What people put around their name. English first; data, to be extended.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace patt::text {

/// Where in a name an affix stands.
enum class affix_end : std::uint8_t { front, back };

/// The character of `text` that is `depth` steps from its end; nothing if it is not that long.
constexpr char from_end(std::string_view text, affix_end end, std::size_t depth) noexcept {
    if (depth >= text.size())
        return '\0';
    return text[end == affix_end::front ? depth : text.size() - 1 - depth];
}

/// A bit for each letter, and one for all that is none.
constexpr std::uint32_t letter_bit(char c) noexcept {
    return 1U << (c >= 'a' && c <= 'z' ? static_cast<unsigned>(c - 'a') : 26U);
}

/// Affixes grouped by the letter that faces outward, so that most names are done after two look-ups.
///
/// Order matters within a letter only: longer ones first, so that "xxx" is not taken for "xx".
template <std::size_t N>
struct affix_table {
    std::array<std::string_view, N> affixes;
    std::array<std::uint8_t, 27> first{}; ///< Where each letter's group begins; the last is N.
    std::array<std::uint32_t, 26>
        beside{}; ///< `letter_bit`s of what may stand beside that letter in its group.
};

/// Builds the groups. Precondition: `affixes` is sorted by the letter that faces outward.
template <std::size_t N>
constexpr affix_table<N> make_affix_table(const std::array<std::string_view, N>& affixes, affix_end end) {
    affix_table<N> t{affixes, {}, {}};
    std::size_t next = 0;
    for (std::size_t letter = 0; letter < 26; ++letter) {
        t.first[letter] = static_cast<std::uint8_t>(next);
        for (; next < N && static_cast<std::size_t>(from_end(affixes[next], end, 0) - 'a') == letter;
             ++next) {
            const bool alone = affixes[next].size() == 1; // Anything may stand beside it.
            t.beside[letter] |= alone ? ~0U : letter_bit(from_end(affixes[next], end, 1));
        }
    }
    t.first[26] = static_cast<std::uint8_t>(N);
    if (next != N)
        throw "affixes are not sorted";
    return t;
}

inline constexpr auto leading_affixes = make_affix_table(
    std::to_array<std::string_view>(
        {"captain", "capt",     "da",     "dr",   "el",  "iam",    "its",  "im",  "i",  "just",
         "king",    "lady",     "lord",   "la",   "le",  "master", "miss", "mrs", "mr", "ms",
         "not",     "official", "prince", "real", "sir", "the",    "xxx",  "xx",  "x"}),
    affix_end::front);

inline constexpr auto trailing_affixes = make_affix_table(
    std::to_array<std::string_view>({"hd",   "live",   "aoe",  "gaming",   "gg",   "twitch", "iii",
                                     "ii",   "twink",  "bank", "official", "spl",  "gm",     "splatoon",
                                     "main", "banker", "jr",   "games",    "alts", "splat",  "alt",
                                     "yt",   "ttv",    "tv",   "wow",      "xxx",  "xx",     "x"}),
    affix_end::back);

} // namespace patt::text
