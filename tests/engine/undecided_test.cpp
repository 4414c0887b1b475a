// Outcomes and timers that cannot be decided: they end, somebody hears of it, and nobody else waits.
#include "engine/outbox_fixture.hpp"
#include "engine/spoken.hpp"

#include <algorithm>

namespace patt::engine_tests {
namespace {

using integrity::issue_type;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Whatever is read or written with these words is damaged.
struct Undecided : ::testing::Test {
    std::vector<std::string> told;
    std::string damaged;
    int hits = 0;
    spoken said;
    std::unique_ptr<world> w;

    Undecided() {
        testing::world_options how;
        how.database = recording(fresh_database(), said);
        w = std::make_unique<world>(how);
        w->chat().set_dedupe_window(duration{0}); // What is sent twice arrives twice.
        w->engine().on_failure([this](const std::string& what) { told.push_back(what); });
        said.on_statement = [this](std::string_view sql) {
            if (!damaged.empty() && sql.find(damaged) != std::string_view::npos) {
                ++hits;
                throw failure("a row is damaged");
            }
        };
    }
    [[nodiscard]] store::outbox_counts outbox() {
        return engine::queries(w->database()).outbox(w->ids().guild);
    }
    [[nodiscard]] std::vector<issue_type> issues() {
        std::vector<issue_type> out;
        for (const integrity::issue& i : engine::queries(w->database()).open_issues(w->ids().guild)) {
            out.push_back(i.type);
        }
        return out;
    }
};

TEST_F(Undecided, AnOutcomeIsAFailedEffectThatOfficersSee) {
    join_quietly(*w, member_id{7001});
    damaged = "FROM session";
    w->turn(10min);
    damaged.clear();
    EXPECT_THAT(w->inbox(member_id{7001}), SizeIs(1)) << "sent once";
    EXPECT_LE(hits, 3) << "decided again it fails again";
    EXPECT_EQ(w->engine().metrics().unwritten_outcomes, 0);
    EXPECT_EQ(w->engine().metrics().outcomes_failed, 1);
    EXPECT_EQ(outbox().sending, 0);
    EXPECT_EQ(outbox().failed, 1);
    EXPECT_THAT(issues(), Contains(issue_type::effect_failed));
    EXPECT_THAT(told, Contains(HasSubstr("a row is damaged")));
    expect_whole_log(*w);
}

TEST_F(Undecided, AnOutcomeIsReported) {
    join_quietly(*w, member_id{7001});
    damaged = "FROM session";
    int failed = 0;
    for (int i = 0; i < 5; ++i) {
        failed += w->engine().run_once(1s).failed;
        w->clock().turn(1s);
    }
    EXPECT_EQ(failed, 1);
}

TEST_F(Undecided, WhatFailsOnceIsDecidedAgain) {
    join_quietly(*w, member_id{7001});
    int left = 1;
    said.on_statement = [&](std::string_view sql) {
        if (sql.find("FROM session") != std::string_view::npos && left-- == 1) {
            throw failure("a defect that strikes once");
        }
    };
    w->turn(1min);
    said.on_statement = nullptr;
    EXPECT_LE(left, 0);
    EXPECT_EQ(outbox().failed, 0);
    EXPECT_THAT(told, IsEmpty());
    EXPECT_THAT(w->inbox(member_id{7001}), SizeIs(1));
}

TEST_F(Undecided, AnOutcomeKeepsNoPartition) {
    another_host second(*w, 5);
    join_quietly(*w, member_id{7001});
    damaged = "FROM session";
    for (int i = 0; i < 10; ++i) {
        w->clock().turn(2s);
        static_cast<void>(w->engine().run_once(1s));
        static_cast<void>(second.host->run_once(1s));
    }
    EXPECT_EQ(w->engine().metrics().held_partitions, 32);
    EXPECT_EQ(second.held(), 32);
}

TEST_F(Undecided, OneOfManyQuietOutcomesLeavesTheOthers) {
    beside(*w, [&](store::connection& db) {
        for (std::int64_t i = 1; i <= 3; ++i) {
            const std::string key = "p" + std::to_string(i);
            store::insert_effect(db, w->ids().guild, post(i, key, key), effect_state::pending,
                                 w->clock().now());
        }
        store::insert_effect(db, w->ids().guild, post(4, "p4", "p4", "p2"), effect_state::waiting,
                             w->clock().now());
    });
    damaged =
        "UPDATE outbox SET state = 2, not_before = $3 WHERE guild_id"; // Of p2 alone: p4 stands after it.
    w->turn(1min);
    EXPECT_THAT(post_keys(*w), SizeIs(3));
    EXPECT_EQ(w->engine().metrics().unwritten_outcomes, 0);
    EXPECT_EQ(outbox().failed, 1);
    EXPECT_EQ(outbox().sending, 0);
    EXPECT_THAT(engine::queries(w->database()).ledger(w->ids().guild), SizeIs(2));
}

TEST_F(Undecided, ATimerIsTold) {
    static_cast<void>(w->engine().handle(
        {w->ids().guild, at_the_machine, "", "",
         engine::import_roster{testing::roster_from_text(testing::small_roster), {}, "manual"}}));
    damaged = "FROM job_chunk";
    EXPECT_EQ(w->engine().run_once(1s).failed, 1);
    EXPECT_EQ(w->engine().metrics().timers_failed, 1);
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_THAT(told.front(), HasSubstr("a row is damaged"));
    EXPECT_THAT(told.front(), HasSubstr("job"));
    damaged.clear();
    w->turn(2min);
    EXPECT_EQ(w->engine().metrics().timers_failed, 1) << "it fired again, and went well";
    EXPECT_THAT(told, SizeIs(1));
}

TEST_F(Undecided, AnOutageBeforeItDoesNotCount) {
    join_quietly(*w, member_id{7001});
    int left = 21; // Each try of the outcome tries its transaction five times.
    said.on_statement = [&](std::string_view sql) {
        if (sql.find("FROM session") == std::string_view::npos || left == 0) {
            return;
        }
        if (--left > 0) {
            throw store::sql_error(store::sql_errc::busy, "busy");
        }
        throw failure("a defect that strikes once");
    };
    w->turn(1min);
    said.on_statement = nullptr;
    EXPECT_EQ(left, 0);
    EXPECT_EQ(outbox().failed, 0);
    EXPECT_THAT(told, IsEmpty());
}

TEST_F(Undecided, WhatPassesIsNoFailure) {
    join_quietly(*w, member_id{7001});
    int left = 20;
    said.on_statement = [&](std::string_view sql) {
        if (sql.find("FROM session") != std::string_view::npos && left > 0) {
            --left;
            throw store::sql_error(store::sql_errc::busy, "busy");
        }
    };
    w->turn(1min);
    said.on_statement = nullptr;
    EXPECT_EQ(left, 0);
    EXPECT_THAT(told, IsEmpty());
    EXPECT_EQ(outbox().failed, 0);
    EXPECT_EQ(w->engine().metrics().unwritten_outcomes, 0);
    EXPECT_THAT(w->inbox(member_id{7001}), SizeIs(1));
}

} // namespace
} // namespace patt::engine_tests
