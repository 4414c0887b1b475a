#include <patt/identity/roster_verdict.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace patt::identity {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

roster_counts good(std::size_t entries) {
    roster_counts counts;
    counts.entries = entries;
    counts.guild = guild_match::same;
    return counts;
}

std::vector<roster_fault> faults(const roster_verdict& v) {
    std::vector<roster_fault> out;
    for (const auto& r : v.reasons) {
        out.push_back(r.fault);
    }
    return out;
}

TEST(AssessRoster, AFullRosterIsCompleteAndMayBeUsedForEverything) {
    const auto v = assess(good(60), {.present = 60, .missing = 0});
    EXPECT_TRUE(v.complete());
    EXPECT_EQ(v.use, roster_use::everything);
    EXPECT_EQ(explain(v), "");
}

TEST(AssessRoster, AListOfMembersIsSpokenOfAsSuch) {
    const auto v = assess(good(0), {.present = 30, .missing = 30});
    EXPECT_EQ(explain(v, judged::members),
              "The list of members is not complete: it has no members; 30 members who are here are missing "
              "from it, "
              "at most 6 are believed at once (members.shrink_limit). Nothing was changed.");
    EXPECT_EQ(reasons_of(v), "the roster has no members; 30 present characters are missing, at most 6 are "
                             "believed at once");
}

TEST(AssessRoster, TheFirstRosterOfANewGuildIsComplete) {
    EXPECT_TRUE(assess(good(1), {}).complete());
}

TEST(AssessRoster, AnEmptyRosterIsNeverADeparture) {
    const auto v = assess(good(0), {.present = 3, .missing = 3});
    EXPECT_THAT(faults(v), ElementsAre(roster_fault::empty));
    EXPECT_EQ(v.use, roster_use::nothing);
    EXPECT_EQ(assess(good(0), {}).use, roster_use::nothing);
}

TEST(AssessRoster, FiveMayLeaveASmallGuildAtOnceAndSixMayNot) {
    EXPECT_TRUE(assess(good(7), {.present = 12, .missing = 5}).complete());
    const auto v = assess(good(6), {.present = 12, .missing = 6});
    EXPECT_THAT(v.reasons, ElementsAre(roster_reason{roster_fault::shrunken, 6, 5}));
    EXPECT_EQ(v.use, roster_use::merge_only);
}

TEST(AssessRoster, TwentyPercentMayLeaveALargeGuildAndOneMoreMayNot) {
    EXPECT_TRUE(assess(good(259), {.present = 323, .missing = 64}).complete());
    const auto v = assess(good(258), {.present = 323, .missing = 65});
    EXPECT_THAT(v.reasons, ElementsAre(roster_reason{roster_fault::shrunken, 65, 64}));
}

TEST(AssessRoster, NewcomersDoNotHideThatTheOthersAreMissing) {
    EXPECT_FALSE(assess(good(60), {.present = 60, .missing = 40}).complete());
}

TEST(AssessRoster, AConfirmedLimitLetsMoreLeave) {
    const roster_limits confirmed{.missing_count = 60, .missing_percent = 20};
    EXPECT_TRUE(assess(good(1), {.present = 61, .missing = 60}, confirmed).complete());
    const roster_limits off{.missing_count = 0, .missing_percent = 100};
    EXPECT_TRUE(assess(good(1), {.present = 61, .missing = 61}, off).complete());
    const roster_limits strict{.missing_count = 0, .missing_percent = 0};
    EXPECT_FALSE(assess(good(60), {.present = 61, .missing = 1}, strict).complete());
}

TEST(AssessRoster, HugeCountsDoNotOverflow) {
    constexpr auto most = std::numeric_limits<std::size_t>::max();
    EXPECT_FALSE(assess(good(1), {.present = most, .missing = most}).complete());
    EXPECT_TRUE(assess(good(1), {.present = most, .missing = most / 6}).complete());
}

