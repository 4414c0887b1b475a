// An embedder's own unit test: a whole guild in memory, with a clock that the test turns.
#include <patt/testing/world.hpp>

#include <gtest/gtest.h>

using patt::testing::world;

TEST(Newcomer, BecomesAMemberAndGetsTheRoleOfTheirRank) {
    patt::testing::world_options how;
    how.roster = "Aralith-Senjin, Druid, 2";
    world w(how);
    const patt::member_id bob = w.join("bob");
    w.say(bob, "yes");
    w.say(bob, "Aralith");
    w.say(bob, "yes, that is me");
    w.say(bob, "none");
    EXPECT_EQ(w.roles(bob), std::vector{w.ids().veteran});
}

TEST(Newcomer, IsRemindedOnceWhenSilent) {
    world w;
    const patt::member_id bob = w.join("bob");
    w.turn(std::chrono::hours(12));
    EXPECT_EQ(w.inbox(bob).size(), 2U); // the welcome and one reminder
}
