/// @file
/// One server for all tests of a program, and a database of its own for each of them.
///
/// @code
/// if (const std::string why = patt::postgres::why_missing(); !why.empty()) { ... skip, or fail in CI ... }
/// auto db = patt::store::open_postgres(patt::postgres::fresh_database());
/// @endcode
#pragma once

#include "postgres/server.hpp"

#include <string>

namespace patt::postgres {

/// Started at the first call with the defaults of `server_options`, ended with the program.
[[nodiscard]] server& shared_server();

/// A connection string, as the superuser, to an empty database: on the server that the environment's
/// PATT_TEST_POSTGRES names (a URI whose user is a superuser; the database is dropped when the program
/// ends, the roles of PATT stay), else on `shared_server()`.
///
/// @param copied  The name of a database of this server that it is a copy of; nobody is connected to it.
[[nodiscard]] std::string fresh_database(const std::string& copied = "template0");

/// A connection string, as the superuser, to a database of the same server.
[[nodiscard]] std::string conninfo(const std::string& database);

} // namespace patt::postgres
