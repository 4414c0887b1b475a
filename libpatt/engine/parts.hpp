/// @file
/// What the rooms of the engine share: the ports, the options, the flows, what is counted.
#pragma once

#include "engine/flows.hpp"

#include <patt/engine/engine.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace patt::engine {

/// See `engine_metrics`.
struct counters {
    using number = std::atomic<std::int64_t>;
    number inputs{0}, batches{0}, retries{0}, reconnects{0};
    number unknown_commits{0}, unknown_happened{0}, unknown_not{0}, unknown_given_up{0}, news_failed{0};
    number effects_claimed{0}, effects_performed{0}, effects_acked{0}, effects_stale{0}, timers_fired{0};
    number outcomes_failed{0}, timers_failed{0};
    number heartbeats{0}, leases_taken{0}, takeovers{0}, leases_lost{0};
};

/// What a commit made: where the dispatcher should look.
struct made_work {
    guild_id guild;
    bool effects = false; ///< New ones.
    instant due;          ///< Of the new ones, the earliest.
    bool older = false;   ///< Effects that were there have become due.
    bool timers = false;  ///< That are due now.
};

struct engine_parts {
    std::shared_ptr<store::database> database;
    ports world;
    options how;
    flow_book flows;
    std::uint64_t seed = 0;
    std::int64_t boot_id = 0;
    counters count;
    std::function<void(std::span<const made_work>)> committed; ///< Called after commits, by any thread.
};

} // namespace patt::engine
