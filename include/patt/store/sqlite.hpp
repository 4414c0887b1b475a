/// @file
/// SQLite: the default database, in one file that needs no set-up. Start with `open_sqlite`; tests use
/// `open_memory`.
///
/// Files are opened in WAL mode with `synchronous=FULL` and foreign keys on: one connection writes at a time,
/// readers neither wait nor are waited for.
#pragma once

#include <patt/store/db.hpp>

#include <filesystem>
#include <memory>
#include <string_view>

namespace patt::store {

/// Describes the database in a file. Nothing is touched before the first `connect()`, which makes the file if
/// there is none.
///
/// @par Errors  `connect()` throws `sql_error` with a message that says what, where and what to do: `other`
/// (no such directory, no permission), `corrupt` (no SQLite database), `full` (read-only), `busy` (locked by
/// somebody else).
/// @par Threads  The database may be used by several threads, each connection by one at a time.
[[nodiscard]] std::shared_ptr<database> open_sqlite(const std::filesystem::path& file);

/// A database in memory, shared by all connections of the process that use the same name; for tests.
///
/// It lives as long as a `database` of that name or one of its connections. Different from a file in one way:
/// whoever reads waits while somebody writes, and the other way round, as there is no WAL in memory.
/// @param name  Any text but the empty one (`sql_error`, `misuse`).
[[nodiscard]] std::shared_ptr<database> open_memory(std::string_view name);

} // namespace patt::store
