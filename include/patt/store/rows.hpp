/// @file
/// Rows that only the engine and its hosts look at: jobs, sync runs, the ledger, counts of the outbox.
#pragma once

#include <patt/ids.hpp>
#include <patt/time.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace patt::store {

/// Long work in chunks.
struct job_row {
    job_id id;
    std::string kind;
    std::string state; ///< `running`, `done`, `cancelled`, `failed`.
    std::int64_t done = 0;
    std::int64_t total = 0;
    sync_run_id run;
    std::string note;
    instant created_at;
    instant updated_at;
};

/// What one synchronisation found and changed.
struct sync_run_row {
    sync_run_id id;
    std::string source;
    std::string cause;
    std::string status; ///< `running`, `success`, `partial`, `error`, `cancelled`.
    std::int64_t found = 0;
    std::int64_t added = 0;
    std::int64_t updated = 0;
    std::int64_t unchanged = 0;
    std::int64_t renamed = 0;
    std::int64_t returned = 0;
    std::int64_t removed = 0;
    std::string note;
    instant started_at;
    instant ended_at;
};

/// How many effects are in which state.
struct outbox_counts {
    std::int64_t waiting = 0;
    std::int64_t held = 0;
    std::int64_t pending = 0;
    std::int64_t sending = 0;
    std::int64_t failed = 0;
};

/// One line of the ledger.
struct ledger_row {
    std::string key;
    effect_id id;
    std::size_t kind = 0;
    std::string result;
    std::string external_ref;
    int attempts = 0;
    instant ended_at;
};

/// What a program's connections lead to.
enum class way : std::uint8_t {
    untold, ///< Hosts of older versions do not say.
    server,
    pooler, ///< PgBouncer, whose limit they count against.
};

/// How many connections to the database a host has.
struct host_connections {
    std::int64_t most = 0;    ///< That it may open; 0: it does not say, as hosts of older versions.
    std::int64_t open = 0;    ///< That it has.
    std::int64_t waiting = 0; ///< Threads that wait for one.
    way leads_to = way::untold;
    std::int64_t direct = 0; ///< Of `most`, where they lead to a PgBouncer: those that go past it.
};

/// A process that performs effects.
struct host_row {
    std::int64_t boot_id = 0; ///< Random, of its own making: a restarted host is another one.
    std::string name;         ///< For people.
    std::string version;
    std::string kinds; ///< What it does: `effects`.
    instant started_at;
    instant last_seen;
    duration clock_skew{}; ///< How far its own clock was ahead of the database's.
    host_connections connections = {};
};

} // namespace patt::store
