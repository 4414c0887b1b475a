// Three hosts, one PostgreSQL, a hundred guilds: whatever is done to the hosts, nothing is done twice and
// nothing is lost.

#include "hosts/guilds.hpp"
#include "hosts/planted.hpp"
#include "hosts/rig.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/session.hpp"
#include "postgres/shared_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

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
        make_guilds(open_database(fresh), how);
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
    return postgres::shared_server().conninfo(copy);
}

struct outcome {
    findings found;
    crowd_report crowd;
    std::vector<std::chrono::milliseconds> takeovers;
};

/// @param faults  How many.
outcome run(int faults, const std::string& plant) {
    const size how{100, members_of_a_roster(), is_long() ? 60 : 6};
    rig town(copy_of(made_guilds(how)), how, 3, plant);
    const auto ways = ways_of(how, 1);
    outcome out;
    out.crowd = walk(ways, town.sockets(), town.chat_socket(), 1, std::chrono::seconds(30 + faults * 6),
                     [&](const std::atomic<std::size_t>&) {
                         for (int i = 0; i < faults; ++i) {
                             town.disturb();
                         }
                     });
    const std::string left = wait_for_rest(town.db(), 30s);
    out.found = check(town.db(), town.world(), ways, out.crowd);
    if (!left.empty()) {
        out.found.broken.push_back("effect-lost: " + left);
    }
    out.takeovers = town.takeovers();
    std::sort(out.takeovers.begin(), out.takeovers.end());
    std::cout << (plant.empty() ? "sound" : plant) << ": " << faults << " faults, "
              << out.crowd.acknowledged.size() << " inputs acknowledged (" << out.crowd.asked << " sent), "
              << out.found.effects << " effects seen, " << out.found.repeats
              << " calls repeated; taken over within "
              << (out.takeovers.empty() ? 0 : out.takeovers.back().count()) << " ms (median "
              << (out.takeovers.empty() ? 0 : out.takeovers[out.takeovers.size() / 2].count())
              << "), a lease lasts " << lease_ttl.count() << " ms; " << out.found.broken.size() << " broken"
              << (out.found.broken.empty() ? "" : ", first: " + out.found.broken.front()) << '\n';
    return out;
}

TEST(ManyHosts, AreKilledPausedAndCutOffAndNothingIsBroken) {
    PATT_NEEDS_POSTGRES();
    const outcome got = run(is_long() ? 200 : 10, "");
    for (std::size_t i = 0; i < std::min<std::size_t>(got.found.broken.size(), 20); ++i) {
        ADD_FAILURE() << got.found.broken[i];
    }
    EXPECT_GT(got.found.effects, 1000U);
    ASSERT_FALSE(got.takeovers.empty());
    // The lease runs out, and somebody looks at the next heartbeat. The longest is printed: on a busy machine
    // it measures who waits for the processor too.
    EXPECT_LE(got.takeovers[got.takeovers.size() / 2], lease_ttl + 2 * heartbeat);
    EXPECT_LE(got.takeovers.back(), lease_ttl + 10s);
}

} // namespace
} // namespace patt::hosts
