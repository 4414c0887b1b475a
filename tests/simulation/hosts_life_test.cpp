// Several hosts share a database: they are paused, killed and started again by seed, and nothing is done
// twice, lost, or done by one that does not hold the lease any more.

#include "simulation/hosts_life.hpp"

#include <patt/store/sqlite.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace patt::simulation {
namespace {

hosts_report run_in_memory(const hosts_options& how) {
    static int number = 0;
    return run_hosts(how, store::open_memory("patt-hosts-life-" + std::to_string(++number)));
}

std::uint64_t seeds() {
    return std::getenv("PATT_TEST_LONG") != nullptr ? 100 : 2;
}

std::string told(const hosts_report& seen) {
    return seen.broken ? seen.broken->invariant + ": " + seen.broken->what : "all held";
}

TEST(ManyHosts, KeepEveryPromiseWhoeverIsPausedOrKilled) {
    report::tally seen;
    for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
        const hosts_report lived = run_in_memory({.seed = seed});
        ASSERT_FALSE(lived.broken.has_value()) << "seed " << seed << ", " << told(lived);
        for (const auto& [what, count] : lived.counts) {
            seen[what] += count;
        }
    }
    for (const char* what :
         {"inputs", "effects", "pauses", "deaths", "partitions taken over", "stale", "slots"}) {
        EXPECT_GT(seen[what], 0) << what << " never happened: the seeds do not show what they should";
        std::printf("%s %lld\n", what, static_cast<long long>(seen[what]));
    }
}

TEST(ManyHosts, LiveTheSameLifeForTheSameSeed) {
    const hosts_options how{.seed = 9, .length = std::chrono::hours(6)};
    const std::string first = run_in_memory(how).trace;
    EXPECT_EQ(first, run_in_memory(how).trace);
    EXPECT_NE(first, run_in_memory({.seed = 10, .length = std::chrono::hours(6)}).trace);
}

class PlantedAmongHosts : public ::testing::TestWithParam<host_defect> {};

TEST_P(PlantedAmongHosts, TurnsTheSimulationRed) {
    std::optional<invariant_broken> found;
    int seed = 0;
    while (seed < 8 && !found) {
        ++seed;
        found = run_in_memory({.seed = static_cast<std::uint64_t>(seed), .planted = GetParam()}).broken;
    }
    ASSERT_TRUE(found.has_value()) << to_string(GetParam()) << " was not noticed";
    std::printf("%s, seed %d: %s, %s\n", std::string(to_string(GetParam())).c_str(), seed,
                found->invariant.c_str(), found->what.c_str());
}

INSTANTIATE_TEST_SUITE_P(All, PlantedAmongHosts, ::testing::ValuesIn(all_host_defects),
                         [](const auto& which) { return std::string(to_string(which.param)); });

} // namespace
} // namespace patt::simulation
