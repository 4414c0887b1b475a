/// @file
/// PostgreSQL: many hosts on one database. Start with `open_postgres`.
///
/// Statements of a transaction travel together: `begin`, `post`, `enter_guild`, savepoints and the next
/// statement whose answer is needed cost one round trip, and so do the last posted statements and the commit.
#pragma once

#include <patt/store/db.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace patt::store {

/// How statements reach the server.
enum class statement_mode : std::uint8_t {
    prepared, ///< Prepared by name, once for each connection. Needs a session of its own.
    unnamed   ///< Sent anew each time, settings too: for PgBouncer in transaction mode.
};

/// What can be chosen about PostgreSQL. The defaults are good for a host.
struct postgres_options {
    statement_mode statements = statement_mode::prepared;

    /// How long one host of the connection string may take to answer, the look-up of its name included; all
    /// are asked at the same time. One that was too slow gets twice as long the next time, up to some
    /// seconds.
    std::chrono::milliseconds host_timeout{300};
    /// How long connecting goes on while no host is a usable primary. What waiting cannot heal (a wrong
    /// password, no such database) is told at once.
    std::chrono::milliseconds connect_patience{5000};
    /// The longest wait for any answer, commits included. When it passes, the connection is given up.
    std::chrono::milliseconds deadline{10'000};
    /// Where the connection string names several hosts: an answer that takes longer may be one of a primary
    /// that hung while its standby was promoted. All hosts are asked then (inside a transaction when it ends:
    /// only then its answers count), while it does not come again after as much, and before anything is asked
    /// after a silence of three times as long. By one session every ten times as long, too: a primary that
    /// was left behind need not have hung. 0: never.
    std::chrono::milliseconds doubt_after{1000};
    /// The deadline of `script`, as migrations may take long. It also lifts the statement timeout there.
    std::chrono::milliseconds script_deadline{600'000};
    /// The server ends a statement that takes longer (`busy`).
    std::chrono::milliseconds statement_timeout{8000};
    /// The server ends the transaction of a host that has stopped in the middle of it: others wait for its
    /// locks. Shorter than `engine::options::lease_ttl`: else a host that stopped keeps its share for so
    /// long.
    std::chrono::milliseconds idle_transaction_timeout{5000};

    /// The role of queue tables, taken on by `enter_queue`. Empty: `enter_queue` does nothing.
    std::string queue_role;
    /// Where the highest timeline that this machine has seen is kept, so that a server that was left behind
    /// by a failover is refused after a restart too. Empty: it is kept in memory and in the database only.
    std::filesystem::path timeline_file;
    /// How the wake channel connects, as `LISTEN` needs a session: needed where the main connection string
    /// leads to a PgBouncer. Empty: as everything else.
    std::string wake_conninfo;
};

/// Describes the database behind a connection string; nothing is connected before the first `connect()`.
///
/// @param conninfo  As libpq takes it: `postgresql://user@host:5432/name?sslmode=verify-full` or
/// `host=a,b port=5432 dbname=name`. Several hosts are asked in parallel; the one that is no standby and on
/// the newest timeline is taken, whatever `target_session_attrs` says.
/// @par Errors  Here `misuse` for a text that is no connection string. `connect()` throws `lost` (no usable
/// server), `busy` (the server takes no more connections) or `other` (refused: password, name, certificate).
/// No message holds the connection string or a password.
/// @par Threads  The database may be used by several threads, each connection by one at a time. Names are
/// looked up on threads of their own, one for each name at a time, that no signal is delivered to: the
/// system's way waits without a limit. One that still waits outlives the database, and needs nothing of it.
/// While a name server keeps silent, the addresses that a name had last are used.
///
/// A connection that broke connects again by itself at the next `begin`, or the next statement outside of a
/// transaction. `tx_mode::write` is READ COMMITTED: the first statement of an input locks its guild's row, so
/// inputs of one guild run one after the other, and what others may change meanwhile is guarded by row locks
/// (leases) and unique keys. `tx_mode::read` is REPEATABLE READ, READ ONLY.
[[nodiscard]] std::shared_ptr<database> open_postgres(std::string_view conninfo,
                                                      postgres_options options = {});

/// Writes the highest timeline into the table `instance`, for hosts that come later. Connecting does it too.
/// @throws sql_error
void raise_timeline(connection& db, std::int64_t seen);

/// What a server says about itself, for whoever looks after it.
struct server_description {
    std::string version;       ///< `15.4 (Debian 15.4-1)`
    std::int64_t timeline = 0; ///< Goes up with each failover.
    bool standby = false;
    std::string synchronous_commit;
    std::string synchronous_standbys; ///< The setting `synchronous_standby_names`.
    std::int64_t max_connections = 0;
    std::int64_t oldest_snapshot_transactions = 0; ///< How far back somebody looks: what VACUUM must keep.
    std::int64_t dead_rows = 0;                    ///< Of all tables of this database, as counted.
};

/// Asks the server. @throws sql_error
[[nodiscard]] server_description describe_server(connection& db);

/// True for a text that `open_postgres` takes because of its scheme: `postgresql://` or `postgres://`.
[[nodiscard]] bool is_postgres_url(std::string_view text) noexcept;

} // namespace patt::store
