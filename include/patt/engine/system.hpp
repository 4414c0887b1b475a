/// @file
/// The real clock and the real source of randomness.
#pragma once

#include <patt/engine/ports.hpp>
#include <patt/result.hpp>

#include <atomic>
#include <cstdint>

namespace patt::engine {

/// The machine's clock. Threads: safe.
class system_clock final : public clock {
public:
    [[nodiscard]] instant now() override;
    /// Goes on while the machine sleeps.
    [[nodiscard]] duration monotonic() override;
};

/// The database's clock, carried on by the machine's monotonic one: a host whose own clock is wrong does
/// nothing early or late. It is off by no more than the quickest of the last questions took to and fro, and
/// at first only behind: however long a question took, it moves as far as its answer proves, not to the
/// middle. It never goes back, but stands still. Until the engine has told it what the database says, it is
/// the machine's clock. Threads: safe.
class database_clock final : public clock {
public:
    [[nodiscard]] instant now() override;
    [[nodiscard]] duration monotonic() override { return machine_.monotonic(); }
    void observe(instant database_time, duration before, duration after) override;

private:
    system_clock machine_;
    std::atomic<std::int64_t> ahead_{0}; ///< The database's time minus the monotonic one; 0 while unknown.
    std::atomic<std::int64_t> told_{0};  ///< The latest time that was told: it never goes back.
};

/// OpenSSL's random numbers, fit for keys. Threads: safe. @throws failure when the system has none.
class system_entropy final : public entropy {
public:
    void fill(std::span<unsigned char> bytes) override;
};

} // namespace patt::engine
