// The same lives on SQLite and on PostgreSQL: the databases may differ in speed, in nothing else.

#include "postgres/needs_postgres.hpp"
#include "postgres/product_database.hpp"
#include "simulation/hosts_life.hpp"

#include <patt/simulation/simulation.hpp>
#include <patt/store/postgres.hpp>

#include <gtest/gtest.h>

#include <cstdlib>

namespace patt::simulation {
namespace {

bool long_form() {
    return std::getenv("PATT_TEST_LONG") != nullptr;
}

/// As the role of hosts, behind row-level security; the invariants see everything.
report on_postgres(const options& how) {
    const std::string where = postgres::migrated_database();
    return run(how, postgres::open_walled(where), store::open_postgres(where));
}

hosts_report hosts_on_postgres(const hosts_options& how) {
    const std::string where = postgres::migrated_database();
    return run_hosts(how, postgres::open_walled(where), store::open_postgres(where));
}

/// Everything but the number of statements: PostgreSQL locks the guilds of a batch with one.
std::string happenings(report lived) {
    lived.counts.erase("statements");
    return to_json(lived);
}

class SimulationOnBoth : public ::testing::TestWithParam<fault_level> {};

TEST_P(SimulationOnBoth, LivesTheSameLife) {
    PATT_NEEDS_POSTGRES();
    const std::uint64_t last = long_form() ? 20 : 2;
    for (std::uint64_t seed = long_form() ? 1 : last; seed <= last; ++seed) {
        const options how{.seed = seed, .days = long_form() ? 5 : 1, .members = 12, .faults = GetParam()};
        const report here = run(how);
        const report there = on_postgres(how);
        ASSERT_FALSE(here.broken.has_value()) << to_text(here);
        ASSERT_FALSE(there.broken.has_value()) << to_text(there);
        EXPECT_EQ(here.trace, there.trace) << "seed " << seed;
        EXPECT_EQ(happenings(here), happenings(there)) << "seed " << seed;
        EXPECT_GT(there.counts.at("inputs"), 50);
    }
}

INSTANTIATE_TEST_SUITE_P(All, SimulationOnBoth,
                         ::testing::Values(fault_level::none, fault_level::light, fault_level::heavy),
                         [](const auto& which) { return std::string(to_string(which.param)); });

// The comparison and the invariants must be able to fail there too.
TEST(SimulationOnPostgres, SeesAPlantedDefect) {
    PATT_NEEDS_POSTGRES();
    const options how{.seed = 1, .days = 2, .members = 15, .planted = defect::acknowledged_dropped};
    EXPECT_TRUE(on_postgres(how).broken.has_value());
}

// Code that writes a row of another guild is refused by row-level security: nothing of it is kept, and the
// input is tried again. Whoever is above the walls has done it.
TEST(SimulationOnPostgres, AWallStopsARowOfAnotherGuild) {
    PATT_NEEDS_POSTGRES();
    const options how{.seed = 1, .days = 2, .members = 15, .planted = defect::guild_swapped};
    const report walled = on_postgres(how);
    EXPECT_FALSE(walled.broken.has_value()) << to_text(walled);
    EXPECT_TRUE(run(how, store::open_postgres(postgres::migrated_database())).broken.has_value());
}

TEST(ManyHostsOnPostgres, KeepEveryPromiseWhoeverIsPausedOrKilled) {
    PATT_NEEDS_POSTGRES();
    for (std::uint64_t seed = 1; seed <= (long_form() ? 20U : 1U); ++seed) {
        const hosts_report lived = hosts_on_postgres({.seed = seed, .length = std::chrono::hours(8)});
        ASSERT_FALSE(lived.broken.has_value())
            << "seed " << seed << ", " << lived.broken->invariant << ": " << lived.broken->what;
        EXPECT_GT(lived.counts.at("effects"), 20);
        EXPECT_GT(lived.counts.at("pauses"), 5);
    }
}

TEST(ManyHostsOnPostgres, AFenceThatIsLeftOutShows) {
    PATT_NEEDS_POSTGRES();
    std::optional<invariant_broken> found;
    for (std::uint64_t seed = 18; seed <= 23 && !found; ++seed) {
        found = hosts_on_postgres({.seed = seed, .planted = host_defect::fence_left_out}).broken;
    }
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->invariant, "under-the-lease");
}

} // namespace
} // namespace patt::simulation
