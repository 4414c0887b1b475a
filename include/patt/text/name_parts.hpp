/// @file
/// What a displayed name consists of: words, brackets, tags, codes, a realm.
///
/// Parsed, not guessed away: every part keeps its text and its kind, so that a caller can say why it used it.
/// "[PATT] Trogmoon / Mito (Mike) SW-3267-4144-0332" has the tag PATT, the words Trogmoon and Mito, the alias
/// Mike and a friend code.
#pragma once

#include <patt/text/realm.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patt::text {

/// What a part of a name is.
enum class part_kind : std::uint8_t {
    word,          ///< A plain word.
    alias,         ///< In round brackets: another name of the same one.
    tag,           ///< In other brackets, in front of or behind the name: a clan, rank or time zone.
    realm,         ///< The realm of `Name-Realm`, found in the list that was given.
    discriminator, ///< The digits of `name#1234`.
    code,          ///< A friend code or another long number.
};

/// One part: a view into the name that was parsed.
struct name_part {
    std::string_view text;
    part_kind kind = part_kind::word;

    friend bool operator==(const name_part&, const name_part&) = default;
};

/// Splits a displayed name into its parts, in order; separators and decorations are no parts.
///
/// Separators: white space and `| / \ - _ . ~ , : ; + & = * •` and their like; anything that is neither
/// letter nor digit. An apostrophe inside a word stays in it. Broken UTF-8 separates.
/// @param realms  Where the realm of `Name-Realm` is looked up; none: no part is a realm.
/// @return        Views into `name`, valid as long as it is.
[[nodiscard]] std::vector<name_part> parse_name(std::string_view name,
                                                const realm_directory* realms = nullptr);

/// As `parse_name`, into a vector that is cleared first: no allocation once it has grown.
void parse_name(std::string_view name, const realm_directory* realms, std::vector<name_part>& parts);

/// The name without friend codes and discriminators (`SW-1234-5678-9012`, `#1234`), into `out`.
/// @return  False, and `out` unspecified, if there are none or nothing else remains.
[[nodiscard]] bool drop_codes(std::string_view name, std::string& out);

/// A character's full name taken apart.
struct character_name {
    std::string_view name;
    std::string_view realm; ///< Empty if none was given.
};

/// Splits `Name-Realm` at the first hyphen: names of characters contain none. White space around is dropped.
[[nodiscard]] character_name split_character_name(std::string_view full) noexcept;

} // namespace patt::text
