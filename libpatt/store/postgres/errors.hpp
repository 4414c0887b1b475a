/// @file
/// From PostgreSQL's SQLSTATE to the classes of `sql_errc`.
#pragma once

#include "store/postgres/handles.hpp"

#include <patt/store/db.hpp>

#include <string>
#include <string_view>

namespace patt::store::postgres {

/// The class of a SQLSTATE (https://www.postgresql.org/docs/15/errcodes-appendix.html).
[[nodiscard]] sql_errc classify(std::string_view state) noexcept;

/// The error in a result, told with the statement it happened in. Values never get into it: the server's
/// details and hints are left out, and its message too where it quotes a value.
[[nodiscard]] sql_error server_error(const PGresult* result, std::string_view sql);

/// True when the server ended the connection with this error.
[[nodiscard]] bool is_fatal(const PGresult* result) noexcept;

/// The field of an error or a notice, or an empty text.
[[nodiscard]] std::string_view field(const PGresult* result, int code) noexcept;

/// An error of the driver itself, told with the statement it happened in.
[[nodiscard]] sql_error own_error(sql_errc code, std::string_view what, std::string_view sql);

/// libpq's text without its line ends.
[[nodiscard]] std::string one_line(const char* text);

} // namespace patt::store::postgres
