// Two threads of a host claim at once, on connections of their own: who has little to do waits for nobody who
// is in the middle of a long backlog, and a guild is in one's hands at a time. PostgreSQL only.
#include "engine/outbox_fixture.hpp"
#include "engine/spoken.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <string_view>
#include <thread>

namespace patt::engine_tests {
namespace {

using ::testing::SizeIs;

constexpr guild_id other{2};

/// The first claim is held until the test lets it go on, or for ten seconds.
struct ClaimingThreads : ::testing::Test {
    spoken said;
    std::atomic<int> claims{0};
    std::atomic<bool> go_on{false};
    std::unique_ptr<world> w;
    std::thread first;

    ClaimingThreads() {
        testing::world_options how;
        how.database = recording(fresh_database(), said);
        how.roster = "";
        w = std::make_unique<world>(how);
        static_cast<void>(w->engine().handle(
            {other, at_the_machine, "", "", engine::create_guild{"Other", member_id{900}}}));
        said.on_statement = [this](std::string_view sql) {
            if (sql.find("UPDATE outbox SET attempts") != std::string_view::npos && ++claims == 1) {
                wait_for([&] { return go_on.load(); });
            }
        };
    }
    ~ClaimingThreads() override {
        go_on = true;
        if (first.joinable()) {
            first.join();
        }
    }
    static bool wait_for(const std::function<bool()>& what) {
        for (int i = 0; i < 10'000 && !what(); ++i) {
            std::this_thread::sleep_for(1ms);
        }
        return what();
    }
    void queue(guild_id guild, int effects) {
        beside(*w, [&](store::connection& db) {
            for (int i = 0; i < effects; ++i) {
                const std::string lane = fmt::format("lane{:03}", i);
                const std::int64_t id = guild.value() * 1000 + i;
                store::insert_effect(db, guild, post(id, fmt::format("{} {}", guild.value(), lane), lane),
                                     effect_state::pending, w->clock().now());
            }
        });
        w->clock().turn(2s); // Time to look around, once.
    }
    /// A thread that is in the middle of a claim of guild 1.
    void begin_backlog() {
        queue(w->ids().guild, 20);
        w->engine().keep_leases(); // Not again: it would wait for the claim, whose leases must not go.
        first = std::thread([this] { w->engine().dispatch(0ms); });
        ASSERT_TRUE(wait_for([&] { return claims == 1; }));
    }
    [[nodiscard]] engine::engine_metrics metrics() const { return w->engine().metrics(); }
};

TEST_F(ClaimingThreads, OneInABacklogKeepsNobodyElseWaiting) {
    begin_backlog();
    queue(other, 1);
    EXPECT_EQ(w->engine().dispatch(500ms), 1);
    EXPECT_EQ(metrics().effects_claimed, 1) << "the first has come through";
}

TEST_F(ClaimingThreads, AGuildIsInOnesHandsAtATime) {
    begin_backlog();
    w->clock().turn(2s); // The guild is found again.
    EXPECT_EQ(w->engine().dispatch(100ms), 0);
    EXPECT_EQ(claims, 1) << "claimed by two";
    EXPECT_EQ(metrics().effects_claimed, 0);
    go_on = true;
    first.join();
    for (int i = 0; i < 100 && post_keys(*w).size() < 20; ++i) {
        w->engine().dispatch(10ms);
    }
    EXPECT_THAT(post_keys(*w), SizeIs(20));
    EXPECT_EQ(metrics().effects_claimed, 20);
}

TEST_F(ClaimingThreads, WhatWasToldInTheMiddleIsNotForgotten) {
    begin_backlog();
    beside(*w, [&](store::connection& db) { // Below those that are being looked at.
        store::insert_effect(db, w->ids().guild, post(500, "late", "late"), effect_state::pending,
                             w->clock().now());
    });
    w->clock().turn(2s);
    EXPECT_EQ(w->engine().dispatch(50ms), 0);
    go_on = true;
    first.join();
    for (int i = 0; i < 100 && post_keys(*w).size() < 21; ++i) {
        w->engine().dispatch(10ms);
    }
    EXPECT_THAT(post_keys(*w), SizeIs(21));
}

} // namespace
} // namespace patt::engine_tests
