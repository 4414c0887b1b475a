#include "budget_hosts.hpp"
#include "engine_fixture.hpp"

#include <patt/engine/budget.hpp>
#include <patt/store/migrations.hpp>
#include <patt/store/sqlite.hpp>
#include <patt/testing/clock.hpp>

#include <gmock/gmock.h>

namespace patt::engine_tests {

namespace {

using budget::urgency;
using steady = std::chrono::steady_clock;

std::shared_ptr<store::database> migrated() {
    auto out = fresh_database();
    const auto db = out->connect();
    if (!store::migrate(*db, store::built_in_migrations(), testing::first_moment)) {
        throw failure("no schema");
    }
    return out;
}

budget::api_limits ten_a_second(std::int64_t reserve = 0) {
    budget::api_limits out;
    out.all = {{1s, 10, reserve}};
    out.transit = 0ms;
    return out;
}

/// Hosts on one database, with a clock that the test turns for all of them.
class budgets_of_hosts {
public:
    explicit budgets_of_hosts(budget::api_limits limits)
        : limits_(std::move(limits)) {}
    std::unique_ptr<engine::budget> host() {
        engine::budget_options how;
        how.apis = {{"api", limits_}};
        how.monotonic = [this] { return steady::time_point{(clock.now() - testing::first_moment)}; };
        return std::make_unique<engine::budget>(database, clock, std::move(how));
    }
    [[nodiscard]] steady::time_point now() const {
        return steady::time_point{clock_now() - testing::first_moment};
    }
    [[nodiscard]] instant clock_now() const { return const_cast<testing::manual_clock&>(clock).now(); }

    std::shared_ptr<store::database> database = migrated();
    testing::manual_clock clock;

private:
    budget::api_limits limits_;
};

constexpr guild_id ann{1};
constexpr guild_id bob{2};

TEST(Budget, HostsShareOneLimit) {
    budgets_of_hosts all(ten_a_second());
    const auto a = all.host();
    const auto b = all.host();
    EXPECT_EQ(a->take("api", urgency::normal, ann, 6).tokens, 6);
    EXPECT_EQ(b->take("api", urgency::normal, bob, 6).tokens, 4);
    const engine::allowance none = a->take("api", urgency::normal, ann, 1);
    EXPECT_EQ(none.tokens, 0);
    EXPECT_GT(none.again, all.now() + 1s);
    EXPECT_LT(none.again, all.now() + 1200ms);
    all.clock.turn(1200ms);
    EXPECT_EQ(a->take("api", urgency::normal, ann, 1).tokens, 1);
}

TEST(Budget, WhatIsSettledOthersGetAtOnce) {
    budgets_of_hosts all(ten_a_second());
    const auto a = all.host();
    const auto b = all.host();
    const engine::allowance some = a->take("api", urgency::normal, ann, 10);
    ASSERT_EQ(some.tokens, 10);
    a->give_back(some, 7);
    a->settle();
    EXPECT_EQ(b->take("api", urgency::normal, bob, 10).tokens, 7);
}

TEST(Budget, AKilledHostCostsItsTokensForASpan) {
    budgets_of_hosts all(ten_a_second());
    auto a = all.host();
    const auto b = all.host();
    ASSERT_EQ(a->take("api", urgency::normal, ann, 9).tokens, 9);
    a.reset(); // nothing is given back
    EXPECT_EQ(b->take("api", urgency::normal, bob, 10).tokens, 1);
    all.clock.turn(1120ms); // in hand 100 ms, the span and its thousandth, a slot
    EXPECT_EQ(b->take("api", urgency::normal, bob, 10).tokens, 10);
}

TEST(Budget, A429HoldsAllHosts) {
    budgets_of_hosts all(ten_a_second());
    const auto a = all.host();
    const auto b = all.host();
    a->freeze("api", std::nullopt, 30s);
    const engine::allowance held = b->take("api", urgency::urgent, bob, 1);
    EXPECT_EQ(held.tokens, 0);
    EXPECT_EQ(held.again, all.now() + 30s);
    EXPECT_EQ(a->take("api", urgency::normal, ann, 1).again, all.now() + 30s);
    all.clock.turn(30s);
    EXPECT_EQ(b->take("api", urgency::urgent, bob, 1).tokens, 1);
}

TEST(Budget, AnUrgentCallFindsItsReserve) {
    budgets_of_hosts all(ten_a_second(2));
    const auto a = all.host();
    const auto b = all.host();
    EXPECT_EQ(a->take("api", urgency::bulk, ann, 50).tokens, 8);
    EXPECT_EQ(b->take("api", urgency::urgent, bob, 5).tokens, 2);
}

TEST(Budget, SaysWhatIsUsedAndWhoWaits) {
    budgets_of_hosts all(ten_a_second());
    const auto a = all.host();
    (void)a->take("api", urgency::normal, ann, 10);
    (void)a->take("api", urgency::bulk, ann, 4);
    a->freeze("api", urgency::bulk, 5s);
    const auto db = all.database->connect();
    const std::vector<engine::budget_info> known = engine::budgets(*db);
    ASSERT_EQ(known.size(), 1U);
    EXPECT_EQ(known[0].api, "api");
    ASSERT_EQ(known[0].windows.size(), 1U);
    EXPECT_EQ(known[0].windows[0].used, (std::array<std::int64_t, 3>{0, 10, 0}));
    EXPECT_EQ(known[0].frozen_until[2], all.clock_now() + 5s);
    EXPECT_EQ(known[0].hosts_waiting, 1);
    EXPECT_EQ(known[0].guilds_waiting, 1);
    EXPECT_EQ(known[0].tokens_wanted, 4);
    EXPECT_EQ(known[0].waiting_since, all.clock_now());
}

TEST(Budget, IsExactWithManyHostsAndThreads) {
    expect_exact_with_many_hosts(migrated());
}

TEST(Budget, AnUnknownApiIsTheCallersMistake) {
    budgets_of_hosts all(ten_a_second());
    EXPECT_THROW((void)all.host()->take("other", urgency::normal, ann, 1), failure);
}

TEST(Budget, ARowOfANewerVersionStopsIt) {
    budgets_of_hosts all(ten_a_second());
    const auto a = all.host();
    const auto db = all.database->connect();
    db->run("INSERT INTO api_budget (api, state, changed_at) VALUES ('api', '99 1 2 3', 0)");
    EXPECT_THROW((void)a->take("api", urgency::normal, ann, 1), failure);
    EXPECT_TRUE(engine::budgets(*db).at(0).windows.empty());
}

} // namespace

} // namespace patt::engine_tests
