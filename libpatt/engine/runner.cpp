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

    /// Ends the loops and waits for them. Nobody calls what is here any more.
    void end() {
        {
            const std::scoped_lock lock(mutex);
            stop = true;
        }
        changed.notify_all();
        for (std::thread& t : threads) {
            t.join();
        }
        what.on_work({});
        if (how.on_failure) {
            what.on_failure({});
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
    const auto start = [this](void (state::*loop)()) {
        state_->threads.emplace_back([of = state_.get(), loop] { (of->*loop)(); });
    };
    what.on_work([this](news of) { // Effects are found by those that perform them.
        if (state_->how.workers == 0 || of == news::timers) {
            wake();
        }
    });
    try {
        if (state_->how.on_failure) {
            what.on_failure(state_->how.on_failure);
        }
        start(&state::lease_loop);
        start(&state::listen_loop);
        start(&state::main_loop);
        for (int i = 0; i < state_->how.workers; ++i) {
            start(&state::work_loop);
        }
    } catch (...) {
        state_->end(); // Without interrupting the engine, which may be tried with fewer threads.
        throw;
    }
}

runner::~runner() {
    state_->what.interrupt();
    state_->end();
}

void runner::wake() {
    {
        const std::scoped_lock lock(state_->mutex);
        state_->woken = true;
    }
    state_->changed.notify_all();
}

} // namespace patt::engine
