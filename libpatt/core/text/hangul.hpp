/// @file
/// Sounds that depend on the neighbour: Hangul syllables and small kana.
#pragma once

#include <string>
#include <string_view>

namespace patt::text {

/// Appends a Hangul syllable in Latin letters (Revised Romanization, letter by letter); false if it is none.
bool append_hangul_sound(std::string& out, char32_t cp);

/// Appends the sound of one character; a small ya, yu, yo swallows the vowel before it, a small tsu is
/// silent.
void append_kana_aware(std::string& out, char32_t cp, std::string_view sound);

} // namespace patt::text
