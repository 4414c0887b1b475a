/// @file
/// Which partitions a host should hold.
#pragma once

#include <cstdint>
#include <span>

namespace patt::engine {

/// Partitions from `first` up to, and without, `end`.
struct share {
    std::int64_t first = 0;
    std::int64_t end = 0;
    friend bool operator==(const share&, const share&) = default;
};

/// The share of one host: all hosts, in the order of their boot ids, take neighbouring shares of equal size,
/// give or take one. Hosts that see the same list agree without a word.
///
/// Pure. @param hosts  Boot ids, ascending, of the hosts that are alive.
/// @return an empty share for a host that is not in the list.
[[nodiscard]] share share_of(std::span<const std::int64_t> hosts, std::int64_t self, std::int64_t partitions);

} // namespace patt::engine
