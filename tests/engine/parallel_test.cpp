// Several writers and several threads that perform effects: beside each other, and in order where it matters.
#include "engine/outbox_fixture.hpp"
#include "engine/spoken.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace patt::engine_tests {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using wall = std::chrono::steady_clock;

testing::world_options with_writers(int writers) {
    testing::world_options how;
    how.engine.writers = writers;
    how.roster = "";
    return how;
}

void make_guilds(testing::world& w, int last) {
    for (int g = 2; g <= last; ++g) {
        static_cast<void>(w.engine().handle(
            {guild_id{g}, at_the_machine, "", "", engine::create_guild{"Guild", member_id{900}}}));
    }
}

/// What the settings of a guild were changed to, in the order of its log.
std::vector<std::string> schedules(testing::world& w, guild_id guild) {
    std::vector<std::string> out;
    engine::queries(w.database()).each_event(guild, 1, [&](const log::row& r) {
        if (r.subject == "setting:guild.raid_schedule") {
            const std::string payload = r.payload.value_or("");
            out.push_back(payload.substr(std::min(payload.find("after"), payload.size())));
        }
        return true;
    });
    return out;
}

TEST(SeveralWriters, AskForNobodysGuildBeforehand) {
    spoken said;
    testing::world_options how = with_writers(4);
    how.database = recording(fresh_database(), said);
    world w(how);
    int beforehand = 0;
    said.on_begin = [&](store::tx_mode mode) { beforehand += mode == store::tx_mode::read ? 1 : 0; };
    for (const member_id stranger : {member_id{7001}, member_id{7002}, member_id{7003}}) {
        const reply answer = w.engine().handle(
            {{}, member_of(stranger), "", "", onboarding::message_received{stranger, "hello"}});
        ASSERT_EQ(answer.verdict, verdict::refused);
        EXPECT_EQ(answer.why->code, errc::ambiguous);
    }
    EXPECT_EQ(beforehand, 0);
    const member_id zat{7004};
    static_cast<void>(join_quietly(w, zat));
    testing::settle(w.engine());
    w.restart();
    EXPECT_EQ(
        w.engine().handle({{}, member_of(zat), "", "", onboarding::message_received{zat, "yes"}}).verdict,
        verdict::accepted);
    EXPECT_EQ(session_of(w, zat)->session.step, "main");
}

TEST(SeveralWriters, KeepTheOrderOfEachGuild) {
    world w(with_writers(4));
    constexpr int guilds = 8;
    constexpr int rounds = 6;
    make_guilds(w, guilds);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&w, t] {
            for (int round = 0; round < rounds; ++round) {
                std::vector<engine::input> several; // Two of each guild, the guilds mixed.
                for (int half = 0; half < 2; ++half) {
                    for (int g = 1; g <= guilds; ++g) {
                        several.push_back({guild_id{g}, at_the_machine, "", "",
                                           engine::change_setting{
                                               "guild.raid_schedule",
                                               fmt::format("thread {} number {:02}", t, round * 2 + half)}});
                    }
                }
                for (const reply& r : w.engine().handle_all(several)) {
                    EXPECT_EQ(r.verdict, verdict::accepted);
                }
            }
        });
    }
    for (std::thread& t : threads) {
        t.join();
    }
    for (int g = 1; g <= guilds; ++g) {
        const auto all = schedules(w, guild_id{g});
        EXPECT_THAT(all, SizeIs(4 * rounds * 2));
        for (int t = 0; t < 4; ++t) {
            int next = 0;
            for (const std::string& changed : all) {
                if (changed.find(fmt::format("thread {} ", t)) != std::string::npos) {
                    EXPECT_THAT(changed, ::testing::HasSubstr(fmt::format("number {:02}", next++)));
                }
            }
            EXPECT_EQ(next, rounds * 2) << "guild " << g << ", thread " << t;
        }
        expect_whole_log(w, guild_id{g});
    }
}

