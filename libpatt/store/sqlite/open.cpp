#include "store/sqlite/open.hpp"

#include "store/sqlite/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <string_view>
#include <system_error>

namespace patt::store::sqlite {
namespace {

/// The log shrinks to this after a checkpoint; a burst of writes would leave it large for good otherwise.
constexpr int log_limit_bytes = 64 * 1024 * 1024;

/// A failed opening, told so that it can be put right.
sql_error open_error(sqlite3* database, const std::string& name) {
    const int code = database == nullptr ? SQLITE_NOMEM : sqlite3_extended_errcode(database);
    const int os_error = database == nullptr ? 0 : sqlite3_system_errno(database);
    std::string reason = sqlite3_errstr(code);
    if (os_error != 0) {
        reason += ": " + std::generic_category().message(os_error);
    }
    std::string_view advice = "check the file and the disk";
    switch (code & 0xFF) {
    case SQLITE_NOTADB:
        reason = "it is not a SQLite database, or it is encrypted";
        advice = "name another file, or move this one away to start with an empty database";
        break;
    case SQLITE_CORRUPT:
        advice = "stop every program that uses it, copy it away, and restore a backup";
        break;
    case SQLITE_BUSY:
        reason = "another program holds its lock";
        advice = "end that program, or wait until it is done";
        break;
    case SQLITE_READONLY:
        reason = "it can be read but not written";
        advice = "give this user the right to write to the file and to its directory";
        break;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        advice = "give this user the right to read and write the file and its directory";
        break;
    case SQLITE_FULL:
        advice = "free some space on its disk";
        break;
    default:
        break;
    }
    return {classify(code), fmt::format("cannot open the database {}: {}; {}", name, reason, advice)};
}

/// Runs a PRAGMA and returns the first column of its first row.
std::string pragma(sqlite3* database, const std::string& sql, const std::string& name) {
    std::string answer;
    const auto take = [](void* target, int columns, char** texts, char**) {
        if (columns > 0 && texts[0] != nullptr) {
            *static_cast<std::string*>(target) = texts[0];
        }
        return 0;
    };
    if (sqlite3_exec(database, sql.c_str(), take, &answer, nullptr) != SQLITE_OK) {
        throw open_error(database, name);
    }
    return answer;
}

/// Switches the file to WAL. SQLite does not use its busy handler when several connections try that on a
/// fresh file at once, so this waits by itself.
void use_wal(sqlite3* database, const std::string& name, std::chrono::milliseconds patience) {
    constexpr std::chrono::milliseconds pause{5};
    for (std::chrono::milliseconds waited{0};; waited += pause) {
        try {
            const std::string mode = pragma(database, "PRAGMA journal_mode=WAL", name);
            if (mode != "wal") {
                throw sql_error(
                    sql_errc::other,
                    fmt::format("cannot open the database {}: its file system cannot hold a write-ahead "
                                "log (it answered \"{}\"); put the file on a local disk",
                                name, mode));
            }
            return;
        } catch (const sql_error& problem) {
            if (problem.code() != sql_errc::busy || waited >= patience) {
                throw;
            }
        }
        sqlite3_sleep(static_cast<int>(pause.count()));
    }
}

std::string_view name_of(synchronous level) noexcept {
    switch (level) {
    case synchronous::normal:
        return "NORMAL";
    case synchronous::off:
        return "OFF";
    case synchronous::full:
        break;
    }
    return "FULL";
}

/// Settings that do not touch the file.
void make_settings(sqlite3* database, const std::string& name, const open_options& options) {
    sqlite3_extended_result_codes(database, 1);
    const auto most = std::chrono::milliseconds{std::numeric_limits<int>::max()};
    sqlite3_busy_timeout(database, static_cast<int>(std::min(options.busy_timeout, most).count()));
    // A misspelt column in double quotes is an error, not a text; the schema cannot be edited by hand.
    sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    pragma(database, "PRAGMA foreign_keys=ON", name);
}

database_handle open_raw(const std::string& name, const std::string& shown, unsigned flags) {
    sqlite3* opened = nullptr;
    // A connection belongs to one thread at a time, so SQLite needs no lock of its own for it.
    const unsigned all =
        flags | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(name.c_str(), &opened, static_cast<int>(all), nullptr);
    database_handle database{opened};
    if (code != SQLITE_OK) {
        throw open_error(opened, shown);
    }
    return database;
}

/// What the file system can tell before SQLite gives its one message for everything, "unable to open".
void look_before(const std::filesystem::path& file) {
    const auto refuse = [&file](std::string_view reason, std::string_view advice) {
        throw sql_error(sql_errc::other,
                        fmt::format("cannot open the database {}: {}; {}", file.string(), reason, advice));
    };
    if (file.empty()) {
        refuse("it has no name", "name a file");
    }
    if (file == ":memory:") {
        refuse("each connection would have a database of its own", "name a file (tests: open_memory)");
    }
    std::error_code ignored; // What cannot be looked at is left to SQLite.
    if (std::filesystem::is_directory(file, ignored)) {
        refuse("it is a directory", "name a file in it");
    }
    const std::filesystem::path directory = file.parent_path();
    if (directory.empty()) {
        return;
    }
    const std::filesystem::file_status found = std::filesystem::status(directory, ignored);
    if (found.type() == std::filesystem::file_type::not_found) {
        refuse("its directory does not exist", fmt::format("make it first: mkdir -p {}", directory.string()));
    }
    if (std::filesystem::exists(found) && !std::filesystem::is_directory(found)) {
        refuse(directory.string() + " is no directory", "name a file in a directory");
    }
}

} // namespace

database_handle open_file(const std::filesystem::path& file, const open_options& options) {
    look_before(file);
    const std::string name =
        std::filesystem::absolute(file).string(); // So that SQLite sees no special name in it.
    database_handle database = open_raw(name, name, 0);
    make_settings(database.get(), name, options);
    if (sqlite3_db_readonly(database.get(), "main") == 1) { // SQLite falls back to reading silently.
        throw sql_error(sql_errc::full,
                        fmt::format("cannot open the database {}: it can be read but not written; give "
                                    "this user the right to write to the file and to its directory",
                                    name));
    }
    use_wal(database.get(), name, options.busy_timeout);
    pragma(database.get(), fmt::format("PRAGMA synchronous={}", name_of(options.synchronous)), name);
    pragma(database.get(), fmt::format("PRAGMA journal_size_limit={}", log_limit_bytes), name);
    return database;
}

database_handle open_shared_memory(const std::string& uri, const open_options& options) {
    database_handle database = open_raw(uri, uri, SQLITE_OPEN_URI);
    make_settings(database.get(), uri, options);
    return database;
}

} // namespace patt::store::sqlite
