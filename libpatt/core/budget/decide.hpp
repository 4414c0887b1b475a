/// @file
/// The decision under the row's lock: what a host that asks gets, or when it is to ask again.
#pragma once

#include "core/budget/ledger.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace patt::budget {

/// How long tokens are kept for a host that was told to come now.
inline constexpr duration patience = std::chrono::milliseconds(250);

/// Tokens of an earlier grant that are certain not to be used.
struct returned {
    std::int64_t generation = 0;
    instant used_until;
    urgency cls = urgency::normal;
    std::int64_t tokens = 0;
};

struct request {
    std::int64_t host = 0;
    urgency cls = urgency::normal;
    std::int64_t guilds = 1; ///< How many guilds wait, or did a moment ago.
    std::int64_t wanted = 0; ///< What they wait for.
    std::int64_t spare = 0;  ///< What the host would like on top, if nobody waits for it.
    std::int64_t most = 0;   ///< It takes no more at once.
    duration use_within{};   ///< Tokens are used within this time after the request was made, or never.
    std::vector<returned> returns;
};

struct grant {
    std::int64_t tokens = 0;
    instant used_until;
    std::int64_t generation = 0;
    instant now;
    instant again; ///< The next request makes sense then; `now` when it does at once.
};

struct decided {
    ledger after;
    grant what;
};

/// Nothing is granted of a class that is frozen.
[[nodiscard]] decided decide(ledger before, const api_limits& limits, const request& asked, instant now);

/// Takes back what is certain not to be used; the ledger was brought to the present before.
[[nodiscard]] ledger take_back(ledger before, std::span<const returned> what);

/// The API said that it was too much: nothing of a class (of all classes, without one) before a time has
/// passed.
[[nodiscard]] ledger freeze(ledger before, const api_limits& limits, std::optional<urgency> cls,
                            duration length, instant now);

} // namespace patt::budget
