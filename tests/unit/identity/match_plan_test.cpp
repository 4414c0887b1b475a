// What a guild does with a decision that asks something although it links.
#include <patt/identity/match_plan.hpp>

#include <gtest/gtest.h>

namespace patt::identity {
namespace {

match_facts linked(doubt why) {
    match_facts out;
    out.decided.what = advice::link;
    out.decided.member = member_id{7};
    out.decided.level = confidence::certain;
    out.decided.why_not = why;
    out.rank = 4;
    out.candidate = person_id{3};
    return out;
}

TEST(MatchPlan, ALinkThatAsksNothingDoesNotWait) {
    const match_plan plan = plan_match(linked(doubt::none), {});
    EXPECT_EQ(plan.act, match_act::link);
    EXPECT_EQ(plan.why, "");
}

TEST(MatchPlan, AConflictOfTwoCertainOwnersWaitsBesideTheLinks) {
    match_facts facts = linked(doubt::owners_conflict);
    EXPECT_EQ(plan_match(facts, {}).act, match_act::link);
    EXPECT_EQ(plan_match(facts, {}).why, "owners_conflict");
    link held;
    held.person = person_id{3};
    held.level = assurance::matched;
    facts.held = held;
    EXPECT_EQ(plan_match(facts, {}).act, match_act::none) << "linked already";
    EXPECT_EQ(plan_match(facts, {}).why, "owners_conflict");
}

TEST(MatchPlan, AConfirmedLinkWithAnOldRulingWaitsAndStays) {
    match_facts facts = linked(doubt::ruling_outdated);
    link held;
    held.person = person_id{3};
    held.level = assurance::confirmed;
    facts.held = held;
    facts.holder = member_id{7};
    EXPECT_EQ(plan_match(facts, {}).act, match_act::none);
    EXPECT_EQ(plan_match(facts, {}).why, "ruling_outdated");
}

} // namespace
} // namespace patt::identity
