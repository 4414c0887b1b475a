#include "unit/identity/roster_fixture.hpp"

#include <patt/identity/roster.hpp>
#include <patt/identity/roster_verdict.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patt::identity {
namespace {

using namespace test;

TEST(PrepareRoster, LeavesOutASecondEntryOfOneGameNumber) {
    const auto p = prepare_roster(items({entry(1, "Aka"), entry(1, "Bex"), entry(2, "Cyl")}));
    ASSERT_EQ(p.items.size(), 2U);
    EXPECT_EQ(p.items[0].entry.name, "Aka");
    EXPECT_EQ(p.items[1].entry.name, "Cyl");
    EXPECT_EQ(p.repeated_ids, 1U);
    EXPECT_EQ(p.repeated_names, 0U);
}

TEST(PrepareRoster, LeavesOutASecondEntryOfOneNameOnOneRealm) {
    const auto p = prepare_roster(items({entry(1, "Aka"), entry(2, "Aka"), entry(0, "Aka")}));
    EXPECT_EQ(p.items.size(), 1U);
    EXPECT_EQ(p.repeated_names, 2U);
}

TEST(PrepareRoster, KeepsTheSameNameOnTwoRealmsAndNamesThatDifferInAnAccent) {
    const auto p = prepare_roster(items({entry(1, "Zoe"), entry(2, "Zoe", "illidan"), entry(3, "Zoé")}));
    EXPECT_EQ(p.items.size(), 3U);
    EXPECT_EQ(p.repeated_ids + p.repeated_names, 0U);
}

TEST(PrepareRoster, SeveralEntriesWithoutANumberAreNotRepetitions) {
    const auto p = prepare_roster(items({entry(0, "Aka"), entry(0, "Bex")}));
    EXPECT_EQ(p.items.size(), 2U);
    EXPECT_EQ(p.repeated_ids, 0U);
}

TEST(PrepareRoster, TheOrderOfTheSourceDoesNotMatter) {
    const auto a = prepare_roster(items({entry(1, "Zoe"), entry(2, "Aka"), entry(3, "Zoé")}));
    const auto b = prepare_roster(items({entry(3, "Zoé"), entry(1, "Zoe"), entry(2, "Aka")}));
    ASSERT_EQ(a.items.size(), b.items.size());
    for (std::size_t i = 0; i < a.items.size(); ++i) {
        EXPECT_EQ(a.items[i].entry, b.items[i].entry);
    }
}

TEST(ChunkEnd, NeverPartsEqualKeys) {
    const auto p =
        prepare_roster(items({entry(1, "Aka"), entry(2, "Zoe"), entry(3, "Zoé"), entry(4, "Zoë")}));
    EXPECT_EQ(chunk_end(p.items, 0, 1), 1U);
    EXPECT_EQ(chunk_end(p.items, 1, 1), 4U);
    EXPECT_EQ(chunk_end(p.items, 0, 2), 4U);
    EXPECT_EQ(chunk_end(p.items, 0, 100), 4U);
    EXPECT_EQ(chunk_end(p.items, 4, 1), 4U);
    EXPECT_EQ(chunk_end(p.items, 99, 1), 4U);
    EXPECT_EQ(chunk_end({}, 0, 1), 0U);
}

TEST(ChunkEnd, ASizeOfZeroStillAdvances) {
    const auto p = prepare_roster(items({entry(1, "Aka"), entry(2, "Bex")}));
    EXPECT_EQ(chunk_end(p.items, 0, 0), 1U);
}

TEST(RosterIndex, FindsByNumberWhateverTheNameIs) {
    const auto all = items({entry(1, "Aka")});
    const roster_index index{all};
    EXPECT_TRUE(index.contains({game_id{1}, {"formerly", "illidan"}}));
    EXPECT_FALSE(index.contains({game_id{2}, {"aka", "area-52"}}));
}

TEST(RosterIndex, FindsByKeyWhenOneSideHasNoNumber) {
    const auto all = items({entry(1, "Aka"), entry(0, "Bex")});
    const roster_index index{all};
    EXPECT_TRUE(index.contains({game_id{}, {"aka", "area-52"}}));
    EXPECT_TRUE(index.contains({game_id{9}, {"bex", "area-52"}}));
    EXPECT_FALSE(index.contains({game_id{}, {"aka", "illidan"}}));
    EXPECT_FALSE(index.contains({game_id{}, {"cyl", "area-52"}}));
}

TEST(CountMissing, CountsThePresentThatTheRosterDoesNotHave) {
    const auto all = items({entry(1, "Aka"), entry(2, "Bex")});
    const roster_index index{all};
    const std::vector<known_reference> present{
        {game_id{1}, {"aka", "area-52"}}, {game_id{3}, {"cyl", "area-52"}}, {game_id{}, {"dor", "area-52"}}};
    EXPECT_EQ(count_missing(index, present), 2U);
    EXPECT_EQ(count_missing(roster_index{{}}, present), 3U);
}

TEST(CountRoster, CarriesEveryNumberOfTheSnapshot) {
    roster_snapshot snapshot;
    snapshot.rejected_count = 3;
    snapshot.announced = 9;
    snapshot.delivery = roster_delivery::cut;
    const auto prepared = prepare_roster(items({entry(1, "Aka"), entry(1, "Aka"), entry(2, "Aka")}));
    const auto counts = count_roster(snapshot, prepared, guild_match::other);
    EXPECT_EQ(counts.entries, 1U);
    EXPECT_EQ(counts.rejected, 3U);
    EXPECT_EQ(counts.repeated_ids, 1U);
    EXPECT_EQ(counts.repeated_names, 1U);
    EXPECT_EQ(counts.announced, 9U);
    EXPECT_EQ(counts.delivery, roster_delivery::cut);
    EXPECT_EQ(counts.guild, guild_match::other);
}

} // namespace
} // namespace patt::identity
