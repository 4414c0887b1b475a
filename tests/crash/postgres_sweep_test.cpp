// The crash sweep on PostgreSQL: the host is killed before, in and after its sends and receives, or its
// connection is cut there, so that it does not know what became of a commit.

#include "conformance/temporary_directory.hpp"
#include "crash/sweep.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/product_database.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

namespace patt::crash {
namespace {

bool long_form() {
    return std::getenv("PATT_TEST_LONG") != nullptr;
}

sweep_plan on_postgres() {
    sweep_plan plan;
    plan.story = "short";
    plan.modes = {"before", "torn", "cut", "after", "cut_after"};
    plan.server = [] { return postgres::migrated_database(); };
    plan.give_back = postgres::drop_database;
    return plan;
}

void print(const std::string& what, const sweep_report& report) {
    std::cout << what << ": " << report.points << " points tried of " << report.calls << " calls, "
              << report.breaks.size() << " broken; the undisturbed end is " << report.end << '\n';
}

/// Each sweep compares what a disturbed run comes to with the undisturbed one on its own database. These are
/// the same, so all runs on both databases come to one end.
TEST(CrashSweepOnBoth, TheUndisturbedStoryEndsTheSame) {
    PATT_NEEDS_POSTGRES();
    const store::temporary_directory here;
    const store::temporary_directory there;
    sweep_plan with_file;
    sweep_plan with_server = on_postgres();
    with_server.story = with_file.story;
    const outcome file = play_undisturbed(here.path(), with_file);
    const outcome server = play_undisturbed(there.path(), with_server);
    for (const std::string& different : compare(file, server)) {
        ADD_FAILURE() << different;
    }
    EXPECT_EQ(digest_of(file), digest_of(server));
    EXPECT_GT(file.facts.size(), 100U);
    EXPECT_GT(file.lanes.size(), 3U);
    std::cout << "whole story: " << file.facts.size() << " facts and " << file.lanes.size() << " lanes, "
              << digest_of(file) << " on SQLite, " << digest_of(server) << " on PostgreSQL\n";
}

TEST(CrashSweepOnPostgres, NothingIsLostAndNothingIsDoneTwice) {
    PATT_NEEDS_POSTGRES();
    const store::temporary_directory folder;
    sweep_plan plan = on_postgres();
    plan.most_breaks = 3;
    plan.story = long_form() ? "whole" : "short";
    plan.points = long_form() ? 0 : 24;
    plan.closely = 16;
    const sweep_report report = sweep(folder.path(), plan);
    print("crash sweep on PostgreSQL", report);
    EXPECT_GE(report.points, 20U);
    for (const std::string& wrong : report.breaks) {
        ADD_FAILURE() << wrong;
    }
}

/// A test of the test: a host that says yes before it has committed must be seen.
TEST(CrashSweepOnPostgres, SeesAnAcknowledgementThatCameTooEarly) {
    PATT_NEEDS_POSTGRES();
    const store::temporary_directory folder;
    sweep_plan plan = on_postgres();
    plan.plant = "ack_before";
    plan.modes = {"before"};
    plan.first_percent = 17;
    plan.points = 40;
    plan.until = "acknowledged-input";
    const sweep_report report = sweep(folder.path(), plan);
    print("planted ack_before", report);
    ASSERT_FALSE(report.breaks.empty());
    EXPECT_NE(report.breaks.back().find(plan.until), std::string::npos) << report.breaks.back();
}

} // namespace
} // namespace patt::crash
