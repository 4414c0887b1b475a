// Matching in the guild: what rulings teach, settings, lists of members, the warm index, the newcomer.
#include "engine/match_index.hpp"
#include "engine/matching_fixture.hpp"
#include "store/match_repository.hpp"

#include <patt/store/in_tx.hpp>

namespace patt::engine_tests {
namespace {

identity::ruling_id ruling_in(const reply& said) {
    return identity::ruling_id{std::stoll(said.data.front().second)};
}

TEST_F(Matching, ARulingTeachesWhatTheNoteSaysThen) {
    join(2101, "somebody else entirely");
    note("Kestrelby", "Discord: rocketman77");
    ASSERT_EQ(rule(ruling_kind::accepted, "Kestrelby", 2101).verdict, verdict::accepted);
    EXPECT_THAT(learned(), UnorderedElementsAre("2101 rocketman77"));
    note("Kestrelby", "Discord: starlord99");
    const reply second = rule(ruling_kind::accepted, "Brackenfell", 2101);
    EXPECT_EQ(hand_in(engine::undo_ruling{ruling_in(second)}).verdict, verdict::accepted);
    EXPECT_EQ(hand_in(engine::run_matching{}).verdict, verdict::accepted);
    EXPECT_THAT(learned(), UnorderedElementsAre("2101 rocketman77")) << "nobody has accepted starlord99";
    expect_equal_to_a_new_run();
}

TEST_F(Matching, WhatARulingTaughtGoesWithIt) {
    join(2102, "somebody else entirely");
    join(2103, "another fellow");
    note("Kestrelby", "Discord: rocketman77");
    ASSERT_EQ(rule(ruling_kind::accepted, "Kestrelby", 2102).verdict, verdict::accepted);
    const reply better = rule(ruling_kind::accepted, "Kestrelby", 2103);
    ASSERT_EQ(better.verdict, verdict::accepted);
    EXPECT_EQ(owner("Kestrelby"), member_id{2103});
    EXPECT_THAT(learned(), UnorderedElementsAre("2103 rocketman77"));
    EXPECT_EQ(hand_in(engine::undo_ruling{ruling_in(better)}).verdict, verdict::accepted);
    EXPECT_THAT(learned(), IsEmpty());
    expect_equal_to_a_new_run();
}

TEST_F(Matching, WhatTwoRulingsTaughtStaysWithTheSecond) {
    join(2104, "somebody else entirely");
    note("Kestrelby", "Discord: rocketman77");
    note("Brackenfell", "Discord: rocketman77");
    const reply first = rule(ruling_kind::accepted, "Kestrelby", 2104);
    const reply second = rule(ruling_kind::accepted, "Brackenfell", 2104);
    EXPECT_EQ(hand_in(engine::undo_ruling{ruling_in(first)}).verdict, verdict::accepted);
    EXPECT_THAT(learned(), UnorderedElementsAre("2104 rocketman77"));
    expect_equal_to_a_new_run();
    EXPECT_EQ(hand_in(engine::undo_ruling{ruling_in(second)}).verdict, verdict::accepted);
    EXPECT_THAT(learned(), IsEmpty());
}

// What is owned is never given to another by a rule: the officers are asked.
TEST_F(Matching, AMatchedLinkIsAskedAboutBeforeItMoves) {
    join(2120, "kestrelby99");
    join(2121, "kerrigan");
    ASSERT_EQ(owner("Kestrelby"), member_id{2120});
    ASSERT_EQ(hand_in(engine::import_notes{{{"Kestrelby", "", "Discord: kerrigan", "Discord: kerrigan", ""}}})
                  .verdict,
              verdict::accepted);
    EXPECT_EQ(owner("Kestrelby"), member_id{2120});
    EXPECT_EQ(link("Kestrelby")->level, assurance::matched);
    EXPECT_EQ(why("Kestrelby"), "owner_changed");
    EXPECT_THAT(issues(), Contains(integrity::issue_type::match_contradiction));
    const auto waits = item("Kestrelby");
    ASSERT_TRUE(waits.has_value());
    const auto candidates = engine::candidates_of(*waits);
    ASSERT_EQ(candidates.size(), 2U);
    EXPECT_EQ(candidates[0].member, member_id{2121});
    EXPECT_EQ(candidates[1].member, member_id{2120});
    EXPECT_THAT(waits->evidence, HasSubstr("\"member\":\"2120\""));
    EXPECT_THAT(waits->evidence, HasSubstr("\"member\":\"2121\""));
    expect_equal_to_a_new_run();
    ASSERT_EQ(rule(ruling_kind::accepted, "Kestrelby", 2121).verdict, verdict::accepted);
    EXPECT_EQ(owner("Kestrelby"), member_id{2121});
    EXPECT_EQ(why("Kestrelby"), "");
    EXPECT_THAT(issues(), Not(Contains(integrity::issue_type::match_contradiction)));
    expect_equal_to_a_new_run();
}

TEST_F(Matching, SoIsOneWhoseNoteNamesSomebodyElseNow) {
    join(2122, "kerrigan");
    join(2123, "jaskella");
    note("Kestrelby", "Discord: kerrigan");
    ASSERT_EQ(owner("Kestrelby"), member_id{2122});
    note("Kestrelby", "Discord: jaskella");
    EXPECT_EQ(owner("Kestrelby"), member_id{2122});
    ASSERT_EQ(why("Kestrelby"), "owner_changed");
    const auto candidates = engine::candidates_of(*item("Kestrelby"));
    ASSERT_EQ(candidates.size(), 2U) << "who has it can be confirmed, too";
    EXPECT_EQ(candidates[1].member, member_id{2122});
    w->restart();
    EXPECT_EQ(hand_in(engine::run_matching{}).verdict, verdict::accepted);
    EXPECT_EQ(why("Kestrelby"), "owner_changed");
    const onboarding::member_left gone{member_id{2122}};
    EXPECT_EQ(w->engine().handle({w->ids().guild, {}, "", "", gone}).verdict, verdict::accepted);
    EXPECT_EQ(owner("Kestrelby"), member_id{2123}) << "who is gone owns nothing by names or notes";
    EXPECT_EQ(why("Kestrelby"), "");
    expect_equal_to_a_new_run();
}

TEST_F(Matching, WhoHasItMayBeConfirmedWhenTheNotesSayOtherwise) {
    join(2124, "kerrigan");
    join(2125, "jaskella");
    note("Kestrelby", "Discord: kerrigan");
    note("Kestrelby", "Discord: jaskella");
    ASSERT_EQ(rule(ruling_kind::rejected, "Kestrelby", 2125).verdict, verdict::accepted);
    EXPECT_NE(owner("Kestrelby"), member_id{2125});
    ASSERT_EQ(rule(ruling_kind::accepted, "Kestrelby", 2124).verdict, verdict::accepted);
    EXPECT_EQ(owner("Kestrelby"), member_id{2124});
    EXPECT_EQ(why("Kestrelby"), "");
    expect_equal_to_a_new_run();
}

TEST_F(Matching, ANewcomerWhoFitsAsWellTakesNobodysCharacter) {
    join(2126, "kestrelby99");
    ASSERT_EQ(owner("Kestrelby"), member_id{2126});
    join(2127, "kestrelby");
    EXPECT_EQ(owner("Kestrelby"), member_id{2126});
    EXPECT_NE(why("Kestrelby"), "");
    expect_equal_to_a_new_run();
}

// Whoever knew a member by a name means them still when they are called otherwise.
TEST_F(Matching, AMemberWhoIsCalledOtherwiseKeepsTheCharacter) {
    join(2130, "kestrelby");
    ASSERT_EQ(owner("Kestrelby"), member_id{2130});
    identity::member_snapshot list = listed();
    for (identity::listed_member& m : list.members) {
        if (m.id == member_id{2130}) {
            m.username = m.nickname = "bigguy";
        }
    }
    ASSERT_EQ(hand_in(list).verdict, verdict::accepted);
    EXPECT_EQ(owner("Kestrelby"), member_id{2130});
    EXPECT_EQ(why("Kestrelby"), "");
    EXPECT_THAT(learned(), Contains("2130 kestrelby"));
    expect_equal_to_a_new_run();
    join(2131, "kestrelby"); // the name is free again
    EXPECT_EQ(owner("Kestrelby"), member_id{2130}) << "nobody takes it away by taking the name";
    EXPECT_EQ(why("Kestrelby"), "several_fit");
    w->restart();
    expect_equal_to_a_new_run();
}

TEST_F(Matching, SoDoesOneWhoComesBackUnderAnotherName) {
    join(2132, "kestrelby");
    const onboarding::member_left gone{member_id{2132}};
    ASSERT_EQ(w->engine().handle({w->ids().guild, {}, "", "", gone}).verdict, verdict::accepted);
    ASSERT_FALSE(link("Kestrelby").has_value());
    join(2132, "bigguy");
    EXPECT_EQ(owner("Kestrelby"), member_id{2132});
    expect_equal_to_a_new_run();
}

TEST_F(Matching, ASettledQueueShowsTheOpenQuestionsFirst) {
    for (std::int64_t id = 2140; id < 2150; ++id) {
        join(id, "stranger number " + std::to_string(id));
    }
    join(2150, "kestrelbyx");
    join(2151, "kestrelbyq");
    const auto items = look().review_items(w->ids().guild);
    ASSERT_FALSE(items.empty());
    EXPECT_EQ(items.front().subject, named("Kestrelby").id.value());
    EXPECT_EQ(items.back().why, "no_character");
}

/// Characters and members whose names differ in one letter.
struct MatchingWithSlips : Matching {
    const std::vector<std::string> names{"Marrowind",   "Thornquill",  "Ashvalley",  "Duskmantle",
                                         "Grimhollow",  "Fenwarden",   "Wintermere", "Brindlewick",
                                         "Copperfrost", "Hollowbrook", "Saltmarsh",  "Quillfeather"};

