// A rolling upgrade, as docs/operations.md describes it, with the program of before the newest migration: a
// database that it made, three hosts of it at work; then the schema is brought up to date under them, hosts
// of this version join, and the older ones are replaced one by one. PATT_TEST_OLDER_HOST names that program's
// hosts_host: tools/dev/older-host builds it.

#include "hosts/guilds.hpp"
#include "hosts/planted.hpp"
#include "hosts/rig.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/session.hpp"
#include "postgres/shared_server.hpp"
#include "postgres/walls.hpp"

#include <patt/engine/system.hpp>
#include <patt/store/migrations.hpp>
#include <patt/store/row_security.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <thread>

namespace patt::hosts {
namespace {

using namespace std::chrono_literals;
using monotonic = std::chrono::steady_clock;

std::string older_host() {
    const char* told = std::getenv("PATT_TEST_OLDER_HOST");
    return told == nullptr ? "" : told;
}

std::string why_no_older_host() {
    return older_host().empty() ? "PATT_TEST_OLDER_HOST is not set: tools/dev/older-host builds the program"
                                : "";
}

/// A database as the older program leaves it: its schema, its walls, its guilds.
std::string older_database(const size& how) {
    std::string where = postgres::fresh_database();
    const std::string host = older_host();
    crash::process program({host.substr(0, host.rfind('/') + 1) + "hosts_guilds", where,
                            std::to_string(how.guilds), std::to_string(how.newcomers)},
                           {});
    std::string said;
    while (const auto line = program.line()) {
        said += *line + "\n";
    }
    if (said != "made\n") {
        throw failure("the older program makes no guilds: " + said);
    }
    return where;
}

std::int64_t version_of(const std::string& where) {
    const auto state = store::migration_status(*open_whole(where)->connect(), store::built_in_migrations());
    return state.applied.empty() ? 0 : state.applied.back().number;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// What the program of this version says, and its exit code at the end.
std::string patt(const std::vector<std::string>& arguments) {
    std::vector<std::string> command{PATT_PROGRAM};
    command.insert(command.end(), arguments.begin(), arguments.end());
    crash::process program(command, {});
    std::string said;
    while (const auto line = program.line()) {
        said += *line + "\n";
    }
    const int status = program.wait();
    return said + "exit code " + std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

// Whoever upgrades in the wrong order is told so by the first thing that the new program is asked to do.
TEST(TwoVersions, TheNewProgramAsksForTheMigrationFirst) {
    PATT_NEEDS_POSTGRES();
    PATT_NEEDS(why_no_older_host());
    const std::string where = older_database({1, members_of_a_roster(), 1});
    const std::int64_t before = version_of(where);
    const auto today = static_cast<std::int64_t>(store::built_in_migrations().size());
    ASSERT_LT(before, today);
    const std::string host = postgres::as_host(where);
    const std::string refusal = "is of an older version; run: patt migrate";
    const std::string chat = patt({"--db", host, "chat"}); // It would be a host.
    EXPECT_TRUE(has(chat, refusal) && has(chat, "exit code 3")) << chat;
    const std::string listed = patt({"--db", host, "issues", "list"});
    EXPECT_TRUE(has(listed, refusal) && has(listed, "exit code 3")) << listed;
    const std::string health = patt({"--db", host, "doctor"});
    EXPECT_TRUE(has(health, "version " + std::to_string(before) + " of " + std::to_string(today)) &&
                has(health, "run patt migrate") && has(health, "exit code 1"))
        << health;
    EXPECT_EQ(version_of(where), before) << "who asks changes nothing";
    const std::string migrated = patt({"--db", postgres::as_owner(where), "migrate"});
    EXPECT_TRUE(has(migrated, "exit code 0")) << migrated;
    const std::string then = patt({"--db", host, "issues", "list"});
    EXPECT_TRUE(has(then, "exit code 0")) << then;
}

constexpr std::size_t older_places = 3; ///< A host of this version joins at the place after them.

/// What was done, and when.
struct upgrade {
    store::migration_report steps;
    monotonic::time_point begun;                                  ///< The migration.
    monotonic::time_point migrated;                               ///< Its end.
    std::array<monotonic::time_point, older_places + 1> left{};   ///< When the older host there was killed.
    std::array<monotonic::time_point, older_places + 1> joined{}; ///< When the one of this version was ready.
    std::set<std::int64_t> older;                                 ///< The boot ids.
    std::string complaints; ///< Of all hosts, before any was killed or cut off.
};

/// As `patt migrate`, with tables that are taken for large ones.
void migrate(const std::string& where, upgrade& out) {
    const auto owner = store::open_postgres(postgres::as_owner(where))->connect();
    store::migrate_options how;
    how.small_table = 0;
    out.begun = monotonic::now();
    const auto done = store::migrate(*owner, store::built_in_migrations(), engine::system_clock().now(), how);
    ASSERT_TRUE(done) << done.err().detail;
    store::install_row_security(*owner, {}, how);
    out.migrated = monotonic::now();
    out.steps = *done;
}

void replace(rig& town, std::size_t place, upgrade& out) {
    EXPECT_GT(town.held_at(place), 0) << "the older host " << place << " had no work that could be lost";
    out.left.at(place) = monotonic::now();
    town.replace(place);
    out.joined.at(place) = monotonic::now();
    std::this_thread::sleep_for(4s);
}

void roll(rig& town, const std::string& where, const std::atomic<std::size_t>& acknowledged, upgrade& out) {
    constexpr std::size_t newer = older_places;
    for (std::size_t i = 0; i < older_places; ++i) {
        out.older.insert(town.boot_id_at(i));
    }
    for (int i = 0; i < 6000 && acknowledged < 400; ++i) {
        std::this_thread::sleep_for(10ms);
    }
    migrate(where, out);
    std::this_thread::sleep_for(5s);
    town.start(newer);
    out.joined.at(newer) = monotonic::now();
    std::this_thread::sleep_for(5s);
    out.complaints = town.complaints();
    replace(town, 0, out);
    town.disturb(fault::pause, 1); // An older one wakes up and finds its work with others.
    std::this_thread::sleep_for(2s);
    replace(town, 1, out);
    EXPECT_GT(town.held_at(newer), 0);
    town.disturb(fault::kill, newer); // The last older one takes over from one of this version.
    EXPECT_GT(town.held_at(2), 0);
    town.disturb(fault::cut, 2);
    std::this_thread::sleep_for(2s);
    replace(town, 2, out);
}

/// Who did what, so that it is known that there was something to be checked.
struct shares {
    int older_before = 0; ///< Inputs that older hosts accepted on their own schema,
    int older_after = 0;  ///< and on the new one.
    int newer = 0;
    int older_beside = 0;  ///< Of `older_after`: while there were hosts of both versions.
    int handed_on = 0;     ///< Ways whose next input another version accepted: older, then newer,
    int handed_back = 0;   ///< and the other way.
    int effects_older = 0; ///< Calls of the chat after the migration.
    int effects_newer = 0;
};

shares shares_of(const crowd_report& crowd, const std::vector<chat_call>& calls, const upgrade& what) {
    enum class version : std::uint8_t { older, newer };
    shares out;
    std::map<std::string, version> last; // By way.
    for (const auto& [key, host, at] : crowd.acknowledged) {
        const version by =
            host == older_places || (what.left.at(host) != monotonic::time_point{} && at > what.left.at(host))
                ? version::newer
                : version::older;
        if (by == version::newer) {
            ++out.newer;
        } else if (at > what.migrated) {
            ++out.older_after;
            out.older_beside += at > what.joined.at(older_places) ? 1 : 0;
        } else {
            out.older_before += at < what.begun ? 1 : 0;
        }
        const auto [before, first] = last.try_emplace(key.substr(0, key.find('-')), by);
        out.handed_on += before->second == version::older && by == version::newer ? 1 : 0;
        out.handed_back += before->second == version::newer && by == version::older ? 1 : 0;
        before->second = by;
    }
    for (const chat_call& c : calls) {
        const bool older = what.older.contains(c.boot_id);
        out.effects_older += older && c.at > what.migrated ? 1 : 0;
        out.effects_newer += older ? 0 : 1;
    }
    return out;
}

void print(const upgrade& done, const shares& all, const crowd_report& crowd, const findings& found) {
    const auto ms = [](auto what) {
        return std::chrono::duration_cast<std::chrono::milliseconds>(what).count();
    };
    std::cout << "step " << done.steps.from << " to " << done.steps.to << " in "
              << ms(done.migrated - done.begun) << " ms: " << crowd.acknowledged.size() << " inputs ("
              << crowd.asked << " sent), older hosts accepted " << all.older_before << " before and "
              << all.older_after << " after (" << all.older_beside
              << " beside hosts of this version, which accepted " << all.newer << "); " << all.handed_on
              << " ways went on at a newer host, " << all.handed_back
              << " at an older one; effects after it: " << all.effects_older << " by older hosts, "
              << all.effects_newer << " by newer ones; " << found.effects << " effects seen, "
              << found.repeats << " calls repeated, longest gap " << crowd.longest_gap.count() << " ms; "
              << found.broken.size() << " broken\n";
    for (const auto& [why, times] : crowd.failures) {
        std::cout << "  told " << times << " times: " << why << '\n';
    }
}

TEST(TwoVersions, HostsAreReplacedOneByOneOnTheNewSchemaAndNothingIsBroken) {
    PATT_NEEDS_POSTGRES();
    PATT_NEEDS(why_no_older_host());
    const size how{30, members_of_a_roster(), 40};
    const std::string where = older_database(how);
    rig town(where, how, older_places, "", older_host());
    ASSERT_EQ(town.add_place(), older_places);
    const auto ways = ways_of(how, 1);
    walk_options walking;
    walking.spread = 55s;
    walking.most = 240s;
    upgrade done;
    crowd_report crowd;
    crowd =
        walk(ways, town.sockets(), town.chat_socket(), walking,
             [&](const std::atomic<std::size_t>& acknowledged) { roll(town, where, acknowledged, done); });
    const std::string left = wait_for_rest(town.db(), 120s);
    EXPECT_EQ(left, "") << "effect-lost";
    const evidence seen = town.testimony(ways, crowd);
    const findings found = check(town.db(), town.world(), seen);
    for (std::size_t i = 0; i < std::min<std::size_t>(found.broken.size(), 20); ++i) {
        ADD_FAILURE() << found.broken[i];
    }
    const shares all = shares_of(crowd, seen.calls, done);
    print(done, all, crowd, found);
    EXPECT_GT(done.steps.to, done.steps.from);
    EXPECT_EQ(done.complaints, "") << "a host could not do its work beside the other version";
    // Whoever is told so asks another host, which hides an input that only one version cannot take. Nobody is
    // away for as long as inputs wait.
    EXPECT_TRUE(crowd.failures.empty()) << "a host could not take an input";
    EXPECT_GT(all.older_before, 100);
    EXPECT_GT(all.older_after, 100);
    EXPECT_GT(all.older_beside, 100);
    EXPECT_GT(all.newer, 100);
    EXPECT_GT(all.handed_on, 20);
    EXPECT_GT(all.handed_back, 20);
    EXPECT_GT(all.effects_older, 100);
    EXPECT_GT(all.effects_newer, 100);
    EXPECT_EQ(town.takeovers().size(), 6U);
    constexpr std::chrono::milliseconds looking{300}; // The lease runs out, and somebody looks then.
    for (const takeover& t : town.takeovers()) {
        EXPECT_LE(t.took, lease_ttl + looking + t.late) << "the machine was away for " << t.late.count();
    }
    if (HasFailure()) {
        std::cout << town.complaints();
    }
}

} // namespace
} // namespace patt::hosts
