// Flows that are data and nothing else: branch, agreement, review; tasks by role and predicate.
#include "unit/onboarding/own_flows.hpp"
#include "unit/onboarding/scene.hpp"

#include <gmock/gmock.h>

namespace patt::onboarding {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct OwnFlow : ::testing::Test {
    flow first = parse_flow(entry_flow_document(1)).value();
    flow tasks = parse_flow(checklist_document).value();
    scene s;

    void begin(const flow& which) {
        s.path = &which;
        s.officer(officer_verb::start);
        s.perform_all();
    }
};

TEST_F(OwnFlow, ASocialMemberIsThroughAfterTheAgreement) {
    begin(first);
    EXPECT_EQ(s.session->flow, "entry");
    s.say("social");
    s.perform_all();
    EXPECT_EQ(s.session->step, "rules");
    s.say("accept");
    s.perform_all();
    EXPECT_EQ(s.session->state, session_state::completed);
    ASSERT_THAT(s.acceptances, SizeIs(1));
    EXPECT_EQ(s.acceptances[0].document, "code");
    EXPECT_EQ(s.acceptances[0].version, 1);
    EXPECT_EQ(s.acceptances[0].decision, step_status::done);
    EXPECT_THAT(s.grants, IsEmpty());
}

TEST_F(OwnFlow, TheWordsOfAnAgreementAreUnderstood) {
    for (const std::string_view text :
         {"accept", "Accept!", "I accept", "accepted", "agree", "I agree", "yes", "👍"}) {
        scene one;
        one.path = &first;
        one.in(session_state::active, "rules").remember("role", "social");
        one.say(text);
        EXPECT_EQ(one.recall("code"), "accepted") << text;
    }
    for (const std::string_view text :
         {"decline", "I decline", "declined", "disagree", "I don't agree", "I do not accept", "no", "👎"}) {
        scene one;
        one.path = &first;
        one.in(session_state::active, "rules").remember("role", "social");
        one.say(text);
        EXPECT_EQ(one.recall("code"), "declined") << text;
    }
    for (const std::string_view text : {"", "what?", "acceptable behaviour means what", "maybe"}) {
        scene one;
        one.path = &first;
        one.in(session_state::active, "rules").remember("role", "social");
        const reply again = one.say(text);
        EXPECT_EQ(again.text.key, "answer.accept_or_decline") << text;
        EXPECT_EQ(one.session->step, "rules");
        EXPECT_THAT(one.acceptances, IsEmpty());
    }
}

TEST_F(OwnFlow, DecliningGoesWhereTheBranchSaysAndThenEndsTheSession) {
    begin(first);
    s.say("social");
    s.say("decline");
    EXPECT_EQ(s.session->step, "really") << "the flow has a branch for it";
    EXPECT_EQ(s.session->state, session_state::active);
    s.say("decline");
    EXPECT_EQ(s.session->state, session_state::declined) << "no branch: a no is never a yes";
    EXPECT_THAT(s.timers, IsEmpty());
    EXPECT_FALSE(s.route_open);
    EXPECT_THAT(s.acceptances, SizeIs(2));
}

TEST_F(OwnFlow, ARaiderIsReviewed) {
    begin(first);
    s.say("raider");
    s.say("accept");
    EXPECT_EQ(s.session->state, session_state::reviewing);
    EXPECT_NE(s.effect_like("review:"), nullptr);
    EXPECT_EQ(s.say("hello?").text.key, "status.reviewing");
    s.officer(officer_verb::approve);
    s.perform_all();
    EXPECT_EQ(s.session->state, session_state::completed);
    EXPECT_EQ(s.recall("review"), "approved");
}

TEST_F(OwnFlow, ADeclinedReviewEndsTheSession) {
    begin(first);
    s.say("raider");
    s.say("accept");
    s.officer(officer_verb::decline);
    EXPECT_EQ(s.session->state, session_state::declined);
    EXPECT_EQ(s.session->outcome, "declined by owner:900");
}

TEST_F(OwnFlow, ADeclinedReviewEndsTheSessionThoughThereIsAnotherBranch) {
    const flow branching = parse_flow(R"json({"flow":"r","start":"look","steps":[
        {"key":"look","kind":"review","branches":[{"field":"vip","is":"yes","go":"done"}],"next":"done"},
        {"key":"done","kind":"end"}]})json")
                               .value();
    s.path = &branching;
    s.in(session_state::reviewing, "look");
    s.officer(officer_verb::decline);
    EXPECT_EQ(s.session->state, session_state::declined);
}

