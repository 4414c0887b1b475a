/// @file
/// Words and first names that many people call themselves, whatever letter statistics say of them.
#pragma once

#include <string_view>

namespace patt::identity {

/// Whether a bare key is such a word.
[[nodiscard]] bool is_popular(std::string_view bare) noexcept;

} // namespace patt::identity
