/// @file
/// Whether the primary in use may have been left behind without anybody here having seen it: a server that
/// hung while its standby was promoted, and runs again, knows nothing of it and answers. So does one that
/// nobody fenced.
#pragma once

#include "store/postgres/connector.hpp"
#include "store/postgres/timeline.hpp"

#include <patt/store/postgres.hpp>

#include <atomic>
#include <chrono>
#include <mutex>

namespace patt::store::postgres {

/// What all sessions of one database know of it together. Where the connection string names one host there is
/// nobody else to ask, and nothing is done. Thread-safe.
class primary_watch {
public:
    using time_point = std::chrono::steady_clock::time_point;

    primary_watch(const connector& all, const timeline_memory& seen, const postgres_options& options) noexcept
        : all_(all)
        , seen_(seen)
        , options_(options) {}

    /// The server answered what was asked then: so long nobody can have taken its place behind its back.
    void heard(time_point asked) noexcept;
    /// All hosts were asked then, by whoever connected.
    void looked(time_point asked) noexcept;
    /// Whether to ask all hosts before the next question: nothing was answered for longer than a host that
    /// works is ever silent; or nobody has asked them for a while, which one caller is told: a server may
    /// have been left behind although it never hung, or not for long.
    [[nodiscard]] bool due() noexcept;
    /// How long an answer may take before others are asked; none: there are no others.
    [[nodiscard]] std::chrono::milliseconds slow() const noexcept;

    /// Before an answer is believed, or a question asked: asks all hosts which timeline they are on, unless
    /// that was begun since.
    /// @return whether a server on that timeline was left behind.
    [[nodiscard]] bool left_behind(std::int64_t timeline, time_point since);
    /// The same for one that holds locks, which others wait for: once in `slow()` for all of them, so that a
    /// queue behind a lock does not slow itself down. Whoever is told no asks again behind its commit.
    [[nodiscard]] bool left_behind_before_commit(std::int64_t timeline, time_point since);
    /// The same while an answer does not come, which many may wait for: nobody is asked again before a part
    /// of `slow()` has passed.
    [[nodiscard]] bool hopeless(std::int64_t timeline);

private:
    /// With the lock held.
    void ask();

    const connector& all_;
    const timeline_memory& seen_;
    const postgres_options& options_;
    std::atomic<time_point> heard_{time_point{}};
    std::atomic<time_point> looked_{time_point{}}; ///< Or somebody is about to.
    std::mutex asking_;
    time_point last_asked_;
    std::mutex before_commit_;
    time_point last_before_commit_;
};

} // namespace patt::store::postgres
