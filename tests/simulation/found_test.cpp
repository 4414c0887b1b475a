// What the simulation found, reduced: each of these failed before.

#include <patt/engine/queries.hpp>
#include <patt/testing/world.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

namespace patt::testing {
namespace {

using onboarding::officer_verb;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

constexpr std::string_view before =
    "Boss-Senjin, Warrior, 0\nAralith-Senjin, Druid, 3\nOther-Senjin, Mage, 3\n";
constexpr std::string_view demoted =
    "Boss-Senjin, Warrior, 0\nAralith-Senjin, Druid, 4\nOther-Senjin, Mage, 3\n";

std::unique_ptr<world> guild() {
    world_options how;
    how.roster = std::string(before);
    return std::make_unique<world>(std::move(how));
}

void claim(world& w, member_id who, const char* name) {
    for (const char* said : {"yes", name, "yes", "none"}) {
        w.say(who, said);
    }
}

TEST(Found, RoleWhoseAnswerWasLostIsTakenAwayWithTheRank) {
    const auto w = guild();
    const member_id who = w->join("Newcomer");
    w->chat().add_fault(loses_answer(1, chat_operation::replace_roles));
    claim(*w, who, "Aralith");
    w->turn(std::chrono::minutes(1));
    ASSERT_THAT(w->roles(who), Contains(w->ids().member));
    w->import(demoted);
    w->turn(std::chrono::minutes(5));
    EXPECT_THAT(w->roles(who), Not(Contains(w->ids().member)));
    EXPECT_THAT(w->roles(who), Contains(w->ids().initiate));
}

TEST(Found, WhoLosesACharacterToAnOfficersWordLosesItsRole) {
    const auto w = guild();
    const member_id liar = w->join("Liar");
    claim(*w, liar, "Aralith");
    ASSERT_THAT(w->roles(liar), Contains(w->ids().member));
    const member_id owner = w->join("Owner");
    claim(*w, owner, "Aralith");
    ASSERT_EQ(w->officer(officer_verb::resolve, owner, "Aralith").verdict, verdict::accepted);
    w->turn(std::chrono::minutes(5));
    EXPECT_THAT(w->roles(owner), Contains(w->ids().member));
    EXPECT_THAT(w->roles(liar), Not(Contains(w->ids().member)));
}

TEST(Found, DismissedBeforeTheRoleWasGivenNothingStaysWanted) {
    const auto w = guild();
    const member_id who = w->join("Newcomer");
    w->chat().set_outage(outage::on);
    claim(*w, who, "Aralith");
    ASSERT_EQ(w->officer(officer_verb::dismiss, who).verdict, verdict::accepted);
    w->chat().set_outage(outage::off);
    w->turn(std::chrono::minutes(5));
    EXPECT_TRUE(w->roles(who).empty());
    engine::queries look(w->database());
    const auto member = look.member(w->ids().guild, who);
    ASSERT_TRUE(member && member->person);
    const auto person = look.person(w->ids().guild, member->person);
    ASSERT_TRUE(person.has_value());
    EXPECT_TRUE(std::none_of(person->grants.begin(), person->grants.end(), [](const provisioning::grant& g) {
        return g.state == provisioning::grant_state::wanted;
    }));
}

TEST(Found, WhomAnOfficerConfirmsBeforeTheClaimsRoleWasGivenGetsTheConfirmedOne) {
    const auto w = guild();
    w->set("trust.claim_max_rank", "4");
    const member_id who = w->join("Newcomer");
    w->chat().set_outage(outage::on);
    claim(*w, who, "Aralith");
    w->turn(std::chrono::minutes(1));
    ASSERT_EQ(w->officer(officer_verb::resolve, who, "Aralith").verdict, verdict::accepted);
    w->chat().set_outage(outage::off);
    w->turn(std::chrono::hours(1));
    EXPECT_THAT(w->roles(who), ElementsAre(w->ids().member));
}

TEST(Found, TheMakingOfAGuildIsAnsweredFromTheInboxWhenItIsRepeated) {
    const auto w = guild();
    const engine::input made{guild_id{77},
                             {policy::actor_kind::local_operator, {}},
                             "",
                             "make-77",
                             engine::create_guild{"Second", member_id{5}}};
    EXPECT_EQ(w->engine().handle(made).verdict, verdict::accepted);
    EXPECT_EQ(w->engine().handle(made).verdict, verdict::accepted);
}

TEST(Found, ALongOutageDoesNotLeaveARoleThatIsNotDeserved) {
    const auto w = guild();
    const member_id who = w->join("Newcomer");
    claim(*w, who, "Aralith");
    ASSERT_THAT(w->roles(who), Contains(w->ids().member));
    w->chat().set_outage(outage::on);
    w->import(demoted);
    w->turn(std::chrono::hours(8));
    w->chat().set_outage(outage::off);
    w->turn(std::chrono::hours(1));
    EXPECT_THAT(w->roles(who), Not(Contains(w->ids().member)));
}

} // namespace
} // namespace patt::testing
