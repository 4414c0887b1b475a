#include "budget_hosts.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/product_database.hpp"

#include <patt/engine/system.hpp>

#include <gtest/gtest.h>

namespace patt::engine_tests {

namespace {

TEST(BudgetOnPostgres, IsExactWithManyHostsAndThreads) {
    PATT_NEEDS_POSTGRES();
    const auto database = postgres::open_walled(postgres::migrated_database());
    expect_exact_with_many_hosts(database);
}

// The database's own clock rules: a host whose clock is wrong takes no more than the others.
TEST(BudgetOnPostgres, AsksTheDatabasesClock) {
    PATT_NEEDS_POSTGRES();
    const auto database = postgres::open_walled(postgres::migrated_database());
    struct wrong_clock final : engine::clock {
        instant now() override { return instant{}; }
    } wrong;
    engine::budget_options how;
    how.apis = {{"api", budget::discord_limits()}};
    engine::budget host(database, wrong, how);
    EXPECT_EQ(host.take("api", budget::urgency::normal, guild_id{1}, 1).tokens, 1);
    const auto known = engine::budgets(*database->connect());
    ASSERT_EQ(known.size(), 1U);
    EXPECT_GT(known[0].changed, engine::system_clock().now() - std::chrono::minutes(5));
}

} // namespace

} // namespace patt::engine_tests
