#include "open_database.hpp"

#include "exit_code.hpp"
#include "rehearsal.hpp"

#include <patt/store/migrations.hpp>
#include <patt/store/postgres.hpp>
#include <patt/store/row_security.hpp>
#include <patt/store/sqlite.hpp>

#include <fmt/core.h>

#include <cstdlib>
#include <string_view>

namespace patt::cli {

namespace {

store::statement_mode statement_mode() {
    const char* set = std::getenv("PATT_DB_STATEMENTS");
    const std::string_view word = set == nullptr ? "" : set;
    if (!word.empty() && word != "prepared" && word != "unnamed") {
        throw usage_error("PATT_DB_STATEMENTS is prepared, or unnamed for PgBouncer in transaction mode");
    }
    return word == "unnamed" ? store::statement_mode::unnamed : store::statement_mode::prepared;
}

} // namespace

bool sends_unnamed() {
    return statement_mode() == store::statement_mode::unnamed;
}

std::string wake_conninfo() {
    const char* set = std::getenv("PATT_DB_WAKE");
    return set == nullptr ? "" : set;
}

namespace {

/// Where the highest timeline is kept. A file that cannot be made would be no protection, and nobody knew.
std::filesystem::path timeline_file() {
    const char* set = std::getenv("PATT_DB_TIMELINE");
    const std::filesystem::path file = set == nullptr ? "" : set;
    if (!file.empty() && !std::filesystem::is_directory(std::filesystem::absolute(file).parent_path())) {
        throw usage_error(
            fmt::format("PATT_DB_TIMELINE: there is no directory for {}; make it, or name a file "
                        "in another one",
                        file.string()));
    }
    return file;
}

std::shared_ptr<store::database> open_server(const std::string& url, server_use use) {
    store::postgres_options how;
    how.statements = statement_mode();
    how.wake_conninfo = wake_conninfo();
    how.timeline_file = timeline_file();
    if (use == server_use::migrate) {
        how.deadline = std::chrono::hours(12); // An index of a large table takes as long as it takes.
        return store::open_postgres(url, how);
    }
    // Whose rows a transaction sees is decided by its role, where the administrator made the roles.
    how.queue_role = store::usable_queue_role(*store::open_postgres(url, how)->connect(), {});
    return store::open_postgres(url, how);
}

std::shared_ptr<store::database> open_real(const common_options& options, missing when, server_use use) {
    if (store::is_postgres_url(options.db)) {
        return open_server(options.db, use);
    }
    const std::filesystem::path file = database_file(options.db);
    if (when == missing::refuse && !std::filesystem::exists(file)) {
        throw refusal({errc::not_found,
                       fmt::format("there is no database {}; patt init makes one with a guild, patt migrate "
                                   "--create one without",
                                   file.string())});
    }
    return store::open_sqlite(file);
}

} // namespace

std::shared_ptr<store::database> open_existing(const common_options& options, missing when, server_use use) {
    auto real = open_real(options, when, use);
    return options.dry_run ? rehearsal_of(std::move(real)) : real;
}

std::unique_ptr<store::connection> connect_current(const common_options& options) {
    auto db = open_existing(options)->connect();
    const store::migration_state state = store::migration_status(*db, store::built_in_migrations());
    if (state.problem) {
        throw refusal(*state.problem);
    }
    if (!state.pending.empty()) {
        throw refusal({errc::wrong_state,
                       "the database is of an older version; run patt migrate with the same --db first"});
    }
    return db;
}

} // namespace patt::cli
