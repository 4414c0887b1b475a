// Three hosts, one PostgreSQL, a hundred guilds: whatever is done to the hosts, nothing is done twice and
// nothing is lost.

#include "hosts/guilds.hpp"
#include "hosts/planted.hpp"
#include "hosts/rig.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/session.hpp"
#include "postgres/shared_server.hpp"
#include "postgres/walls.hpp"

#include <patt/engine/system.hpp>
#include <patt/testing/fake_chat.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <thread>

namespace patt::hosts {
namespace {

using namespace std::chrono_literals;

bool is_long() {
    return std::getenv("PATT_TEST_LONG") != nullptr;
}

/// A database with all guilds, made once for the program; each run gets a copy.
const std::string& made_guilds(const size& how) {
    static const std::string where = [&] {
        const std::string fresh = postgres::fresh_database();
        make_guilds(fresh, how);
        return fresh;
    }();
    return where;
}

std::string copy_of(const std::string& database) {
    const auto name = database.substr(database.rfind('/') + 1);
    static int copies = 0;
    const std::string copy = name + "_copy" + std::to_string(++copies);
    postgres::session(postgres::shared_server().conninfo())
        .run("CREATE DATABASE " + copy + " TEMPLATE " + name);
    std::string where = postgres::shared_server().conninfo(copy);
    postgres::make_roles(where); // Settings of a database are not copied.
    return where;
}

struct outcome {
    findings found;
    crowd_report crowd;
    std::vector<takeover> takeovers;
};

/// What is done to hosts, one fault after the other.
struct plan {
    size guilds;
    std::vector<fault> faults; ///< Those of `rig::disturb` in turn when it is empty, `count` of them.
    int count = 0;
    std::string plant = {};
};

outcome run(const plan& what) {
    constexpr std::chrono::milliseconds a_fault{3300}; // A lease, and what the fault takes itself.
    const int count = what.faults.empty() ? what.count : static_cast<int>(what.faults.size());
    rig town(copy_of(made_guilds(what.guilds)), what.guilds, 3, what.plant);
    const auto ways = ways_of(what.guilds, 1);
    walk_options how;
    how.spread = a_fault * count;
    how.most = std::chrono::seconds(30 + count * 6);
    outcome out;
    out.crowd = walk(ways, town.sockets(), town.chat_socket(), how, [&](const std::atomic<std::size_t>&) {
        for (int i = 0; i < count; ++i) {
            if (what.faults.empty()) {
                town.disturb();
            } else {
                town.disturb(what.faults[static_cast<std::size_t>(i)], static_cast<std::size_t>(i % 3));
            }
        }
    });
    const std::string left = wait_for_rest(town.db(), 120s);
    out.found = check(town.db(), town.world(), town.testimony(ways, out.crowd));
    if (!left.empty()) {
        out.found.broken.push_back("effect-lost: " + left);
    }
    out.takeovers = town.takeovers();
    std::sort(out.takeovers.begin(), out.takeovers.end(),
              [](const takeover& a, const takeover& b) { return a.took < b.took; });
    const takeover none;
    const takeover& longest = out.takeovers.empty() ? none : out.takeovers.back();
    const takeover& middle = out.takeovers.empty() ? none : out.takeovers[out.takeovers.size() / 2];
    std::cout << (what.plant.empty() ? "sound" : what.plant) << ": " << count << " faults, "
              << out.crowd.acknowledged.size() << " inputs acknowledged (" << out.crowd.asked << " sent), "
              << out.found.effects << " effects seen, " << out.found.repeats << " calls repeated ("
              << out.found.late_calls << " by who had just been let go on); taken over within "
              << longest.took.count() << " ms (median " << middle.took.count() << ", of the longest "
              << longest.late.count() << " ms the machine was away), a lease lasts " << lease_ttl.count()
              << " ms; " << out.found.broken.size() << " broken"
              << (out.found.broken.empty() ? "" : ", first: " + out.found.broken.front()) << '\n';
    if (!out.found.broken.empty()) {
        std::cout << town.complaints();
    }
    return out;
}

TEST(ManyHosts, AreKilledPausedAndCutOffAndNothingIsBroken) {
    PATT_NEEDS_POSTGRES();
    const outcome got = run({{100, members_of_a_roster(), is_long() ? 60 : 6}, {}, is_long() ? 200 : 10});
    for (std::size_t i = 0; i < std::min<std::size_t>(got.found.broken.size(), 20); ++i) {
        ADD_FAILURE() << got.found.broken[i];
    }
    EXPECT_GT(got.found.effects, 1000U);
    ASSERT_FALSE(got.takeovers.empty());
    // The lease runs out, and somebody looks then.
    constexpr std::chrono::milliseconds looking{300};
    for (const takeover& t : got.takeovers) {
        EXPECT_LE(t.took, lease_ttl + looking + t.late) << "the machine was away for " << t.late.count();
    }
}

TEST(ManyHosts, RenewTheirLeasesWhileSomebodyWhoStoppedKeepsOthersLocked) {
    PATT_NEEDS_POSTGRES();
    const std::string where = postgres::fresh_database();
    make_guilds(where, {1, 5, 0});
    const auto database = open_database(where);
    engine::system_clock clock;
    engine::system_entropy entropy;
    testing::fake_chat nobody(static_cast<engine::clock&>(clock));
    engine::engine host(database, {nobody, clock, entropy}, host_options());
    const auto held = [&] {
        static_cast<void>(host.keep_leases());
        return host.metrics().held_partitions;
    };
    while (held() < 64) { // Whoever made the guilds has left its leases to run out.
        std::this_thread::sleep_for(50ms);
    }
    postgres::session other(where);
    other.run("UPDATE lease SET holder = 7, expires_at = 0 WHERE lease_key < 20");
    other.run("BEGIN");
    other.run("SELECT epoch FROM lease WHERE lease_key < 20 FOR UPDATE");
    std::this_thread::sleep_for(heartbeat);
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(held(), 44);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 2s) << "it waited for who had stopped";
    other.run("ROLLBACK");
    for (int i = 0; i < 100 && held() < 64; ++i) {
        std::this_thread::sleep_for(20ms);
    }
    EXPECT_EQ(held(), 64);
}

/// A planted fault shows in the way that is its own.
void expect_red(const plan& what, const std::vector<std::string>& shows) {
    if (!is_long()) {
        GTEST_SKIP() << "half a minute each: in the long form";
    }
    const outcome got = run(what);
    const auto tells = [&](const std::string& broken) {
        return std::any_of(shows.begin(), shows.end(),
                           [&](const std::string& part) { return broken.find(part) != broken.npos; });
    };
    EXPECT_TRUE(std::any_of(got.found.broken.begin(), got.found.broken.end(), tells))
        << what.plant << " was not noticed";
}

const size few{100, members_of_a_roster(), 2};

TEST(ManyHostsPlanted, ShowsWhenWhoWasPausedGoesOn) {
    PATT_NEEDS_POSTGRES();
    // It shows between the waking of one and the next heartbeat of the others: a few times that.
    const std::vector<fault> pauses(9, fault::pause);
    expect_red({{100, members_of_a_roster(), 6}, pauses, 0, "no_fence"}, {"call-repeated"});
}

TEST(ManyHostsPlanted, ShowsWhenEachAttemptHasItsOwnKey) {
    PATT_NEEDS_POSTGRES();
    expect_red({few, {fault::kill, fault::cut, fault::kill}, 0, "random_keys"}, {"effect-once: in guild"});
}

TEST(ManyHostsPlanted, ShowsWhenAnInputIsNotRemembered) {
    PATT_NEEDS_POSTGRES();
    expect_red({few, {fault::kill}, 0, "inbox_left_out"},
               {"is remembered 0 times", "not done in time", "effect-once", "trust-table", "refused"});
}

} // namespace
} // namespace patt::hosts
