#include <patt/engine/runner.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace patt::engine {

namespace {

constexpr duration longest_after_failure = std::chrono::minutes(1);
/// Leases are kept with more haste: others take them within seconds.
constexpr duration lease_after_failure = std::chrono::milliseconds(200);
constexpr duration one_wait = std::chrono::seconds(1);

} // namespace

struct runner::state {
    engine& what;
    clock& time;
    runner_options how;
    std::mutex mutex;
    std::condition_variable changed;
    bool stop = false;
    bool woken = false;
    std::vector<std::thread> threads;

    bool stopped() {
        const std::scoped_lock lock(mutex);
        return stop;
    }

    /// Sleeps; the main loop also until it is woken.
    bool sleep(duration wait, bool& until) {
        std::unique_lock lock(mutex);
        changed.wait_for(lock, wait, [&] { return stop || until; });
        until = false;
        return !stop;
    }

    template <class Work>
    bool carefully(Work work) {
        try {
            work();
            return true;
        } catch (const std::exception& e) {
            if (how.on_failure) {
                how.on_failure(e.what());
            }
            return false;
        }
    }

    void main_loop() {
        duration after_failure{};
        for (bool go_on = true; go_on;) {
            duration wait = how.longest_wait;
            const bool well = carefully([&] {
                const run_report report =
                    how.workers > 0 ? what.run_timers(how.turn) : what.run_once(how.turn);
                if (report.next_due) {
                    wait = std::clamp(report.next_due - time.now(), duration{0}, how.longest_wait);
                }
            });
            after_failure = well ? duration{}
                                 : std::clamp(after_failure * 2, duration{std::chrono::seconds(1)},
                                              longest_after_failure);
            go_on = sleep(well ? wait : after_failure, woken);
        }
    }

    void work_loop() {
        for (bool never = false; !stopped();) {
            if (!carefully([&] { what.dispatch(one_wait); })) {
                sleep(lease_after_failure, never);
            }
        }
    }

    void lease_loop() {
        for (bool never = false, go_on = true; go_on;) {
            duration wait = lease_after_failure;
            carefully([&] { wait = what.keep_leases(); });
            go_on = sleep(std::max(wait, duration{std::chrono::milliseconds(10)}), never);
        }
    }

    void listen_loop() {
        for (bool never = false, listens = true; listens && !stopped();) {
            if (!carefully([&] { listens = what.listen(one_wait); })) {
                sleep(lease_after_failure, never);
            }
        }
    }
};

runner::runner(engine& what, clock& time, runner_options how)
    : state_(new state{what, time, std::move(how), {}, {}, false, false, {}}) {
    what.on_work([this](news of) { // Effects are found by those that perform them.
        if (state_->how.workers == 0 || of == news::timers) {
            wake();
        }
    });
    state_->threads.emplace_back([this] { state_->lease_loop(); });
    state_->threads.emplace_back([this] { state_->listen_loop(); });
    state_->threads.emplace_back([this] { state_->main_loop(); });
    for (int i = 0; i < state_->how.workers; ++i) {
        state_->threads.emplace_back([this] { state_->work_loop(); });
    }
}

runner::~runner() {
    {
        const std::scoped_lock lock(state_->mutex);
        state_->stop = true;
    }
    state_->changed.notify_all();
    state_->what.interrupt();
    for (std::thread& t : state_->threads) {
        t.join();
    }
    state_->what.on_work({});
}

void runner::wake() {
    {
        const std::scoped_lock lock(state_->mutex);
        state_->woken = true;
    }
    state_->changed.notify_all();
}

} // namespace patt::engine
