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

/// Where the database is, from `sqlite:FILE` (or a bare file name).
/// @throws usage_error  for another kind of database.
[[nodiscard]] std::filesystem::path database_file(const std::string& db);

} // namespace patt::cli