TEST(AssessRoster, ACutSourceIsTruncated) {
    auto counts = good(60);
    counts.delivery = roster_delivery::cut;
    EXPECT_THAT(faults(assess(counts, {})), ElementsAre(roster_fault::truncated));
}

TEST(AssessRoster, FewerThanAnnouncedIsShort) {
    auto counts = good(59);
    counts.announced = 60;
    EXPECT_THAT(assess(counts, {}).reasons, ElementsAre(roster_reason{roster_fault::shorter, 59, 60}));
    counts.announced = 59;
    EXPECT_TRUE(assess(counts, {}).complete());
}

TEST(AssessRoster, UnusableMembersMakeItIncompleteButCountAsDelivered) {
    auto counts = good(58);
    counts.rejected = 2;
    counts.announced = 60;
    const auto v = assess(counts, {.present = 60, .missing = 2});
    EXPECT_THAT(v.reasons, ElementsAre(roster_reason{roster_fault::unreadable, 2, 0}));
    EXPECT_EQ(v.use, roster_use::merge_only);
}

TEST(AssessRoster, AForeignRosterIsNotMergedAtAll) {
    auto counts = good(60);
    counts.guild = guild_match::other;
    const auto v = assess(counts, {.present = 60, .missing = 60});
    EXPECT_THAT(faults(v), ElementsAre(roster_fault::shrunken, roster_fault::foreign_guild));
    EXPECT_EQ(v.use, roster_use::nothing);
    EXPECT_THAT(explain(v), HasSubstr("another guild"));
    EXPECT_THAT(explain(v), HasSubstr("Nothing was changed"));
}

TEST(AssessRoster, RepetitionsMakeItIncomplete) {
    auto counts = good(58);
    counts.repeated_ids = 1;
    counts.repeated_names = 1;
    const auto v = assess(counts, {.present = 58, .missing = 0});
    EXPECT_THAT(faults(v), ElementsAre(roster_fault::repeated_id, roster_fault::repeated_name));
    EXPECT_EQ(v.use, roster_use::merge_only);
    EXPECT_THAT(explain(v), HasSubstr("Nobody was removed"));
}

TEST(AssessRoster, ARosterThatNeverCameHasAVerdictToo) {
    const auto v = unavailable_roster();
    EXPECT_THAT(faults(v), ElementsAre(roster_fault::unavailable));
    EXPECT_EQ(v.use, roster_use::nothing);
    EXPECT_EQ(to_string(v.reasons.front().fault), "unavailable");
}

TEST(MatchGuild, TheStableNumberSurvivesARenameOfTheGuild) {
    const expected_guild expected{game_guild_id{7}, "old name", "senjin"};
    EXPECT_EQ(match_guild({game_guild_id{7}, "New Name", "area-52", ""}, expected), guild_match::same);
    EXPECT_EQ(match_guild({game_guild_id{8}, "Old Name", "senjin", ""}, expected), guild_match::other);
}

TEST(MatchGuild, WithoutANumberNameAndRealmDecide) {
    const expected_guild expected{{}, "möönfall", "senjin"};
    EXPECT_EQ(match_guild({{}, "Moonfall", "senjin", ""}, expected), guild_match::same);
    EXPECT_EQ(match_guild({{}, "Moonfall", "", ""}, expected), guild_match::same);
    EXPECT_EQ(match_guild({{}, "Moonfall", "area-52", ""}, expected), guild_match::other);
    EXPECT_EQ(match_guild({{}, "Sunfall", "senjin", ""}, expected), guild_match::other);
}

TEST(MatchGuild, WhatNobodySaysIsUnknown) {
    EXPECT_EQ(match_guild({}, {}), guild_match::unknown);
    EXPECT_EQ(match_guild({{}, "Moonfall", "senjin", ""}, {}), guild_match::unknown);
    EXPECT_EQ(match_guild({}, {{}, "möönfall", "senjin"}), guild_match::unknown);
}

} // namespace
} // namespace patt::identity
