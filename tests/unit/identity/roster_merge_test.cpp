#include "unit/identity/roster_fixture.hpp"

#include <patt/identity/roster_merge.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patt::identity {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

character_profile full_profile() {
    character_profile p;
    p.game = game_id{1};
    p.name = "Aka";
    p.realm_slug = "area-52";
    p.realm_name = "Area 52";
    p.class_id = 8;
    p.active_spec = "Frost";
    p.level = 80;
    p.item_level = 642;
    p.last_login = instant{1'740'000'000'000'000};
    return p;
}

TEST(MergeCharacter, ANewOneBecomesARow) {
    const auto c = merge_character(std::nullopt, entry(1, "Aka"), full_profile(), first_run);
    EXPECT_EQ(c.kind, merge_kind::insert);
    EXPECT_FALSE(c.row.id);
    EXPECT_EQ(c.row.game, game_id{1});
    EXPECT_EQ(c.row.name, "Aka");
    EXPECT_EQ(c.row.realm_name, "Area 52");
    EXPECT_EQ(c.row.spec, "Frost");
    EXPECT_EQ(c.row.item_level, 642);
    EXPECT_EQ(c.row.rank, 4);
    EXPECT_TRUE(c.row.present);
    EXPECT_EQ(c.row.first_seen, day_one);
    EXPECT_EQ(c.row.seen_run, first_run.run);
    EXPECT_FALSE(c.history);
    EXPECT_FALSE(c.renamed || c.moved || c.returned);
    EXPECT_EQ(c.profile, profile_use::used);
}

TEST(MergeCharacter, ANewLowestRankIsWrittenToo) {
    auto e = entry(1, "Aka");
    e.rank = lowest_rank;
    const auto c = merge_character(std::nullopt, e, std::nullopt, first_run);
    EXPECT_TRUE(c.fields.has(character_field::rank));
    EXPECT_EQ(c.row.rank, 9);
}

TEST(MergeCharacter, TheSameAgainChangesNothingButTheRun) {
    const auto row = row_of(11, entry(1, "Aka"));
    const auto c = merge_character(row, entry(1, "Aka"), std::nullopt, second_run);
    EXPECT_EQ(c.kind, merge_kind::unchanged);
    EXPECT_THAT(c.fields.names(), IsEmpty());
    auto expected = row;
    expected.seen_run = second_run.run;
    EXPECT_EQ(c.row, expected);
}

TEST(MergeCharacter, AbsentNeverOverwrites) {
    auto row = merge_character(std::nullopt, entry(1, "Aka"), full_profile(), first_run).row;
    row.id = character_id{11};
    row.person = person_id{5};
    const roster_entry bare{game_id{}, "Aka", "area-52", "", 0, 0, 4};
    character_profile empty;
    empty.name = "Aka";
    empty.realm_slug = "area-52";
    const auto c = merge_character(row, bare, empty, second_run);
    EXPECT_EQ(c.kind, merge_kind::unchanged);
    EXPECT_EQ(c.profile, profile_use::used);
    EXPECT_EQ(c.row.spec, "Frost");
    EXPECT_EQ(c.row.item_level, 642);
    EXPECT_EQ(c.row.last_login, instant{1'740'000'000'000'000});
    EXPECT_EQ(c.row.game, game_id{1});
    EXPECT_EQ(c.row.person, person_id{5});
}

TEST(MergeCharacter, ZerosOfABrokenProfileDoNotOverwrite) {
    const auto row = merge_character(std::nullopt, entry(1, "Aka"), full_profile(), first_run).row;
    auto broken = full_profile();
    broken.item_level = 0;
    broken.active_spec = "";
    broken.last_login = std::nullopt;
    const auto c = merge_character(row, entry(1, "Aka"), broken, second_run);
    EXPECT_EQ(c.row.item_level, 642);
    EXPECT_EQ(c.row.spec, "Frost");
    EXPECT_EQ(c.row.last_login, instant{1'740'000'000'000'000});
}

TEST(MergeCharacter, SaysWhichFieldsChanged) {
    const auto row = row_of(11, entry(1, "Aka"));
    auto e = entry(1, "Aka");
    e.level = 81;
    e.rank = 3;
    const auto c = merge_character(row, e, std::nullopt, second_run);
    EXPECT_EQ(c.kind, merge_kind::update);
    EXPECT_THAT(c.fields.names(), ElementsAre("level", "rank"));
    EXPECT_FALSE(c.history);
}

TEST(MergeCharacter, BecomingGuildLeaderIsAChangeOfRank) {
    auto e = entry(1, "Aka");
    e.rank = 0;
    const auto c = merge_character(row_of(11, entry(1, "Aka")), e, std::nullopt, second_run);
    EXPECT_THAT(c.fields.names(), ElementsAre("rank"));
    EXPECT_EQ(c.row.rank, 0);
}

TEST(MergeCharacter, ARenamePutsTheOldNameIntoTheHistory) {
    const auto row = row_of(11, entry(1, "Aka"));
    const auto c = merge_character(row, entry(1, "Bex"), std::nullopt, second_run);
    EXPECT_EQ(c.kind, merge_kind::update);
    EXPECT_TRUE(c.renamed);
    EXPECT_FALSE(c.moved);
    EXPECT_EQ(c.row.id, character_id{11});
    EXPECT_EQ(c.row.name, "Bex");
    EXPECT_EQ(c.history, (former_name{character_id{11}, "Aka", "area-52", day_two}));
}

TEST(MergeCharacter, AMoveTakesTheNewRealmsNameOrNone) {
    auto row = row_of(11, entry(1, "Aka"));
    row.realm_name = "Area 52";
    const auto c = merge_character(row, entry(1, "Aka", "illidan"), std::nullopt, second_run);
    EXPECT_TRUE(c.moved);
    EXPECT_FALSE(c.renamed);
    EXPECT_EQ(c.row.realm_slug, "illidan");
    EXPECT_EQ(c.row.realm_name, "") << "the old realm's name must not stay";
    EXPECT_EQ(c.history, (former_name{character_id{11}, "Aka", "area-52", day_two}));

    auto named = entry(1, "Aka", "illidan");
    named.realm_name = "Illidan";
    EXPECT_EQ(merge_character(row, named, std::nullopt, second_run).row.realm_name, "Illidan");
}

TEST(MergeCharacter, AMoveDoesNotTakeTheOldRealmsNameFromAnOldProfile) {
    auto row = row_of(11, entry(1, "Aka"));
    row.realm_name = "Area 52";
    const auto c = merge_character(row, entry(1, "Aka", "illidan"), full_profile(), second_run);
    EXPECT_EQ(c.profile, profile_use::used);
    EXPECT_EQ(c.row.realm_name, "");
}

TEST(MergeCharacter, AReturnUsesTheSameRow) {
    auto row = removed(row_of(11, entry(1, "Aka")));
    row.person = person_id{5};
    const auto c = merge_character(row, entry(1, "Aka"), std::nullopt, second_run);
    EXPECT_EQ(c.kind, merge_kind::update);
    EXPECT_TRUE(c.returned);
    EXPECT_TRUE(c.row.present);
    EXPECT_EQ(c.row.removed_at, instant{});
    EXPECT_EQ(c.row.first_seen, day_one);
    EXPECT_EQ(c.row.person, person_id{5});
    EXPECT_THAT(c.fields.names(), ElementsAre("present"));
}

TEST(MergeCharacter, AnotherCharactersProfileIsNotUsed) {
    auto p = full_profile();
    p.game = game_id{2};
    const auto c = merge_character(row_of(11, entry(1, "Aka")), entry(1, "Aka"), p, second_run);
    EXPECT_EQ(c.profile, profile_use::foreign);
    EXPECT_EQ(c.kind, merge_kind::unchanged);

    p.game = game_id{};
    p.realm_slug = "illidan";
    EXPECT_EQ(merge_character(std::nullopt, entry(1, "Aka"), p, first_run).profile, profile_use::foreign);
}

TEST(MergeCharacter, AProfileOlderThanWhatIsKnownIsNotUsed) {
    auto row = merge_character(std::nullopt, entry(1, "Aka"), full_profile(), first_run).row;
    auto old = full_profile();
    old.last_login = instant{1'730'000'000'000'000};
    old.item_level = 600;
    const auto c = merge_character(row, entry(1, "Aka"), old, second_run);
    EXPECT_EQ(c.profile, profile_use::stale);
    EXPECT_EQ(c.row.item_level, 642);
}

TEST(MergeCharacter, AProfileOfTheSameLoginIsUsed) {
    const auto row = merge_character(std::nullopt, entry(1, "Aka"), full_profile(), first_run).row;
    auto geared = full_profile();
    geared.item_level = 650;
    const auto c = merge_character(row, entry(1, "Aka"), geared, second_run);
    EXPECT_EQ(c.profile, profile_use::used);
    EXPECT_EQ(c.row.item_level, 650);
}

TEST(MergeCharacter, TheProfileFillsWhatTheRosterLeavesOpen) {
    const roster_entry bare{game_id{1}, "Aka", "area-52", "", 0, 0, 2};
    auto p = full_profile();
    p.level = 79;
    auto c = merge_character(std::nullopt, bare, p, first_run);
    EXPECT_EQ(c.row.class_id, 8);
    EXPECT_EQ(c.row.level, 79);
    c = merge_character(std::nullopt, entry(1, "Aka"), p, first_run);
    EXPECT_EQ(c.row.level, 80) << "the roster is of this moment, the profile may be older";
}

TEST(PlanDepartures, OnlyACompleteRosterRemoves) {
    const std::vector<character> unseen{row_of(11, entry(1, "Aka"))};
    roster_counts counts;
    counts.entries = 40;
    const auto complete = assess(counts, {.present = 41, .missing = 1});
    const auto gone = plan_departures(complete, unseen, second_run);
    ASSERT_EQ(gone.size(), 1U);
    EXPECT_FALSE(gone[0].row.present);
    EXPECT_EQ(gone[0].row.removed_at, day_two);
    EXPECT_EQ(gone[0].row.rank, 4);
    EXPECT_THAT(gone[0].fields.names(), ElementsAre("present"));

    counts.rejected = 1;
    EXPECT_THAT(plan_departures(assess(counts, {.present = 41, .missing = 1}), unseen, second_run),
                IsEmpty());
    EXPECT_THAT(plan_departures(unavailable_roster(), unseen, second_run), IsEmpty());
}

TEST(PlanDepartures, SkipsWhoWasSeenAndWhoIsGoneAlready) {
    auto seen = row_of(11, entry(1, "Aka"));
    seen.seen_run = second_run.run;
    const auto gone_before = removed(row_of(12, entry(2, "Bex")));
    roster_counts counts;
    counts.entries = 1;
    EXPECT_THAT(plan_departures(assess(counts, {}), std::vector{seen, gone_before}, second_run), IsEmpty());
}

TEST(MergeTotals, CountsEachThingOnce) {
    merge_totals totals;
    std::vector<character_change> changes;
    changes.push_back(merge_character(std::nullopt, entry(1, "Aka"), std::nullopt, first_run));
    changes.push_back(merge_character(row_of(2, entry(2, "Bex")), entry(2, "Bex"), std::nullopt, second_run));
    changes.push_back(merge_character(row_of(3, entry(3, "Cyl")), entry(3, "Dor"), std::nullopt, second_run));
    changes.push_back(merge_character(removed(row_of(4, entry(4, "Eli"))), entry(4, "Eli", "illidan"),
                                      std::nullopt, second_run));
    roster_counts counts;
    counts.entries = 4;
    const auto departures =
        plan_departures(assess(counts, {}), std::vector{row_of(5, entry(5, "Fen"))}, second_run);
    add_to(totals, changes);
    add_to(totals, departures);
    EXPECT_EQ(totals, (merge_totals{.inserted = 1,
                                    .updated = 2,
                                    .unchanged = 1,
                                    .renamed = 1,
                                    .moved = 1,
                                    .returned = 1,
                                    .removed = 1}));
}

} // namespace
} // namespace patt::identity
