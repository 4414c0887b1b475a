/// @file
/// Time as values: UTC microseconds since the Unix epoch, with a type of their own.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace patt {

/// A length of time in microseconds.
using duration = std::chrono::duration<std::int64_t, std::micro>;

/// A point in time, UTC, in microseconds since 1970-01-01. Zero means "never".
///
/// Core never asks for the time: it is an argument. Stored as a 64-bit integer.
class instant {
public:
    constexpr instant() noexcept = default;
    constexpr explicit instant(std::int64_t microseconds) noexcept
        : us_(microseconds) {}

    [[nodiscard]] constexpr std::int64_t microseconds() const noexcept { return us_; }
    constexpr explicit operator bool() const noexcept { return us_ != 0; }
    friend constexpr auto operator<=>(instant, instant) noexcept = default;
    friend constexpr instant operator+(instant t, duration d) noexcept { return instant{t.us_ + d.count()}; }
    friend constexpr instant operator-(instant t, duration d) noexcept { return instant{t.us_ - d.count()}; }
    friend constexpr duration operator-(instant a, instant b) noexcept { return duration{a.us_ - b.us_}; }

private:
    std::int64_t us_ = 0;
};

} // namespace patt
