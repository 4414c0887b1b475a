// A host that looks for work goes through what is due, not through what waits for its time.
#include "engine/outbox_fixture.hpp"
#include "engine/spoken.hpp"

#include <fmt/core.h>

#include <functional>

namespace patt::engine_tests {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct IdleLook : ::testing::Test {
    static constexpr int many = 500;
    spoken said;
    std::unique_ptr<world> w;

    IdleLook() {
        testing::world_options how;
        how.database = recording(fresh_database(), said);
        how.roster = "";
        w = std::make_unique<world>(how);
        w->settle();
    }
    /// Posts with the ids from `first` on, in the lanes that `lane_of` says.
    void put(int first, int count, const std::function<std::string(int)>& lane_of) {
        beside(*w, [&](store::connection& db) {
            for (int i = first; i < first + count; ++i) {
                store::insert_effect(db, w->ids().guild, post(i, fmt::format("p{:04}", i), lane_of(i)),
                                     effect_state::pending, w->clock().now());
            }
        });
    }
    /// As after attempts that failed.
    void put_off(int first, int count, duration by) {
        beside(*w, [&](store::connection& db) {
            for (int i = first; i < first + count; ++i) {
                store::retry_effect(db, w->ids().guild, effect_id{i}, w->clock().now() + by, "later");
            }
        });
    }
    /// How many statements a look for work and what follows from it take.
    int statements_of_a_look() {
        w->clock().turn(3s);
        said.listens = true;
        const engine::run_report report = w->engine().run_once(0s);
        said.listens = false;
        EXPECT_EQ(report.effects, 0);
        int out = 0;
        for (const spoken::statement& s : said.all()) {
            out += s.times;
        }
        said = {};
        return out;
    }
};

std::string own_lane(int i) {
    return fmt::format("lane{}", i);
}

TEST_F(IdleLook, CostsTheSameHoweverManyEffectsWaitForTheirTime) {
    const int without = statements_of_a_look();
    put(1, many, own_lane);
    put_off(1, many, 1h);
    EXPECT_EQ(statements_of_a_look(), without) << "the list of guilds says that nothing is due";
    EXPECT_EQ(w->engine().run_once(0s).next_due, w->clock().now() + 1h - 3s);
    w->turn(1h);
    EXPECT_THAT(post_keys(*w), SizeIs(many));
}

TEST_F(IdleLook, FindsWhatIsDueAmongThem) {
    put(1, many, own_lane);
    put_off(1, many, 1h);
    put(many + 1, 1, own_lane);
    put_off(many / 2, 1, 1s); // A retry with a lower id.
    w->turn(3s);
    EXPECT_THAT(post_keys(*w), ElementsAre("p0501", "p0250"));
}

TEST_F(IdleLook, WhatWaitsHoldsBackWhatStandsBehindItInItsLane) {
    const auto two_lanes = [](int i) { return std::string(i % 2 == 0 ? "even" : "odd"); };
    put(1, 6, two_lanes);
    put_off(1, 1, 1h); // The first of the odd ones.
    w->turn(3s);
    EXPECT_THAT(post_keys(*w), ElementsAre("p0002", "p0004", "p0006"));
    put_off(3, 1, 2h); // Another one in the middle.
    w->turn(1h);
    EXPECT_THAT(post_keys(*w), ElementsAre("p0002", "p0004", "p0006", "p0001"));
    w->turn(1h);
    EXPECT_THAT(post_keys(*w), ElementsAre("p0002", "p0004", "p0006", "p0001", "p0003", "p0005"));
}

/// The time of an effect is that at which its input began, and that one may have waited for the guild.
TEST_F(IdleLook, WhatIsToldOfIsFoundThoughItIsOlderThanWhatWasLookedAt) {
    put(1, 1, own_lane);
    put_off(1, 1, 1h); // The guild is not forgotten meanwhile.
    const auto posts = [&](member_id who) {
        static_cast<void>(join_quietly(*w, who));
        // Another thread claims, and may take its time: as often as it needs, while the clock stands.
        for (int i = 0; i < 400 && w->inbox(who).empty(); ++i) {
            static_cast<void>(w->engine().dispatch(5ms));
        }
        return w->inbox(who).size();
    };
    w->clock().turn(3s);
    ASSERT_EQ(posts(member_id{71}), 1U);
    w->clock().turn(-1s);
    EXPECT_EQ(posts(member_id{72}), 1U) << "without another look around";
}

} // namespace
} // namespace patt::engine_tests
