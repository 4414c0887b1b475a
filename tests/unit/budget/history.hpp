/// @file
/// Histories: some hosts with slow and uneven clocks take tokens and begin calls at random, in virtual time.
/// The calls are kept, so that a test can look at every interval.
#pragma once

#include "core/budget/decide.hpp"
#include "core/budget/hand.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace patt::budget_tests {

using namespace std::chrono_literals;

/// One call of the API, in true time.
struct call {
    duration begun{};
    duration arrived{};
    budget::urgency cls{};
    guild_id guild;
    std::int64_t host = 0;
};

using decision = std::function<budget::decided(budget::ledger, const budget::api_limits&,
                                               const budget::request&, instant)>;

struct history_options {
    budget::api_limits limits;
    int hosts = 3;
    int guilds_each = 3;
    duration length = 8s;
    bool kills = true;         ///< Hosts die with tokens in hand and come back with another id.
    bool clock_steps = true;   ///< The database's clock is set back.
    bool uneven_clocks = true; ///< Hosts' clocks run up to 1/2000 apart.
    bool slow_database = true; ///< Answers take up to three times the life of tokens in hand.
    decision decide = budget::decide;
};

struct history {
    std::vector<call> calls;
};

[[nodiscard]] history play(const history_options& how, std::uint64_t seed);
/// Random limits, from tight to wide.
[[nodiscard]] budget::api_limits some_limits(std::mt19937_64& dice);
/// The first interval in which a limit does not hold, in words; none when all hold.
[[nodiscard]] std::optional<std::string> broken_limit(const std::vector<call>& calls,
                                                      const budget::api_limits& limits);

} // namespace patt::budget_tests
