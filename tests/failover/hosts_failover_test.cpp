// Three hosts on two nodes: the primary is killed, hung or switched over under load. The hosts go on by
// themselves, nothing that was acknowledged is lost, no effect is seen twice, and the old primary is never
// asked again.

#include "failover/pair.hpp"
#include "hosts/guilds.hpp"
#include "hosts/planted.hpp"
#include "hosts/rig.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/session.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <string>
#include <thread>

namespace patt::failover {
namespace {

using namespace std::chrono_literals;

enum class watched : std::uint8_t { no, yes };

struct bounds {
    std::chrono::milliseconds aim;
    std::chrono::milliseconds most; ///< Fails from here on, in the long form.
};

/// The crowd walks, something happens to the primary at about a third of the way, the hosts go on.
/// @return the longest time in which nothing was acknowledged.
std::chrono::milliseconds check(const std::string& name, watched by, bounds gap,
                                const std::function<void(pair&)>& happens, fencing fenced = fencing::kills) {
    const hosts::size how{20, hosts::members_of_a_roster(), 8};
    pair nodes(
        [&](postgres::server& alone) {
            alone.run("CREATE DATABASE guilds TEMPLATE template0");
            hosts::make_guilds(alone.conninfo("guilds"), how);
        },
        fenced);
    hosts::rig town(nodes.conninfo("guilds"), how, 3, "");
    const auto ways = hosts::ways_of(how, 1);
    hosts::walk_options walking;
    walking.most = 180s;
    walking.spread = 15s; // Somebody is on the way all the time.
    std::size_t before = 0;
    const auto crowd = hosts::walk(ways, town.sockets(), town.chat_socket(), walking,
                                   [&](const std::atomic<std::size_t>& done) {
                                       for (int i = 0; i < 6000 && done < ways.size(); ++i) {
                                           std::this_thread::sleep_for(10ms);
                                       }
                                       if (by == watched::yes) { // Not sooner: a busy machine looks dead.
                                           nodes.watch();
                                       }
                                       EXPECT_TRUE(nodes.north().running());
                                       before = done;
                                       town.disturbed_all();
                                       happens(nodes);
                                       std::this_thread::sleep_for(2s);
                                       town.healed();
                                   });
    const auto db = hosts::open_whole(nodes.south().conninfo("guilds"))->connect();
    const std::string left = hosts::wait_for_rest(*db, 60s);
    const hosts::findings found = hosts::check(*db, town.world(), town.testimony(ways, crowd));
    EXPECT_EQ(left, "");
    for (std::size_t i = 0; i < std::min<std::size_t>(found.broken.size(), 20); ++i) {
        ADD_FAILURE() << found.broken[i];
    }
    EXPECT_EQ(postgres::timeline_of(nodes.south()), 2);
    EXPECT_LT(before + 100, crowd.acknowledged.size()) << "nobody was there to notice";
    std::cout << "hosts, " << name << ": " << crowd.acknowledged.size() << " inputs acknowledged, "
              << crowd.acknowledged.size() - before << " of them afterwards, " << found.effects
              << " effects seen, " << found.repeats << " calls repeated, " << found.broken.size()
              << " broken, longest gap " << crowd.longest_gap.count() << " ms (aim: " << gap.aim.count()
              << "), longest wait for a message " << crowd.longest_wait.count() << " ms\n"
              << town.complaints();
    if (std::getenv("PATT_TEST_LONG") != nullptr) { // As measured: with fsync, and nothing else running.
        EXPECT_LT(crowd.longest_gap, gap.most);
        EXPECT_LT(crowd.longest_wait, gap.most + hosts::lease_ttl) << "nobody looked for what nobody told of";
    }
    return crowd.longest_gap;
}

/// What a server has logged, from a place on.
std::string logged(const postgres::server& by, std::size_t from = 0) {
    std::ifstream file(by.log());
    const std::string all{std::istreambuf_iterator<char>(file), {}};
    return all.substr(std::min(from, all.size()));
}

void expect_nobody_asked(const std::string& log) {
    for (const char* asked : {"FROM guild", "FROM lease", "FROM outbox", "INSERT INTO", "UPDATE "}) {
        EXPECT_EQ(log.find(asked), log.npos) << "the old primary was asked: " << asked;
    }
}

TEST(HostsFailover, GoOnWhenThePrimaryIsKilledAndComesBackAsItWas) {
    PATT_NEEDS_POSTGRES();
    check("primary killed, the old one back as it was", watched::yes, {1000ms, 1000ms}, [](pair& nodes) {
        nodes.north().kill();
        nodes.wait_for_promotion();
        std::ofstream(nodes.north().data() / "postgresql.auto.conf", std::ios::app)
            << "log_statement = 'all'\n";
        nodes.north().start();
        // Whoever has to connect again finds it first in the string.
        nodes.south().run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'guilds'");
        std::this_thread::sleep_for(2s);
        expect_nobody_asked(logged(nodes.north()));
    });
}

TEST(HostsFailover, GoOnWhenThePrimaryHangs) {
    PATT_NEEDS_POSTGRES();
    check("primary hung", watched::yes, {3000ms, 3000ms}, [](pair& nodes) {
        nodes.north().hang();
        nodes.wait_for_promotion();
    });
}

/// Hosts that begin meanwhile have the time-outs of production.
class long_waits {
public:
    long_waits() { ::setenv(hosts::as_in_production, "1", 1); }
    long_waits(const long_waits&) = delete;
    long_waits& operator=(const long_waits&) = delete;
    ~long_waits() { ::unsetenv(hosts::as_in_production); }
};

/// Of ours on the old primary, without those that wait for a standby which never comes. A server process that
/// is told to end needs its time.
std::string sessions_left(const postgres::server& on) {
    const char* const sql =
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = 'guilds' AND application_name = 'patt'"
        " AND wait_event IS DISTINCT FROM 'SyncRep'";
    std::string left = on.one(sql);
    for (int i = 0; i < 50 && left != "1"; ++i) {
        std::this_thread::sleep_for(100ms);
        left = on.one(sql);
    }
    return left;
}

// The worst that a fence can do: it says that the old primary is dead, and that one goes on where it was
// stopped, with all its sessions. Its commits wait for a standby that does not follow it any more, so it
// acknowledges nothing.
TEST(HostsFailover, GoOnWhenThePrimaryHungAndRunsAgainAsIfNothingHadBeen) {
    PATT_NEEDS_POSTGRES();
    const long_waits production; // With short ones everybody hangs up before it runs again.
    const auto happens = [](pair& nodes) {
        nodes.north().set("log_statement", "all");
        nodes.north().hang();
        nodes.wait_for_promotion();
        const std::size_t hung = logged(nodes.north()).size();
        nodes.north().resume();
        // What had been sent is run, whoever hears of it. They look again every two seconds.
        std::this_thread::sleep_for(5s);
        EXPECT_TRUE(nodes.north().running()) << "it was fenced";
        const std::size_t over = logged(nodes.north()).size();
        EXPECT_GT(over, hung) << "it did not run again";
        std::this_thread::sleep_for(5s);
        expect_nobody_asked(logged(nodes.north(), over));
        EXPECT_EQ(sessions_left(nodes.north()), "1")
            << "only the idle one of this test, which has asked nothing";
    };
    check("primary hung, and running again", watched::yes, {3000ms, 3000ms}, happens, fencing::only_says_so);
}

TEST(HostsFailover, GoOnThroughAPlannedChange) {
    PATT_NEEDS_POSTGRES();
    check("planned", watched::no, {460ms, 460ms}, [](pair& nodes) { nodes.switch_over(); });
}

} // namespace
} // namespace patt::failover
