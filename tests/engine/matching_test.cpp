// Matching in the guild: rows after imports, joins, notes and rulings; a rebuild says the same.
#include "engine/matching_fixture.hpp"

namespace patt::engine_tests {
namespace {

TEST_F(Matching, AMemberWhoJoinsIsLinkedInTheSameInput) {
    EXPECT_EQ(why("Shodoomer"), "nobody_fits");
    join(2001, "shodoomer");
    ASSERT_TRUE(link("Shodoomer").has_value());
    EXPECT_EQ(link("Shodoomer")->level, assurance::matched);
    EXPECT_EQ(link("Shodoomer")->source, "matched");
    EXPECT_THAT(link("Shodoomer")->evidence, HasSubstr("exact_name"));
    EXPECT_EQ(owner("Shodoomer"), member_id{2001});
    EXPECT_EQ(why("Shodoomer"), "");
    EXPECT_EQ(why_of(2001), "");
    expect_equal_to_a_new_run();
}

TEST_F(Matching, WhoFitsNobodyStandsInTheQueue) {
    join(2002, "completely different");
    EXPECT_EQ(why_of(2002), "no_character");
    EXPECT_EQ(why("Kestrelby"), "nobody_fits");
    EXPECT_FALSE(link("Kestrelby").has_value());
}

TEST_F(Matching, ANoteLinksAndItsLossUnlinks) {
    join(2003, "rocketman77");
    EXPECT_FALSE(link("Kestrelby").has_value());
    note("Kestrelby", "Discord: rocketman77");
    ASSERT_TRUE(link("Kestrelby").has_value());
    EXPECT_THAT(link("Kestrelby")->evidence, HasSubstr("guild_note"));
    EXPECT_EQ(owner("Kestrelby"), member_id{2003});
    expect_equal_to_a_new_run();
    note("Kestrelby", "tailoring");
    EXPECT_FALSE(link("Kestrelby").has_value());
    EXPECT_EQ(why("Kestrelby"), "nobody_fits");
    EXPECT_EQ(why_of(2003), "no_character");
    expect_equal_to_a_new_run();
}

TEST_F(Matching, APrivilegedRankIsOnlySuggested) {
    join(2004, "Highlordan");
    EXPECT_FALSE(link("Highlordan").has_value());
    EXPECT_EQ(why("Highlordan"), "privileged");
    EXPECT_THAT(issues(), Contains(integrity::issue_type::privileged_claim));
    EXPECT_EQ(rule(ruling_kind::accepted, "Highlordan", 2004).verdict, verdict::accepted);
    ASSERT_TRUE(link("Highlordan").has_value());
    EXPECT_EQ(link("Highlordan")->level, assurance::confirmed);
    EXPECT_EQ(why("Highlordan"), "");
    expect_equal_to_a_new_run();
}

TEST_F(Matching, ARankThatIsNoLongerPrivilegedIsDecidedAnew) {
    join(903, "highlordan");
    EXPECT_EQ(owner("Highlordan"), member_id{});
    std::string roster = how.roster;
    roster.replace(roster.find("Warrior, 1"), 10, "Warrior, 4");
    w->import(roster);
    EXPECT_EQ(owner("Highlordan"), member_id{903});
    EXPECT_EQ(why("Highlordan"), "");
    expect_equal_to_a_new_run();
}

TEST_F(Matching, ARejectedPairStaysApartUntilANameChanges) {
    join(2005, "shodoomer");
    EXPECT_EQ(rule(ruling_kind::rejected, "Shodoomer", 2005).verdict, verdict::accepted);
    EXPECT_FALSE(link("Shodoomer").has_value());
    w->restart(); // the matcher is built from rows again
    EXPECT_EQ(hand_in(engine::run_matching{}).verdict, verdict::accepted);
    EXPECT_FALSE(link("Shodoomer").has_value());
    identity::member_snapshot list = listed();
    for (identity::listed_member& m : list.members) {
        if (m.id == member_id{2005}) {
            m.nickname = "Shodoomer!";
        }
    }
    EXPECT_EQ(hand_in(list).verdict, verdict::accepted);
    EXPECT_TRUE(link("Shodoomer").has_value());
    EXPECT_THAT(log_kinds(*w), Contains("match.ruling_ended"));
    expect_equal_to_a_new_run();
}

TEST_F(Matching, ARulingCanBeTakenBack) {
    join(2006, "somebody else entirely");
    const reply said = rule(ruling_kind::accepted, "Brackenfell", 2006);
    ASSERT_EQ(said.verdict, verdict::accepted);
    EXPECT_EQ(owner("Brackenfell"), member_id{2006});
    const identity::ruling_id id{std::stoll(said.data.front().second)};
    EXPECT_EQ(hand_in(engine::undo_ruling{id}).verdict, verdict::accepted);
    EXPECT_FALSE(link("Brackenfell").has_value());
    EXPECT_EQ(why("Brackenfell"), "nobody_fits");
    EXPECT_EQ(hand_in(engine::undo_ruling{id}).verdict, verdict::refused);
    expect_equal_to_a_new_run();
}

TEST_F(Matching, AConfirmedLinkIsNeverChangedByEvidence) {
    join(2007, "unrelated fellow");
    ASSERT_EQ(rule(ruling_kind::accepted, "Kestrelby", 2007).verdict, verdict::accepted);
    join(2008, "kestrelby");
    EXPECT_EQ(owner("Kestrelby"), member_id{2007});
    EXPECT_EQ(link("Kestrelby")->level, assurance::confirmed);
    EXPECT_EQ(why("Kestrelby"), "contradicts_ruling");
    EXPECT_THAT(issues(), Contains(integrity::issue_type::match_contradiction));
    const auto waits = item("Kestrelby");
    ASSERT_TRUE(waits.has_value());
    EXPECT_THAT(waits->evidence, HasSubstr("\"member\":\"2007\"")) << "why it is linked";
    EXPECT_THAT(waits->evidence, HasSubstr("\"member\":\"2008\"")) << "and what speaks against it";
    EXPECT_EQ(hand_in(engine::run_matching{}).verdict, verdict::accepted);
    EXPECT_EQ(owner("Kestrelby"), member_id{2007}) << "not by a run over everybody either";
    EXPECT_EQ(
        w->engine().handle({w->ids().guild, {}, "", "", onboarding::member_left{member_id{2008}}}).verdict,
        verdict::accepted);
    EXPECT_EQ(why("Kestrelby"), "");
    expect_equal_to_a_new_run();
}

TEST_F(Matching, AbsentAndSettingsDecideToo) {
    join(2009, "shodoomer");
    ASSERT_EQ(rule(ruling_kind::not_in_chat, "Shodoomer", 0).verdict, verdict::accepted);
    EXPECT_FALSE(link("Shodoomer").has_value());
    EXPECT_EQ(why("Shodoomer"), "not_in_chat");
    join(2010, "kestrelby");
    EXPECT_TRUE(link("Kestrelby").has_value());
    w->set("matching.certain", "suggest");
    w->set("matching.high", "suggest");
    EXPECT_FALSE(link("Kestrelby").has_value());
    EXPECT_NE(why("Kestrelby"), "");
    w->set("matching.certain", "link");
    w->set("matching.high", "link");
    EXPECT_TRUE(link("Kestrelby").has_value());
}

TEST_F(Matching, AnIncompleteListOfMembersRemovesNobody) {
    for (std::int64_t id = 3001; id < 3021; ++id) {
        join(id, "member number " + std::to_string(id));
    }
    identity::member_snapshot list;
    list.members.push_back({member_id{3001}, "member number 3001", "", "", {}, {}, {}});
    const reply said = hand_in(list);
    EXPECT_THAT(said.data, Contains(std::pair<std::string, std::string>("complete", "no")));
    EXPECT_THAT(said.data, Contains(std::pair<std::string, std::string>("gone", "0")));
    EXPECT_GE(look().members(w->ids().guild).size(), 20U);
    const reply empty = hand_in(identity::member_snapshot{});
    EXPECT_EQ(empty.verdict, verdict::refused);
}

TEST_F(Matching, ASecondEngineSeesWhatTheFirstHasChanged) {
    join(2011, "rocketman77");
    testing::manual_clock clock(w->clock().now());
    testing::seeded_entropy entropy(7);
    testing::fake_chat chat(clock);
    engine::options options;
    options.instance_key = "another-engine-key";
    engine::engine other(how.database, {chat, clock, entropy}, options);
    const reply noted =
        other.handle({w->ids().guild, at_the_machine, "", "",
                      engine::import_notes{{{"Kestrelby", "", "Discord: rocketman77", "", ""}}}});
    EXPECT_EQ(noted.verdict, verdict::accepted);
    EXPECT_EQ(owner("Kestrelby"), member_id{2011});
    join(2012, "brackenfell"); // the first engine again
    EXPECT_EQ(owner("Kestrelby"), member_id{2011});
    EXPECT_EQ(owner("Brackenfell"), member_id{2012});
    expect_equal_to_a_new_run();
}

} // namespace
} // namespace patt::engine_tests
