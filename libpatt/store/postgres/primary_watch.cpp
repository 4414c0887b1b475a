#include "store/postgres/primary_watch.hpp"

namespace patt::store::postgres {
namespace {

/// A host beats every two seconds, and looks for work more often.
constexpr int silent_after = 3;

} // namespace

void primary_watch::heard(time_point asked) noexcept {
    time_point before = heard_;
    while (before < asked && !heard_.compare_exchange_weak(before, asked)) {
    }
}

std::chrono::milliseconds primary_watch::slow() const noexcept {
    return all_.has_choice() ? options_.doubt_after : std::chrono::milliseconds{0};
}

bool primary_watch::silent() const noexcept {
    return slow().count() > 0 && std::chrono::steady_clock::now() - heard_.load() > slow() * silent_after;
}

void primary_watch::ask() {
    last_asked_ = std::chrono::steady_clock::now();
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
    // On a slow but healthy server many wait at the same time: they ask as often together as one alone.
    if (lock && timeline >= seen_.highest() && std::chrono::steady_clock::now() - last_asked_ >= slow()) {
        ask();
    }
    return timeline < seen_.highest();
}

} // namespace patt::store::postgres
