/// @file
/// The engine's inside: its writers, this host among the others, and what is to be done.
#pragma once

#include "engine/membership.hpp"
#include "engine/parts.hpp"
#include "engine/receiver.hpp"
#include "engine/unwritten.hpp"
#include "engine/work_queue.hpp"
#include "engine/writer.hpp"

#include <patt/engine/engine.hpp>
#include <patt/store/pool.hpp>
#include <patt/store/rows.hpp>
#include <patt/text/catalogue.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace patt::engine {

/// So many threads claim at once, where the database has room: one that is in the middle of a long backlog
/// does not keep those waiting who have little to do.
inline constexpr int most_claiming = 2;

class engine::impl {
public:
    impl(std::shared_ptr<store::database> database, ports world, options how);
    ~impl();
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;

    /// Runs the tasks, together with those of other threads where possible.
    void submit(std::span<task> tasks);

    // dispatch.cpp: what is due.
    run_report run_once(duration budget);
    run_report run_timers(duration budget);
    int dispatch(duration wait);

    // hosting.cpp: this host among the others.
    duration keep_leases();
    bool listen(duration most);
    void interrupt() noexcept;
    void on_work(std::function<void(news)> what) { on_work_.set(std::move(what)); }
    void on_failure(std::function<void(const std::string&)> what) { on_failure_.set(std::move(what)); }
    std::optional<lease> take_lease(const std::string& kind, std::int64_t key, duration ttl);
    bool renew_lease(lease& held, duration ttl);
    void release_lease(const lease& held);
    bool trusts(const lease& held);
    engine_metrics metrics() const;
    [[nodiscard]] std::int64_t boot_id() const noexcept { return parts_.boot_id; }

    shown_reply show(guild_id guild, const reply& what);
    policy::guild_settings settings(guild_id guild);

private:
    /// Whether this engine performs effects and holds leases.
    [[nodiscard]] bool dispatches() const noexcept { return parts_.how.claims > 0; }
    writer& writer_for(guild_id guild);
    writer& writer_for(const task& t);
    void remember_route(member_id member, guild_id guild);

    // hosting.cpp
    /// What it may open and has open.
    [[nodiscard]] store::host_connections connections() const;
    /// Runs something on a connection for claims, leases and timers, alone on it.
    void with_queue(const std::function<void(store::connection&)>& work);
    /// The same for the heartbeat when it is due, by one at a time.
    void with_heartbeat(const std::function<void(store::connection&)>& beat);
    void committed(std::span<const made_work> made);
    void poke(news of);

    // dispatch.cpp
    void tend();
    int write(std::vector<task>& tasks);
    int write_unwritten(std::vector<task> again);
    run_report turn(duration budget, std::vector<task>& tasks);
    void find_timers(std::vector<task>& tasks, instant now);
    void fire_timers(run_report& report, std::vector<task>& tasks);
    std::vector<store::slot_range> timer_slots() const;
    void refill(int most);
    /// Those that wait for work look again.
    void tell_workers();
    void look_around(bool always);
    void run_tasks(std::vector<task>& tasks, run_report& report);
    void perform_queued(std::vector<task>& tasks, run_report& report);
    std::optional<task> perform_one(work what);
    int perform_some();
    bool claim_for_workers();
    void wait_for_work(std::uint64_t seen, std::chrono::steady_clock::time_point deadline);
    [[nodiscard]] instant on_the_wall(duration monotonic) const;
    instant next_timer();
    instant next_due();

    // undecided.cpp: what could not be written or decided.
    int end(std::vector<task>& tasks);
    void let_go(const task& t);
    int give_up(task t, const std::string& why, duration now);
    int postpone(std::span<const task> tasks, instant now);
    void say_failed(const std::string& what);

    // perform.cpp: effects through the ports.
    effect_outcome perform(const work& what);
    effect_outcome change_roles(guild_id guild, const set_roles& what, const std::string& key);
    outgoing render(const work& of, const text_ref& what, const prompt& question, member_id mention);
    text::surroundings surroundings_of(guild_id guild, const policy::guild_settings& settings);

    engine_parts parts_;
    text::catalogue catalogue_;
    std::mutex catalogue_mutex_; ///< Formatting fills its cache.
    std::vector<std::unique_ptr<writer>> writers_;
    std::mutex routes_mutex_;
    std::unordered_map<member_id, guild_id> routes_; ///< Where a member's messages belonged last.
    membership hosts_;
    work_queue queue_;
    unwritten_outcomes unwritten_;
    duration timers_rest_{}; ///< Until when, monotonic; only the thread that fires timers uses it.
    std::unique_ptr<store::wake_channel> channel_;
    receiver<news> on_work_;
    receiver<const std::string&> on_failure_;

    /// For claims, leases and timers, where the database has room beside the writers; else the first
    /// writer's.
    std::unique_ptr<store::pool> queue_connections_;
    std::mutex beat_mutex_; ///< Of the heartbeat.

    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t news_ = 0; ///< Counts what waiting threads should look at.
    int claiming_ = 0;       ///< So many of the threads in `dispatch` claim for all.
    bool interrupted_ = false;
    duration next_look_{};
};

} // namespace patt::engine