    MatchingWithSlips() {
        how.database = fresh_database();
        how.roster.clear();
        for (const std::string& name : names) {
            how.roster += name + "-Senjin, Mage, 4\n";
        }
        w = std::make_unique<world>(how);
        for (std::size_t i = 0; i < names.size(); ++i) {
            std::string slip = names[i];
            slip.back() = 'x';
            join(member(i).value(), slip);
        }
    }
    static member_id member(std::size_t i) { return member_id{2201 + static_cast<std::int64_t>(i)}; }
    double probability(const std::string& character) {
        for (const engine::planned_match& p : look().match_plan(w->ids().guild)) {
            if (p.character.name == character) {
                return p.decided.probability;
            }
        }
        return -1.0;
    }
};

TEST_F(MatchingWithSlips, RulingsTeachWhatSuchEvidenceIsWorthHere) {
    const double before = probability(names.back());
    ASSERT_GT(before, 0.3);
    std::vector<identity::ruling_id> made;
    for (std::size_t i = 0; i + 1 < names.size(); ++i) {
        const reply said = rule(ruling_kind::rejected, names[i], member(i).value());
        ASSERT_EQ(said.verdict, verdict::accepted) << names[i];
        made.push_back(ruling_in(said));
    }
    EXPECT_LT(probability(names.back()), before) << "eleven of eleven were wrong";
    EXPECT_THAT(to_text(look().explain_match(w->ids().guild, named(names.back()).id)),
                HasSubstr("-2.00 bits  experience"));
    expect_equal_to_a_new_run();
    for (const identity::ruling_id id : made) {
        EXPECT_EQ(hand_in(engine::undo_ruling{id}).verdict, verdict::accepted);
    }
    EXPECT_EQ(probability(names.back()), before) << "what was taken back teaches nothing";
    expect_equal_to_a_new_run();
}

TEST_F(MatchingWithSlips, ARulingRemembersWhatWasShown) {
    const double shown = probability(names.front());
    ASSERT_EQ(rule(ruling_kind::accepted, names.front(), member(0).value()).verdict, verdict::accepted);
    ASSERT_EQ(rule(ruling_kind::accepted, names[1], member(5).value()).verdict, verdict::accepted);
    const auto db = w->database().connect();
    const std::vector<identity::route_experience> learned = store::in_tx(*db, store::tx_mode::read, [&] {
        db->enter_guild(w->ids().guild);
        return store::experience_of(*db, w->ids().guild);
    });
    ASSERT_EQ(learned.size(), 1U) << "nobody had proposed the second one";
    EXPECT_EQ(learned.front().by, identity::route::fuzzy_name);
    EXPECT_EQ(learned.front().accepted, 1);
    EXPECT_EQ(learned.front().rejected, 0);
    EXPECT_NEAR(static_cast<double>(learned.front().expected_per_mille), shown * 1000.0, 0.6);
}

TEST_F(Matching, ALevelThatMayDoNothingSaysSo) {
    w->set("matching.certain", "nothing");
    w->set("matching.high", "nothing");
    join(2105, "shodoomer");
    EXPECT_FALSE(link("Shodoomer").has_value());
    EXPECT_EQ(why("Shodoomer"), "level_does_nothing");
    w->set("matching.certain", "suggest");
    w->set("matching.high", "suggest");
    EXPECT_FALSE(link("Shodoomer").has_value());
    EXPECT_EQ(why("Shodoomer"), "level_suggests");
    EXPECT_EQ(item("Shodoomer")->member, member_id{2105});
}

TEST_F(Matching, WhoCameToBothAtOneTimeFitsBetter) {
    w->turn(std::chrono::hours(24 * 30));
    how.roster += "Thornquill-Senjin, Mage, 4\n";
    w->import(how.roster);
    join(2106, "thornquill");
    join(2107, "kestrelby");
    const auto why_of = [&](std::string_view name) {
        return to_text(look().explain_match(w->ids().guild, named(name).id));
    };
    EXPECT_THAT(why_of("Thornquill"), HasSubstr("join_time"));
    EXPECT_THAT(why_of("Kestrelby"), Not(HasSubstr("join_time"))) << "it was in the guild's first roster";
    const std::string before = why_of("Thornquill");
    w->restart();
    EXPECT_EQ(why_of("Thornquill"), before);
    expect_equal_to_a_new_run();
}

struct MatchingAmongMany : Matching {
    /// Among many strangers a slip of the pen is worth less.
    void crowd(std::int64_t from, std::int64_t to) {
        identity::member_snapshot strangers;
        strangers.covers = identity::member_coverage::some;
        for (std::int64_t i = from; i < to; ++i) {
            strangers.members.push_back(
                {member_id{6000 + i}, "passenger " + std::to_string(i * 7919), "", "", {}, {}, {}});
        }
        ASSERT_EQ(hand_in(strangers).verdict, verdict::accepted);
    }
    identity::confidence level_of(std::string_view character) {
        for (const engine::planned_match& p : look().match_plan(w->ids().guild)) {
            if (p.character.name == character) {
                return p.decided.level;
            }
        }
        return identity::confidence::none;
    }
    void expect_use(const std::string& setting) {
        EXPECT_FALSE(link("Kestrelby").has_value());
        EXPECT_EQ(why("Kestrelby"), "unsure");
        EXPECT_EQ(item("Kestrelby")->member, member_id{2111}) << "the queue names who it may be";
        w->set(setting, "nothing");
        EXPECT_EQ(why("Kestrelby"), "level_does_nothing");
        w->set(setting, "link");
        EXPECT_TRUE(link("Kestrelby").has_value()) << "the guild says that a slip of the pen is enough";
        expect_equal_to_a_new_run();
        w->set(setting, "suggest");
        EXPECT_FALSE(link("Kestrelby").has_value());
    }
};

TEST_F(MatchingAmongMany, MediumAndLowSuggestAndDoWhatTheGuildLetsThemDo) {
    join(2111, "kestrelbie");
    crowd(0, 25);
    ASSERT_EQ(level_of("Kestrelby"), identity::confidence::medium);
    expect_use("matching.medium");
    crowd(25, 200);
    ASSERT_EQ(level_of("Kestrelby"), identity::confidence::low);
    expect_use("matching.low");
}

TEST_F(Matching, OnlyMembersWithARoleCountWhereTheGuildWantsItSo) {
    w->set("matching.role_members_only", "on");
    join(2106, "shodoomer");
    EXPECT_FALSE(link("Shodoomer").has_value());
    EXPECT_EQ(why_of(2106), "") << "who does not count does not wait";
    identity::member_snapshot list = listed();
    for (identity::listed_member& m : list.members) {
        m.roles = m.id == member_id{2106} ? std::vector{w->ids().initiate} : m.roles;
    }
    EXPECT_EQ(hand_in(list).verdict, verdict::accepted);
    EXPECT_EQ(owner("Shodoomer"), member_id{2106});
    expect_equal_to_a_new_run();
}

TEST_F(Matching, APartOfTheMembersRemovesNobodyAndIsNoFault) {
    join(2107, "first fellow");
    identity::member_snapshot list;
    list.covers = identity::member_coverage::some;
    list.members.push_back({member_id{2108}, "shodoomer", "", "", {}, {}, {}});
    list.members.push_back({member_id{2109}, "Kestrelby", "", "", {}, identity::account_kind::bot, {}});
    const reply said = hand_in(list);
    EXPECT_THAT(said.data, Contains(std::pair<std::string, std::string>("new", "1")));
    EXPECT_THAT(said.data, Contains(std::pair<std::string, std::string>("bots", "1")));
    EXPECT_THAT(said.data, Contains(std::pair<std::string, std::string>("gone", "0")));
    EXPECT_TRUE(look().member(w->ids().guild, member_id{2107}).has_value());
    EXPECT_FALSE(look().member(w->ids().guild, member_id{2109}).has_value()) << "bots are nobody";
    EXPECT_EQ(owner("Shodoomer"), member_id{2108});
    EXPECT_FALSE(link("Kestrelby").has_value());
    EXPECT_THAT(issues(), Not(Contains(integrity::issue_type::members_incomplete)));
    const reply again = hand_in(list);
    EXPECT_THAT(again.data, Contains(std::pair<std::string, std::string>("unchanged", "1")));
}

TEST_F(Matching, TheIndexIsReadOnceWhileItFitsTheLog) {
    join(2110, "shodoomer");
    const auto db = w->database().connect();
    engine::match_index index;
    const auto warm = [&] {
        const log::head head = *look().log_head(w->ids().guild);
        const policy::guild_settings settings = look().settings(w->ids().guild);
        return store::in_tx(*db, store::tx_mode::read, [&] {
            db->enter_guild(w->ids().guild);
            return index.warm(*db, w->ids().guild, head, engine::setup_of(settings));
        });
    };
    const auto first = warm();
    EXPECT_EQ(warm(), first);
    EXPECT_EQ(index.builds(), 1U);
    note("Kestrelby", "Discord: shodoomer"); // somebody else wrote
    const auto second = warm();
    EXPECT_NE(second, first);
    EXPECT_EQ(index.builds(), 2U);
    index.forget(w->ids().guild);
    (void)warm();
    EXPECT_EQ(index.builds(), 3U);
}

TEST_F(Matching, ANewcomerIsOfferedWhatNotesSay) {
    const member_id who = w->join("rocketman77");
    note("Kestrelby", "Discord: rocketman77");
    w->say(who, "yes");
    w->say(who, "my old druid");
    EXPECT_THAT(w->last(who), HasSubstr("Kestrelby"));
}

} // namespace
} // namespace patt::engine_tests
