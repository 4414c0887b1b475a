// A session ends while its role is being given: whatever became of the attempt, the member is left without
// it.
#include "engine/outbox_fixture.hpp"
#include "engine/passing_chat.hpp"

#include <patt/testing/fault.hpp>

namespace patt::engine_tests {
namespace {

using onboarding::officer_verb;
using onboarding::session_state;
using provisioning::grant_state;
using testing::chat_operation;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// A chat in whose first change of roles something else happens, before it is done or after.
class interrupted_chat final : public passing_chat {
public:
    using passing_chat::passing_chat;
    std::function<void()> before;
    std::function<void()> after;
    effect_error answer = effect_error::none; ///< To that first change, whatever was done.

    effect_outcome replace_roles(guild_id g, member_id who, std::span<const role_id> roles,
                                 std::string_view key) override {
        const bool first = before || after;
        if (auto once = std::exchange(before, nullptr)) {
            once();
        }
        effect_outcome out = passing_chat::replace_roles(g, who, roles, key);
        if (auto once = std::exchange(after, nullptr)) {
            once();
        }
        return first && answer != effect_error::none ? effect_outcome{answer, "no answer", "", {}} : out;
    }
};

/// Answers everything; the role is being given when this returns, or has been tried.
member_id verified(testing::world& w) {
    const member_id zat = w.join("Zat");
    for (const std::string_view text : {"yes", "Mito", "yes", "none"}) {
        w.say(zat, text);
    }
    return zat;
}

std::vector<grant_state> grants_of(testing::world& w, member_id who) {
    engine::queries look(w.database());
    const auto member = look.member(w.ids().guild, who);
    const auto person = member ? look.person(w.ids().guild, member->person) : std::nullopt;
    std::vector<grant_state> out;
    for (const provisioning::grant& g : person ? person->grants : std::vector<provisioning::grant>{}) {
        out.push_back(g.state);
    }
    return out;
}

TEST(RolesAfterTheEnd, OneWhoseAnswerWasLostIsTakenAwayFromWhomAnOfficerDismisses) {
    world w;
    w.chat().add_fault(testing::loses_answer(1, chat_operation::replace_roles));
    const member_id zat = verified(w);
    ASSERT_THAT(w.roles(zat), SizeIs(1)) << "given, and nobody heard of it";
    w.officer(officer_verb::dismiss, zat);
    w.turn(1h);
    EXPECT_EQ(session_of(w, zat)->session.state, session_state::dismissed);
    EXPECT_THAT(w.roles(zat), IsEmpty());
    EXPECT_THAT(grants_of(w, zat), ElementsAre(grant_state::revoked));
}

TEST(RolesAfterTheEnd, WhatACompletedSessionGaveStaysWhenALaterOneIsDismissed) {
    world w;
    const member_id zat = verified(w);
    w.officer(officer_verb::start, zat);
    w.officer(officer_verb::dismiss, zat);
    w.turn(1h);
    EXPECT_THAT(w.roles(zat), SizeIs(1));
    EXPECT_THAT(grants_of(w, zat), ElementsAre(grant_state::given));
}

TEST(RolesAfterTheEnd, OneThatIsBeingGivenIsTakenAwayWhateverTheAnswer) {
    using hook = std::function<void()> interrupted_chat::*;
    for (const hook when : {&interrupted_chat::before, &interrupted_chat::after}) {
        for (const effect_error answer :
             {effect_error::none, effect_error::temporary, effect_error::missing_permission}) {
            SCOPED_TRACE(to_string(answer));
            world w;
            const member_id zat = w.join("Zat");
            for (const std::string_view text : {"yes", "Mito", "yes"}) {
                w.say(zat, text);
            }
            const auto hand_in = [&](const engine::origin& from, engine::command what) {
                ASSERT_EQ(w.engine().handle({w.ids().guild, from, "", "", std::move(what)}).verdict,
                          verdict::accepted);
            };
            hand_in(member_of(zat), onboarding::message_received{zat, "none"});
            interrupted_chat chat(w.chat());
            chat.answer = answer;
            chat.*when = [&] {
                hand_in(member_of(w.ids().owner), onboarding::officer_action{officer_verb::dismiss, zat, {}});
            };
            {
                testing::seeded_entropy entropy(5);
                engine::options how;
                how.instance_key = "an instance key for tests only";
                const std::shared_ptr<store::database> same(&w.database(), [](store::database*) {});
                engine::engine giving(same, {chat, w.clock(), entropy}, how);
                testing::settle(giving);
            }
            w.turn(1h);
            ASSERT_EQ(session_of(w, zat)->session.state, session_state::dismissed);
            EXPECT_THAT(w.roles(zat), IsEmpty());
            EXPECT_THAT(grants_of(w, zat), ElementsAre(grant_state::revoked));
        }
    }
}

TEST(RolesAfterTheEnd, WhomAnOfficerDismissedIsNotGivenOneByTheNextRoster) {
    world w;
    w.chat().add_fault(testing::loses_answer(1, chat_operation::replace_roles));
    const member_id zat = verified(w);
    w.officer(officer_verb::dismiss, zat);
    w.turn(1h);
    w.import("Mito-Senjin, Druid, 2\nTrogmoon-Senjin, Warrior, 2\nBoss-Senjin, Paladin, 0\n"
             "Zatalt-Senjin, Mage, 4\nTrogmoon-Quelthalas, Hunter, 4\nZatañña-Senjin, Priest, 4\n");
    w.turn(1h);
    EXPECT_THAT(w.roles(zat), IsEmpty());
}

TEST(RolesAfterTheEnd, ARemovalThatIsRefusedIsMadeWhenTheCauseIsGone) {
    world w;
    const member_id zat = verified(w);
    testing::fault refused = testing::fails(0, chat_operation::replace_roles);
    refused.error = effect_error::missing_permission;
    refused.times = 0;
    w.chat().add_fault(refused);
    w.import("Mito-Senjin, Druid, 4\nTrogmoon-Senjin, Warrior, 2\nBoss-Senjin, Paladin, 0\n"
             "Zatalt-Senjin, Mage, 4\nTrogmoon-Quelthalas, Hunter, 4\nZatañña-Senjin, Priest, 4\n");
    w.turn(24h);
    EXPECT_THAT(w.roles(zat), ElementsAre(w.ids().member));
    EXPECT_THAT(engine::queries(w.database()).open_issues(w.ids().guild), SizeIs(1));
    EXPECT_THAT(w.posts(w.ids().audit), SizeIs(1)) << "told once, however often it is tried";
    w.chat().clear_faults();
    w.turn(24h);
    EXPECT_THAT(w.roles(zat), ElementsAre(w.ids().initiate));
    EXPECT_THAT(engine::queries(w.database()).open_issues(w.ids().guild), IsEmpty());
}

} // namespace
} // namespace patt::engine_tests
