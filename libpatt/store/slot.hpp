/// @file
/// Which part of the work a guild belongs to: a slot from its number, and a partition as a range of slots. A
/// partition is what a host leases.
#pragma once

#include <patt/ids.hpp>

#include <cstdint>

namespace patt::store {

/// Slots never change, so partitions can: their number is a setting of the instance.
inline constexpr std::int64_t slots = 1024;

/// The slot of a guild. Migration 0002 has the same formula in SQL: it must never change.
[[nodiscard]] constexpr std::int64_t guild_slot(guild_id guild) noexcept {
    constexpr std::int64_t prime = 1'000'003;
    const auto number =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(guild.value()) & std::uint64_t{INT64_MAX});
    return (number % prime * 7919 + number / 4'194'304 % prime * 104'729) % slots;
}

/// From `first` up to, and without, `end`.
struct slot_range {
    std::int64_t first = 0;
    std::int64_t end = 0;
    friend bool operator==(const slot_range&, const slot_range&) = default;
};
inline constexpr slot_range all_slots{0, slots};

/// The partition of a slot. Precondition: 1 <= `partitions` <= `slots`.
[[nodiscard]] constexpr std::int64_t partition_of(std::int64_t slot, std::int64_t partitions) noexcept {
    return slot * partitions / slots;
}

/// The slots of the partitions from `first` up to, and without, `end`.
[[nodiscard]] constexpr slot_range slots_of(std::int64_t first, std::int64_t end,
                                            std::int64_t partitions) noexcept {
    const auto begin = [&](std::int64_t partition) {
        return (partition * slots + partitions - 1) / partitions;
    };
    return {begin(first), begin(end)};
}

} // namespace patt::store
