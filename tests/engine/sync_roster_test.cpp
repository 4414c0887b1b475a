// The game as a port: what a source gives is imported, and an outage is recorded and removes nobody.
#include "engine/engine_fixture.hpp"

#include <patt/engine/game_source.hpp>

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

} // namespace
} // namespace patt::engine_tests
