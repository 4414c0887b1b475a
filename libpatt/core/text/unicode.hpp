/// @file
/// Look-ups in the generated Unicode tables (Unicode 15.0.0; tools/unicode/generate.py).
#pragma once

#include <cstdint>
#include <string_view>

namespace patt::text::unicode {

/// What a code point is, as far as names care.
enum class kind : std::uint8_t { other, letter, digit, mark, space, punctuation, symbol, unassigned };

/// Which script it belongs to, as far as names care.
enum class script : std::uint8_t { common, latin, cyrillic, greek, hangul, kana, han, other };

/// What a code point becomes in the keys.
struct mapping {
    std::string_view exact;
    std::string_view folded;
    std::string_view look;       ///< ASCII letters it looks like; empty if none.
    std::string_view sound;      ///< ASCII letters it sounds like; empty if none.
    bool reorder_exact = false;  ///< Concatenating mapped texts is not enough: normalise them.
    bool reorder_folded = false; ///< The same for the folded text.
    bool identity = true;        ///< All texts are the code point itself, or none; the views are empty then.
};

[[nodiscard]] mapping fold(char32_t cp) noexcept;
[[nodiscard]] kind kind_of(char32_t cp) noexcept;
[[nodiscard]] script script_of(char32_t cp) noexcept;

/// The canonical combining class.
[[nodiscard]] std::uint8_t combining_class(char32_t cp) noexcept;

/// The full canonical decomposition without Hangul (which is arithmetic), as UTF-8; empty if there is none.
[[nodiscard]] std::string_view decomposition(char32_t cp) noexcept;

/// The primary composite of two code points without Hangul, or zero.
[[nodiscard]] char32_t composite(char32_t first, char32_t second) noexcept;

/// The base letters of a letter with a stroke, a ligature or a small capital; empty if it is none.
[[nodiscard]] std::string_view base_letters(char32_t cp) noexcept;

} // namespace patt::text::unicode
