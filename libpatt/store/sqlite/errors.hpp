/// @file
/// From SQLite's result codes to the classes of `sql_errc`.
#pragma once

#include <patt/store/db.hpp>

#include <string>
#include <string_view>

struct sqlite3;

namespace patt::store::sqlite {

/// The class of an extended result code.
[[nodiscard]] sql_errc classify(int extended_code) noexcept;

/// The error of the last call on `database`, told with the statement it happened in. Values never get into
/// it: they may be somebody's data.
[[nodiscard]] sql_error last_error(sqlite3* database, std::string_view sql);

/// An error of the driver itself, told with the statement it happened in.
[[nodiscard]] sql_error own_error(sql_errc code, std::string_view what, std::string_view sql);

} // namespace patt::store::sqlite
