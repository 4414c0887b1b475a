/// @file
/// Opening a SQLite database: the settings every connection has, and errors a person can act on.
#pragma once

#include "store/sqlite/handles.hpp"

#include <patt/store/db.hpp>

#include <filesystem>
#include <string>

namespace patt::store::sqlite {

/// Opens the file and makes all settings (WAL, foreign keys, `synchronous`). @throws sql_error as
/// `open_sqlite` says.
[[nodiscard]] database_handle open_file(const std::filesystem::path& file, const open_options& options);

/// Opens the shared memory database with this URI and makes the settings that make sense there.
[[nodiscard]] database_handle open_shared_memory(const std::string& uri, const open_options& options);

} // namespace patt::store::sqlite
