#include "core/text/hangul.hpp"

#include <array>

namespace patt::text {

namespace {

// Revised Romanization of Korean (National Institute of Korean Language, 2000), initial, medial, final.
constexpr std::array<std::string_view, 19> initials = {"g",  "kk", "n", "d",  "tt", "r", "m", "b", "pp", "s",
                                                       "ss", "",   "j", "jj", "ch", "k", "t", "p", "h"};
constexpr std::array<std::string_view, 21> medials = {"a",  "ae", "ya", "yae", "eo", "e",  "yeo",
                                                      "ye", "o",  "wa", "wae", "oe", "yo", "u",
                                                      "wo", "we", "wi", "yu",  "eu", "ui", "i"};
constexpr std::array<std::string_view, 28> finals = {"",  "k",  "k", "k", "n", "n", "n", "t", "l", "k",
                                                     "m", "l",  "l", "l", "p", "l", "m", "p", "p", "t",
                                                     "t", "ng", "t", "t", "k", "t", "p", "t"};

bool is_small_y(char32_t cp) noexcept {
    return cp == U'ゃ' || cp == U'ゅ' || cp == U'ょ' || cp == U'ャ' || cp == U'ュ' || cp == U'ョ';
}

bool is_silent(char32_t cp) noexcept {
    return cp == U'っ' || cp == U'ッ' || cp == U'ー';
}

} // namespace

bool append_hangul_sound(std::string& out, char32_t cp) {
    if (cp < 0xAC00 || cp >= 0xAC00 + 11172)
        return false;
    const char32_t s = cp - 0xAC00;
    out.append(initials[s / 588]);
    out.append(medials[s % 588 / 28]);
    out.append(finals[s % 28]);
    return true;
}

void append_kana_aware(std::string& out, char32_t cp, std::string_view sound) {
    if (is_silent(cp))
        return;
    if (is_small_y(cp) && !out.empty() && out.back() == 'i')
        out.pop_back();
    out.append(sound);
}

} // namespace patt::text
