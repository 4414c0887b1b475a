/// @file
/// The options that every command understands, and what they mean when they are not given.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace patt::store {
class database;
} // namespace patt::store

namespace patt::cli {

/// As given; `DATABASE_URL` and the defaults are already in.
struct common_options {
    std::string db = "sqlite:patt.db";
    std::string guild; ///< An id or a name; empty: the only guild.
    bool json = false;
    bool dry_run = false;
    bool yes = false;
};

void add_common_options(CLI::App& app, common_options& into);

/// What the files of an installation are named after: the database's file, or `patt` in the current directory
/// for a server's.
[[nodiscard]] std::filesystem::path files_of(const std::string& db);
/// The database as it is shown to people: no password, no address.
[[nodiscard]] std::string shown_database(const std::string& db);

/// Where the database is, from `sqlite:FILE` (or a bare file name).
/// @throws usage_error  for another kind of database.
[[nodiscard]] std::filesystem::path database_file(const std::string& db);

} // namespace patt::cli
