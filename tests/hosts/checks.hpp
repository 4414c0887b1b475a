/// @file
/// What must hold when the crowd has gone, whatever was done to the hosts. Reads the database and the chat's
/// ledger, and asks no host.
#pragma once

#include "hosts/call_log.hpp"
#include "hosts/crowd.hpp"

#include <patt/store/db.hpp>
#include <patt/testing/fake_chat.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace patt::hosts {

/// Waits until no effect is left that is to be done, at most so long. @return what is left, in words.
[[nodiscard]] std::string wait_for_rest(store::connection& db, std::chrono::seconds most);

struct findings {
    std::vector<std::string> broken; ///< Invariants that do not hold, each with its name first.
    std::size_t effects = 0;         ///< In the chat's ledger.
    std::size_t repeats = 0;         ///< Calls that came again under a known key, and did nothing.
    std::size_t late_calls = 0;      ///< Of these, made by a host that had just been let go on.
};

/// What was done and seen, besides the database and the chat's ledger.
struct evidence {
    const std::vector<way>& ways;
    const crowd_report& crowd;
    std::vector<chat_call> calls; ///< Of all hosts.
    std::vector<disturbance> disturbances;
};

[[nodiscard]] findings check(store::connection& db, std::string_view chat_world, const evidence& what);

} // namespace patt::hosts
