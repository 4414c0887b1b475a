/// @file
/// Waiting for a database that went away: longer each time, by chance a little more or less, not for ever.
#pragma once

#include <patt/time.hpp>

#include <chrono>
#include <cstdint>

namespace patt::engine {

class patience {
public:
    patience(duration most, std::uint64_t seed) noexcept
        : most_(most)
        , begun_(std::chrono::steady_clock::now())
        , random_(seed | 1U) {}

    /// Sleeps a while. @return false, at once, when there is no patience left.
    [[nodiscard]] bool again();

private:
    duration most_;
    duration slept_{};
    duration next_ = std::chrono::milliseconds(5);
    std::chrono::steady_clock::time_point begun_;
    std::uint64_t random_;
};

} // namespace patt::engine
