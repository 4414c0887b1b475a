// Whose a guild is, and who may say so.

#include "engine/engine_fixture.hpp"

namespace patt::engine_tests {
namespace {

using ::testing::Contains;
using ::testing::Not;

class ChangeOwner : public ::testing::Test {
protected:
    reply change(member_id to, const engine::origin& by = at_the_machine) {
        return w.engine().handle({w.ids().guild, by, "a journey", "", engine::change_owner{to}});
    }
    errc refused(member_id to, const engine::origin& by = at_the_machine) {
        const reply said = change(to, by);
        EXPECT_EQ(said.verdict, verdict::refused);
        return said.why.value_or(error{}).code;
    }
    member_id owner() { return engine::queries(w.database()).guilds().front().owner; }
    /// Whether somebody may do what a leader may.
    bool leads(member_id who) {
        return w.engine()
                   .handle({w.ids().guild, member_of(who), "", "",
                            engine::change_setting{"policy.roles", "77=officer"}})
                   .verdict == verdict::accepted;
    }

    world w;
    member_id bob = w.join("bob");
};

TEST_F(ChangeOwner, GivesTheGuildAwayAndIsTakenBackTheSameWay) {
    const member_id first = w.ids().owner;
    ASSERT_EQ(change(first).verdict, verdict::refused) << "the guild knows no such member";
    w.handle(joined(first, w.clock().now()));
    EXPECT_FALSE(leads(bob));
    EXPECT_EQ(change(bob, member_of(first)).verdict, verdict::accepted);
    EXPECT_EQ(owner(), bob);
    EXPECT_TRUE(leads(bob));
    EXPECT_FALSE(leads(first));
    EXPECT_EQ(refused(first, member_of(first)), errc::not_allowed);
    EXPECT_EQ(change(first).verdict, verdict::accepted) << "the operator may";
    EXPECT_EQ(owner(), first);
    expect_whole_log(w);
}

TEST_F(ChangeOwner, IsLoggedOnceForEachChange) {
    EXPECT_EQ(change(bob).verdict, verdict::accepted);
    const std::vector<std::string> once = log_kinds(w);
    EXPECT_THAT(once, Contains("owner.changed"));
    EXPECT_EQ(change(bob).verdict, verdict::accepted);
    EXPECT_EQ(log_kinds(w), once) << "nothing has changed";
}

TEST_F(ChangeOwner, IsForNoMemberWhateverTheirRole) {
    w.set("policy.roles", std::to_string(w.ids().gm.value()) + "=leader");
    onboarding::member_joined leader = joined(member_id{8001}, w.clock().now());
    leader.roles = {w.ids().gm};
    w.handle(leader);
    ASSERT_TRUE(leads(member_id{8001}));
    EXPECT_EQ(refused(member_id{8001}, member_of(member_id{8001})), errc::not_allowed);
    EXPECT_THAT(log_kinds(w), Contains("policy.denied"));
    EXPECT_THAT(log_kinds(w), Not(Contains("owner.changed")));
}

TEST_F(ChangeOwner, RefusesWhoIsUnknownOrHasLeft) {
    EXPECT_EQ(refused(member_id{424242}), errc::not_found);
    w.leave(bob);
    EXPECT_EQ(refused(bob), errc::wrong_state);
    EXPECT_EQ(owner(), w.ids().owner);
}

// In one transaction, the next input knows the new owner already.
TEST_F(ChangeOwner, HoldsForTheNextInputOfTheBatch) {
    const std::vector<engine::input> both = {
        {w.ids().guild, at_the_machine, "", "", engine::change_owner{bob}},
        {w.ids().guild, member_of(bob), "", "", engine::change_setting{"policy.roles", "77=officer"}}};
    for (const reply& said : w.engine().handle_all(both)) {
        EXPECT_EQ(said.verdict, verdict::accepted);
    }
}

} // namespace
} // namespace patt::engine_tests
