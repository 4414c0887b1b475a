// Lives of made-up guilds by seed. The short form runs a few; PATT_TEST_LONG=1 runs many.

#include <patt/result.hpp>
#include <patt/simulation/simulation.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace patt::simulation {
namespace {

bool is_set(const char* variable) {
    const char* set = std::getenv(variable);
    return set != nullptr && *set != '\0' && std::string(set) != "0";
}

bool long_form() {
    return is_set("PATT_TEST_LONG");
}

std::vector<options> chosen_runs() {
    std::vector<options> out;
    const std::uint64_t seeds = long_form() ? 60 : 3;
    for (const fault_level level : {fault_level::none, fault_level::light, fault_level::heavy}) {
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            out.push_back({.seed = seed, .days = 5, .members = 40, .faults = level});
        }
    }
    if (long_form()) {
        out.push_back({.seed = 1, .days = 30, .members = 1000, .faults = fault_level::light});
        out.push_back({.seed = 2, .days = 365, .members = 200, .faults = fault_level::light});
    }
    return out;
}

TEST(Simulation, KeepsEveryPromiseAndSeesEveryPlannedHappening) {
    report::tally seen;
    report::tally checked;
    for (const options& how : chosen_runs()) {
        const report lived = run(how);
        ASSERT_FALSE(lived.broken.has_value()) << to_text(lived);
        EXPECT_GT(lived.counts.at("provisioned"), 0) << to_text(lived);
        for (const auto& [what, count] : lived.sometimes) {
            seen[what] += count;
        }
        for (const auto& [what, count] : lived.checked) {
            checked[what] += count;
        }
    }
    for (const std::string& what : planned_happenings()) {
        EXPECT_GT(seen[what], 0) << what << " never happened: the seeds do not show what they should";
    }
    for (const std::string& what : invariants()) {
        EXPECT_GT(checked[what], 0) << what << " was never checked";
    }
}

TEST(Simulation, IsTheSameBytesForTheSameSeed) {
    const options how{.seed = 11, .days = 2, .members = 12, .faults = fault_level::heavy};
    const std::string first = to_json(run(how));
    EXPECT_EQ(first, to_json(run(how)));
    options other = how;
    other.seed = 12;
    EXPECT_NE(first, to_json(run(other)));
}

// Every compiler must come to this trace; it changes when decisions, texts or the simulation itself change.
TEST(Simulation, HasTheTraceThatWasKept) {
    const report lived = run({.seed = 5, .days = 2, .members = 12, .faults = fault_level::heavy});
    ASSERT_FALSE(lived.broken.has_value()) << to_text(lived);
    const std::string file = PATT_SOURCE_DIR "/tests/simulation/golden_trace.txt";
    if (is_set("PATT_REWRITE")) {
        std::ofstream(file) << lived.trace << '\n';
    }
    std::string kept;
    std::ifstream(file) >> kept;
    EXPECT_EQ(lived.trace, kept) << "if what PATT does was changed on purpose, run this with PATT_REWRITE=1";
}

TEST(Simulation, RefusesALifeWithoutDaysOrMembers) {
    EXPECT_THROW(static_cast<void>(run({.days = 0})), failure);
    EXPECT_THROW(static_cast<void>(run({.members = 5})), failure);
}

TEST(SimulationReport, ReadsFaultLevelsByTheirNames) {
    for (const fault_level level : {fault_level::none, fault_level::light, fault_level::heavy}) {
        EXPECT_EQ(parse_fault_level(to_string(level)), level);
    }
    EXPECT_FALSE(parse_fault_level("Heavy").has_value());
    EXPECT_FALSE(parse_fault_level("").has_value());
}

} // namespace
} // namespace patt::simulation
