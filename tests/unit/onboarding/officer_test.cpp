// Officers' verbs: who may, in which state, with what effect.
#include "unit/onboarding/scene.hpp"

#include <gmock/gmock.h>

namespace patt::onboarding {
namespace {

using integrity::issue_type;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::array every_verb{officer_verb::resolve, officer_verb::dismiss,  officer_verb::retry,
                                officer_verb::start,   officer_verb::rehearse, officer_verb::approve,
                                officer_verb::decline};

/// Somebody whose character is not in the roster, after the deadline.
scene escalated() {
    scene s;
    s.add_character("Mito", "Senjin", 3);
    s.add_character("Boss", "Senjin", 0);
    s.in(session_state::verifying, "verify").remember("main", "Qwertz").remember("main.query", "Qwertz");
    s.timer(timer_purpose::deadline);
    s.perform_all();
    return s;
}

TEST(OfficerAction, AMemberIsRefusedWhateverTheState) {
    for (const officer_verb verb : every_verb) {
        for (const session_state state : {session_state::active, session_state::verifying,
                                          session_state::reviewing, session_state::completed}) {
            scene s;
            s.in(state, state == session_state::verifying ? "verify" : "in_guild");
            const session before = *s.session;
            const reply answer = s.act(officer_action{verb, s.ids.subject, "Mito"});
            EXPECT_EQ(answer.verdict, verdict::refused);
            ASSERT_TRUE(answer.why.has_value());
            EXPECT_EQ(answer.why->code, errc::not_allowed) << to_string(verb);
            EXPECT_EQ(*s.session, before);
            EXPECT_TRUE(s.logged("policy.denied"));
            EXPECT_THAT(s.outbox, IsEmpty());
        }
    }
}

TEST(OfficerAction, AnOfficersRoleIsEnough) {
    for (const officer_verb verb : every_verb) {
        scene s;
        s.in(session_state::reviewing, "in_guild");
        s.settings.policy.roles[s.ids.officer] = policy::capability_set::officer;
        s.actor = policy::member_actor(s.ids.guild, member_id{2002}, {s.ids.officer});
        const change_set out = s.ask(officer_action{verb, s.ids.subject, ""});
        EXPECT_FALSE(out.reply.why && out.reply.why->code == errc::not_allowed) << to_string(verb);
    }
}

TEST(OfficerAction, AnOfficerOfAnotherGuildIsAStranger) {
    scene s = escalated();
    s.actor = policy::owner_actor(guild_id{2}, member_id{900});
    const reply answer = s.act(officer_action{officer_verb::resolve, s.ids.subject, ""});
    EXPECT_EQ(answer.why->code, errc::not_allowed);
    EXPECT_EQ(s.session->state, session_state::verifying);
}

TEST(OfficerAction, ResolveWithACharacterConfirmsAndProvisions) {
    scene s = escalated();
    s.reason = "known from before";
    const reply answer = s.officer(officer_verb::resolve, "Mito");
    EXPECT_EQ(answer.verdict, verdict::accepted);
    EXPECT_EQ(s.session->state, session_state::provisioning);
    EXPECT_EQ(s.links.back().level, identity::assurance::confirmed);
    EXPECT_EQ(s.links.back().actor, "owner:900");
    s.perform_all();
    EXPECT_EQ(s.session->state, session_state::resolved);
    EXPECT_THAT(s.open_issues(), IsEmpty());
    EXPECT_THAT(s.timers, IsEmpty());
}

TEST(OfficerAction, AnOfficersWordGivesThePrivilegedRole) {
    scene s = escalated();
    s.officer(officer_verb::resolve, "Boss");
    s.perform_all();
    ASSERT_EQ(s.grants.size(), 1U);
    EXPECT_EQ(s.grants[0].role, s.ids.gm);
}

/// Somebody whose claim is taken and whose role is on its way, in a guild that gives claims its lowest role.
scene with_role_on_its_way() {
    scene s;
    s.settings.trust.claim_max_rank = 4;
    s.add_character("Mito", "Senjin", 3);
    s.member.reset();
    s.act(member_joined{s.ids.subject, "zat", "Zat", {}, identity::account_kind::human, s.now});
    s.perform_all();
    for (const char* said : {"yes", "Mito", "yes", "none"}) {
        s.say(said);
    }
    return s;
}

/// The first change of roles that is still to be made.
set_roles role_change(scene& s) {
    const kept_effect* const open = s.effect_like("roles:");
    return open == nullptr ? set_roles{} : std::get<set_roles>(open->what.body);
}

std::vector<role_id> roles_given(const scene& s) {
    std::vector<role_id> out;
    for (const provisioning::grant& g : s.grants) {
        if (g.state == provisioning::grant_state::given) {
            out.push_back(g.role);
        }
    }
    return out;
}

TEST(OfficerAction, AnOfficersWordTakesThePlaceOfARoleThatIsOnItsWay) {
    scene s = with_role_on_its_way();
    ASSERT_THAT(role_change(s).add, ElementsAre(s.ids.initiate));
    s.officer(officer_verb::resolve, "Mito");
    EXPECT_THAT(role_change(s).add, ElementsAre(s.ids.member)) << "the claimed one is not given any more";
    EXPECT_THAT(role_change(s).remove, IsEmpty());
    s.perform_all();
    EXPECT_THAT(roles_given(s), ElementsAre(s.ids.member));
    EXPECT_EQ(s.session->state, session_state::resolved);
}

TEST(OfficerAction, ARoleWhoseAnswerMayBeLostGoesWhenAnOfficersWordTakesItsPlace) {
    scene s = with_role_on_its_way();
    s.tried(s.key("roles"), {effect_error::temporary, "no answer", {}, {}});
    s.officer(officer_verb::resolve, "Mito");
    EXPECT_THAT(role_change(s).add, ElementsAre(s.ids.member));
    EXPECT_THAT(role_change(s).remove, ElementsAre(s.ids.initiate));
    s.perform_all();
    EXPECT_THAT(roles_given(s), ElementsAre(s.ids.member));
}

TEST(OfficerAction, ARoleThatTheMemberHadBeforeStaysWhenAnOfficersWordComesLater) {
    scene s = with_role_on_its_way();
    s.member->roles = {s.ids.initiate};
    s.tried(s.key("roles"), {effect_error::temporary, "no answer", {}, {}});
    s.officer(officer_verb::resolve, "Mito");
    EXPECT_THAT(role_change(s).add, ElementsAre(s.ids.member));
    EXPECT_THAT(role_change(s).remove, IsEmpty()) << "PATT did not give it";
}

TEST(OfficerAction, ARoleThatIsBeingGivenIsTakenAwayAfterAnOfficersWord) {
    scene s = with_role_on_its_way();
    s.find_effect(s.key("roles"))->state = effect_state::sending;
    s.officer(officer_verb::resolve, "Mito");
    ASSERT_EQ(std::count_if(s.outbox.begin(), s.outbox.end(), &scene::is_role_effect), 2);
    const auto& later = std::get<set_roles>(
        std::find_if(s.outbox.rbegin(), s.outbox.rend(), &scene::is_role_effect)->what.body);
    EXPECT_THAT(later.add, ElementsAre(s.ids.member));
    EXPECT_THAT(later.remove, ElementsAre(s.ids.initiate));
}

TEST(OfficerAction, ARoleThatWasGivenBeforeAnOfficersWordIsReplaced) {
    scene s = with_role_on_its_way();
    s.tried(s.key("roles"), {effect_error::none, {}, std::to_string(s.ids.initiate.value()), {}});
    ASSERT_EQ(s.session->state, session_state::provisioning) << "the invite is still to come";
    s.officer(officer_verb::resolve, "Mito");
    EXPECT_THAT(role_change(s).add, ElementsAre(s.ids.member));
    EXPECT_THAT(role_change(s).remove, ElementsAre(s.ids.initiate));
    s.perform_all();
    EXPECT_THAT(roles_given(s), ElementsAre(s.ids.member));
}

TEST(OfficerAction, AnOfficersWordTakesThePlaceOfARoleThatCouldNotBeGiven) {
    scene s = with_role_on_its_way();
    s.tried(s.key("roles"), {effect_error::missing_permission, "no", {}, {}});
    s.officer(officer_verb::resolve, "Mito");
    EXPECT_THAT(role_change(s).add, ElementsAre(s.ids.member));
    s.perform_all();
    EXPECT_EQ(s.session->state, session_state::resolved);
    EXPECT_THAT(s.open_issues(), IsEmpty());
}

TEST(OfficerAction, TheSameRoleIsNotPlannedTwice) {
    scene s = with_role_on_its_way();
    s.settings.trust.claim_max_rank = 2;
    s.officer(officer_verb::resolve, "Mito");
    s.officer(officer_verb::resolve, "Mito");
    EXPECT_EQ(std::count_if(s.outbox.begin(), s.outbox.end(), &scene::is_role_effect), 1);
}

TEST(OfficerAction, AnOfficersWordMovesAnOwnedCharacter) {
    scene s = escalated();
    s.hold(s.characters[0].id, identity::assurance::proven, member_id{2002});
    s.officer(officer_verb::resolve, "Mito");
    EXPECT_EQ(s.links[0].state, identity::link_state::revoked);
    EXPECT_EQ(s.session->state, session_state::provisioning);
}

TEST(OfficerAction, ResolveWantsOneCharacterThatIsThere) {
    scene s = escalated();
    s.add_character("Mito", "Area 52", 4);
    EXPECT_EQ(s.officer(officer_verb::resolve, "Mito").why->code, errc::ambiguous);
    EXPECT_EQ(s.officer(officer_verb::resolve, "Nobody").why->code, errc::not_found);
    EXPECT_EQ(s.officer(officer_verb::resolve, "12!").why->code, errc::invalid_input);
    EXPECT_EQ(s.session->state, session_state::verifying);
    EXPECT_FALSE(s.logged("officer.resolve"));
    EXPECT_EQ(s.officer(officer_verb::resolve, "Mito-Area 52").verdict, verdict::accepted);
    EXPECT_TRUE(s.logged("officer.resolve"));
}

TEST(OfficerAction, ResolveTakesBackAQuestionThatIsOnItsWay) {
    scene s;
    s.add_character("Mito", "Senjin", 3);
    s.member.reset();
    s.act(member_joined{s.ids.subject, "zat", "Zat", {}, identity::account_kind::human, s.now});
    s.officer(officer_verb::resolve, "Mito");
    EXPECT_EQ(s.effect_like("ask:"), nullptr) << "who is settled is asked nothing more";
    s.perform_all();
    EXPECT_EQ(s.session->state, session_state::resolved);
}

TEST(OfficerAction, ResolveWithoutACharacterJustCloses) {
    scene s = escalated();
    s.officer(officer_verb::resolve);
    EXPECT_EQ(s.session->state, session_state::resolved);
    EXPECT_THAT(s.open_issues(), IsEmpty());
    EXPECT_THAT(s.links, IsEmpty());
    EXPECT_THAT(s.outbox, IsEmpty());
}

TEST(OfficerAction, DismissGivesNothing) {
    scene s = escalated();
    s.officer(officer_verb::dismiss);
    EXPECT_EQ(s.session->state, session_state::dismissed);
    EXPECT_THAT(s.open_issues(), IsEmpty());
    EXPECT_THAT(s.grants, IsEmpty());
}

TEST(OfficerAction, ClosedSessionsAreNotReopened) {
    for (const officer_verb verb : every_verb) {
        for (const session_state state :
             {session_state::completed, session_state::declined, session_state::dismissed,
              session_state::resolved, session_state::expired, session_state::cancelled}) {
            scene s;
            s.in(state, "done");
            const reply answer = s.officer(verb, "Mito");
            if (verb == officer_verb::start || verb == officer_verb::rehearse) {
                EXPECT_EQ(s.session->attempt, 2);
                continue;
            }
            ASSERT_TRUE(answer.why.has_value());
            EXPECT_EQ(answer.why->code, errc::wrong_state) << to_string(verb) << " " << to_string(state);
            EXPECT_EQ(s.session->state, state);
        }
    }
}

TEST(OfficerAction, VerbsNeedASession) {
    for (const officer_verb verb : {officer_verb::resolve, officer_verb::dismiss, officer_verb::retry,
                                    officer_verb::approve, officer_verb::decline}) {
        scene s;
        EXPECT_EQ(s.officer(verb).why->code, errc::not_found) << to_string(verb);
    }
}

TEST(OfficerAction, StartBeginsAndRefusesASecond) {
    scene s;
    s.officer(officer_verb::start);
    ASSERT_TRUE(s.session.has_value());
    EXPECT_EQ(s.session->surface, surface::direct_message);
    EXPECT_EQ(s.officer(officer_verb::start).why->code, errc::already_exists);
    s.member->here = identity::presence::absent;
    s.session.reset();
    EXPECT_EQ(s.officer(officer_verb::start).why->code, errc::not_found);
}

TEST(OfficerAction, RetryAsksAgainWhoWasUnreachable) {
    scene s;
    s.in(session_state::blocked, "in_guild");
    s.officer(officer_verb::retry);
    EXPECT_EQ(s.session->state, session_state::created);
    EXPECT_NE(s.effect_like("ask:"), nullptr);
}

TEST(OfficerAction, RetryAsksWhoWasMetInSilence) {
    scene s;
    s.settings.onboarding.silent = true;
    s.member.reset();
    s.act(member_joined{s.ids.subject, "zat", "Zat", {}, identity::account_kind::human, s.now});
    ASSERT_THAT(s.outbox, IsEmpty());
    s.settings.onboarding.silent = false;
    s.officer(officer_verb::retry);
    EXPECT_NE(s.effect_like("ask:"), nullptr);
    const std::size_t asked = s.outbox.size();
    s.officer(officer_verb::retry);
    EXPECT_EQ(s.outbox.size(), asked) << "a question that is on its way is not asked twice";
}

TEST(OfficerAction, RetryLooksForTheCharacter) {
    scene s = escalated();
    s.add_character("Qwertz", "Senjin", 4);
    s.officer(officer_verb::retry);
    EXPECT_EQ(s.session->state, session_state::provisioning);
    EXPECT_THAT(s.open_issues(), IsEmpty());
}

TEST(OfficerAction, ReviewVerbsNeedAReview) {
    for (const session_state state : {session_state::active, session_state::verifying}) {
        scene s;
        s.in(state, state == session_state::verifying ? "verify" : "in_guild");
        EXPECT_EQ(s.officer(officer_verb::approve).why->code, errc::wrong_state);
        EXPECT_EQ(s.officer(officer_verb::decline).why->code, errc::wrong_state);
    }
}

TEST(Rehearsal, WalksToTheEndAndTouchesNobody) {
    scene s;
    s.add_character("Mito", "Senjin", 3);
    s.officer(officer_verb::rehearse);
    ASSERT_EQ(s.session->surface, surface::rehearsal);
    for (const std::string_view text : {"yes", "Mito", "yes", "none"}) {
        s.say(text);
    }
    EXPECT_EQ(s.session->state, session_state::completed);
    EXPECT_THAT(s.outbox, IsEmpty());
    EXPECT_THAT(s.links, IsEmpty());
    EXPECT_THAT(s.grants, IsEmpty());
    EXPECT_THAT(s.persons, IsEmpty());
    EXPECT_THAT(s.issues, IsEmpty());
    EXPECT_THAT(s.timers, IsEmpty());
}

TEST(Rehearsal, CannotBeResolvedIntoRealLinks) {
    scene s;
    s.add_character("Mito", "Senjin", 3);
    s.officer(officer_verb::rehearse);
    const reply answer = s.officer(officer_verb::resolve, "Mito");
    EXPECT_EQ(answer.verdict, verdict::refused);
    EXPECT_THAT(s.links, IsEmpty());
    EXPECT_THAT(s.persons, IsEmpty());
}

TEST(Rehearsal, APrivilegedOrTakenCharacterIsSaidAndNotReported) {
    scene s;
    s.add_character("Boss", "Senjin", 0);
    s.officer(officer_verb::rehearse);
    for (const std::string_view text : {"yes", "Boss", "yes"}) {
        s.say(text);
    }
    s.say("none");
    EXPECT_THAT(s.issues, IsEmpty());
    EXPECT_THAT(s.links, IsEmpty());
    EXPECT_THAT(s.outbox, IsEmpty());
}

} // namespace
} // namespace patt::onboarding
