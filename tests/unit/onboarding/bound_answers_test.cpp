// Which question an answer is to: a button belongs to its own, typed words to the one that stands.
#include "unit/onboarding/scene.hpp"

#include <gmock/gmock.h>

namespace patt::onboarding {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Ne;

/// Somebody in the dialogue, and what they were asked so far.
struct asked_scene {
    scene s;

    asked_scene() {
        s.add_character("Mito", "Senjin", 3);
        s.add_character("Boris", "Senjin", 3);
        s.add_character("Aralith", "Senjin", 3);
        s.add_character("Aralith", "Area 52", 3);
        s.add_character("Selune", "Senjin", 3);
        s.add_character("Selune", "Area 52", 3);
        s.member.reset();
        s.act(member_joined{s.ids.subject, "zat", "Zat", {}, identity::account_kind::human, s.now});
        s.perform_all();
    }

    /// Answers by typing. @return the question that is asked next.
    prompt type(std::string_view text) {
        s.say(text);
        prompt next;
        for (const kept_effect& e : s.outbox) {
            if (const auto* dm = std::get_if<direct_message>(&e.what.body);
                dm != nullptr && dm->question.kind != prompt_kind::none) {
                next = dm->question;
            }
        }
        s.perform_all();
        return next;
    }

    /// "That you?" about Mito is being sent when this returns. @return its key.
    std::string ask_whether_mito() {
        type("yes");
        s.say("Mito");
        kept_effect& asked = *s.effect_like("ask:");
        asked.state = effect_state::sending;
        return asked.what.key;
    }

