// The shipped script, with clients on plain libpq: nothing that was acknowledged is lost, whatever becomes of
// the primary. Prints the longest gap, which is the floor for PATT's own hosts.

#include "failover/pair.hpp"
#include "failover/plain_writer.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/session.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <iostream>
#include <set>
#include <string>

namespace patt::failover {
namespace {

using namespace std::chrono_literals;

/// Two writers, something happens to the primary, and they go on.
void check(const std::string& name, const std::function<void(pair&)>& happens) {
    pair nodes;
    nodes.north().run("CREATE TABLE written (n bigint PRIMARY KEY)");
    nodes.watch();
    plain_writer one(nodes.conninfo(), 1);
    plain_writer two(nodes.conninfo(), 2);
    const auto wait_for = [&](std::size_t more) {
        const std::size_t wanted = one.count() + two.count() + more;
        for (int i = 0; i < 4000 && one.count() + two.count() < wanted; ++i) {
            std::this_thread::sleep_for(20ms);
        }
        return one.count() + two.count() >= wanted;
    };
    ASSERT_TRUE(wait_for(20));
    happens(nodes);
    ASSERT_TRUE(wait_for(20)) << "nobody goes on";
    one.stop();
    two.stop();
    const auto rows = nodes.south().run("SELECT n FROM written");
    const std::set<std::string> there(rows.begin(), rows.end());
    std::size_t lost = 0;
    for (const plain_writer* w : {&one, &two}) {
        for (const long long n : w->acknowledged()) {
            lost += there.count(std::to_string(n)) == 0 ? 1U : 0U;
        }
    }
    EXPECT_EQ(lost, 0U);
    EXPECT_EQ(postgres::timeline_of(nodes.south()), 2);
    std::cout << "plain libpq, " << name << ": " << one.count() + two.count() << " rows acknowledged, "
              << lost << " lost, longest gap " << std::max(one.longest_gap(), two.longest_gap()).count()
              << " ms\n";
}

TEST(FailoverScript, PromotesWhenThePrimaryIsKilled) {
    PATT_NEEDS_POSTGRES();
    check("primary killed", [](pair& nodes) {
        nodes.north().kill();
        nodes.wait_for_promotion();
    });
}

TEST(FailoverScript, PromotesWhenThePrimaryHangs) {
    PATT_NEEDS_POSTGRES();
    check("primary hung", [](pair& nodes) {
        nodes.north().hang();
        nodes.wait_for_promotion();
        EXPECT_FALSE(nodes.north().running()) << "it was not fenced";
    });
}

TEST(FailoverScript, SwitchesInOrder) {
    PATT_NEEDS_POSTGRES();
    pair nodes;
    nodes.north().run("CREATE TABLE written (n bigint PRIMARY KEY)");
    plain_writer one(nodes.conninfo(), 1);
    while (one.count() < 20) {
        std::this_thread::sleep_for(5ms);
    }
    nodes.switch_over();
    const std::size_t before = one.count();
    for (int i = 0; i < 8000 && one.count() < before + 20; ++i) {
        std::this_thread::sleep_for(10ms);
    }
    one.stop();
    EXPECT_GE(std::stoull(nodes.south().one("SELECT COUNT(*) FROM written")), one.count());
    std::cout << "plain libpq, planned: longest gap " << one.longest_gap().count() << " ms\n";
    nodes.rejoin();
    EXPECT_EQ(postgres::timeline_of(nodes.north()), 2);
    EXPECT_EQ(nodes.north().one("SELECT pg_is_in_recovery()"), "t");
    EXPECT_EQ(nodes.south().one("SELECT sync_state FROM pg_stat_replication"), "sync");
    nodes.south().run("INSERT INTO written VALUES (-1)"); // Waits for the one that came back.
}

TEST(FailoverScript, LeavesAPrimaryAloneThatTurnsTheWatcherAway) {
    PATT_NEEDS_POSTGRES();
    pair nodes;
    nodes.watch();
    nodes.north().run("ALTER DATABASE postgres ALLOW_CONNECTIONS false; SELECT pg_terminate_backend(pid) FROM"
                      " pg_stat_activity WHERE application_name = 'psql'",
                      "template1");
    std::this_thread::sleep_for(2s);
    EXPECT_TRUE(nodes.north().running()) << "it was fenced, though it lives";
    EXPECT_EQ(nodes.south().one("SELECT pg_is_in_recovery()", "template1"), "t");
}

TEST(FailoverScript, PromotesNobodyWhoMayLackWhatWasAcknowledged) {
    PATT_NEEDS_POSTGRES();
    pair nodes;
    nodes.watch();
    postgres::make_asynchronous(nodes.north());
    std::this_thread::sleep_for(2500ms); // The watcher looks once a second.
    nodes.north().kill();
    std::this_thread::sleep_for(2s);
    EXPECT_EQ(nodes.south().one("SELECT pg_is_in_recovery()"), "t");
}

} // namespace
} // namespace patt::failover
