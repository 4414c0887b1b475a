// Who is told that there is work: what they throw, when they may go, and threads that cannot be started.
#include "engine/engine_fixture.hpp"

#include <patt/engine/runner.hpp>

#include <pthread.h>
#include <sys/resource.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <future>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace patt::engine_tests {
namespace {

using ::testing::SizeIs;

TEST(News, WhatTheirReceiverThrowsIsNoFailureOfTheInputs) {
    world w;
    int told = 0;
    w.engine().on_work([&](engine::news) {
        ++told;
        throw std::runtime_error("not now");
    });
    const std::vector<member_id> who{member_id{7001}, member_id{7002}};
    std::vector<engine::input> both;
    for (const member_id each : who) {
        w.chat().add_member(w.ids().guild, {each, "User", {}});
        both.push_back({w.ids().guild, {}, "", "", joined(each, w.clock().now())});
    }
    const std::int64_t before = w.engine().metrics().batches;
    EXPECT_THAT(w.engine().handle_all(both), SizeIs(2));
    EXPECT_EQ(w.engine().metrics().batches, before + 1) << "committed once, and not run again";
    EXPECT_EQ(told, 1);
    EXPECT_EQ(w.engine().metrics().news_failed, 1);
    w.settle();
    for (const member_id each : who) {
        EXPECT_THAT(w.inbox(each), SizeIs(1));
    }
}

TEST(News, TheReceiverThatIsTakenAwayRunsNoMore) {
    world w;
    std::promise<void> inside;
    std::promise<void> go_on;
    std::atomic<bool> over{false};
    w.engine().on_work([&](engine::news) {
        inside.set_value();
        go_on.get_future().wait();
        over = true;
    });
    std::thread commits([&] { static_cast<void>(join_quietly(w, member_id{7001})); });
    inside.get_future().wait();
    std::atomic<bool> taken{false};
    std::thread takes([&] {
        w.engine().on_work({});
        EXPECT_TRUE(over) << "it was still running";
        taken = true;
    });
    std::this_thread::sleep_for(50ms);
    EXPECT_FALSE(taken);
    go_on.set_value();
    takes.join();
    commits.join();
    EXPECT_EQ(join_quietly(w, member_id{7002}).verdict, verdict::accepted);
}

/// Room for two more threads, and ends well when the runner says that there was none for a third.
[[noreturn]] void start_with_little_room() {
    int status = 1;
    {
        world w;
        constexpr rlim_t one_thread = rlim_t{512} << 20U;
        pthread_attr_t big;
        pthread_attr_init(&big);
        pthread_attr_setstacksize(&big, one_thread);
        pthread_setattr_default_np(&big);
        std::ifstream statm("/proc/self/statm");
        rlim_t pages = 0;
        statm >> pages;
        rlimit room{};
        getrlimit(RLIMIT_AS, &room);
        room.rlim_cur = pages * 4096 + one_thread * 5 / 2;
        setrlimit(RLIMIT_AS, &room);
        try {
            const engine::runner loops(w.engine(), w.clock(), {});
        } catch (const std::system_error&) {
            status = join_quietly(w, member_id{7001}).verdict == verdict::accepted ? 0 : 2;
        }
    }
    std::_Exit(status);
}

TEST(Runner, ThatCannotStartAThreadStopsThoseThatItHas) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(start_with_little_room(), ::testing::ExitedWithCode(0), "");
}

} // namespace
} // namespace patt::engine_tests
