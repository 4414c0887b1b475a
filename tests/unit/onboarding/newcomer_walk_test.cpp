// The newcomer's dialogue, branch by branch, without an engine.
#include "unit/onboarding/scene.hpp"

#include <gmock/gmock.h>

namespace patt::onboarding {
namespace {

using identity::assurance;
using integrity::issue_type;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

member_joined joined(const scene& s) {
    return {s.ids.subject, "zat", "Zat", {}, identity::account_kind::human, s.now};
}

/// A newcomer whose first question was delivered, in a guild with a few characters.
struct NewcomerWalk : ::testing::Test {
    scene s;
    character_id zat, mito, boss;

    NewcomerWalk() {
        zat = s.add_character("Zatañña", "Senjin", 4).id;
        mito = s.add_character("Mito", "Senjin", 3, 11).id;
        boss = s.add_character("Boss", "Senjin", 0, 2).id;
        s.add_character("Trog", "Senjin", 2, 1);
        s.add_character("Trog", "Area 52", 4, 3);
        s.member.reset();
        s.act(joined(s));
        s.perform_all();
    }
    [[nodiscard]] std::string step() const { return s.session->step; }
};

TEST_F(NewcomerWalk, TheFirstQuestionIsDeliveredAndTimed) {
    EXPECT_EQ(step(), "in_guild");
    EXPECT_EQ(s.session->state, session_state::active);
    EXPECT_TRUE(s.route_open);
    EXPECT_EQ(s.session->dm_sent_at, s.now);
    EXPECT_EQ(s.timers.at(timer_purpose::nudge), s.now + std::chrono::hours(1));
    EXPECT_EQ(s.timers.at(timer_purpose::deadline), s.now + std::chrono::hours(24));
}

TEST_F(NewcomerWalk, TheStraightWayEndsProvisioned) {
    s.say("yes");
    EXPECT_EQ(step(), "main");
    s.say("zatanna");
    EXPECT_EQ(step(), "that_you");
    EXPECT_EQ(s.recall("main"), "Zatañña") << "kept as the game spells it";
    s.say("yep");
    EXPECT_EQ(step(), "alts");
    s.say("Mito");
    EXPECT_EQ(s.session->state, session_state::provisioning);
    EXPECT_FALSE(s.route_open);
    s.perform_all();
    EXPECT_EQ(s.session->state, session_state::completed);
    EXPECT_THAT(s.timers, IsEmpty());
    ASSERT_EQ(s.grants.size(), 1U);
    EXPECT_EQ(s.grants[0].role, s.ids.initiate);
    EXPECT_EQ(s.grants[0].state, provisioning::grant_state::given);
    ASSERT_EQ(s.entries.size(), 2U);
    EXPECT_EQ(s.entries[0].chat_name, "Zat");
    EXPECT_EQ(s.entries[0].is_main, provisioning::choice::off);
    ASSERT_EQ(s.invites.size(), 1U);
    EXPECT_EQ(s.invites[0].generated_by, "auto_onboarding");
    EXPECT_EQ(s.invites[0].expires_at, s.now + std::chrono::hours(24 * 7));
    EXPECT_THAT(s.ledger, Contains(std::pair(s.key("confirm"), std::string("done"))));
    EXPECT_THAT(s.ledger, Contains(std::pair(s.key("welcome"), std::string("done"))));
}

TEST_F(NewcomerWalk, UnclearCountsAsYesAndIsSaid) {
    s.say("maybe I guess");
    EXPECT_EQ(s.recall("in_guild"), "yes");
    EXPECT_EQ(step(), "main");
    EXPECT_NE(s.effect_like("unclear:"), nullptr);
}

TEST_F(NewcomerWalk, NoWaitsForTheGuild) {
    s.say("not yet");
    EXPECT_EQ(step(), "wait_for_guild");
    EXPECT_EQ(s.timers.at(timer_purpose::check_in), s.now + std::chrono::hours(24));
    EXPECT_FALSE(s.timers.contains(timer_purpose::nudge)) << "who said no is not nagged";
    s.perform_all();
    const reply still = s.say("no");
    EXPECT_EQ(still.verdict, verdict::refused);
    EXPECT_EQ(step(), "wait_for_guild");
    s.say("Mito");
    EXPECT_EQ(s.recall("in_guild"), "yes");
    EXPECT_EQ(step(), "that_you");
}

TEST_F(NewcomerWalk, YesAfterNotYetAsksForTheMain) {
    s.say("no");
    s.say("yes I have joined");
    EXPECT_EQ(step(), "main");
}

TEST_F(NewcomerWalk, SeveralHitsAskWhichOne) {
    s.say("yes");
    s.say("Trog");
    EXPECT_EQ(step(), "which_main");
    ASSERT_FALSE(s.outbox.empty());
    EXPECT_EQ(std::get<direct_message>(s.outbox.back().what.body).question.choices.size(), 2U);
    s.say("2");
    EXPECT_EQ(step(), "alts");
    EXPECT_EQ(s.recall("main.matches"), "chosen");
    EXPECT_THAT(s.recall("main.realm"), ::testing::AnyOf("senjin", "area-52"));
}

TEST_F(NewcomerWalk, ARealmNamesTheOne) {
    s.say("yes");
    s.say("Trog-Area 52");
    EXPECT_EQ(step(), "that_you");
    EXPECT_EQ(s.recall("main.realm"), "area-52");
}

TEST_F(NewcomerWalk, NoHitOffersTheNearestAndNoneKeepsWhatWasTyped) {
    s.say("yes");
    s.say("Zatannia");
    EXPECT_EQ(step(), "did_you_mean");
    s.say("none");
    EXPECT_EQ(step(), "alts_unknown");
    EXPECT_EQ(s.recall("main"), "Zatannia");
    s.say("none");
    EXPECT_EQ(s.session->state, session_state::verifying);
    EXPECT_EQ(s.timers.at(timer_purpose::verify), s.now + std::chrono::minutes(30));
}

TEST_F(NewcomerWalk, AnotherNameIsTakenWhereTheNearestWereOffered) {
    s.say("yes");
    s.say("Zatannia");
    s.say("Mito");
    EXPECT_EQ(step(), "that_you");
    EXPECT_EQ(s.recall("main"), "Mito");
}

TEST_F(NewcomerWalk, NotMeAsksAgain) {
    s.say("yes");
    s.say("Mito");
    s.say("no");
    EXPECT_EQ(step(), "main_again");
    s.say("Zatanna");
    s.say("yes");
    EXPECT_EQ(s.recall("main"), "Zatañña");
}

TEST_F(NewcomerWalk, AnUnclearAnswerThatNamesAltsIsPassedOn) {
    s.say("yes");
    s.say("Zatanna");
    s.perform_all();
    s.say("Mito and Trog-Area 52");
    EXPECT_EQ(s.recall("alts"), "Mito, Trog");
    EXPECT_EQ(s.session->state, session_state::provisioning);
}

TEST_F(NewcomerWalk, AnUnclearAnswerThatNamesNobodyIsNotPassedOn) {
    s.say("yes");
    s.say("Zatanna");
    s.perform_all();
    s.say("what is this even");
    EXPECT_EQ(step(), "alts") << "taken as a yes; the next question stands";
    EXPECT_EQ(s.recall("alts"), "");
}

TEST_F(NewcomerWalk, AnUnreadableNameIsAskedForAgain) {
    s.say("yes");
    for (const std::string_view text : {"", "   ", "123", "!!!", "\xFF\xFE", "👍"}) {
        const reply again = s.say(text);
        EXPECT_EQ(again.verdict, verdict::refused) << text;
        EXPECT_EQ(step(), "main");
    }
}

TEST_F(NewcomerWalk, APrivilegedCharacterGivesNothing) {
    s.say("yes");
    s.say("Boss");
    s.say("yes");
    s.say("none");
    EXPECT_EQ(s.session->state, session_state::verifying);
    EXPECT_THAT(s.open_issues(), ElementsAre(issue_type::privileged_claim));
    EXPECT_THAT(s.grants, IsEmpty());
    EXPECT_EQ(s.effect_like("invite:"), nullptr);
    EXPECT_EQ(s.effect_like("roles:"), nullptr);
    ASSERT_FALSE(s.links.empty());
    EXPECT_EQ(s.links.back().level, assurance::suggested);
    const std::size_t before = s.links.size();
    s.timer(timer_purpose::verify);
    EXPECT_EQ(s.links.size(), before) << "looking again suggests nothing anew";
    EXPECT_THAT(s.open_issues(), ElementsAre(issue_type::privileged_claim));
}

TEST_F(NewcomerWalk, ASecondPrivilegedClaimIsReportedToo) {
    const auto officer = s.add_character("Offi", "Senjin", 1).id;
    s.say("yes");
    s.say("Boss");
    s.say("yes");
    s.say("none");
    s.say("Offi");
    s.say("yes");
    s.say("none");
    EXPECT_EQ(s.session->state, session_state::verifying);
    const auto about = [&](character_id c) {
        return std::any_of(s.issues.begin(), s.issues.end(),
                           [&](const integrity::issue& i) { return i.about.character == c; });
    };
    EXPECT_TRUE(about(boss));
    EXPECT_TRUE(about(officer));
}

// Whatever they meant by the name: they are asked, and only their yes makes it a claim.
TEST_F(NewcomerWalk, ANameGivenWhileAnOfficerIsAwaitedCountsAfterAYesToIt) {
    s.say("yes");
    s.say("Boss");
    s.say("yes");
    s.say("none");
    s.say("Zatanna");
    EXPECT_EQ(step(), "that_you");
    s.perform_all();
    EXPECT_THAT(s.grants, IsEmpty());
    s.say("yes");
    s.perform_all();
    ASSERT_EQ(s.grants.size(), 1U);
    EXPECT_EQ(s.grants[0].role, s.ids.initiate) << "of Zatanna, who is free, and not of Boss";
}

TEST_F(NewcomerWalk, SomebodyElsesCharacterGivesNothing) {
    s.hold(mito, assurance::claimed, member_id{2002});
    s.say("yes");
    s.say("Mito");
    s.say("yes");
    s.say("none");
    EXPECT_EQ(s.session->state, session_state::verifying);
    EXPECT_THAT(s.open_issues(), ElementsAre(issue_type::ownership_conflict));
    EXPECT_EQ(s.links.size(), 1U) << "no link at all";
    EXPECT_EQ(s.effect_like("invite:"), nullptr);
}

TEST_F(NewcomerWalk, AnAltOfSomebodyPresentIsReported) {
    s.hold(mito, assurance::claimed, member_id{2002});
    s.say("yes");
    s.say("Zatanna");
    s.say("yes");
    s.say("Mito");
    EXPECT_EQ(s.session->state, session_state::provisioning);
    EXPECT_THAT(s.open_issues(), ElementsAre(issue_type::ownership_conflict));
    EXPECT_EQ(s.links.front().state, identity::link_state::active) << "the owner keeps it";
}

TEST_F(NewcomerWalk, AnAltNeverRaisesTheRole) {
    s.say("yes");
    s.say("Zatanna");
    s.say("yes");
    s.say("Trog-Senjin, Boss");
    s.perform_all();
    ASSERT_EQ(s.grants.size(), 1U);
    EXPECT_EQ(s.grants[0].role, s.ids.initiate) << "Trog is Veteran and Boss the leader, both only claimed";
    EXPECT_THAT(s.open_issues(), ElementsAre(issue_type::privileged_claim));
}

TEST_F(NewcomerWalk, ADepartedOwnersCharacterMovesToANewPerson) {
    s.hold(mito, assurance::claimed, member_id{2002}, identity::presence::absent);
    const person_id gone = s.persons.front().id;
    s.say("yes");
    s.say("Mito");
    s.say("yes");
    s.say("none");
    EXPECT_EQ(s.session->state, session_state::provisioning);
    EXPECT_NE(s.session->person, gone) << "another account is not the same human";
    EXPECT_EQ(s.links.front().state, identity::link_state::revoked);
}

TEST_F(NewcomerWalk, AStubPersonIsTakenOver) {
    s.hold(mito, assurance::matched);
    const person_id stub = s.persons.front().id;
    s.say("yes");
    s.say("Mito");
    s.say("yes");
    s.say("none");
    EXPECT_EQ(s.session->person, stub) << "entered from notes before they had an account";
    EXPECT_EQ(s.member->person, stub);
    EXPECT_EQ(s.links.front().level, assurance::claimed);
}

TEST_F(NewcomerWalk, ATypoIsCorrectedWhileVerifying) {
    s.say("yes");
    s.say("Qwertz");
    s.say("none");
    ASSERT_EQ(s.session->state, session_state::verifying);
    const reply unknown = s.say("what now?");
    EXPECT_EQ(unknown.text.key, "status.verifying");
    s.say("Mito");
    EXPECT_EQ(step(), "that_you");
    s.say("yes");
    EXPECT_EQ(s.session->state, session_state::provisioning) << "the alts were asked before";
}

TEST_F(NewcomerWalk, TheRosterBringsTheCharacterLater) {
    s.say("yes");
    s.say("Qwertz");
    s.say("none");
    s.add_character("Qwertz", "Senjin", 4);
    s.timer(timer_purpose::verify);
    EXPECT_EQ(s.session->state, session_state::provisioning);
    EXPECT_FALSE(s.timers.contains(timer_purpose::deadline));
    s.perform_all();
    EXPECT_EQ(s.session->state, session_state::completed);
}

TEST_F(NewcomerWalk, TheRosterBringsSeveralLater) {
    s.say("yes");
    s.say("Qwertz");
    s.say("none");
    s.add_character("Qwertz", "Senjin", 4);
    s.add_character("Qwertz", "Area 52", 4);
    s.timer(timer_purpose::verify);
    EXPECT_EQ(s.session->state, session_state::active);
    EXPECT_EQ(step(), "which_main");
    s.say("1");
    EXPECT_EQ(s.session->state, session_state::provisioning);
}

TEST_F(NewcomerWalk, SilentModeSendsNothing) {
    scene quiet;
    quiet.settings.onboarding.silent = true;
    quiet.add_character("Mito", "Senjin", 3);
    quiet.member.reset();
    quiet.act(joined(quiet));
    quiet.say("yes");
    quiet.say("Mito");
    quiet.say("yes");
    quiet.say("none");
    for (const kept_effect& e : quiet.outbox) {
        EXPECT_EQ(e.what.cls, effect_class::internal) << e.what.key;
    }
    EXPECT_THAT(quiet.grants, IsEmpty());
    quiet.perform_all();
    EXPECT_EQ(quiet.session->state, session_state::completed);
    EXPECT_EQ(quiet.entries.size(), 1U);
}

TEST_F(NewcomerWalk, AnswersBeforeTheQuestionArrivedTakeItBack) {
    scene early;
    early.add_character("Mito", "Senjin", 3);
    early.member.reset();
    early.act(joined(early));
    const std::string first = early.effect_like("ask:")->what.key;
    early.say("yes");
    EXPECT_EQ(early.find_effect(first), nullptr) << "nobody is asked what they have answered";
    early.say("Mito");
    early.say("yes");
    early.say("none");
    early.perform_all();
    EXPECT_EQ(early.session->state, session_state::completed);
}

TEST_F(NewcomerWalk, EqualArgumentsGiveAnEqualDecision) {
    const session_facts given = s.facts();
    for (const std::string_view text : {"yes", "no", "hmm", ""}) {
        std::vector<change_set> twice;
        for (int i = 0; i < 2; ++i) {
            session_facts copy = given;
            twice.push_back(s.ask_with(copy, message_received{s.ids.subject, std::string(text)}));
        }
        EXPECT_EQ(twice[0].rows, twice[1].rows);
        EXPECT_EQ(twice[0].operations.size(), twice[1].operations.size());
        ASSERT_EQ(twice[0].effects.size(), twice[1].effects.size());
        for (std::size_t i = 0; i < twice[0].effects.size(); ++i) {
            EXPECT_EQ(twice[0].effects[i].key, twice[1].effects[i].key);
            EXPECT_EQ(twice[0].effects[i].id, twice[1].effects[i].id);
            EXPECT_EQ(twice[0].effects[i].body, twice[1].effects[i].body);
        }
        EXPECT_EQ(twice[0].reply.text, twice[1].reply.text);
    }
}

} // namespace
} // namespace patt::onboarding
