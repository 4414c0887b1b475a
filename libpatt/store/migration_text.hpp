/// @file
/// The text of a migration: which one a database takes, what stands in it, what identifies it.
#pragma once

#include <patt/store/db.hpp>
#include <patt/store/migrations.hpp>

#include <string>
#include <string_view>

namespace patt::store {

/// The text that this database takes, as it was written. @throws failure when there is none for it.
[[nodiscard]] std::string_view text_for(const migration& step, const dialect& database);

/// Puts the database's own words for `{blob}`. Braces around anything but a lower-case word stay (JSON has
/// them).
/// @throws failure for a word that is not known.
[[nodiscard]] std::string expand(std::string_view sql, const dialect& database);

} // namespace patt::store
