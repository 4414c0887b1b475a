/// @file
/// A lease as its holder knows it: the right to act for a while, that no other host has at the same time.
#pragma once

#include <patt/time.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace patt::engine {

/// The kind of the lease under which a guild's roster is brought in; its key is the guild.
inline constexpr std::string_view sync_lease = "sync";

struct lease {
    std::string kind;
    std::int64_t key = 0;
    std::int64_t epoch = 0;   ///< Raised by each taking; the database compares it when an input is under it.
    duration trusted_until{}; ///< By the host's monotonic clock.
};

} // namespace patt::engine
