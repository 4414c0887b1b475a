/// @file
/// What an engine counts, for `/metrics`, `patt doctor` and benchmarks.
#pragma once

#include <patt/time.hpp>

#include <cstdint>

namespace patt::engine {

/// Counters begin with the engine at 0; gauges say what is now.
struct engine_metrics {
    std::int64_t inputs = 0;     ///< Inputs decided, timers and outcomes included.
    std::int64_t batches = 0;    ///< Transactions that carried them.
    std::int64_t retries = 0;    ///< Transactions run again: lost against others, or the connection lost.
    std::int64_t reconnects = 0; ///< Connections opened in place of lost ones.
    std::int64_t unknown_commits = 0;  ///< Commits whose answer was lost.
    std::int64_t unknown_happened = 0; ///< Of them: looked up, and they had happened.
    std::int64_t unknown_not = 0;      ///< Of them: looked up, and they had not.
    std::int64_t unknown_given_up = 0; ///< Of them: the database stayed away.
    std::int64_t news_failed = 0;      ///< What `engine::on_work` was given threw.
    std::int64_t effects_claimed = 0;
    std::int64_t effects_performed = 0; ///< Tried through a port, or inside.
    std::int64_t effects_acked = 0;     ///< Outcomes that counted.
    std::int64_t effects_stale = 0;   ///< Claims dropped, or outcomes refused, because another host has them.
    std::int64_t outcomes_failed = 0; ///< That could not be decided; their effects count as failed.
    std::int64_t timers_fired = 0;
    std::int64_t timers_failed = 0; ///< That could not be decided; they fire again.
    std::int64_t heartbeats = 0;
    std::int64_t leases_taken = 0; ///< Partitions taken.
    std::int64_t takeovers = 0;    ///< Of them: from a host that let them run out.
    std::int64_t leases_lost = 0;  ///< Partitions that another host took.

    std::int64_t connections_most = 0;    ///< That this host may open.
    std::int64_t connections_open = 0;    ///< That the engine has.
    std::int64_t connections_waiting = 0; ///< Threads that wait for one.
    std::int64_t connections_refused = 0; ///< Threads that waited in vain. A counter.
    std::int64_t held_partitions = 0;
    std::int64_t partitions = 0;
    std::int64_t live_hosts = 0;
    std::int64_t queued_effects = 0;     ///< Claimed and not performed yet.
    std::int64_t unwritten_outcomes = 0; ///< Effects performed whose outcome could not be written yet.
    std::int64_t waiting_guilds = 0;     ///< Known to have effects that were not looked at yet.
    duration oldest_waiting{};           ///< How long the longest due effect that was seen has been waiting.
    duration clock_skew{};               ///< How far the host's clock is ahead of the database's.
};

} // namespace patt::engine