TEST(SeveralWriters, AGuildThatIsLockedKeepsNobodyElseWaiting) {
    world w(with_writers(2));
    const auto holder = w.database().connect();
    if (holder->dialect().for_update.empty()) {
        GTEST_SKIP() << "this database has one writer for all guilds";
    }
    make_guilds(w, 2); // Of the two, each has a writer of its own.
    const auto change = [&](int guild) {
        return w.engine().handle({guild_id{guild}, at_the_machine, "", "",
                                  engine::change_setting{"guild.raid_schedule", "Mondays"}});
    };
    holder->begin(store::tx_mode::write);
    holder->enter_guild(guild_id{1});
    holder->run("SELECT 1 FROM guild WHERE guild_id = 1 FOR UPDATE");
    std::atomic<bool> done{false};
    std::thread waits([&] {
        EXPECT_EQ(change(1).verdict, verdict::accepted);
        done = true;
    });
    std::this_thread::sleep_for(300ms); // Long enough to find the guild locked.
    const auto begun = wall::now();
    EXPECT_EQ(change(2).verdict, verdict::accepted);
    EXPECT_LT(wall::now() - begun, 2s);
    EXPECT_FALSE(done);
    holder->rollback();
    waits.join();
    EXPECT_TRUE(done);
}

/// Says which calls ran beside each other.
class counting_chat final : public engine::chat {
public:
    effect_outcome send(guild_id, member_id, const engine::outgoing&, std::string_view) override {
        return {effect_error::rejected, "", "", {}};
    }
    effect_outcome post(guild_id, channel_id, const engine::outgoing&, std::string_view key) override {
        const std::string lane(key.substr(0, key.find(' ')));
        {
            const std::scoped_lock lock(mutex_);
            keys.emplace_back(key);
            most = std::max(most, ++running_);
            if (!lanes_.insert(lane).second) {
                twice_in_a_lane.push_back(lane);
            }
        }
        std::this_thread::sleep_for(3ms);
        const std::scoped_lock lock(mutex_);
        --running_;
        lanes_.erase(lane);
        return {};
    }
    engine::fetched<engine::member_state> fetch_member(guild_id, member_id) override {
        return engine::member_state{};
    }
    engine::fetched<engine::role_state> fetch_role(guild_id, role_id) override {
        return engine::role_state{};
    }
    effect_outcome replace_roles(guild_id, member_id, std::span<const role_id>, std::string_view) override {
        return {};
    }
    [[nodiscard]] std::size_t count() {
        const std::scoped_lock lock(mutex_);
        return keys.size();
    }

    std::vector<std::string> keys;
    std::vector<std::string> twice_in_a_lane;
    int most = 0;

private:
    std::mutex mutex_;
    std::set<std::string> lanes_;
    int running_ = 0;
};

TEST(SeveralWorkers, PerformLanesBesideEachOtherAndEachInOrder) {
    counting_chat chat;
    testing::world_options how;
    how.chat = &chat;
    how.roster = "";
    how.engine.in_flight_per_guild = 3;
    world w(how);
    constexpr int lanes = 6;
    constexpr int each = 8;
    beside(w, [&](store::connection& db) {
        for (int i = 0; i < lanes * each; ++i) {
            const std::string lane = fmt::format("lane{}", i % lanes);
            store::insert_effect(db, w.ids().guild, post(i + 1, fmt::format("{} {:02}", lane, i), lane),
                                 effect_state::pending, w.clock().now());
        }
    });
    w.clock().turn(2s); // Time to look around.
    w.engine().keep_leases();
    const auto deadline = wall::now() + 30s;
    std::vector<std::thread> workers;
    for (int i = 0; i < 5; ++i) {
        workers.emplace_back([&] {
            while (chat.count() < lanes * each && wall::now() < deadline) {
                w.engine().dispatch(20ms);
            }
        });
    }
    for (std::thread& t : workers) {
        t.join();
    }
    ASSERT_THAT(chat.keys, SizeIs(lanes * each));
    EXPECT_THAT(chat.twice_in_a_lane, IsEmpty());
    EXPECT_GT(chat.most, 1) << "one after the other is no use of five threads";
    EXPECT_LE(chat.most, 3) << "of one guild";
    std::map<std::string, std::string> last;
    for (const std::string& key : chat.keys) {
        std::string& before = last[key.substr(0, key.find(' '))];
        EXPECT_LT(before, key);
        before = key;
    }
    testing::settle(w.engine());
    EXPECT_THAT(engine::queries(w.database()).ledger(w.ids().guild), SizeIs(lanes * each));
}

} // namespace
} // namespace patt::engine_tests