TEST_F(OwnFlow, AChoiceIsAskedAgainUntilItIsOne) {
    begin(first);
    for (const std::string_view text : {"", "3", "dancer", "both"}) {
        EXPECT_EQ(s.say(text).verdict, verdict::refused) << text;
        EXPECT_EQ(s.session->step, "path");
    }
    s.say("2");
    EXPECT_EQ(s.recall("role"), "social");
}

TEST_F(OwnFlow, AFormIsTakenWholeOrNotAtAll) {
    const flow form = parse_flow(R"json({"flow":"f","start":"a","steps":[
        {"key":"a","kind":"ask","prompt":"form","text":"t","parser":"form","fields":["name","why"],"next":"done"},
        {"key":"done","kind":"end"}]})json")
                          .value();
    s.path = &form;
    s.in(session_state::active, "a");
    for (const std::string_view text : {"", "one", "one\n\x01\x02", "name:x\nwhy: ", "a\nb\nc"}) {
        EXPECT_EQ(s.say(text).verdict, verdict::refused) << text;
        EXPECT_EQ(s.recall("name"), "") << "half a form is none: " << text;
    }
    s.say("name: Zat\r\nbecause");
    EXPECT_EQ(s.recall("name"), "Zat");
    EXPECT_EQ(s.recall("why"), "because");
    EXPECT_EQ(s.session->state, session_state::completed);
}

TEST_F(OwnFlow, TasksApplyByRoleAndPredicate) {
    s.path = &tasks;
    s.in(session_state::cancelled, "");
    s.remember("role", "raider");
    s.officer(officer_verb::start);
    EXPECT_EQ(s.session->state, session_state::active);
    EXPECT_EQ(s.recall("role"), "raider") << "what an earlier session learned counts";
    std::vector<std::string> open;
    for (const step_state& st : s.steps) {
        if (st.status == step_status::asked) {
            open.push_back(st.step);
        }
    }
    EXPECT_THAT(open, ElementsAre("website", "addon"));
    const auto done = [&](std::string_view task) {
        return s.act(task_completed{s.ids.subject, std::string(task)});
    };
    EXPECT_EQ(done("kitchen").why->code, errc::not_found) << "not a raider's task";
    EXPECT_EQ(done("no such").why->code, errc::not_found);
    done("addon");
    EXPECT_EQ(s.session->state, session_state::active);
    done("addon");
    done("website");
    EXPECT_EQ(s.session->state, session_state::completed);
    EXPECT_EQ(done("website").why->code, errc::wrong_state);
    EXPECT_EQ(std::count(s.log.begin(), s.log.end(), "task.completed"), 3);
}

TEST_F(OwnFlow, TasksWithoutARoleAreThoseForEverybody) {
    s.path = &tasks;
    s.officer(officer_verb::start);
    s.act(task_completed{s.ids.subject, "website"});
    EXPECT_EQ(s.session->state, session_state::active) << "the profile is missing";
    s.act(task_completed{s.ids.subject, "profile"});
    EXPECT_EQ(s.session->state, session_state::completed);
}

TEST_F(OwnFlow, OthersTasksAreNotMineToComplete) {
    s.path = &tasks;
    s.officer(officer_verb::start);
    s.actor = policy::member_actor(s.ids.guild, member_id{6666}, {});
    const reply answer = s.act(task_completed{s.ids.subject, "website"});
    ASSERT_TRUE(answer.why.has_value());
    EXPECT_EQ(answer.why->code, errc::not_allowed);
    EXPECT_TRUE(s.logged("policy.denied"));
    s.settings.policy.roles[s.ids.officer] = policy::capability_set::officer;
    s.actor = policy::member_actor(s.ids.guild, member_id{6666}, {s.ids.officer});
    EXPECT_EQ(s.act(task_completed{s.ids.subject, "website"}).verdict, verdict::accepted);
}

TEST_F(OwnFlow, ATaskNeedsAFlowOfTasks) {
    begin(first);
    EXPECT_EQ(s.act(task_completed{s.ids.subject, "path"}).why->code, errc::wrong_state);
}

} // namespace
} // namespace patt::onboarding