    reply press(const prompt& of, std::string_view text) {
        return s.act(message_received{s.ids.subject, std::string(text), of.id});
    }
};

TEST(BoundAnswer, EveryQuestionOfTheWayHasAShortNameOfItsOwn) {
    asked_scene a;
    std::vector<std::string> names;
    for (const std::string_view text : {"yes", "Mito", "no", "Boris", "no", "Aralith", "Selune", "2"}) {
        const prompt next = a.type(text);
        EXPECT_FALSE(next.id.empty());
        EXPECT_LE(next.id.size(), 40U);
        EXPECT_EQ(std::count(names.begin(), names.end(), next.id), 0) << next.step;
        names.push_back(next.id);
    }
}

TEST(BoundAnswer, AYesToAnotherCharacterConfirmsNobody) {
    asked_scene a;
    a.type("yes");
    const prompt about_mito = a.type("Mito");
    ASSERT_EQ(about_mito.step, "that_you");
    a.type("no");
    const prompt about_boris = a.type("Boris");
    ASSERT_EQ(about_boris.step, "that_you");
    const std::size_t logged = a.s.log.size();
    const reply late = a.press(about_mito, "yes");
    EXPECT_EQ(late.verdict, verdict::refused);
    ASSERT_TRUE(late.why.has_value());
    EXPECT_EQ(late.why->code, errc::expired);
    EXPECT_EQ(late.before.size(), 1U);
    EXPECT_EQ(late.before.empty() ? "" : late.before[0].key, "answer.old_question");
    EXPECT_EQ(late.text.key, "newcomer.found_main") << "and the one that stands is shown";
    EXPECT_EQ(late.question, about_boris);
    EXPECT_EQ(a.s.session->step, "that_you");
    EXPECT_EQ(a.s.recall("main.confirmed"), "no") << "of the one before";
    EXPECT_EQ(a.s.log.size(), logged);
    EXPECT_THAT(a.s.outbox, IsEmpty()) << "nothing is asked twice";
    EXPECT_EQ(a.press(about_boris, "yes").verdict, verdict::accepted);
    EXPECT_EQ(a.s.session->step, "alts");
    EXPECT_EQ(a.s.recall("main"), "Boris");
}

TEST(BoundAnswer, AnAnswerToAListCountsForThatListOnly) {
    asked_scene a;
    a.type("yes");
    const prompt aralith = a.type("Aralith");
    ASSERT_EQ(aralith.step, "which_main");
    const prompt selune = a.type("Selune");
    ASSERT_EQ(selune.step, "which_main");
    EXPECT_EQ(a.press(aralith, "2").verdict, verdict::refused);
    EXPECT_EQ(a.s.session->step, "which_main");
    EXPECT_EQ(a.press(selune, "2").verdict, verdict::accepted);
    EXPECT_EQ(a.s.recall("main"), "Selune");
}

TEST(BoundAnswer, TheSameQuestionAskedAgainIsTheSame) {
    // By self-service, or by an officer's retry: whichever copy they press, it means the same.
    asked_scene a;
    a.type("yes");
    const prompt first = a.type("Mito");
    const reply again = a.s.act(self_service{a.s.ids.subject});
    EXPECT_EQ(again.question.id, first.id);
    EXPECT_EQ(a.press(first, "yes").verdict, verdict::accepted);
    EXPECT_EQ(a.s.session->step, "alts");
}

TEST(BoundAnswer, ASecondPressSaysNothingToTheNextQuestion) {
    asked_scene a;
    const prompt first = a.type("yes");
    ASSERT_EQ(first.step, "main");
    EXPECT_EQ(a.press(first, "Mito").verdict, verdict::accepted);
    EXPECT_EQ(a.press(first, "Mito").verdict, verdict::refused);
    EXPECT_EQ(a.s.session->step, "that_you") << "an unclear answer would have counted as a yes";
}

TEST(BoundAnswer, ThatOfAnEarlierSessionIsRefused) {
    asked_scene a;
    a.type("yes");
    const prompt about_mito = a.type("Mito");
    a.s.officer(officer_verb::dismiss);
    EXPECT_EQ(a.press(about_mito, "yes").verdict, verdict::refused) << "there is no session";
    a.s.officer(officer_verb::start);
    a.s.perform_all();
    a.type("yes");
    a.type("Mito");
    ASSERT_EQ(a.s.session->step, "that_you");
    EXPECT_EQ(a.press(about_mito, "yes").verdict, verdict::refused);
    EXPECT_EQ(a.s.session->step, "that_you");
}

TEST(BoundAnswer, WhoIsFurtherHearsWhereThingsStand) {
    asked_scene a;
    a.type("yes");
    const prompt about_mito = a.type("Mito");
    a.type("yes");
    a.s.say("none");
    ASSERT_EQ(a.s.session->state, session_state::provisioning);
    const reply late = a.press(about_mito, "no");
    EXPECT_EQ(late.verdict, verdict::refused);
    EXPECT_EQ(late.text.key, "status.provisioning");
    EXPECT_EQ(late.question.kind, prompt_kind::none);
}

TEST(BoundAnswer, AYesThatComesBeforeTheDeliveryIsKnownCounts) {
    // The chat server may have shown the question though its answer has not been written down yet, or was
    // lost: who saw it and said yes must not have to say it again.
    for (const effect_state state : {effect_state::sending, effect_state::pending}) {
        for (const bool pressed : {true, false}) {
            asked_scene a;
            a.type("yes");
            a.s.say("Mito");
            kept_effect& question = *a.s.effect_like("ask:");
            question.state = state;
            question.attempts = 1;
            const prompt asked = std::get<direct_message>(question.what.body).question;
            const reply said = pressed ? a.press(asked, "yes") : a.s.say("yes");
            EXPECT_EQ(said.verdict, verdict::accepted);
            EXPECT_EQ(a.s.session->step, "alts");
        }
    }
}

TEST(TypedAnswer, AYesToAQuestionThatIsStillToBeSentCounts) {
    // It cannot be about another character: since they named this one, nobody else was asked about. Losing it
    // would make them say everything twice in an outage.
    asked_scene a;
    a.type("yes");
    a.s.say("Mito");
    ASSERT_EQ(a.s.effect_like("ask:")->attempts, 0);
    EXPECT_EQ(a.s.say("yes").verdict, verdict::accepted);
    EXPECT_EQ(a.s.session->step, "alts");
}

TEST(TypedAnswer, UnclearWordsAreNoYesToAQuestionThatNobodyCanHaveSeen) {
    for (const effect_state state : {effect_state::pending, effect_state::held}) {
        for (const std::string_view text : {"hello? are you there", "Boris sorry", "none"}) {
            SCOPED_TRACE(text);
            asked_scene a;
            a.type("yes");
            a.s.say("Mito");
            a.s.effect_like("ask:")->state = state;
            const reply early = a.s.say(text);
            EXPECT_EQ(early.verdict, verdict::refused);
            EXPECT_EQ(early.text.key, "answer.not_asked_yet");
            EXPECT_EQ(a.s.session->step, "that_you");
            EXPECT_EQ(a.s.recall("main.confirmed"), "");
            ASSERT_NE(a.s.effect_like("ask:"), nullptr) << "it is still to be sent";
            a.s.effect_like("ask:")->state = effect_state::pending;
            a.s.perform_all();
            EXPECT_EQ(a.s.say("hm, why").verdict, verdict::accepted) << "once seen, unclear counts as yes";
            EXPECT_EQ(a.s.session->step, "alts");
        }
    }
}

TEST(LateDelivery, AnOlderQuestionOfTheStepIsNotTheOneThatStands) {
    asked_scene a;
    const std::string key = a.ask_whether_mito();
    a.s.say("no");
    a.s.say("Boris");
    ASSERT_EQ(a.s.session->step, "that_you");
    a.s.session->asked_at = {};
    a.s.tried(key, {effect_error::none, "", "1", {}});
    EXPECT_FALSE(a.s.session->asked_at);
}

TEST(LateDelivery, AnOlderQuestionThatBouncesStopsNobody) {
    asked_scene a;
    const std::string key = a.ask_whether_mito();
    a.s.say("no");
    a.s.say("Boris");
    a.s.tried(key, {effect_error::dm_closed, "", "", {}});
    EXPECT_EQ(a.s.session->state, session_state::active) << "the one that stands is still to be tried";
}

TEST(LateDelivery, AQuestionThatWasAnsweredIsNotSentAgain) {
    asked_scene a;
    const std::string key = a.ask_whether_mito();
    a.s.say("yes");
    ASSERT_EQ(a.s.session->step, "alts");
    a.s.tried(key, {effect_error::temporary, "no answer", "", {}});
    EXPECT_EQ(a.s.find_effect(key), nullptr)
        << "they would be asked whether that is them after having said so";
    EXPECT_NE(a.s.effect_like("ask:"), nullptr) << "the next one is";
}

} // namespace
} // namespace patt::onboarding
