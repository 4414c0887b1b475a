// What a member writes, and self-service, in every state of a session.
#include "unit/onboarding/scene.hpp"

#include <gmock/gmock.h>

namespace patt::onboarding {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

struct in_state {
    session_state state;
    std::string_view step;
    std::string_view text; ///< What a message is answered with; empty: the dialogue goes on.
};

const std::vector<in_state>& every_state() {
    static const std::vector<in_state> all{
        {session_state::created, "in_guild", ""},
        {session_state::active, "in_guild", ""},
        {session_state::blocked, "in_guild", ""},
        {session_state::verifying, "verify", "status.verifying"},
        {session_state::reviewing, "verify", "status.reviewing"},
        {session_state::provisioning, "provision", "status.provisioning"},
        {session_state::completed, "done", "status.completed"},
        {session_state::declined, "in_guild", "status.closed"},
        {session_state::dismissed, "in_guild", "status.closed"},
        {session_state::resolved, "done", "status.completed"},
        {session_state::expired, "verify", "status.closed"},
        {session_state::cancelled, "main", "status.closed"},
    };
    return all;
}

TEST(Message, EveryStateHasAnAnswer) {
    for (const in_state& at : every_state()) {
        SCOPED_TRACE(to_string(at.state));
        scene s;
        s.in(at.state, at.step);
        const reply answer = s.say("yes");
        EXPECT_EQ(answer.verdict, verdict::accepted);
        EXPECT_EQ(answer.text.key, at.text);
        if (at.text.empty()) {
            EXPECT_EQ(s.session->state, session_state::active);
            EXPECT_EQ(s.session->step, "main");
        } else {
            EXPECT_EQ(s.session->state, at.state);
            EXPECT_THAT(s.outbox, IsEmpty());
        }
    }
}

TEST(Message, WithoutASessionThereIsAHint) {
    scene s;
    EXPECT_EQ(s.say("hello").text.key, "self_service.hint");
    s.member.reset();
    EXPECT_EQ(s.say("hello").text.key, "self_service.hint");
    EXPECT_THAT(s.outbox, IsEmpty());
}

TEST(Message, NobodyAnswersForSomebodyElse) {
    scene s;
    s.in(session_state::active, "in_guild");
    s.actor = policy::member_actor(s.ids.guild, member_id{6666}, {});
    const reply answer = s.say("yes");
    EXPECT_EQ(answer.verdict, verdict::refused);
    ASSERT_TRUE(answer.why.has_value());
    EXPECT_EQ(answer.why->code, errc::not_allowed);
    EXPECT_EQ(s.session->step, "in_guild");
}

TEST(SelfService, EveryStateHasAnAnswer) {
    for (const in_state& at : every_state()) {
        SCOPED_TRACE(to_string(at.state));
        scene s;
        s.in(at.state, at.step);
        const reply answer = s.act(self_service{s.ids.subject});
        EXPECT_EQ(answer.verdict, verdict::accepted);
        const bool asked = answer.question.kind != prompt_kind::none;
        const bool restarted = s.session->attempt == 2;
        switch (at.state) {
        case session_state::created:
        case session_state::active:
        case session_state::blocked:
            EXPECT_TRUE(asked);
            EXPECT_EQ(s.session->surface, surface::panel);
            EXPECT_EQ(s.session->state, session_state::active);
            break;
        case session_state::declined:
        case session_state::dismissed:
        case session_state::expired:
        case session_state::cancelled:
            EXPECT_TRUE(restarted && asked);
            EXPECT_EQ(s.session->step, "in_guild");
            break;
        default:
            EXPECT_FALSE(asked || restarted);
            EXPECT_EQ(answer.text.key, at.text);
        }
        EXPECT_THAT(s.outbox, IsEmpty()) << "a question on the panel is no direct message";
    }
}

TEST(SelfService, BeginsForWhoeverHasNone) {
    scene s;
    const reply answer = s.act(self_service{s.ids.subject});
    EXPECT_EQ(answer.question.step, "in_guild");
    EXPECT_EQ(s.session->surface, surface::panel);
    EXPECT_EQ(s.session->state, session_state::active);
}

TEST(SelfService, WhoBeganThereHasADeadlineToo) {
    scene s;
    s.act(self_service{s.ids.subject});
    ASSERT_TRUE(s.timers.contains(timer_purpose::deadline));
    EXPECT_EQ(s.timers.at(timer_purpose::deadline), s.now + s.settings.onboarding.deadline);
    EXPECT_TRUE(s.timers.contains(timer_purpose::expire));
    s.now = s.now + std::chrono::hours(1);
    s.act(self_service{s.ids.subject});
    EXPECT_EQ(s.timers.at(timer_purpose::deadline),
              s.now + s.settings.onboarding.deadline - std::chrono::hours(1))
        << "asking again does not put it off";
}

TEST(SelfService, RefusesWhoIsNotThereAndWhenSwitchedOff) {
    scene s;
    s.settings.onboarding.enabled = false;
    EXPECT_EQ(s.act(self_service{s.ids.subject}).why->code, errc::disabled);
    s.member->here = identity::presence::absent;
    EXPECT_EQ(s.act(self_service{s.ids.subject}).why->code, errc::not_found);
    s.member.reset();
    EXPECT_EQ(s.act(self_service{s.ids.subject}).why->code, errc::not_found);
    EXPECT_FALSE(s.session.has_value());
}

TEST(SelfService, WalksToTheEndOnThePanel) {
    scene s;
    s.add_character("Mito", "Senjin", 3);
    s.act(self_service{s.ids.subject});
    for (const std::string_view text : {"yes", "Mito", "yes"}) {
        EXPECT_NE(s.say(text).question.kind, prompt_kind::none) << text;
    }
    const reply last = s.say("none");
    EXPECT_EQ(last.question.kind, prompt_kind::none);
    EXPECT_EQ(last.text.key, "newcomer.wrap_up");
    s.perform_all();
    EXPECT_EQ(s.session->state, session_state::completed);
}

TEST(SelfService, TakesBackAQuestionThatWasNotDelivered) {
    scene s;
    s.member.reset();
    s.act(member_joined{s.ids.subject, "zat", "Zat", {}, identity::account_kind::human, s.now});
    s.tried(s.effect_like("ask:")->what.key, {effect_error::dm_closed, "closed", "", {}});
    ASSERT_EQ(s.session->state, session_state::blocked);
    EXPECT_THAT(s.open_issues(), SizeIs(1));
    s.act(self_service{s.ids.subject});
    EXPECT_EQ(s.effect_like("ask:"), nullptr);
    EXPECT_THAT(s.open_issues(), IsEmpty());
    EXPECT_EQ(s.session->state, session_state::active);
}

TEST(SelfService, LooksForTheCharacterAtOnceWhileVerifying) {
    scene s;
    s.in(session_state::verifying, "verify").remember("main", "Mito").remember("main.query", "Mito");
    EXPECT_EQ(s.act(self_service{s.ids.subject}).text.key, "status.verifying");
    s.add_character("Mito", "Senjin", 3);
    s.act(self_service{s.ids.subject});
    EXPECT_EQ(s.session->state, session_state::provisioning);
}

} // namespace
} // namespace patt::onboarding
