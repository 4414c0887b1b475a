// The rig itself, on one host and SQLite: a sound host leaves nothing broken, planted faults are noticed.

#include "conformance/temporary_directory.hpp"
#include "crash/remote_chat.hpp"
#include "hosts/checks.hpp"
#include "hosts/crowd.hpp"
#include "hosts/host_process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>

namespace patt::hosts {
namespace {

using namespace std::chrono_literals;

findings run(const std::string& plant) {
    const size how{3, members_of_a_roster(), 8};
    const store::temporary_directory folder;
    const std::string database = "sqlite:" + (folder.path() / "guilds.db").string();
    const std::string chat = (folder.path() / "chat").string();
    make_guilds(database, how);
    crash::process server({PATT_CRASH_CHAT_SERVER, chat}, {});
    if (server.line() != "ready") {
        throw failure("the chat server does not start");
    }
    crash::remote_chat world(chat);
    world.load(chat_world(how));
    host_process host(database, chat, (folder.path() / "host").string(), plant);
    host.start();
    const auto ways = ways_of(how, 1);
    std::vector<disturbance> deaths;
    const crowd_report crowd =
        walk(ways, {host.socket()}, chat, {}, [&](const std::atomic<std::size_t>& done) {
            for (int i = 0; i < 3; ++i) {
                for (int ms = 0; ms < 5000 && done < static_cast<std::size_t>(20 * (i + 1)); ++ms) {
                    std::this_thread::sleep_for(1ms);
                }
                const std::int64_t boot_id = host.boot_id();
                const auto since = std::chrono::steady_clock::now();
                host.kill();
                deaths.push_back({boot_id, since, std::chrono::steady_clock::now()});
                host.start();
            }
        });
    const auto db = open_whole(database)->connect();
    const std::string left = wait_for_rest(*db, 30s);
    findings out = check(*db, world.dump(), {ways, crowd, read_calls(chat + ".calls"), deaths});
    if (!left.empty()) {
        out.broken.push_back("effect-lost: " + left);
    }
    std::cout << (plant.empty() ? "sound" : plant) << ": " << crowd.acknowledged.size()
              << " inputs acknowledged, " << crowd.asked << " sent, " << out.effects << " effects seen, "
              << out.repeats << " calls repeated, longest gap " << crowd.longest_gap.count() << " ms, "
              << out.broken.size() << " broken"
              << (out.broken.empty() ? "" : ", first: " + out.broken.front()) << '\n';
    return out;
}

TEST(OneHost, IsKilledAndNothingIsBroken) {
    const findings found = run("");
    for (const std::string& b : found.broken) {
        ADD_FAILURE() << b;
    }
    EXPECT_GT(found.effects, 100U);
}

} // namespace
} // namespace patt::hosts
