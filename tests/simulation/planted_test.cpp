// A test of the tests: mistakes put in on purpose must turn the simulation red.

#include <patt/simulation/simulation.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <optional>
#include <string>

namespace patt::simulation {
namespace {

class PlantedDefect : public testing::TestWithParam<defect> {};

TEST_P(PlantedDefect, TurnsTheSimulationRed) {
    std::optional<violation> found;
    for (std::uint64_t seed = 1; seed <= 6 && !found; ++seed) {
        found = run({.seed = seed,
                     .days = 4,
                     .members = 40,
                     .faults = fault_level::light,
                     .planted = GetParam(),
                     .kept_events = 5})
                    .broken;
    }
    ASSERT_TRUE(found.has_value()) << to_string(GetParam()) << " was not noticed";
    EXPECT_FALSE(found->last_events.empty());
    std::printf("%s: %s, %s\n", std::string(to_string(GetParam())).c_str(), found->invariant.c_str(),
                found->what.c_str());
}

INSTANTIATE_TEST_SUITE_P(All, PlantedDefect, testing::ValuesIn(all_defects),
                         [](const auto& which) { return std::string(to_string(which.param)); });

} // namespace
} // namespace patt::simulation
