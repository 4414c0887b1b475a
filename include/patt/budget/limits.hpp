/// @file
/// How many calls an API allows, as data, and who may use which part of it.
#pragma once

#include <patt/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace patt::budget {

/// How soon a call is needed. Normal and urgent calls share alike; four normal ones go for each of `bulk`.
enum class urgency : std::uint8_t {
    urgent, ///< Somebody waits for the answer. May use the reserve.
    normal,
    bulk, ///< Nobody waits: imports, full synchronisations.
};
inline constexpr std::size_t urgencies = 3;

/// `urgent`, `normal` or `bulk`.
[[nodiscard]] std::string_view to_string(urgency cls) noexcept;

/// In any interval of this length at most so many calls, over all hosts.
struct limit {
    duration span{};
    std::int64_t tokens = 0;
    std::int64_t reserve = 0; ///< Of these, how many only urgent calls may use.
};

/// A further bound for one class alone.
struct class_limit {
    urgency cls = urgency::bulk;
    duration span{};
    std::int64_t tokens = 0;
};

/// Everything that holds for one API. All hosts of an instance use the same.
struct api_limits {
    std::vector<limit> all;            ///< At most `most_limits` different spans, with those of `of_class`.
    std::vector<class_limit> of_class; ///< None by default.
    /// By how much the ways of two calls to the API may differ: the limits hold there too, where calls that
    /// started one after the other may arrive together.
    duration transit = std::chrono::milliseconds(50);
};
inline constexpr std::size_t most_limits = 8;

/// Battle.net: 100 calls a second and 36,000 an hour for each client
/// (https://develop.battle.net/documentation/guides/getting-started, "API requests"). A tenth is the reserve,
/// and bulk calls get at most 30,000 of an hour.
[[nodiscard]] api_limits battle_net_limits();

/// Discord: 50 calls a second for each bot (https://discord.com/developers/docs/topics/rate-limits, "Global
/// Rate Limit"); a tenth is the reserve. Interaction responses do not count, so they take nothing here.
[[nodiscard]] api_limits discord_limits();

} // namespace patt::budget
