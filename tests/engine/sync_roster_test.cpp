// The game as a port: what a source gives is imported, and an outage is recorded and removes nobody.
#include "engine/engine_fixture.hpp"

#include <patt/engine/game_source.hpp>

#include <functional>

namespace patt::engine_tests {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

/// A game that may be down.
struct small_game final : engine::game_source {
    std::string roster;
    std::string outage;

    result<engine::fetched_roster> fetch_roster(guild_id /*guild*/) override {
        if (!outage.empty()) {
            return error{errc::incomplete, outage};
        }
        engine::fetched_roster out;
        out.snapshot = *testing::roster_from_text(roster);
        return out;
    }
};

TEST(SyncRoster, AnOutageRemovesNobodyAndIsOneIssue) {
    world w;
    engine::queries q(w.database());
    const auto before = q.characters(w.ids().guild).size();
    small_game game;
    game.outage = "the game does not answer";
    for (int i = 0; i < 3; ++i) {
        const reply said = engine::sync_roster(w.engine(), game, w.ids().guild, at_the_machine, "scheduled");
        EXPECT_EQ(said.why->code, errc::incomplete);
        w.settle();
    }
    EXPECT_THAT(q.characters(w.ids().guild), SizeIs(before));
    ASSERT_THAT(q.open_issues(w.ids().guild), SizeIs(1));
    EXPECT_EQ(q.open_issues(w.ids().guild)[0].type, integrity::issue_type::roster_incomplete);
    const auto runs = q.sync_runs(w.ids().guild, 1);
    EXPECT_EQ(runs.at(0).status, "error");
    EXPECT_EQ(runs.at(0).note, "the game does not answer");

    game.outage.clear();
    game.roster = testing::small_roster;
    EXPECT_EQ(engine::sync_roster(w.engine(), game, w.ids().guild, at_the_machine, "scheduled").verdict,
              verdict::accepted);
    w.settle();
    EXPECT_THAT(q.open_issues(w.ids().guild), IsEmpty()) << "the next whole roster settles it";
    EXPECT_EQ(q.sync_runs(w.ids().guild, 1).at(0).status, "success");
}

/// While this game is asked, another host begins too.
struct game_with_company final : engine::game_source {
    std::function<void()> meanwhile;

    result<engine::fetched_roster> fetch_roster(guild_id /*guild*/) override {
        meanwhile();
        engine::fetched_roster out;
        out.snapshot = *testing::roster_from_text(testing::small_roster);
        return out;
    }
};

struct SyncByTwoHosts : ::testing::Test {
    world w;
    testing::seeded_entropy chance{5};
    const std::shared_ptr<store::database> same{&w.database(), [](store::database*) {}};
    engine::options how = [] {
        engine::options out;
        out.instance_key = "an instance key for tests only";
        out.claims = 0;
        return out;
    }();
    engine::engine other{same, engine::ports{w.chat(), w.clock(), chance}, how};
    game_with_company game;
    small_game at_the_other;

    SyncByTwoHosts() { at_the_other.roster = testing::small_roster; }
    reply here() { return engine::sync_roster(w.engine(), game, w.ids().guild, at_the_machine, "scheduled"); }
    reply there() {
        return engine::sync_roster(other, at_the_other, w.ids().guild, at_the_machine, "scheduled");
    }
};

TEST_F(SyncByTwoHosts, OneIsAtItAndTheOtherIsToldSo) {
    reply second;
    game.meanwhile = [&] { second = there(); };
    EXPECT_EQ(here().verdict, verdict::accepted);
    ASSERT_EQ(second.verdict, verdict::refused);
    EXPECT_EQ(second.why->code, errc::conflict);
    EXPECT_THAT(second.why->detail, ::testing::HasSubstr("another host is syncing"));
    w.settle();
    EXPECT_EQ(there().verdict, verdict::accepted) << "the first is done and gave the lease back";
}

TEST_F(SyncByTwoHosts, AnOlderRosterDoesNotArriveAfterANewerOne) {
    reply second;
    game.meanwhile = [&] {
        w.clock().turn(std::chrono::minutes(6)); // it hangs for longer than its lease
        second = there();
    };
    const reply late = here();
    EXPECT_EQ(second.verdict, verdict::accepted);
    ASSERT_EQ(late.verdict, verdict::refused);
    EXPECT_EQ(late.why->code, errc::conflict);
}

TEST_F(SyncByTwoHosts, ASlowOneThatNobodyReplacedStillCounts) {
    game.meanwhile = [&] { w.clock().turn(std::chrono::minutes(6)); };
    EXPECT_EQ(here().verdict, verdict::accepted);
}

TEST_F(SyncByTwoHosts, AnOutageGivesTheLeaseBackToo) {
    at_the_other.outage = "the game does not answer";
    EXPECT_EQ(there().why->code, errc::incomplete);
    game.meanwhile = [] {};
    EXPECT_EQ(here().verdict, verdict::accepted);
}

} // namespace
} // namespace patt::engine_tests
