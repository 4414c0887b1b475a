/// @file
/// UTF-8: check, repair, decode, count. Everything else in `patt::text` stands on this.
#pragma once

#include <patt/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace patt::text {

/// What to do with bytes that are no UTF-8.
enum class on_broken : std::uint8_t {
    refuse, ///< Answer `errc::invalid_input` with the offset of the first broken byte.
    repair, ///< Put U+FFFD in the place of each broken sequence, as WHATWG's decoder does.
};

/// The code point that stands for what could not be decoded.
inline constexpr char32_t replacement_character = U'\uFFFD';

/// One decoded code point and the number of bytes it took (at least 1).
struct decoded {
    char32_t code_point = replacement_character;
    std::uint8_t bytes = 1;
    bool broken = false; ///< The bytes were no UTF-8; `code_point` is U+FFFD then.
};

/// Decodes the code point that starts at `offset`. Precondition: `offset < s.size()`.
///
/// Overlong forms, surrogates and values above U+10FFFF are broken; a broken sequence takes the bytes that
/// could have begun a code point ("maximal subpart", Unicode 15.0 section 3.9), so decoding always advances.
[[nodiscard]] decoded decode_at(std::string_view s, std::size_t offset) noexcept;

/// Appends one code point. Surrogates and values above U+10FFFF are appended as U+FFFD.
void append_utf8(std::string& out, char32_t code_point);

/// Whether the whole text is well-formed UTF-8.
[[nodiscard]] bool is_utf8(std::string_view s) noexcept;

/// The offset of the first broken byte, or `npos`.
[[nodiscard]] std::size_t find_broken_utf8(std::string_view s) noexcept;

/// The text with every broken sequence replaced by U+FFFD; unchanged if there is none.
[[nodiscard]] std::string repair_utf8(std::string_view s);

/// The text as it is if it is UTF-8; otherwise refused or repaired, as the caller says.
/// @par Refusals  `invalid_input` with the byte offset, only with `on_broken::refuse`.
[[nodiscard]] result<std::string> checked_utf8(std::string_view s, on_broken what);

/// The number of code points; a broken sequence counts as one. Discord counts names and messages so.
[[nodiscard]] std::size_t count_characters(std::string_view s) noexcept;

/// The number of UTF-16 code units, as JavaScript's `length` has it; a broken sequence counts as one.
[[nodiscard]] std::size_t count_utf16_units(std::string_view s) noexcept;

/// The longest prefix of at most `characters` code points; never cuts one in two.
[[nodiscard]] std::string_view first_characters(std::string_view s, std::size_t characters) noexcept;

} // namespace patt::text
