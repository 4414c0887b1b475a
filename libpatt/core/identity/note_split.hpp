/// @file
/// A note as words, with what stands between them.
#pragma once

#include "core/identity/note_words.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patt::identity {

/// What stands between two words; the strongest sign of several.
enum class note_gap : std::uint8_t { start, space, colon, comma, slash, hyphen, at, hash, question, end };

struct note_word {
    std::string_view text; ///< As written, without a possessive 's.
    std::string key;       ///< Letters and digits, folded.
    word_role role = word_role::name;
    note_gap before = note_gap::start;
    note_gap after = note_gap::end;
    bool possessive = false; ///< 's or s' was written.
    bool used = false;       ///< It has been read as part of something.
    int tag = -1;            ///< The number of the tag that it stands behind, if it does.
};

/// The words of a note, each in the role that it has beside its neighbours: "in law", "+1" and "c/o" speak of
/// somebody else. Views into `note`.
[[nodiscard]] std::vector<note_word> split_note(std::string_view note);

/// Whether `sign` stands before a word of the note, with nothing but spaces between them.
[[nodiscard]] bool stands_before(char sign, std::string_view note, const note_word& w) noexcept;

/// Whether a word may stand here, in ASCII and beyond.
[[nodiscard]] bool is_word_character(char32_t cp) noexcept;

} // namespace patt::identity
