/// @file
/// The check of text before it is bound, the same for every driver.
#pragma once

#include <cstdint>
#include <string_view>

namespace patt::store {

/// What is wrong with a text for a database.
enum class text_fault : std::uint8_t { none, nul, not_utf8 };

/// Finds the first reason why a text cannot be stored. PostgreSQL takes neither NUL nor bad UTF-8; SQLite
/// takes both and cuts the text at the NUL in half of its functions.
[[nodiscard]] text_fault check_text(std::string_view text) noexcept;

} // namespace patt::store
