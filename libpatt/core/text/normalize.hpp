/// @file
/// Canonical normalisation (Unicode 15.0, section 3.11), the slow path behind the keys.
#pragma once

#include <string>
#include <string_view>

namespace patt::text::unicode {

/// Canonical decomposition with marks in canonical order.
[[nodiscard]] std::u32string to_nfd(std::string_view utf8);

/// Canonical composition of a decomposed text, in place.
void compose(std::u32string& decomposed);

} // namespace patt::text::unicode
