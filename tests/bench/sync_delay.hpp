/// @file
/// A disk whose syncs take a known time. Linked into a benchmark program, it stands in for the C library's
/// `fdatasync` and `fsync`, so both sides of a comparison wait for the same disk.
#pragma once

#include <chrono>
#include <cstdint>

namespace patt::bench {

/// From now on a sync only waits this long; zero: the real disk syncs again.
void delay_syncs(std::chrono::microseconds each) noexcept;
/// Syncs since the program started, real and delayed ones.
[[nodiscard]] std::uint64_t syncs_done() noexcept;

} // namespace patt::bench
