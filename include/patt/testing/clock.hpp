/// @file
/// Time and chance under a test's control: a clock that the test turns, and bytes that repeat by seed.
#pragma once

#include <patt/engine/ports.hpp>

#include <atomic>
#include <cstdint>
#include <span>

namespace patt::testing {

/// 2026-01-05 18:00 UTC, a Monday: where the clocks of tests begin.
inline constexpr instant first_moment{1'767'636'000'000'000};

/// A clock that stands still until the test turns it.
/// @par Threads  Safe to read and to turn from many threads.
class manual_clock final : public engine::clock {
public:
    explicit manual_clock(instant start = first_moment) noexcept
        : now_(start.microseconds()) {}

    [[nodiscard]] instant now() override { return instant{now_.load()}; }
    [[nodiscard]] duration monotonic() override { return duration{passed_.load()}; }
    /// Goes on by a length of time; a negative one turns it back, as a wrongly set host would, and leaves the
    /// monotonic time where it is.
    void turn(duration by) noexcept {
        now_ += by.count();
        passed_ += by.count() > 0 ? by.count() : 0;
    }
    void set(instant to) noexcept { turn(to - now()); }

private:
    std::atomic<std::int64_t> now_;
    std::atomic<std::int64_t> passed_{0};
};

/// The same bytes for the same seed, on every machine. Not fit for secrets.
/// @par Threads  Safe to call from many threads; which thread gets which bytes is up to them.
class seeded_entropy final : public engine::entropy {
public:
    explicit seeded_entropy(std::uint64_t seed = 1) noexcept
        : state_(seed) {}
    void fill(std::span<unsigned char> bytes) override;

private:
    std::atomic<std::uint64_t> state_;
};

} // namespace patt::testing
