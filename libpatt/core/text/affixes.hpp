/// @file
/// What people put around their name. English first; data, to be extended.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace patt::text {

/// Affixes grouped by the letter that faces outward, so that most names are done after one look-up.
///
/// Order matters within a letter only: longer ones first, so that "xxx" is not taken for "xx".
template <std::size_t N>
struct affix_table {
    std::array<std::string_view, N> affixes;
    std::array<std::uint8_t, 27> first{}; ///< Where each letter's group begins; the last is N.
};

/// Builds the groups. Precondition: `affixes` is sorted by `outer` letter.
template <std::size_t N, class Outer>
constexpr affix_table<N> make_affix_table(const std::array<std::string_view, N>& affixes, Outer outer) {
    affix_table<N> t{affixes, {}};
    std::size_t next = 0;
    for (std::size_t letter = 0; letter < 26; ++letter) {
        t.first[letter] = static_cast<std::uint8_t>(next);
        while (next < N && static_cast<std::size_t>(outer(affixes[next]) - 'a') == letter)
            ++next;
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
    [](std::string_view s) { return s.front(); });

inline constexpr auto trailing_affixes = make_affix_table(
    std::to_array<std::string_view>({"hd",   "live",   "aoe",  "gaming",   "gg",   "twitch", "iii",
                                     "ii",   "twink",  "bank", "official", "spl",  "gm",     "splatoon",
                                     "main", "banker", "jr",   "games",    "alts", "splat",  "alt",
                                     "yt",   "ttv",    "tv",   "wow",      "xxx",  "xx",     "x"}),
    [](std::string_view s) { return s.back(); });

} // namespace patt::text
