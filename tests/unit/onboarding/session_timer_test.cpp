// Each timer of a session, in the states in which it may fall due.
#include "unit/onboarding/scene.hpp"

#include <gmock/gmock.h>

namespace patt::onboarding {
namespace {

using integrity::issue_type;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::array every_purpose{timer_purpose::nudge,    timer_purpose::check_in, timer_purpose::verify,
                                   timer_purpose::deadline, timer_purpose::expire,   timer_purpose::retry};

TEST(SessionTimer, AClosedOrOtherSessionIsLeftAlone) {
    for (const session_state state :
         {session_state::completed, session_state::declined, session_state::dismissed,
          session_state::resolved, session_state::expired, session_state::cancelled}) {
        scene s;
        s.in(state, "verify");
        for (const timer_purpose purpose : every_purpose) {
            const change_set out = s.ask(session_timer{s.session->id, purpose});
            EXPECT_TRUE(out.rows.empty() && out.effects.empty() && out.timers.empty());
        }
    }
    scene s;
    s.in(session_state::active, "in_guild");
    EXPECT_THAT(s.ask(session_timer{session_id{1}, timer_purpose::expire}).rows, IsEmpty());
    s.session.reset();
    EXPECT_THAT(s.ask(session_timer{session_id{500}, timer_purpose::expire}).rows, IsEmpty());
}

TEST(SessionTimer, OneNudgeASession) {
    scene s;
    s.in(session_state::active, "in_guild");
    s.timer(timer_purpose::nudge);
    ASSERT_NE(s.find_effect(s.key("nudge")), nullptr);
    EXPECT_EQ(s.session->nudged_at, s.now);
    EXPECT_THAT(s.ask(session_timer{s.session->id, timer_purpose::nudge}).effects, IsEmpty());
}

TEST(SessionTimer, NobodyIsNudgedWhoHasNothingToAnswer) {
    const std::vector<std::pair<session_state, std::string>> quiet{{session_state::created, "in_guild"},
                                                                   {session_state::blocked, "in_guild"},
                                                                   {session_state::verifying, "verify"},
                                                                   {session_state::provisioning, "provision"},
                                                                   {session_state::reviewing, "in_guild"}};
    for (const auto& [state, step] : quiet) {
        scene s;
        s.in(state, step);
        EXPECT_THAT(s.ask(session_timer{s.session->id, timer_purpose::nudge}).effects, IsEmpty())
            << to_string(state);
    }
}

TEST(SessionTimer, WhoIsBeingProvisionedDoesNotExpire) {
    // Flows without a claim have that timer still: the chat server may be away for as long as it likes.
    scene s;
    s.in(session_state::provisioning, "provision");
    s.timer(timer_purpose::expire);
    EXPECT_EQ(s.session->state, session_state::provisioning);
    EXPECT_TRUE(s.timers.contains(timer_purpose::expire)) << "there may be questions behind it";
}

TEST(SessionTimer, TheCheckInComesOnlyWhileTheyAreNotInTheGuild) {
    scene s;
    s.in(session_state::active, "wait_for_guild");
    s.timer(timer_purpose::check_in);
    EXPECT_NE(s.find_effect(s.key("check-in")), nullptr);
    scene later;
    later.in(session_state::active, "main");
    EXPECT_THAT(later.ask(session_timer{later.session->id, timer_purpose::check_in}).effects, IsEmpty());
}

TEST(SessionTimer, TheDeadlineTellsTheOfficersOnce) {
    for (const session_state state :
         {session_state::active, session_state::blocked, session_state::verifying}) {
        scene s;
        s.in(state, state == session_state::verifying ? "verify" : "main");
        s.remember("in_guild", "yes").remember("main", "Qwertz").remember("main.query", "Qwertz");
        s.timer(timer_purpose::deadline);
        EXPECT_THAT(s.open_issues(), ElementsAre(issue_type::unverified_new_member));
        const kept_effect* post = s.find_effect(s.key("escalate"));
        ASSERT_NE(post, nullptr);
        const auto& said = std::get<channel_post>(post->what.body);
        EXPECT_EQ(said.channel, s.ids.audit);
        EXPECT_THAT(said.text.args, Contains(text_arg{"in_guild", "yes", arg_kind::trusted}));
        EXPECT_THAT(said.text.args, Contains(text_arg{"main", "Qwertz", arg_kind::text}));
        EXPECT_EQ(s.session->escalated_at, s.now);
        s.now = s.now + std::chrono::hours(24);
        EXPECT_THAT(s.ask(session_timer{s.session->id, timer_purpose::deadline}).effects, IsEmpty());
        EXPECT_EQ(s.issues.size(), 1U);
    }
}

TEST(SessionTimer, TheDeadlineLooksOnceMoreBeforeItCallsTheOfficers) {
    scene s;
    s.in(session_state::verifying, "verify").remember("main", "Mito").remember("main.query", "Mito");
    s.add_character("Mito", "Senjin", 3);
    s.timer(timer_purpose::deadline);
    EXPECT_EQ(s.session->state, session_state::provisioning);
    EXPECT_EQ(s.find_effect(s.key("escalate")), nullptr);
    EXPECT_THAT(s.open_issues(), IsEmpty());
}

TEST(SessionTimer, TheDeadlineIsSilentWhileProvisioning) {
    scene s;
    s.in(session_state::provisioning, "provision");
    EXPECT_THAT(s.ask(session_timer{s.session->id, timer_purpose::deadline}).effects, IsEmpty());
}

TEST(SessionTimer, VerificationCountsItsAttempts) {
    scene s;
    s.in(session_state::verifying, "verify").remember("main", "Qwertz").remember("main.query", "Qwertz");
    for (int i = 1; i <= 3; ++i) {
        s.timer(timer_purpose::verify);
        EXPECT_EQ(s.session->verification_attempts, i);
        EXPECT_EQ(s.session->last_verification_at, s.now);
        EXPECT_EQ(s.timers.at(timer_purpose::verify), s.now + s.settings.onboarding.verify_every);
        s.now = s.timers.at(timer_purpose::verify);
    }
}

TEST(SessionTimer, ExpiryEndsEverything) {
    scene s;
    s.in(session_state::verifying, "verify");
    s.timers[timer_purpose::verify] = s.now;
    s.timer(timer_purpose::expire);
    EXPECT_EQ(s.session->state, session_state::expired);
    EXPECT_THAT(s.timers, IsEmpty());
    EXPECT_FALSE(s.route_open);
}

/// A session whose role effect failed.
scene failed_provisioning() {
    scene s;
    s.in(session_state::provisioning, "provision");
    effect e;
    e.id = effect_id{700};
    e.key = s.key("roles");
    e.owner = s.session->id;
    e.need = necessity::required;
    e.body = set_roles{s.ids.subject, {s.ids.initiate}, {}};
    s.outbox.push_back({e, effect_state::failed, 3, "no permission", {}});
    return s;
}

TEST(SessionTimer, RetryRearmsMoreAndMoreRarely) {
    scene s = failed_provisioning();
    duration last{};
    for (int i = 0; i < 12; ++i) {
        s.timer(timer_purpose::retry);
        EXPECT_EQ(s.outbox[0].state, effect_state::pending);
        const duration wait = s.timers.at(timer_purpose::retry) - s.now;
        EXPECT_GE(wait, last);
        EXPECT_LE(wait, std::chrono::hours(24));
        last = wait;
        s.outbox[0].state = effect_state::failed;
        s.now = s.timers.at(timer_purpose::retry);
    }
    EXPECT_EQ(last, duration{std::chrono::hours(24)});
}

TEST(SessionTimer, RetryWithoutAFailureDoesNothing) {
    scene s = failed_provisioning();
    s.outbox[0].state = effect_state::pending;
    const change_set out = s.ask(session_timer{s.session->id, timer_purpose::retry});
    EXPECT_TRUE(out.operations.empty() && out.timers.empty());
}

TEST(SessionTimer, AnUnreadableCountOfRetriesStartsAnew) {
    for (const std::string_view broken : {"many", "-3", "99999999999999999999", "7x"}) {
        scene s = failed_provisioning();
        s.remember("retries", broken);
        s.timer(timer_purpose::retry);
        EXPECT_LE(s.timers.at(timer_purpose::retry) - s.now, duration{std::chrono::hours(24)}) << broken;
    }
}

TEST(SessionTimer, APersonsOrJobsTimerIsNone) {
    scene s;
    s.in(session_state::active, "main");
    EXPECT_THROW(static_cast<void>(s.ask(session_timer{s.session->id, timer_purpose::roles})), failure);
    EXPECT_THROW(static_cast<void>(s.ask(session_timer{s.session->id, timer_purpose::job})), failure);
}

} // namespace
} // namespace patt::onboarding
