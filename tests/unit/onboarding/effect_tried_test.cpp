// What becomes of an effect, by error, by state, by setting.
#include "unit/onboarding/scene.hpp"

#include <gmock/gmock.h>

namespace patt::onboarding {
namespace {

using integrity::issue_type;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

effect_outcome wrong(effect_error error, duration after = {}) {
    return {error, "said the platform", "", after};
}

/// A session that waits for its role, its invite and its roster entry.
scene provisioning_scene() {
    scene s;
    s.add_character("Mito", "Senjin", 3);
    s.member.reset();
    s.act(member_joined{s.ids.subject, "zat", "Zat", {}, identity::account_kind::human, s.now});
    s.perform_all();
    for (const std::string_view text : {"yes", "Mito", "yes", "none"}) {
        s.say(text);
    }
    return s;
}

TEST(EffectTried, TemporaryErrorsBackOffWithJitter) {
    scene s;
    effect_tried t;
    t.id = effect_id{9};
    t.key = "x";
    t.body = direct_message{s.ids.subject, {"a", {}}, {}};
    t.outcome = wrong(effect_error::temporary);
    duration base = std::chrono::seconds(2);
    for (t.attempts = 1; t.attempts < 18; ++t.attempts) {
        std::vector<duration> waits;
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            id_sequence sequence(1);
            random_stream random(seed);
            context ctx{s.ids.guild, s.now, sequence, random, s.settings, s.actor, ""};
            const auto out = std::get<change_set>(decide(s.facts(), t, ctx));
            const auto again = operations_of<effect_retry>(out);
            ASSERT_THAT(again, SizeIs(1));
            waits.push_back(again[0].not_before - s.now);
            EXPECT_GE(waits.back(), base);
            EXPECT_LE(waits.back(), base + base * 3 / 10);
            EXPECT_EQ(again[0].error, "said the platform");
        }
        EXPECT_GT(*std::max_element(waits.begin(), waits.end()),
                  *std::min_element(waits.begin(), waits.end()))
            << "hosts must not come back in step";
        base = std::min<duration>(base * 2, std::chrono::minutes(15));
    }
}

TEST(EffectTried, ThePlatformsWaitIsKept) {
    scene s = provisioning_scene();
    const std::string key = s.key("roles");
    s.tried(key, wrong(effect_error::temporary, std::chrono::hours(3)));
    EXPECT_EQ(s.find_effect(key)->not_before, s.now + std::chrono::hours(3));
}

TEST(EffectTried, AfterManyTriesItIsGivenUpAndReported) {
    scene s = provisioning_scene();
    const std::string key = s.key("roles");
    for (int i = 1; i <= 18; ++i) {
        s.tried(key, wrong(effect_error::temporary));
        EXPECT_EQ(s.find_effect(key)->state, i < 18 ? effect_state::pending : effect_state::failed) << i;
    }
    EXPECT_THAT(s.open_issues(), ElementsAre(issue_type::effect_failed));
    EXPECT_TRUE(s.timers.contains(timer_purpose::retry));
}

TEST(EffectTried, PermanentErrorsAreGivenUpAtOnce) {
    for (const effect_error error :
         {effect_error::missing_permission, effect_error::role_order, effect_error::dangerous_role,
          effect_error::unknown_role, effect_error::unknown_channel, effect_error::rejected}) {
        scene s = provisioning_scene();
        const std::string key = s.key("roles");
        s.tried(key, wrong(error));
        EXPECT_EQ(s.find_effect(key)->state, effect_state::failed) << to_string(error);
        EXPECT_EQ(s.session->state, session_state::provisioning);
        EXPECT_THAT(s.open_issues(), ElementsAre(issue_type::effect_failed));
        EXPECT_EQ(s.grants[0].state, provisioning::grant_state::wanted) << "failed is not assigned";
        EXPECT_EQ(s.timers.at(timer_purpose::retry), s.now + std::chrono::minutes(30));
    }
}

TEST(EffectTried, TheOthersGoOnAndTheLastOneSettles) {
    scene s = provisioning_scene();
    const std::string key = s.key("roles");
    s.tried(key, wrong(effect_error::role_order));
    s.perform_all();
    EXPECT_EQ(s.session->state, session_state::provisioning);
    EXPECT_EQ(s.recall("confirmed"), "pending");
    EXPECT_THAT(s.ledger, Contains(std::pair(s.key("confirm"), std::string("done")))) << "told what is ready";
    EXPECT_THAT(s.entries, SizeIs(1));
    s.timer(timer_purpose::retry);
    s.perform_all();
    EXPECT_EQ(s.session->state, session_state::completed);
    EXPECT_EQ(s.recall("confirmed"), "done");
    EXPECT_THAT(s.ledger, Contains(std::pair(s.key("role-done"), std::string("done"))));
    EXPECT_THAT(s.open_issues(), IsEmpty());
}

TEST(EffectTried, ASecondFailureIsTheSameIssue) {
    scene s = provisioning_scene();
    const std::string key = s.key("roles");
    s.tried(key, wrong(effect_error::role_order));
    s.timer(timer_purpose::retry);
    s.tried(key, wrong(effect_error::role_order));
    EXPECT_THAT(s.issues, SizeIs(1));
}

TEST(EffectTried, AMemberWhoIsGoneNeedsNothing) {
    scene s = provisioning_scene();
    s.tried(s.key("roles"), wrong(effect_error::unknown_member));
    EXPECT_THAT(s.ledger, Contains(std::pair(s.key("roles"), std::string("cancelled"))));
    EXPECT_THAT(s.open_issues(), IsEmpty());
}

TEST(EffectTried, ARoleThatTheyHadIsFoundAndNotGiven) {
    scene s = provisioning_scene();
    s.tried(s.key("roles"), {effect_error::none, "", "", {}});
    EXPECT_EQ(s.grants[0].state, provisioning::grant_state::found);
    EXPECT_THAT(s.member->roles, ElementsAre(s.ids.member));
}

TEST(EffectTried, ClosedDirectMessagesFallBackAsTheSettingSays) {
    for (const auto how :
         {policy::dm_fallback::panel, policy::dm_fallback::channel, policy::dm_fallback::none}) {
        scene s;
        s.settings.onboarding.closed_dm_fallback = how;
        s.member.reset();
        s.act(member_joined{s.ids.subject, "zat", "Zat", {}, identity::account_kind::human, s.now});
        s.tried(s.effect_like("ask:")->what.key, wrong(effect_error::dm_closed));
        EXPECT_EQ(s.session->state, session_state::blocked);
        EXPECT_EQ(s.timers.at(timer_purpose::deadline), s.now + std::chrono::hours(24));
        EXPECT_THAT(s.open_issues(), ElementsAre(issue_type::dm_unreachable));
        const kept_effect* landing = s.effect_like("landing:");
        ASSERT_EQ(landing == nullptr, how == policy::dm_fallback::none);
        if (landing != nullptr) {
            const auto& post = std::get<channel_post>(landing->what.body);
            EXPECT_EQ(post.channel, s.ids.landing);
            EXPECT_EQ(post.mention, s.ids.subject);
            EXPECT_EQ(post.text.key, how == policy::dm_fallback::panel ? "landing.panel" : "landing.channel");
        }
    }
}

TEST(EffectTried, WithoutALandingChannelNothingIsPosted) {
    scene s;
    s.settings.channels.landing = {};
    s.member.reset();
    s.act(member_joined{s.ids.subject, "zat", "Zat", {}, identity::account_kind::human, s.now});
    s.tried(s.effect_like("ask:")->what.key, wrong(effect_error::dm_closed));
    EXPECT_THAT(s.outbox, IsEmpty());
    EXPECT_EQ(s.session->state, session_state::blocked);
}

TEST(EffectTried, AConfirmationThatCannotBeSentIsPosted) {
    scene s = provisioning_scene();
    for (const std::string_view kind : {"roles", "invite", "roster"}) {
        s.tried(s.key(kind), {});
    }
    ASSERT_EQ(s.session->state, session_state::completed);
    s.tried(s.key("confirm"), wrong(effect_error::dm_closed));
    EXPECT_EQ(s.session->state, session_state::completed);
    ASSERT_NE(s.effect_like("landing:"), nullptr);
    EXPECT_EQ(std::get<channel_post>(s.effect_like("landing:")->what.body).text.key, "landing.ready");
}

TEST(EffectTried, AnOldQuestionThatBouncesDoesNotStopWhoIsFurther) {
    // Being sent when the member went on by self-service; the outcome comes when they are through.
    scene s;
    s.add_character("Mito", "Senjin", 3);
    s.member.reset();
    s.act(member_joined{s.ids.subject, "zat", "Zat", {}, identity::account_kind::human, s.now});
    kept_effect* question = s.effect_like("ask:");
    question->state = effect_state::sending;
    const std::string key = question->what.key;
    s.act(self_service{s.ids.subject});
    for (const std::string_view text : {"yes", "Mito", "yes", "none"}) {
        s.say(text);
    }
    ASSERT_EQ(s.session->state, session_state::provisioning);
    s.tried(key, wrong(effect_error::dm_closed));
    EXPECT_EQ(s.session->state, session_state::provisioning);
    s.perform_all();
    EXPECT_EQ(s.session->state, session_state::completed);
}

TEST(EffectTried, AnAnswerBeforeTheDeliveryIsKnownIsKept) {
    scene s;
    s.member.reset();
    s.act(member_joined{s.ids.subject, "zat", "Zat", {}, identity::account_kind::human, s.now});
    kept_effect* question = s.effect_like("ask:");
    question->state = effect_state::sending;
    const std::string key = question->what.key;
    s.say("yes");
    s.tried(key, {});
    EXPECT_EQ(s.session->step, "main");
    EXPECT_EQ(s.session->dm_sent_at, s.now);
}

TEST(EffectTried, OutcomesInEveryStateLeaveAWholeSession) {
    for (int state = 0; state <= static_cast<int>(session_state::cancelled); ++state) {
        for (int error = 0; error <= static_cast<int>(effect_error::rejected); ++error) {
            scene s;
            const auto at = static_cast<session_state>(state);
            s.in(at, at == session_state::provisioning ? "provision" : "in_guild");
            effect e;
            e.id = effect_id{700};
            e.key = "ask:500:1";
            e.owner = s.session->id;
            e.need = necessity::required;
            e.body = direct_message{s.ids.subject, {"t", {}}, {prompt_kind::confirm, "in_guild", {}}};
            s.outbox.push_back({e, effect_state::pending, 0, "", {}});
            s.tried(e.key, wrong(static_cast<effect_error>(error)));
            const bool was_open = is_open(at);
            EXPECT_TRUE(was_open || s.session->state == at) << to_string(at) << " reopened by " << error;
            const bool by_question = at == session_state::created || at == session_state::active ||
                                     at == session_state::blocked || at == session_state::provisioning;
            EXPECT_TRUE(by_question || s.session->state == at) << to_string(at) << " moved by " << error;
        }
    }
}

TEST(EffectTried, WithoutASessionThereIsNoSessionToSettle) {
    scene s;
    for (int error = 0; error <= static_cast<int>(effect_error::rejected); ++error) {
        effect_tried t;
        t.id = effect_id{9};
        t.key = "roles:1001:9";
        t.attempts = 1;
        t.body = set_roles{s.ids.subject, {s.ids.member}, {}};
        t.outcome = wrong(static_cast<effect_error>(error));
        const change_set out = s.ask(t);
        EXPECT_THAT(out.operations, SizeIs(1)) << error;
        EXPECT_THAT(rows_of<session>(out), IsEmpty());
    }
}

} // namespace
} // namespace patt::onboarding
