#include "unit/budget/history.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <iostream>

namespace patt::budget_tests {

namespace {

using budget::api_limits;
using budget::decided;
using budget::ledger;
using budget::request;

int histories() {
    return std::getenv("PATT_TEST_LONG") != nullptr ? 20'000 : 2'000;
}

history_options options_of(std::uint64_t seed) {
    std::mt19937_64 dice(seed * 977 + 5);
    history_options out;
    out.limits = some_limits(dice);
    out.hosts = 1 + static_cast<int>(dice() % 5);
    out.guilds_each = 1 + static_cast<int>(dice() % 4);
    return out;
}

/// How many of the histories break a limit with a defect in the decision.
int caught(const decision& planted, int most_seeds) {
    int out = 0;
    for (int seed = 1; seed <= most_seeds; ++seed) {
        history_options how = options_of(static_cast<std::uint64_t>(seed));
        how.decide = planted;
        out += broken_limit(play(how, static_cast<std::uint64_t>(seed)).calls, how.limits) ? 1 : 0;
    }
    return out;
}

TEST(BudgetHistories, NoIntervalHoldsMoreThanItsLimit) {
    std::size_t calls = 0;
    for (int seed = 1; seed <= histories(); ++seed) {
        const history_options how = options_of(static_cast<std::uint64_t>(seed));
        const history played = play(how, static_cast<std::uint64_t>(seed));
        const auto broken = broken_limit(played.calls, how.limits);
        ASSERT_FALSE(broken.has_value()) << "seed " << seed << ": " << *broken;
        calls += played.calls.size();
    }
    std::cout << histories() << " histories, " << calls << " calls\n";
    EXPECT_GT(calls, static_cast<std::size_t>(histories()) * 10) << "too few calls to say anything";
}

// The defects that such a budget is known for. Each must be seen, or the test above says nothing.

TEST(BudgetHistories, SeeTokensThatAreCountedFromTheirGrant) {
    EXPECT_GT(caught(
                  [](ledger before, const api_limits& limits, const request& asked, instant now) {
                      request forged = asked;
                      forged.use_within = duration{0};
                      decided out = budget::decide(std::move(before), limits, forged, now);
                      out.what.used_until = now + asked.use_within;
                      return out;
                  },
                  300),
              0);
}

TEST(BudgetHistories, SeeWindowsThatBeginAnew) {
    EXPECT_GT(caught(
                  [](ledger before, const api_limits& limits, const request& asked, instant now) {
                      const std::int64_t span = limits.all[0].span.count();
                      if (before.now.microseconds() / span != now.microseconds() / span) {
                          before.windows.clear();
                      }
                      return budget::decide(std::move(before), limits, asked, now);
                  },
                  300),
              0);
}

TEST(BudgetHistories, SeeTokensReturnedAcrossAClockThatWasSetBack) {
    EXPECT_GT(caught(
                  [](ledger before, const api_limits& limits, const request& asked, instant now) {
                      request forged = asked;
                      for (budget::returned& r : forged.returns) {
                          r.generation = before.generation + (now < before.now ? 1 : 0);
                          r.tokens *= 2; // and more than there were
                      }
                      return budget::decide(std::move(before), limits, forged, now);
                  },
                  300),
              0);
}

TEST(BudgetHistories, SeeAClockThatIsSetBackAndEmptiesTheWindows) {
    EXPECT_GT(caught(
                  [](ledger before, const api_limits& limits, const request& asked, instant now) {
                      if (now < before.now) {
                          before = ledger{};
                      }
                      return budget::decide(std::move(before), limits, asked, now);
                  },
                  300),
              0);
}

TEST(BudgetHistories, SeeAReserveThatEverybodyUses) {
    EXPECT_GT(caught(
                  [](ledger before, const api_limits& limits, const request& asked, instant now) {
                      api_limits without = limits;
                      for (budget::limit& l : without.all) {
                          l.reserve = 0;
                      }
                      return budget::decide(std::move(before), without, asked, now);
                  },
                  300),
              0);
}

} // namespace

} // namespace patt::budget_tests
