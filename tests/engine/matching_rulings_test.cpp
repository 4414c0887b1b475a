// Rulings in the guild: final until the names they are about change, asked about then, and what they teach.
#include "engine/matching_fixture.hpp"
#include "store/match_repository.hpp"

#include <patt/store/in_tx.hpp>

namespace patt::engine_tests {
namespace {

using ::testing::ElementsAre;

struct MatchingRulings : Matching {
    /// The roster with one character under another name: the game's number says that it is the same.
    void rename(std::string_view from, std::string_view to) {
        auto roster = std::make_shared<identity::roster_snapshot>(*testing::roster_from_text(how.roster));
        for (identity::roster_entry& e : roster->entries) {
            if (e.name == from) {
                e.name = to;
            }
        }
        ASSERT_EQ(hand_in(engine::import_roster{std::move(roster), {}, "manual"}).verdict, verdict::accepted);
        w->settle();
    }
    [[nodiscard]] std::vector<identity::route_experience> experience() {
        const auto db = w->database().connect();
        return store::in_tx(*db, store::tx_mode::read, [&] {
            db->enter_guild(w->ids().guild);
            return store::experience_of(*db, w->ids().guild);
        });
    }
};

TEST_F(MatchingRulings, AnAcceptanceIsAskedAboutUnderAnotherName) {
    join(2301, "somebody else entirely");
    ASSERT_EQ(rule(ruling_kind::accepted, "Kestrelby", 2301).verdict, verdict::accepted);
    EXPECT_EQ(why("Kestrelby"), "");
    rename("Kestrelby", "Thornquill");
    EXPECT_EQ(why("Thornquill"), "ruling_outdated");
    EXPECT_EQ(link("Thornquill")->level, assurance::confirmed) << "nothing is taken away meanwhile";
    const auto candidates = engine::candidates_of(*item("Thornquill"));
    ASSERT_FALSE(candidates.empty()) << "with one key it can be said again";
    EXPECT_EQ(candidates.front().member, member_id{2301});
    expect_equal_to_a_new_run();
    w->restart();
    EXPECT_EQ(hand_in(engine::run_matching{}).verdict, verdict::accepted);
    EXPECT_EQ(why("Thornquill"), "ruling_outdated");
    ASSERT_EQ(rule(ruling_kind::accepted, "Thornquill", 2301).verdict, verdict::accepted);
    EXPECT_EQ(why("Thornquill"), "");
    expect_equal_to_a_new_run();
}

TEST_F(MatchingRulings, ANoAnswersWhatIsAskedAboutAnAcceptance) {
    join(2311, "somebody else entirely");
    note("Kestrelby", "Discord: oldbob");
    ASSERT_EQ(rule(ruling_kind::accepted, "Kestrelby", 2311).verdict, verdict::accepted);
    ASSERT_THAT(learned(), ElementsAre("2311 oldbob"));
    const reply early = rule(ruling_kind::rejected, "Kestrelby", 2311);
    ASSERT_EQ(early.verdict, verdict::refused);
    EXPECT_EQ(early.why->code, errc::wrong_state) << "nobody asks";
    rename("Kestrelby", "Thornquill");
    note("Thornquill", "");
    ASSERT_EQ(why("Thornquill"), "ruling_outdated");
    ASSERT_EQ(rule(ruling_kind::rejected, "Thornquill", 2311).verdict, verdict::accepted);
    EXPECT_FALSE(link("Thornquill").has_value());
    EXPECT_THAT(learned(), IsEmpty());
    const auto said = look().rulings(w->ids().guild, 10);
    ASSERT_EQ(said.size(), 2U);
    EXPECT_EQ(said[0].what.kind, ruling_kind::rejected);
    EXPECT_EQ(said[0].state, identity::ruling_state::active);
    EXPECT_EQ(said[1].what.kind, ruling_kind::accepted);
    EXPECT_EQ(said[1].ended_by, said[0].actor);
    EXPECT_NE(why("Thornquill"), "ruling_outdated");
    expect_equal_to_a_new_run();
}

TEST_F(MatchingRulings, SoDoesThatTheOwnerIsNotInTheChat) {
    join(2312, "somebody else entirely");
    ASSERT_EQ(rule(ruling_kind::accepted, "Kestrelby", 2312).verdict, verdict::accepted);
    EXPECT_EQ(rule(ruling_kind::not_in_chat, "Kestrelby", 0).verdict, verdict::refused);
    rename("Kestrelby", "Thornquill");
    ASSERT_EQ(rule(ruling_kind::not_in_chat, "Thornquill", 0).verdict, verdict::accepted);
    EXPECT_FALSE(link("Thornquill").has_value());
    expect_equal_to_a_new_run();
}

TEST_F(MatchingRulings, ANoToAnotherQuestionEndsNoAcceptance) {
    join(2314, "oldbob");
    note("Shodoomer", "Discord: oldbob");
    ASSERT_EQ(rule(ruling_kind::accepted, "Shodoomer", 2314).verdict, verdict::accepted);
    rename("Shodoomer", "Wobblefoot");
    ASSERT_EQ(why("Wobblefoot"), "") << "the note says the same";
    EXPECT_EQ(rule(ruling_kind::rejected, "Wobblefoot", 2314).verdict, verdict::refused);
    EXPECT_EQ(owner("Wobblefoot"), member_id{2314});
    join(2313, "somebody else entirely");
    ASSERT_EQ(rule(ruling_kind::accepted, "Kestrelby", 2313).verdict, verdict::accepted);
    ASSERT_EQ(rule(ruling_kind::merged, "Kestrelby", 0, "Brackenfell").verdict, verdict::accepted);
    rename("Brackenfell", "Thornquill");
    ASSERT_EQ(why("Kestrelby"), "ruling_outdated") << "the merge is asked about";
    EXPECT_EQ(rule(ruling_kind::rejected, "Kestrelby", 2313).verdict, verdict::refused);
    EXPECT_EQ(owner("Kestrelby"), member_id{2313});
}

TEST_F(MatchingRulings, AMergeIsAskedAboutUnderAnotherNameAndKept) {
    join(2302, "kestrelby");
    ASSERT_EQ(owner("Kestrelby"), member_id{2302});
    ASSERT_EQ(rule(ruling_kind::merged, "Brackenfell", 0, "Kestrelby").verdict, verdict::accepted);
    EXPECT_EQ(owner("Brackenfell"), member_id{2302});
    rename("Brackenfell", "Thornquill");
    EXPECT_EQ(owner("Thornquill"), member_id{2302});
    EXPECT_EQ(why("Thornquill"), "ruling_outdated");
    EXPECT_EQ(item("Thornquill")->other, named("Kestrelby").id);
    expect_equal_to_a_new_run();
    ASSERT_EQ(rule(ruling_kind::merged, "Thornquill", 0, "Kestrelby").verdict, verdict::accepted);
    EXPECT_EQ(why("Thornquill"), "");
    expect_equal_to_a_new_run();
}

TEST_F(MatchingRulings, TwoCertainOwnersOfAGroupWaitBesideTheirLinks) {
    join(2303, "kestrelby");
    join(2304, "brackenfell");
    const reply said =
        hand_in(engine::import_notes{{{"Kestrelby", "", "", "", "K"}, {"Brackenfell", "", "", "", "K"}}});
    ASSERT_EQ(said.verdict, verdict::accepted);
    EXPECT_EQ(owner("Kestrelby"), member_id{2303});
    EXPECT_EQ(owner("Brackenfell"), member_id{2304});
    EXPECT_EQ(why("Kestrelby"), "owners_conflict");
    EXPECT_EQ(why("Brackenfell"), "owners_conflict");
    EXPECT_EQ(item("Kestrelby")->other, named("Brackenfell").id);
    const auto both = engine::explanations_of(*item("Kestrelby"));
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(both[0].decision.member, member_id{2303});
    EXPECT_EQ(both[1].decision.character, named("Brackenfell").id);
    EXPECT_EQ(both[1].decision.member, member_id{2304});
    EXPECT_FALSE(both[0].items.empty());
    ASSERT_EQ(both[0].conflicts.size(), 1U);
    EXPECT_EQ(both[0].conflicts.front().member, member_id{2304});
    EXPECT_THAT(identity::to_text(both[0]), HasSubstr("tied to it, is member 2304's"));
    expect_equal_to_a_new_run();
    ASSERT_EQ(rule(ruling_kind::split, "Brackenfell", 0, "Kestrelby").verdict, verdict::accepted);
    EXPECT_EQ(why("Brackenfell"), "");
    expect_equal_to_a_new_run();
}

// A note that is written later, or that names somebody else, is no name of the owner.
TEST_F(MatchingRulings, ATagOfSomebodyElseIsAskedAboutAndNotLearned) {
    join(2306, "kerrigan");
    join(2307, "moonbeer");
    join(2308, "shodoomer");
    ASSERT_EQ(owner("Shodoomer"), member_id{2308});
    ASSERT_EQ(rule(ruling_kind::accepted, "Kestrelby", 2306).verdict, verdict::accepted);
    note("Kestrelby", "Discord: moonbeer");
    EXPECT_EQ(owner("Kestrelby"), member_id{2306});
    EXPECT_EQ(why("Kestrelby"), "contradicts_ruling");
    EXPECT_THAT(issues(), Contains(integrity::issue_type::match_contradiction));
    note("Kestrelby", "Discord: shodoomer");
    EXPECT_EQ(why("Kestrelby"), "contradicts_ruling");
    EXPECT_EQ(owner("Shodoomer"), member_id{2308}) << "nobody else loses anything by it";
    expect_equal_to_a_new_run();
    ASSERT_EQ(rule(ruling_kind::accepted, "Kestrelby", 2306).verdict, verdict::accepted);
    EXPECT_THAT(learned(), IsEmpty()) << "somebody else is called so";
    EXPECT_EQ(owner("Shodoomer"), member_id{2308});
    ASSERT_EQ(rule(ruling_kind::rejected, "Kestrelby", 2307).verdict, verdict::accepted);
    ASSERT_EQ(rule(ruling_kind::rejected, "Kestrelby", 2308).verdict, verdict::accepted);
    EXPECT_EQ(why("Kestrelby"), "owners_conflict") << "the note names a character, too";
    ASSERT_EQ(rule(ruling_kind::split, "Kestrelby", 0, "Shodoomer").verdict, verdict::accepted);
    EXPECT_EQ(why("Kestrelby"), "") << "an officer has answered";
    expect_equal_to_a_new_run();
}

TEST_F(MatchingRulings, AMergeTeachesAndItsEndForgets) {
    join(2309, "somebody else entirely");
    ASSERT_EQ(rule(ruling_kind::accepted, "Kestrelby", 2309).verdict, verdict::accepted);
    note("Brackenfell", "Discord: rocketman77");
    const reply merged = rule(ruling_kind::merged, "Brackenfell", 0, "Kestrelby");
    EXPECT_THAT(learned(), ElementsAre("2309 rocketman77"));
    note("Shodoomer", "Discord: rocketman77");
    EXPECT_EQ(owner("Shodoomer"), member_id{2309});
    note("Brackenfell", "");
    EXPECT_EQ(owner("Shodoomer"), member_id{2309});
    expect_equal_to_a_new_run();
    const engine::undo_ruling back{identity::ruling_id{std::stoll(merged.data.front().second)}};
    ASSERT_EQ(hand_in(back).verdict, verdict::accepted);
    EXPECT_THAT(learned(), IsEmpty());
    expect_equal_to_a_new_run();
}

TEST_F(MatchingRulings, WhatAMergeSaidIsLearnedWithTheOwner) {
    join(2309, "somebody else entirely");
    note("Brackenfell", "Discord: rocketman77");
    ASSERT_EQ(rule(ruling_kind::merged, "Brackenfell", 0, "Kestrelby").verdict, verdict::accepted);
    EXPECT_THAT(learned(), IsEmpty());
    const reply accepted = rule(ruling_kind::accepted, "Kestrelby", 2309);
    EXPECT_THAT(learned(), ElementsAre("2309 rocketman77"));
    const engine::undo_ruling back{identity::ruling_id{std::stoll(accepted.data.front().second)}};
    ASSERT_EQ(hand_in(back).verdict, verdict::accepted);
    EXPECT_THAT(learned(), IsEmpty());
}

TEST_F(MatchingRulings, MergesAndSplitsRememberHowSureTheTieWas) {
    join(2305, "kestrelby");
    note("Brackenfell", "alt of Kestrelby");
    ASSERT_EQ(rule(ruling_kind::split, "Brackenfell", 0, "Kestrelby").verdict, verdict::accepted);
    ASSERT_EQ(rule(ruling_kind::merged, "Shodoomer", 0, "Kestrelby").verdict, verdict::accepted);
    const auto learned = experience();
    ASSERT_EQ(learned.size(), 1U);
    EXPECT_EQ(learned.front().by, identity::route::alt_of);
    EXPECT_EQ(learned.front().rejected, 1);
    EXPECT_EQ(learned.front().accepted, 0) << "nothing had proposed the second one";
    EXPECT_EQ(learned.front().expected_per_mille, 999);
    expect_equal_to_a_new_run();
}

} // namespace
} // namespace patt::engine_tests
