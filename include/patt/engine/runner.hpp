/// @file
/// Optional loops: turn the engine on threads of their own until they are told to stop. Hosts use it; an
/// embedder with a loop of their own calls `engine::run_once` instead.
#pragma once

#include <patt/engine/engine.hpp>

#include <functional>
#include <memory>
#include <string>

namespace patt::engine {

struct runner_options {
    duration turn = std::chrono::seconds(1);         ///< The budget of one turn.
    duration longest_wait = std::chrono::seconds(1); ///< How long it sleeps at most when nothing is due.
    /// So many threads perform effects, besides the one that fires timers, keeps leases and listens. 0: one
    /// thread does it all in turns, but for the leases.
    int workers = 0;
    /// Told about each failed turn, and all that `engine::on_failure` is told, by several threads; the loop
    /// goes on, waiting longer after each failed turn in a row (up to a minute).
    std::function<void(const std::string&)> on_failure = {};
};

class runner {
public:
    /// Starts the threads. It takes `engine::on_work` for itself, and `engine::on_failure` where `how` has
    /// one. `what` outlives the runner. @throws std::system_error when a thread cannot be started: none is
    /// left.
    runner(engine& what, clock& time, runner_options how);
    runner(const runner&) = delete;
    runner& operator=(const runner&) = delete;
    /// Stops after the current turns and waits for them; the engine is interrupted for good.
    ~runner();

    /// Something was handed in: look now.
    void wake();

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace patt::engine
