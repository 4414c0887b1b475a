// A guild with more effects than are claimed at once.
#include "engine/outbox_fixture.hpp"
#include "engine/spoken.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace patt::engine_tests {
namespace {

using ::testing::SizeIs;

struct Backlog : ::testing::Test {
    spoken said;
    std::unique_ptr<world> w;
    std::int64_t most = 0; ///< So many were claimed and not performed yet.

    Backlog() {
        testing::world_options how;
        how.database = recording(fresh_database(), said);
        how.roster = "";
        w = std::make_unique<world>(how);
    }
    /// @param lane_of  Of the effect with a number.
    void queue(int effects, const std::function<int(int)>& lane_of) {
        beside(*w, [&](store::connection& db) {
            for (int i = 0; i < effects; ++i) {
                const std::string lane = fmt::format("lane{:03}", lane_of(i));
                store::insert_effect(db, w->ids().guild, post(i + 1, fmt::format("{} {:05}", lane, i), lane),
                                     effect_state::pending, w->clock().now());
            }
        });
        w->clock().turn(2s); // Time to look around, once.
        w->engine().keep_leases();
    }
    /// Until nothing comes any more without another look around.
    int work_off() {
        int done = 0;
        for (int idle = 0; idle < 20;) {
            const int now = w->engine().dispatch(5ms);
            done += now;
            most = std::max(most, w->engine().metrics().queued_effects);
            idle = now == 0 ? idle + 1 : 0;
        }
        return done;
    }
};

TEST_F(Backlog, LanesOfAFullGuildAreLookedForTogether) {
    constexpr int effects = 400;
    queue(effects, [](int i) { return i; });
    said.listens = true;
    EXPECT_EQ(work_off(), effects);
    said.listens = false;
    int looks = 0;
    for (const spoken::statement& s : said.all()) {
        looks += s.sql.find("firsts AS") != std::string::npos ? s.times : 0;
    }
    EXPECT_GT(looks, 0);
    // For half of the 32 that are claimed at once together, in at most two statements, and those of the end;
    // there were 100. Others wait for each.
    EXPECT_LE(looks, effects / 8 + 15);
}

TEST_F(Backlog, LanesOfAFullGuildKeepTheirOrderAndAreNotForgotten) {
    constexpr int lanes = 40;
    constexpr int each = 3;
    queue(lanes * each, [](int i) { return i / each; }); // A look passes those that are not the first.
    EXPECT_EQ(work_off(), lanes * each);
    const std::vector<std::string> keys = post_keys(*w);
    EXPECT_THAT(keys, SizeIs(lanes * each));
    std::map<std::string, std::string> last;
    for (const std::string& key : keys) {
        std::string& before = last[key.substr(0, 7)];
        EXPECT_LT(before, key);
        before = key;
    }
}

TEST_F(Backlog, OfLongLanesTakesNoMoreThanItsShare) {
    constexpr int lanes = 200;
    queue(lanes * 10, [](int i) { return i % lanes; });
    EXPECT_EQ(work_off(), lanes * 10);
    EXPECT_LE(most, engine::options{}.claims) << "the queue has room for others";
}

TEST_F(Backlog, WhatIsClaimedIsPerformedWhileMoreIsLookedFor) {
    queue(200, [](int) { return 0; }); // The first is claimed; more than one step finds those behind it.
    std::atomic<int> there{0};
    std::atomic<int> steps{0};
    std::atomic<bool> in_time{false};
    const auto wait_for = [](const auto& what) { // Shorter than until the next look around.
        for (int i = 0; i < 500 && !what(); ++i) {
            std::this_thread::sleep_for(1ms);
        }
        return what();
    };
    said.on_statement = [&](std::string_view sql) {
        if (sql.find("AS found") == std::string_view::npos) {
            return;
        }
        const int step = ++steps;
        if (step == 1) {
            wait_for([&] { return there == 2; });
            std::this_thread::sleep_for(20ms); // The other one waits for work by then.
        } else if (step == 2) {
            in_time = wait_for([&] { return w->engine().metrics().effects_performed > 0; });
        }
    };
    const auto dispatch = [&] {
        ++there;
        w->engine().dispatch(2s);
    };
    std::thread other(dispatch);
    dispatch();
    other.join();
    EXPECT_GE(steps, 2);
    EXPECT_TRUE(in_time);
}

TEST_F(Backlog, OfAHostWithoutTrustInItsLeasesIsLeftAloneInPeace) {
    queue(5, [](int i) { return i; });
    // Told of work, and then silent for longer than a lease lasts.
    static_cast<void>(
        w->engine().handle({w->ids().guild, {}, "", "", joined(member_id{7001}, w->clock().now())}));
    w->clock().turn(7s);
    std::timespec before{};
    std::timespec after{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    EXPECT_EQ(w->engine().dispatch(300ms), 0);
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    const double used =
        std::chrono::duration<double>(std::chrono::seconds(after.tv_sec - before.tv_sec) +
                                      std::chrono::nanoseconds(after.tv_nsec - before.tv_nsec))
            .count();
    EXPECT_LT(used, 0.1) << "it looked again and again";
    w->engine().keep_leases();
    w->clock().turn(2s);
    EXPECT_GT(work_off(), 5);
}

TEST_F(Backlog, IsWorkedOnAtOnceWhenTheLeasesAreTrustedAgain) {
    static_cast<void>(
        w->engine().handle({w->ids().guild, {}, "", "", joined(member_id{7001}, w->clock().now())}));
    w->clock().turn(7s);
    w->engine().dispatch(1ms); // Its time to look around was then.
    using clock = std::chrono::steady_clock;
    clock::time_point performed{};
    std::thread waits([&] {
        EXPECT_GT(w->engine().dispatch(5s), 0);
        performed = clock::now();
    });
    std::this_thread::sleep_for(100ms); // It waits by then; the next look would be after a second.
    w->engine().keep_leases();
    const auto trusted = clock::now();
    waits.join();
    EXPECT_LT(performed - trusted, 600ms);
}

TEST_F(Backlog, KeepsNoOlderEffectOfItsGuildWaitingToItsEnd) {
    constexpr int effects = 600;
    queue(effects, [](int i) { return i; });
    int before = 0;
    while (before < 100) {
        before += w->engine().dispatch(5ms);
    }
    beside(*w, [&](store::connection& db) { // Below what is looked at by now, as a retry would be.
        db.run("UPDATE outbox SET effect_id = 1 WHERE effect_key = 'lane599 00599'", {});
    });
    w->clock().turn(2s); // Everybody looks around.
    w->engine().keep_leases();
    const auto performed = [&] {
        const std::vector<std::string> keys = post_keys(*w);
        return std::find(keys.begin(), keys.end(), "lane599 00599") != keys.end();
    };
    int after = 0;
    for (int i = 0; i < 200 && !performed(); ++i) {
        after += w->engine().dispatch(5ms);
    }
    EXPECT_TRUE(performed());
    EXPECT_LT(after, 200) << "it waited for the whole pass";
}

} // namespace
} // namespace patt::engine_tests
