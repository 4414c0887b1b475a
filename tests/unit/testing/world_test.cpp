#include <patt/testing/world.hpp>

#include <gmock/gmock.h>

#include <chrono>

namespace patt::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// Joins and answers every question, up to the last one.
member_id newcomer(world& w) {
    const member_id zat = w.join("Zatanna");
    w.say(zat, "yes");
    w.say(zat, "Zatañña");
    w.say(zat, "yes");
    w.say(zat, "none");
    return zat;
}

TEST(World, LeadsANewcomerToTheirRole) {
    world w;
    const member_id zat = newcomer(w);
    w.turn(1h);
    EXPECT_THAT(w.roles(zat), Contains(w.ids().initiate));
    EXPECT_THAT(w.posts(w.ids().welcome), SizeIs(1));
    for (const ledger_count& c : w.chat().counted_by_key()) {
        EXPECT_EQ(c.times, 1U) << c.what;
    }
}

TEST(World, GoesOnAfterARestart) {
    world w;
    const member_id zat = w.join("Zatanna");
    w.restart();
    w.say(zat, "yes");
    w.restart();
    w.say(zat, "Zatañña");
    w.say(zat, "yes");
    w.restart();
    w.say(zat, "none");
    w.turn(1h);
    EXPECT_THAT(w.roles(zat), Contains(w.ids().initiate));
}

TEST(World, RemindsWhoeverIsSilent) {
    world w;
    const member_id zat = w.join("Zatanna");
    const std::size_t asked = w.inbox(zat).size();
    EXPECT_GE(asked, 1U);
    w.turn(59min);
    EXPECT_THAT(w.inbox(zat), SizeIs(asked));
    w.turn(2min);
    EXPECT_THAT(w.inbox(zat), SizeIs(asked + 1));
    w.turn(5h);
    EXPECT_THAT(w.inbox(zat), SizeIs(asked + 1)) << "one reminder only";
}

TEST(World, TellsTheOfficersOnce) {
    world w;
    const member_id who = w.join("Stranger");
    w.say(who, "yes");
    w.say(who, "Qwertzuiop");
    w.say(who, "none");
    EXPECT_THAT(w.posts(w.ids().audit), IsEmpty());
    w.turn(25h);
    EXPECT_THAT(w.posts(w.ids().audit), Not(IsEmpty()));
    const std::size_t told = w.posts(w.ids().audit).size();
    w.turn(50h);
    EXPECT_THAT(w.posts(w.ids().audit), SizeIs(told));
}

TEST(World, ComesThroughAnOutage) {
    world w;
    w.chat().set_outage(outage::on);
    const member_id zat = w.join("Zatanna");
    w.turn(3min);
    EXPECT_THAT(w.inbox(zat), IsEmpty());
    w.chat().set_outage(outage::off);
    w.turn(30min);
    EXPECT_THAT(w.inbox(zat), Not(IsEmpty()));
}

TEST(World, TheSameSeedTellsTheSameStory) {
    std::string first;
    for (int run = 0; run < 2; ++run) {
        world w;
        newcomer(w);
        w.turn(48h);
        const std::string told = w.chat().to_json();
        EXPECT_TRUE(first.empty() || told == first);
        first = told;
    }
}

TEST(World, AWrongSettingIsAFailure) {
    world_options how;
    how.settings = {{"no.such.setting", "x"}};
    EXPECT_THROW(world{how}, failure);
}

} // namespace
} // namespace patt::testing
