/// @file
/// Several hosts on one database in virtual time: which goes on, which stands still and which dies is chosen
/// by seed. One runs at a time, so that the same seed is the same life.
#pragma once

#include "simulation/checks.hpp"
#include "simulation/dice.hpp"
#include "simulation/hosts_planted.hpp"
#include "simulation/store_faults.hpp"
#include "simulation/watched_chat.hpp"

#include <patt/engine/engine.hpp>
#include <patt/testing/clock.hpp>

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace patt::simulation {

struct hosts_options {
    std::uint64_t seed = 1;
    int hosts = 3;
    int guilds = 4;
    int members = 24;
    duration length = std::chrono::hours(26);
    host_defect planted = host_defect::none;
};

struct hosts_report {
    std::optional<invariant_broken> broken;
    report::tally counts;
    std::string trace;
};

/// @param database  Without guilds.
/// @param checked   The same with every row of it, as `run` has it.
[[nodiscard]] hosts_report run_hosts(const hosts_options& how, std::shared_ptr<store::database> database,
                                     std::shared_ptr<store::database> checked = {});

/// A thread that runs only while it is let, and gives the turn back wherever it stops.
class baton_runner {
public:
    explicit baton_runner(std::function<void()> step);
    baton_runner(const baton_runner&) = delete;
    baton_runner& operator=(const baton_runner&) = delete;
    ~baton_runner();
    /// Lets it go on until it stops or its step is over.
    void go();
    /// Called by the step: the others go on, until `go` again.
    void stop();
    [[nodiscard]] bool in_step() const noexcept { return in_step_; }

private:
    void loop();
    void give_back(std::unique_lock<std::mutex>& lock);

    std::function<void()> step_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool running_ = false; ///< Its turn.
    bool ending_ = false;
    bool in_step_ = false;
    std::thread thread_;
};

} // namespace patt::simulation
