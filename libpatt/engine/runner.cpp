#include <patt/engine/runner.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace patt::engine {

namespace {

constexpr duration longest_after_failure = std::chrono::minutes(1);

} // namespace

struct runner::state {
    engine& what;
    clock& time;
    runner_options how;
    std::mutex mutex;
    std::condition_variable changed;
    bool stop = false;
    bool woken = false;
    std::thread thread;

    void loop() {
        duration after_failure{};
        for (;;) {
            duration wait = turn(after_failure);
            std::unique_lock lock(mutex);
            changed.wait_for(lock, wait, [this] { return stop || woken; });
            woken = false;
            if (stop) {
                return;
            }
        }
    }

    /// @return how long to wait until the next turn.
    duration turn(duration& after_failure) {
        try {
            const run_report report = what.run_once(how.turn);
            after_failure = {};
            if (!report.next_due) {
                return how.longest_wait;
            }
            return std::clamp(report.next_due - time.now(), duration{0}, how.longest_wait);
        } catch (const std::exception& e) {
            if (how.on_failure) {
                how.on_failure(e.what());
            }
            after_failure =
                std::clamp(after_failure * 2, duration{std::chrono::seconds(1)}, longest_after_failure);
            return after_failure;
        }
    }
};

runner::runner(engine& what, clock& time, runner_options how)
    : state_(new state{what, time, std::move(how), {}, {}, false, false, {}}) {
    state_->thread = std::thread([this] { state_->loop(); });
}

runner::~runner() {
    {
        const std::scoped_lock lock(state_->mutex);
        state_->stop = true;
    }
    state_->changed.notify_all();
    state_->thread.join();
}

void runner::wake() {
    {
        const std::scoped_lock lock(state_->mutex);
        state_->woken = true;
    }
    state_->changed.notify_all();
}

} // namespace patt::engine
