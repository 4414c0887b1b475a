/// @file
/// Is everything all right? What a database says of itself and of the work in it, and what to make of it.
#pragma once

#include <patt/engine/metrics_text.hpp>
#include <patt/store/db.hpp>
#include <patt/store/rows.hpp>
#include <patt/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace patt::engine {

/// A host as its row says.
struct host_health {
    std::string name;
    std::string version;
    duration silent{}; ///< Since its last sign of life.
    store::host_connections connections = {};
};

using store::way;

/// What only a server has; nothing of it on SQLite.
struct server_health {
    std::int64_t version = 0; ///< 150018 is 15.18.
    duration clock_skew{};    ///< How far this machine's clock is ahead of the server's.
    std::string lock_timeout;
    std::string idle_in_transaction_timeout;
    std::int64_t connections = 0; ///< Of everybody.
    std::int64_t max_connections = 0;
    std::int64_t reserved_connections = 0; ///< For superusers.
    bool in_recovery = false;
    std::int64_t standbys = 0;     ///< Streaming now.
    std::string synchronous_names; ///< `synchronous_standby_names`.
    std::int64_t synchronous = 0;  ///< Of the standbys: those that commits wait for.
    std::int64_t idle_slots = 0;   ///< Replication slots that nobody reads; they keep the log from being cut.
    std::int64_t oldest_xmin_age = 0; ///< In transactions: how far back the oldest snapshot holds dead rows.
    duration oldest_transaction{};
    std::int64_t unwalled_tables = 0; ///< Tables with guilds that row-level security does not cover.
    bool walled = false;              ///< The roles are there.
};

/// Rows of one table that are dead and not yet cleared away (PostgreSQL).
struct bloat {
    std::string table;
    std::int64_t live = 0;
    std::int64_t dead = 0;
};

struct health {
    std::int64_t schema = 0;
    std::int64_t schema_wanted = 0;
    std::optional<server_health> server;
    way leads_to = way::server; ///< Of the connection that asked; of the hosts that do not say, too.
    std::vector<bloat> bloats;
    std::vector<host_health> hosts;
    std::int64_t leases = 0;
    std::int64_t leases_run_out = 0; ///< Held once and not taken over.
    std::int64_t effects_failed = 0;
    std::int64_t effects_due = 0; ///< Pending and due.
    duration oldest_due_effect{}; ///< How long the longest has been waiting, unclaimed.
    std::int64_t timers_due = 0;
    duration oldest_due_timer{};
};

/// Looks and changes nothing. Everything is read in one moment; hosts that work are not held up.
/// @param now  This machine's time, against which the server's clock is compared.
/// @throws sql_error
[[nodiscard]] health read_health(store::connection& db, instant now);

enum class grade : std::uint8_t { ok, warn, fail };
[[nodiscard]] std::string_view to_string(grade g) noexcept;

/// One thing that was looked at.
struct finding {
    std::string what;
    grade how = grade::ok;
    std::string sentence;
    std::string next; ///< What to do; empty when all is well.
};

/// What is to be thought of it. A free function of its argument.
[[nodiscard]] std::vector<finding> judge(const health& h);

/// The same values for Prometheus.
[[nodiscard]] std::vector<metric> metrics_of(const health& h);

} // namespace patt::engine
