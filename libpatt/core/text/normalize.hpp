/// @file
/// Canonical normalisation (Unicode 15.0, section 3.11), the slow path behind the keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace patt::text::unicode {

/// Canonical decomposition with marks in canonical order.
[[nodiscard]] std::u32string to_nfd(std::string_view utf8);

/// Canonical composition of a decomposed text, in place.
void compose(std::u32string& decomposed);

/// What becomes of nonspacing marks (all but the kana voicing marks, which make letters).
enum class marks : std::uint8_t { kept, stripped };

/// Brings the UTF-8 after `start` into normal form C, in place.
void normalize(std::string& text, std::size_t start, marks what);

} // namespace patt::text::unicode
