// The crash sweep against real SQLite files, and the test of the test: every planted fault must turn it red.

#include "conformance/temporary_directory.hpp"
#include "crash/planted.hpp"
#include "crash/sweep.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

namespace patt::crash {
namespace {

bool long_form() {
    for (const char* name : {"PATT_LONG", "PATT_TEST_LONG"}) {
        const char* text = std::getenv(name);
        if (text != nullptr && *text != '\0' && *text != '0') {
            return true;
        }
    }
    return false;
}

/// Every how many-th point is tried in the short form. 23 by default (about 140 points); an odd number, so
/// that the modes take turns at every kind of call.
long short_stride() {
    const char* text = std::getenv("PATT_CRASH_STRIDE");
    const long stride = text == nullptr ? 0 : std::atol(text);
    return stride > 0 ? stride : 23;
}

/// A file system in memory where there is one: what a kill or a power cut leaves is decided by the shim, not
/// by the disk, and thousands of syncs cost nothing there.
class in_memory_files : public ::testing::Environment {
public:
    void SetUp() override {
        if (::access("/dev/shm", W_OK | X_OK) == 0) {
            ::setenv("TMPDIR", "/dev/shm", 1);
        }
    }
};
const auto* const files = ::testing::AddGlobalTestEnvironment(new in_memory_files);

void print(const std::string& what, const sweep_report& report) {
    std::cout << what << ": " << report.points << " points tried of " << report.calls << " calls, "
              << report.breaks.size() << " broken; the undisturbed end is " << report.end << '\n';
}

TEST(CrashSweep, TheUndisturbedStoryIsTheSameTwice) {
    for (const char* story : {"whole", "short"}) {
        const store::temporary_directory folder;
        const auto different = compare_undisturbed(folder.path(), story);
        EXPECT_TRUE(different.empty()) << story << ": " << different.front();
    }
}

TEST(CrashSweep, NothingIsLostAndNothingIsDoneTwice) {
    const store::temporary_directory folder;
    sweep_plan plan;
    plan.most_breaks = 3;
    plan.stride = long_form() ? 1 : short_stride();
    const sweep_report report = sweep(folder.path(), plan);
    print("crash sweep", report);
    EXPECT_GT(report.points, 100U);
    for (const std::string& wrong : report.breaks) {
        ADD_FAILURE() << wrong;
    }
}

class PlantedFault : public ::testing::TestWithParam<named_plant> {};

/// A test of the tests: a sweep that stays green with this fault in the store or the chat would be worth
/// nothing.
TEST_P(PlantedFault, TurnsTheSweepRed) {
    const store::temporary_directory folder;
    const named_plant& fault = GetParam();
    sweep_plan plan;
    plan.story = fault.story;
    plan.plant = fault.name;
    plan.stride = 3;
    plan.first_percent = fault.first_percent;
    plan.until = fault.shows;
    if (!fault.mode.empty()) {
        plan.modes = {std::string(fault.mode)};
    }
    const sweep_report report = sweep(folder.path(), plan);
    print("planted " + plan.plant, report);
    ASSERT_FALSE(report.breaks.empty()) << plan.plant << " was not noticed";
    const std::string& last = report.breaks.back();
    const auto shown = last.find(plan.until);
    ASSERT_NE(shown, std::string::npos) << plan.plant << " was not noticed for what it is, only: " << last;
    std::cout << "  " << last.substr(0, last.find('\n')) << last.substr(shown, last.find('\n', shown) - shown)
              << '\n';
}

INSTANTIATE_TEST_SUITE_P(All, PlantedFault, ::testing::ValuesIn(plants),
                         [](const auto& param) { return std::string(param.param.name); });

} // namespace
} // namespace patt::crash
