/// @file
/// How long a host waits before it looks for work that nobody told it of.
#pragma once

#include <patt/time.hpp>

#include <cstdint>

namespace patt::engine {

/// From three quarters to five quarters of the interval, so that hosts do not look all at once. Pure.
/// @param seed   The host's, random.
/// @param round  Another number for another wait.
[[nodiscard]] constexpr duration poll_wait(duration poll, std::uint64_t seed, std::uint64_t round) noexcept {
    const auto part = static_cast<std::int64_t>((seed + round * 7919U) % 512U);
    return poll * (768 + part) / 1024;
}

} // namespace patt::engine
