/// @file
/// A column of several rows as the text of a PostgreSQL array: `{1,2}`, `{"a","b"}`.
#pragma once

#include <patt/store/db.hpp>

#include <string>
#include <string_view>

namespace patt::store {

/// The name of the type in SQL: `BIGINT` and so on; empty for NULL, which has none.
[[nodiscard]] std::string_view sql_type_of(const value& v) noexcept;

/// Appends one element, with the brace or comma before it. @throws sql_error  for NULL and NaN
void add_element(std::string& to, const value& v);

} // namespace patt::store
