// A session ends while its effects are in every state that they can be in: nothing of it stays behind.
#include "unit/onboarding/scene.hpp"

#include <gmock/gmock.h>

#include <set>

namespace patt::onboarding {
namespace {

using provisioning::grant_state;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Where the change of roles stands when the session ends.
enum class stage : std::uint8_t { untried, held, tried, failed, sending };
/// How it ends.
enum class finish : std::uint8_t { dismissed, expired, resolved, left, rejoined };

constexpr std::array every_stage{stage::untried, stage::held, stage::tried, stage::failed, stage::sending};
constexpr std::array every_finish{finish::dismissed, finish::expired, finish::resolved, finish::left,
                                  finish::rejoined};

/// What the chat server really has, while PATT hears what the test wants it to hear.
struct told_scene {
    scene s;
    std::set<role_id> really;

    told_scene() {
        s.add_character("Mito", "Senjin", 3);
        s.member.reset();
        s.act(member_joined{s.ids.subject, "zat", "Zat", {}, identity::account_kind::human, s.now});
        s.perform_all();
        for (const std::string_view text : {"yes", "Mito", "yes", "none"}) {
            s.say(text);
        }
    }

    /// The chat server does it. @return what it would answer.
    effect_outcome does(const set_roles& what) {
        effect_outcome out;
        for (const role_id r : what.add) {
            if (really.insert(r).second) {
                out.external_ref += (out.external_ref.empty() ? "" : ",") + std::to_string(r.value());
            }
        }
        for (const role_id r : what.remove) {
            really.erase(r);
        }
        return out;
    }

    /// The next change of roles is performed, and heard of.
    bool does_next() {
        for (kept_effect& e : s.outbox) {
            if (scene::is_role_effect(e) && e.state == effect_state::pending) {
                const std::string key = e.what.key;
                s.tried(key, does(std::get<set_roles>(e.what.body)));
                return true;
            }
        }
        return false;
    }

    /// Until nothing of roles is to be done.
    void settle() {
        for (int round = 0; round < 20; ++round) {
            const bool did = does_next();
            if (!did && !s.roles_due) {
                return;
            }
            s.reconcile();
        }
        FAIL() << "roles without end";
    }

    void bring_to(stage where, bool happened) {
        const std::string key = s.key("roles");
        kept_effect& e = *s.find_effect(key);
        const auto body = std::get<set_roles>(e.what.body);
        if (where == stage::held) {
            e.state = effect_state::held;
        } else if (where == stage::tried || where == stage::failed) {
            if (happened) {
                static_cast<void>(does(body));
            }
            s.tried(key, {effect_error::temporary, "no answer", {}, {}});
            if (where == stage::failed) {
                s.tried(key, {effect_error::missing_permission, "no", {}, {}});
            }
        } else if (where == stage::sending) {
            e.state = effect_state::sending;
        }
    }

