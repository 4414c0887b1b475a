/// @file
/// Bringing a database's schema up to date: numbered steps, forward only, each applied once.
///
/// The steps are the files `libpatt/store/migrations/NNNN_name.sql`, embedded in the binary: nothing is read
/// at run time. How to write one: `docs/storage.md`.
#pragma once

#include <patt/result.hpp>
#include <patt/store/db.hpp>
#include <patt/time.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patt::store {

/// One step, as known to this binary. Views of text that lives as long as the program.
struct migration {
    std::int64_t number = 0;       ///< 1, 2, 3 ... without gaps.
    std::string_view name;         ///< For people: `add_availability`.
    std::string_view sql;          ///< For every database, with `{blob}` for what differs.
    std::string_view sqlite_sql;   ///< Taken instead of `sql` by SQLite unless empty.
    std::string_view postgres_sql; ///< Taken instead of `sql` by PostgreSQL unless empty.
};

/// One step, as recorded in the database.
struct applied_migration {
    std::int64_t number = 0;
    std::string name;
    std::string checksum; ///< SHA-256 of the step's text as written, in hexadecimal: what `sha256sum` says of
                          ///< the file.
    instant applied_at;
};

/// How a database stands to this binary.
struct migration_state {
    std::vector<applied_migration> applied; ///< By number.
    std::vector<migration> pending;         ///< By number; empty when there is a problem.
    std::optional<error> problem;           ///< Why this binary must not touch the database.
};

/// The schema's version before and after.
struct migration_report {
    std::int64_t from = 0;
    std::int64_t to = 0;
};

/// The steps of the product itself, by number.
[[nodiscard]] std::span<const migration> built_in_migrations() noexcept;

/// Compares the database with `known` and changes nothing. A new database has everything pending.
/// @throws failure    when `known` is not numbered 1, 2, 3 ...
/// @throws sql_error
[[nodiscard]] migration_state migration_status(connection& db, std::span<const migration> known);

/// The text that a step runs on this database, as `patt migrate --dry-run` shows it.
/// @throws failure  for an unknown `{placeholder}`.
[[nodiscard]] std::string sql_of(const migration& step, const dialect& database);

/// How long a migration may stand in the way of others. Whoever writes to a table waits behind a statement
/// that waits for the table's lock: so it waits briefly and often instead of once and long.
struct migrate_options {
    std::chrono::milliseconds lock_wait{200}; ///< For one lock (PostgreSQL; SQLite has its busy timeout).
    int tries = 100;                          ///< Of each step; at least 1.
    std::chrono::milliseconds pause{200};     ///< Between them, doubled up to 2 seconds (PostgreSQL).
    /// In bytes. An index of a table that is no larger is built at once, within the step's transaction: that
    /// is over sooner than the locks of the other way are got, and needs no session.
    std::int64_t small_table = 8 << 20;
    /// Is told before each pause.
    std::function<void(const migration& step, int failed_tries)> waiting;
};

/// Applies what is pending, each step in a transaction of its own under the database's migration lock:
/// several hosts may start at once, and one that is killed loses nothing. Does not write at all when nothing
/// is pending.
///
/// A step that is marked `-- patt: concurrently` (PostgreSQL) runs outside of a transaction, under the same
/// lock held by the session, unless its table is small; that needs a direct connection, no PgBouncer.
/// @param now  Recorded as the time of application.
/// @par Refusals  `wrong_state` the database is newer than `known`; `conflict` a step that was applied has
/// another
///                text now, or one is missing in the database. Nothing was changed.
/// @throws failure    as `migration_status`, and for an unknown `{placeholder}`.
/// @throws sql_error  of a step's own SQL: that step left nothing, the ones before it are kept. `busy` when
/// others held the lock through all tries; `misuse` when a step needs a session and there is none.
[[nodiscard]] result<migration_report> migrate(connection& db, std::span<const migration> known, instant now,
                                               const migrate_options& how = {});

} // namespace patt::store
