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

/// Linked by names or notes to person 3, whose account is 8; now they say person 4, whose account is 7.
match_facts moved(doubt why, advice what) {
    match_facts out = linked(why);
    out.decided.what = what;
    out.decided.candidates = {{member_id{7}, 20 * one_bit, 0.9}, {member_id{8}, 18 * one_bit, 0.1}};
    out.candidate = person_id{4};
    link held;
    held.person = person_id{3};
    held.level = assurance::matched;
    out.held = held;
    out.holder = member_id{8};
    out.holders = {member_id{8}};
    return out;
}

TEST(MatchPlan, WhatHasAnOwnerIsNotGivenToAnother) {
    for (const int rank : {4, 1}) {
        match_facts facts = moved(doubt::none, advice::link);
        facts.rank = rank;
        EXPECT_EQ(plan_match(facts, {}).act, match_act::none) << rank;
        EXPECT_EQ(plan_match(facts, {}).why, "owner_changed") << rank;
        facts.decided.candidates.pop_back();
        EXPECT_EQ(plan_match(facts, {}).act, match_act::none) << "without evidence, too";
        facts.candidate = {}; // nobody has asked for that account yet
        EXPECT_EQ(plan_match(facts, {}).why, "owner_changed");
    }
}

TEST(MatchPlan, AnOwnerWhoIsGoneKeepsNothing) {
    match_facts facts = moved(doubt::none, advice::link);
    facts.holders.clear();
    EXPECT_EQ(plan_match(facts, {}).act, match_act::link);
    EXPECT_EQ(plan_match(facts, {}).why, "");
}

TEST(MatchPlan, WhoFitsAsWellTakesNobodysCharacterAway) {
    match_facts facts = moved(doubt::several_fit, advice::suggest);
    EXPECT_EQ(plan_match(facts, {}).act, match_act::none);
    EXPECT_EQ(plan_match(facts, {}).why, "owner_changed");
    facts.decided.member = member_id{8};
    facts.candidate = person_id{3};
    EXPECT_EQ(plan_match(facts, {}).act, match_act::none);
    EXPECT_EQ(plan_match(facts, {}).why, "several_fit");
    facts.holders = {member_id{9}};
    EXPECT_EQ(plan_match(facts, {}).act, match_act::unlink) << "without evidence";
}

TEST(MatchPlan, ALinkWithoutEvidenceEnds) {
    match_facts facts = moved(doubt::unsure, advice::suggest);
    facts.decided.candidates.pop_back();
    EXPECT_EQ(plan_match(facts, {}).act, match_act::unlink);
    facts.decided.what = advice::nothing;
    EXPECT_EQ(plan_match(facts, {}).act, match_act::unlink);
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