    void end(finish how) {
        switch (how) {
        case finish::dismissed:
            s.officer(officer_verb::dismiss);
            break;
        case finish::expired:
            s.session->state = session_state::verifying; // One that provisions does not expire.
            s.timer(timer_purpose::expire);
            break;
        case finish::resolved:
            s.officer(officer_verb::resolve);
            break;
        case finish::left:
            s.act(member_left{s.ids.subject});
            really.clear();
            break;
        case finish::rejoined:
            really.clear();
            s.now = s.now + std::chrono::minutes(5);
            s.act(member_joined{s.ids.subject, "zat", "Zat", {}, identity::account_kind::human, s.now});
            break;
        }
    }
};

/// What is being sent comes to its end, if it was.
void hear(told_scene& t, const std::string& key, effect_error answer, bool happened) {
    kept_effect* const e = t.s.find_effect(key);
    if (e == nullptr || e->state != effect_state::sending) {
        return;
    }
    effect_outcome out{answer, "said the platform", {}, {}};
    if (happened) {
        const effect_outcome well = t.does(std::get<set_roles>(e->what.body));
        out = answer == effect_error::none ? well : out;
    }
    t.s.tried(key, out);
}

void expect_nothing_under_way(const told_scene& t) {
    EXPECT_EQ(std::count_if(t.s.outbox.begin(), t.s.outbox.end(), &scene::is_role_effect), 0);
    for (const provisioning::grant& g : t.s.grants) {
        EXPECT_NE(g.state, grant_state::wanted);
        EXPECT_NE(g.state, grant_state::ending);
    }
}

/// PATT's rows say the truth about what PATT gave.
void expect_rows_are_true(const told_scene& t) {
    for (const role_id r : t.really) {
        EXPECT_TRUE(std::any_of(t.s.grants.begin(), t.s.grants.end(), [&](const provisioning::grant& g) {
            return g.role == r && g.state == grant_state::given;
        })) << "a role that the rows do not know";
    }
}

TEST(GivenUp, NoRoleStaysThatTheRowsDoNotKnow) {
    for (const finish how : every_finish) {
        for (const stage where : every_stage) {
            for (const effect_error answer :
                 {effect_error::none, effect_error::temporary, effect_error::missing_permission,
                  effect_error::unknown_member}) {
                for (const bool happened : {true, false}) {
                    const bool surely = answer == effect_error::none;
                    const bool open = surely || answer == effect_error::temporary;
                    if ((surely && !happened) || (!open && happened)) {
                        continue; // Only an answer that never came leaves it open.
                    }
                    SCOPED_TRACE(testing::Message()
                                 << static_cast<int>(how) << " at " << static_cast<int>(where) << ", "
                                 << to_string(answer) << (happened ? ", done" : ", not done"));
                    told_scene t;
                    const std::string key = t.s.key("roles");
                    t.bring_to(where, happened);
                    t.end(how);
                    const bool gone = answer == effect_error::unknown_member || how == finish::left;
                    hear(t, key, answer, happened && !gone);
                    t.settle();
                    expect_nothing_under_way(t);
                    expect_rows_are_true(t);
                    if (how != finish::resolved) {
                        EXPECT_THAT(t.really, IsEmpty());
                    }
                }
            }
        }
    }
}

TEST(GivenUp, WhatTheMemberHadBeforeStays) {
    for (const stage where : every_stage) {
        SCOPED_TRACE(static_cast<int>(where));
        told_scene t;
        t.really = {t.s.ids.member};
        t.s.member->roles = {t.s.ids.member};
        const std::string key = t.s.key("roles");
        t.bring_to(where, true);
        t.end(finish::dismissed);
        hear(t, key, effect_error::none, true);
        t.settle();
        EXPECT_THAT(t.really, ElementsAre(t.s.ids.member));
        expect_nothing_under_way(t);
    }
}

TEST(GivenUp, ARoleThatWasFoundWhileBeingGivenStays) {
    told_scene t;
    t.really = {t.s.ids.member}; // By somebody's hand, and PATT has not heard of it.
    const std::string key = t.s.key("roles");
    t.bring_to(stage::sending, true);
    t.end(finish::dismissed);
    hear(t, key, effect_error::none, true);
    t.settle();
    EXPECT_THAT(t.really, ElementsAre(t.s.ids.member));
}

TEST(GivenUp, WhetherTheRoleWasHeardOfBeforeADismissalDoesNotMatter) {
    told_scene t;
    ASSERT_TRUE(t.does_next());
    ASSERT_EQ(t.s.session->state, session_state::provisioning) << "the invite is still to come";
    t.end(finish::dismissed);
    t.settle();
    EXPECT_THAT(t.really, IsEmpty());
    expect_nothing_under_way(t);
}

TEST(GivenUp, WhomAnOfficerStartsAgainIsGivenTheRole) {
    for (const stage where : every_stage) {
        for (const bool at_once : {true, false}) {
            SCOPED_TRACE(testing::Message() << static_cast<int>(where) << at_once);
            told_scene t;
            const std::string key = t.s.key("roles");
            t.bring_to(where, true);
            t.end(finish::dismissed);
            hear(t, key, effect_error::none, true);
            if (!at_once) {
                t.settle();
            }
            t.s.officer(officer_verb::start);
            for (const std::string_view text : {"yes", "Mito", "yes", "none"}) {
                t.s.say(text);
            }
            t.settle();
            EXPECT_THAT(t.really, ElementsAre(t.s.ids.member));
            expect_nothing_under_way(t);
            expect_rows_are_true(t);
        }
    }
}

TEST(GivenUp, AnInviteAndARosterEntryThatAreBeingMadeAreNotMade) {
    told_scene t;
    for (kept_effect& e : t.s.outbox) {
        e.state = effect_state::sending;
    }
    t.end(finish::dismissed);
    for (const std::string_view kind : {"invite", "roster"}) {
        t.s.tried(t.s.key(kind), {});
        EXPECT_EQ(t.s.find_effect(t.s.key(kind)), nullptr);
    }
    EXPECT_THAT(t.s.invites, IsEmpty());
    EXPECT_THAT(t.s.entries, IsEmpty());
}

TEST(GivenUp, WhatWasToBeSaidIsNotSaidAnyMore) {
    for (const finish how : every_finish) {
        for (const effect_error error :
             {effect_error::temporary, effect_error::dm_closed, effect_error::rejected}) {
            SCOPED_TRACE(testing::Message() << static_cast<int>(how) << " " << to_string(error));
            told_scene t;
            t.s.officer(officer_verb::dismiss);
            t.s.officer(officer_verb::start);
            kept_effect& question = *t.s.effect_like("ask:");
            question.state = effect_state::sending;
            const std::string key = question.what.key;
            t.end(how);
            t.s.tried(key, {error, "", "", {}});
            EXPECT_EQ(t.s.find_effect(key), nullptr);
            EXPECT_THAT(t.s.open_issues(), IsEmpty());
        }
    }
}

TEST(GivenUp, WhoLeavesAndReturnsWhileTheRoleIsBeingGivenBeginsWithoutIt) {
    told_scene t;
    const std::string key = t.s.key("roles");
    t.bring_to(stage::sending, true);
    t.end(finish::left);
    t.s.now = t.s.now + std::chrono::minutes(1);
    t.end(finish::rejoined);
    hear(t, key, effect_error::none, true);
    t.settle();
    EXPECT_THAT(t.really, IsEmpty()) << "returning begins clean: nothing is answered yet";
    expect_nothing_under_way(t);
    t.s.perform_all();
    for (const std::string_view text : {"yes", "Mito", "yes", "none"}) {
        t.s.say(text);
    }
    t.settle();
    EXPECT_THAT(t.really, ElementsAre(t.s.ids.member));
}

TEST(GivenUp, WhoReturnsIsNotFollowedBeforeTheyAreThrough) {
    for (const bool heard_of_leaving : {true, false}) {
        told_scene t;
        ASSERT_TRUE(t.does_next());
        t.s.perform_all();
        ASSERT_EQ(t.s.session->state, session_state::completed);
        if (heard_of_leaving) {
            t.end(finish::left);
            t.s.now = t.s.now + std::chrono::hours(1);
        }
        t.end(finish::rejoined);
        t.s.characters[0].rank = 2;
        t.s.roles_due = t.s.now;
        t.settle();
        EXPECT_THAT(t.really, IsEmpty());
    }
}

TEST(GivenUp, AnInviteThatADismissedNewcomerMayHaveReadIsWorthNothing) {
    told_scene t;
    t.s.tried(t.s.key("invite"), {});
    ASSERT_EQ(t.s.invites.size(), 1U);
    t.end(finish::dismissed);
    EXPECT_EQ(t.s.invites[0].revoked_at, t.s.now);
}

TEST(GivenUp, SilenceDoesNotMakeARoleStay) {
    told_scene t;
    ASSERT_TRUE(t.does_next());
    t.s.settings.onboarding.silent = true;
    t.end(finish::dismissed);
    t.s.reconcile();
    EXPECT_FALSE(t.does_next());
    ASSERT_TRUE(t.s.roles_due.has_value());
    EXPECT_GT(*t.s.roles_due, t.s.now);
    t.s.settings.onboarding.silent = false;
    t.settle();
    EXPECT_THAT(t.really, IsEmpty());
}

TEST(GivenUp, NobodyWhoWasDismissedIsFollowed) {
    told_scene t;
    ASSERT_TRUE(t.does_next());
    t.end(finish::dismissed);
    t.settle();
    t.s.characters[0].rank = 2;
    t.s.roles_due = t.s.now;
    t.settle();
    EXPECT_THAT(t.really, IsEmpty());
}

} // namespace
} // namespace patt::onboarding
