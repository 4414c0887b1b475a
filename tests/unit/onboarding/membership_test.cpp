// Joining, leaving, and joining again.
#include "unit/onboarding/scene.hpp"

#include <gmock/gmock.h>

namespace patt::onboarding {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

member_joined join_at(const scene& s, instant at) {
    return {s.ids.subject, "zat", "Zat", {}, identity::account_kind::human, at};
}

scene stranger() {
    scene s;
    s.member.reset();
    s.add_character("Mito", "Senjin", 3);
    return s;
}

scene provisioned() {
    scene s = stranger();
    s.act(join_at(s, s.now));
    for (const std::string_view text : {"yes", "Mito", "yes", "none"}) {
        s.say(text);
    }
    s.perform_all();
    return s;
}

TEST(MemberJoined, BotsAreIgnored) {
    scene s = stranger();
    member_joined bot = join_at(s, s.now);
    bot.kind = identity::account_kind::bot;
    const change_set out = s.ask(bot);
    EXPECT_THAT(out.rows, IsEmpty());
    EXPECT_THAT(out.effects, IsEmpty());
    EXPECT_THAT(out.log, IsEmpty());
}

TEST(MemberJoined, TwiceIsOnce) {
    scene s = stranger();
    s.act(join_at(s, s.now));
    for (const instant at : {s.now, s.now - std::chrono::seconds(1), instant{}}) {
        const change_set again = s.ask(join_at(s, at));
        EXPECT_THAT(again.rows, IsEmpty());
        EXPECT_THAT(again.effects, IsEmpty());
    }
}

TEST(MemberJoined, TwiceIsOnceAfterBeingProvisioned) {
    scene s = provisioned();
    EXPECT_THAT(s.ask(join_at(s, s.member->joined_at)).rows, IsEmpty());
}

TEST(MemberJoined, WithoutANameTheAccountNameIsShown) {
    scene s = stranger();
    member_joined nameless = join_at(s, s.now);
    nameless.display_name.clear();
    s.act(nameless);
    EXPECT_EQ(s.member->display_name, "zat");
}

TEST(MemberJoined, WhenSwitchedOffOnlyTheMemberIsKept) {
    scene s = stranger();
    s.settings.onboarding.enabled = false;
    s.act(join_at(s, s.now));
    EXPECT_TRUE(s.member.has_value());
    EXPECT_FALSE(s.session.has_value());
    EXPECT_THAT(s.outbox, IsEmpty());
    EXPECT_TRUE(s.logged("member.joined"));
}

TEST(MemberLeft, ClosesTheSessionAndCancelsWhatIsPending) {
    scene s = stranger();
    s.act(join_at(s, s.now));
    s.perform_all();
    s.say("yes");
    ASSERT_THAT(s.outbox, SizeIs(1));
    s.act(member_left{s.ids.subject});
    EXPECT_EQ(s.session->state, session_state::cancelled);
    EXPECT_THAT(s.outbox, IsEmpty());
    EXPECT_THAT(s.timers, IsEmpty());
    EXPECT_FALSE(s.route_open);
    EXPECT_EQ(s.member->here, identity::presence::absent);
    EXPECT_EQ(s.member->left_at, s.now);
}

TEST(MemberLeft, TwiceIsOnceAndStrangersAreNobody) {
    scene s = stranger();
    EXPECT_THAT(s.ask(member_left{s.ids.subject}).rows, IsEmpty());
    s.act(join_at(s, s.now));
    s.act(member_left{s.ids.subject});
    EXPECT_THAT(s.ask(member_left{s.ids.subject}).rows, IsEmpty());
}

TEST(MemberLeft, EndsGrantsAndIssuesAndKeepsThePerson) {
    scene s = provisioned();
    const person_id person = s.member->person;
    s.act(member_left{s.ids.subject});
    ASSERT_THAT(s.grants, SizeIs(1));
    EXPECT_EQ(s.grants[0].state, provisioning::grant_state::revoked);
    EXPECT_EQ(s.session->state, session_state::completed) << "what was completed stays so";
    EXPECT_EQ(s.member->person, person);
    EXPECT_THAT(s.open_issues(), IsEmpty());
}

TEST(MemberReturned, StartsCleanAndRemembersThePerson) {
    scene s = provisioned();
    const person_id person = s.member->person;
    s.act(member_left{s.ids.subject});
    s.now = s.now + std::chrono::hours(5);
    s.act(join_at(s, s.now));
    EXPECT_TRUE(s.logged("member.returned"));
    EXPECT_EQ(s.session->attempt, 2);
    EXPECT_EQ(s.session->step, "in_guild");
    EXPECT_FALSE(s.session->dm_sent_at);
    EXPECT_EQ(s.recall("main"), "") << "old answers do not count";
    EXPECT_EQ(s.member->person, person);
    for (const std::string_view text : {"yes", "Mito", "yes", "none"}) {
        s.say(text);
    }
    s.perform_all();
    EXPECT_EQ(s.session->state, session_state::completed);
    EXPECT_EQ(s.session->person, person);
    ASSERT_THAT(s.grants, SizeIs(1));
    EXPECT_EQ(s.grants[0].state, provisioning::grant_state::given) << "the role is given anew";
    EXPECT_THAT(s.entries, SizeIs(1)) << "the roster entry is not doubled";
    EXPECT_THAT(s.persons, SizeIs(1));
}

TEST(MemberReturned, AMissedLeavingClosesTheOldSessionFirst) {
    scene s = stranger();
    s.act(join_at(s, s.now));
    s.perform_all();
    s.say("yes");
    const session_id old = s.session->id;
    s.now = s.now + std::chrono::hours(1);
    const change_set out = s.ask(join_at(s, s.now));
    const auto sessions = rows_of<session>(out);
    ASSERT_THAT(sessions, SizeIs(2));
    EXPECT_EQ(sessions[0].id, old);
    EXPECT_EQ(sessions[0].state, session_state::cancelled);
    EXPECT_EQ(sessions[1].attempt, 2);
    s.take(out);
    EXPECT_EQ(s.session->step, "in_guild");
    EXPECT_THAT(s.outbox, SizeIs(1)) << "the new question alone";
}

} // namespace
} // namespace patt::onboarding
