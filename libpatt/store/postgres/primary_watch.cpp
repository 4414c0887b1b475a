#include "store/postgres/primary_watch.hpp"

namespace patt::store::postgres {
namespace {

/// A host beats every two seconds, and looks for work more often.
constexpr int silent_after = 3;
/// All hosts are asked so often although nothing is wrong.
constexpr int look_every = 10;
/// While no answer comes, this many times in `slow()` by all that wait: each alone would notice a new primary
/// up to `slow()` late.
constexpr int asked_together = 4;

void raise(std::atomic<primary_watch::time_point>& what, primary_watch::time_point to) noexcept {
    primary_watch::time_point before = what;
    while (before < to && !what.compare_exchange_weak(before, to)) {
    }
}

} // namespace

void primary_watch::heard(time_point asked) noexcept {
    raise(heard_, asked);
}

void primary_watch::looked(time_point asked) noexcept {
    raise(looked_, asked);
}

std::chrono::milliseconds primary_watch::slow() const noexcept {
    return all_.has_choice() ? options_.doubt_after : std::chrono::milliseconds{0};
}

bool primary_watch::due() noexcept {
    if (slow().count() == 0) {
        return false;
    }
    const auto now = std::chrono::steady_clock::now();
    time_point before = looked_;
    return now - heard_.load() > slow() * silent_after ||
           (now - before > slow() * look_every && looked_.compare_exchange_strong(before, now));
}

void primary_watch::ask() {
    last_asked_ = std::chrono::steady_clock::now();
    looked(last_asked_);
    all_.ask_around(options_.host_timeout);
}

bool primary_watch::left_behind(std::int64_t timeline, time_point since) {
    const std::lock_guard lock(asking_); // Whoever comes meanwhile shares the answer.
    if (timeline >= seen_.highest() && last_asked_ < since) {
        ask();
        heard(last_asked_); // As far as can be known. An answer of the server would say the same.
    }
    return timeline < seen_.highest();
}

bool primary_watch::left_behind_before_commit(std::int64_t timeline, time_point since) {
    const std::lock_guard lock(before_commit_); // Whoever comes meanwhile shares the answer.
    const auto now = std::chrono::steady_clock::now();
    if (timeline >= seen_.highest() && now - last_before_commit_ >= slow()) {
        last_before_commit_ = now;
        return left_behind(timeline, since);
    }
    return timeline < seen_.highest();
}

bool primary_watch::hopeless(std::int64_t timeline) {
    const std::unique_lock lock(asking_, std::try_to_lock);
    // On a slow but healthy server many wait at the same time.
    if (lock && timeline >= seen_.highest() &&
        std::chrono::steady_clock::now() - last_asked_ >= slow() / asked_together) {
        ask();
    }
    return timeline < seen_.highest();
}

} // namespace patt::store::postgres
