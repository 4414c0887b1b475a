#include "unit/identity/roster_fixture.hpp"

#include <patt/identity/roster.hpp>
#include <patt/identity/roster_verdict.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patt::identity {
namespace {

using namespace test;

TEST(PrepareRoster, LeavesOutASecondEntryOfOneGameNumber) {
    const auto p = prepare_roster(snapshot({entry(1, "Aka"), entry(1, "Bex"), entry(2, "Cyl")}));
    ASSERT_EQ(p.items.size(), 2U);
    EXPECT_EQ(p.items[0].entry.name, "Aka");
    EXPECT_EQ(p.items[1].entry.name, "Cyl");
    EXPECT_EQ(p.repeated_ids, 1U);
    EXPECT_EQ(p.repeated_names, 0U);
}

TEST(PrepareRoster, LeavesOutASecondEntryOfOneNameOnOneRealm) {
    const auto p = prepare_roster(snapshot({entry(1, "Aka"), entry(2, "Aka"), entry(0, "Aka")}));
    EXPECT_EQ(p.items.size(), 1U);
    EXPECT_EQ(p.repeated_names, 2U);
}

TEST(PrepareRoster, KeepsTheSameNameOnTwoRealmsAndNamesThatDifferInAnAccent) {
    const auto p = prepare_roster(snapshot({entry(1, "Zoe"), entry(2, "Zoe", "illidan"), entry(3, "Zoé")}));
    EXPECT_EQ(p.items.size(), 3U);
    EXPECT_EQ(p.repeated_ids + p.repeated_names, 0U);
}

TEST(PrepareRoster, SeveralEntriesWithoutANumberAreNotRepetitions) {
    const auto p = prepare_roster(snapshot({entry(0, "Aka"), entry(0, "Bex")}));
    EXPECT_EQ(p.items.size(), 2U);
    EXPECT_EQ(p.repeated_ids, 0U);
}

TEST(PrepareRoster, TheOrderOfTheSourceDoesNotMatter) {
    const auto a = prepare_roster(snapshot({entry(1, "Zoe"), entry(2, "Aka"), entry(3, "Zoé")}));
    const auto b = prepare_roster(snapshot({entry(3, "Zoé"), entry(1, "Zoe"), entry(2, "Aka")}));
    ASSERT_EQ(a.items.size(), b.items.size());
    for (std::size_t i = 0; i < a.items.size(); ++i) {
        EXPECT_EQ(a.items[i].entry, b.items[i].entry);
    }
}

TEST(ChunkEnd, NeverPartsEqualKeys) {
    const auto p =
        prepare_roster(snapshot({entry(1, "Aka"), entry(2, "Zoe"), entry(3, "Zoé"), entry(4, "Zoë")}));
    EXPECT_EQ(chunk_end(p.items, 0, 1), 1U);
    EXPECT_EQ(chunk_end(p.items, 1, 1), 4U);
    EXPECT_EQ(chunk_end(p.items, 0, 2), 4U);
    EXPECT_EQ(chunk_end(p.items, 0, 100), 4U);
    EXPECT_EQ(chunk_end(p.items, 4, 1), 4U);
    EXPECT_EQ(chunk_end(p.items, 99, 1), 4U);
    EXPECT_EQ(chunk_end({}, 0, 1), 0U);
}

TEST(ChunkEnd, ASizeOfZeroStillAdvances) {
    const auto p = prepare_roster(snapshot({entry(1, "Aka"), entry(2, "Bex")}));
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
    auto snap = snapshot({entry(1, "Aka"), entry(1, "Aka"), entry(2, "Aka")});
    snap.rejected_count = 3;
    snap.announced = 9;
    snap.delivery = roster_delivery::cut;
    const auto counts = count_roster(snap, prepare_roster(snap), guild_match::other);
    EXPECT_EQ(counts.entries, 1U);
    EXPECT_EQ(counts.rejected, 3U);
    EXPECT_EQ(counts.repeated_ids, 1U);
    EXPECT_EQ(counts.repeated_names, 1U);
    EXPECT_EQ(counts.announced, 9U);
    EXPECT_EQ(counts.delivery, roster_delivery::cut);
    EXPECT_EQ(counts.guild, guild_match::other);
}

character_profile profile(std::int64_t game, std::string name, std::string realm = "area-52") {
    character_profile out;
    out.game = game_id{game};
    out.name = std::move(name);
    out.realm_slug = std::move(realm);
    return out;
}

TEST(AttachProfiles, FindsByNumberAndByNameWhereOneSideHasNone) {
    auto p = prepare_roster(snapshot({entry(1, "Aka"), entry(2, "Bex"), entry(0, "Cyl")}));
    const auto totals = attach_profiles(
        p, {profile(1, "Formerly"), profile(0, "BEX"), profile(3, "Cyl"), profile(0, "Bex", "illidan")});
    EXPECT_EQ(totals.attached, 3U);
    EXPECT_EQ(totals.unmatched, 1U);
    EXPECT_EQ(p.items[0].profile.value().name, "Formerly");
    EXPECT_EQ(p.items[1].profile.value().name, "BEX");
    EXPECT_EQ(p.items[2].profile.value().game, game_id{3});
}

TEST(AttachProfiles, ANamesakeWithAnotherNumberOrAnotherAccentIsSomebodyElse) {
    auto p = prepare_roster(snapshot({entry(1, "Zoe")}));
    const auto totals = attach_profiles(p, {profile(2, "Zoe"), profile(0, "Zoé")});
    EXPECT_EQ(totals.attached, 0U);
    EXPECT_EQ(totals.unmatched, 2U);
    EXPECT_FALSE(p.items[0].profile);
}

TEST(AttachProfiles, OfTwoProfilesTheLaterLoginStays) {
    auto early = profile(1, "Aka");
    early.last_login = day_one;
    auto late = profile(1, "Aka");
    late.last_login = day_two;
    for (const auto& order : {std::vector{early, late}, std::vector{late, early}}) {
        auto p = prepare_roster(snapshot({entry(1, "Aka")}));
        const auto totals = attach_profiles(p, order);
        EXPECT_EQ(totals.attached, 1U);
        EXPECT_EQ(totals.superseded, 1U);
        EXPECT_EQ(p.items[0].profile.value().last_login, day_two);
    }
}

TEST(AttachProfiles, OneProfileOfARealmNamesItForEverybodyThere) {
    auto p = prepare_roster(snapshot({entry(1, "Aka"), entry(2, "Bex"), entry(3, "Cyl", "illidan")}));
    auto named = profile(1, "Aka");
    named.realm_name = "Area 52";
    EXPECT_EQ(attach_profiles(p, {named}).attached, 1U);
    EXPECT_EQ(p.items[1].entry.realm_name, "Area 52");
    EXPECT_EQ(p.items[2].entry.realm_name, "");
}

TEST(KeyOf, FoldsAccentsAndKeepsRealmsApart) {
    EXPECT_EQ(key_of("Zatañña", "senjin"), key_of("zatanna", "senjin"));
    EXPECT_NE(key_of("Zatañña", "senjin"), key_of("Zatañña", "illidan"));
}

} // namespace
} // namespace patt::identity
