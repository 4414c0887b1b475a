// One guild with a million queued effects costs another nothing: its effects are sent within twice the time
// that they take when nobody else has any, also while somebody holds an old snapshot. And hosts that have
// nothing to do leave the database alone.

#include "hosts/guilds.hpp"
#include "hosts/planted.hpp"
#include "hosts/punctuality.hpp"
#include "hosts/request.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/server.hpp"
#include "postgres/session.hpp"
#include "store/codec.hpp"
#include "store/slot.hpp"

#include <patt/engine/engine.hpp>
#include <patt/engine/runner.hpp>
#include <patt/engine/system.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

namespace patt::hosts {
namespace {

using namespace std::chrono_literals;
using monotonic = std::chrono::steady_clock;

constexpr auto a_call = 5ms; ///< What a call of a chat takes.

/// Takes its time for each call, and writes down when a member's first message came.
class slow_chat final : public engine::chat {
public:
    effect_outcome send(guild_id, member_id to, const engine::outgoing&, std::string_view) override {
        {
            const std::scoped_lock lock(mutex_);
            seen_.try_emplace(to, monotonic::now());
        }
        return done();
    }
    effect_outcome post(guild_id, channel_id, const engine::outgoing&, std::string_view) override {
        ++posts_;
        return done();
    }
    engine::fetched<engine::member_state> fetch_member(guild_id, member_id) override {
        return engine::member_state{};
    }
    engine::fetched<engine::role_state> fetch_role(guild_id, role_id) override {
        return engine::role_state{};
    }
    effect_outcome replace_roles(guild_id, member_id, std::span<const role_id>, std::string_view) override {
        return done();
    }
    [[nodiscard]] int posts() const { return posts_; }
    /// When the member got the first message; waits for it at most some seconds.
    [[nodiscard]] monotonic::time_point first_message(member_id to) {
        for (int i = 0; i < 10'000; ++i) {
            {
                const std::scoped_lock lock(mutex_);
                const auto found = seen_.find(to);
                if (found != seen_.end()) {
                    return found->second;
                }
            }
            std::this_thread::sleep_for(1ms);
        }
        return monotonic::time_point::max();
    }

private:
    static effect_outcome done() {
        std::this_thread::sleep_for(a_call);
        return {effect_error::none, "", "1", {}};
    }
    std::mutex mutex_;
    std::map<member_id, monotonic::time_point> seen_;
    std::atomic<int> posts_{0};
};

/// So many posts of guild 1, as if a bulk change had made them.
void fill_queue(postgres::server& server, std::int64_t count) {
    channel_post post;
    post.channel = channel_id{in_guild(guild_id{1}, 12)};
    post.text.key = "officer.denied";
    const effect_body body{post};
    server.run("INSERT INTO outbox (guild_id, effect_id, effect_key, order_key, after_key, class, gate, kind,"
               " session_id, required, body, state, attempts, not_before, claimed_at, last_error, created_at,"
               " slot, claim_epoch) SELECT 1, n, 'bulk:' || n, 'bulk:' || n, '', 0, 0, " +
                   std::to_string(body.index()) + ", 0, 0, '" + store::encode_effect(body) +
                   "', 2, 0, 1, 0, '', 1, " + std::to_string(store::guild_slot(guild_id{1})) +
                   ", 0 FROM generate_series(1, " + std::to_string(count) + ") AS n",
               "t1");
    // What the server still has to do for so many rows at once is not what a long queue costs.
    server.run("VACUUM ANALYZE outbox", "t1");
    server.run("CHECKPOINT", "t1");
}

struct host {
    slow_chat& chat; ///< That of all hosts.
    engine::database_clock clock;
    engine::system_entropy entropy;
    engine::engine engine;
    std::unique_ptr<engine::runner> runner;

    host(const std::string& database, slow_chat& where)
        : chat(where)
        , engine(open_database(database), {chat, clock, entropy}, host_options()) {
        engine::runner_options how = host_runner();
        how.workers = 8; // More than one guild may use.
        runner = std::make_unique<engine::runner>(engine, clock, how);
    }
};

using hosts_at_work = std::vector<std::unique_ptr<host>>;

/// So many hosts of one database; they have found their shares.
hosts_at_work start(std::size_t count, const std::string& database, slow_chat& chat) {
    hosts_at_work out;
    while (out.size() < count) {
        out.push_back(std::make_unique<host>(database, chat));
    }
    std::this_thread::sleep_for(count > 1 ? 4s : 0s);
    return out;
}

struct latency {
    double middle_ms = 0;
    double p99_ms = 0;
    double stall_ms = 0; ///< The longest time in which the machine did not let a thread run that wanted to.
    double undisturbed_p99_ms = 0; ///< Of those in which no processor was taken from the machine.
    std::size_t disturbed = 0;     ///< How many others there were.
};

double p99(std::vector<double>& took) {
    std::sort(took.begin(), took.end());
    return took.empty() ? 0 : took[took.size() * 99 / 100];
}

std::ostream& operator<<(std::ostream& to, const latency& l) {
    return to << "p50 " << l.middle_ms << " ms, p99 " << l.p99_ms << "; p99 undisturbed "
              << l.undisturbed_p99_ms << " (without " << l.disturbed
              << " in which the machine lost a processor; away for up to " << l.stall_ms << " ms)";
}

/// Members join guild 2, one after the other, at each host in turn: how long after the commit is their first
/// message sent, by whichever host it is?
latency one_round(const hosts_at_work& town, int& next, int joins) {
    struct sample {
        monotonic::time_point committed;
        monotonic::time_point sent;
    };
    std::vector<sample> samples;
    const punctuality machine;
    for (int i = 0; i < joins; ++i) {
        const int number = next++;
        host& at = *town[static_cast<std::size_t>(number) % town.size()];
        const auto answer =
            at.engine.handle(to_input({deed::join, "f" + std::to_string(number), guild_id{2},
                                       newcomer_of(guild_id{2}, number), character_name(number)}));
        const auto committed = monotonic::now();
        EXPECT_EQ(answer.verdict, verdict::accepted);
        const auto sent = at.chat.first_message(newcomer_of(guild_id{2}, number));
        if (sent == monotonic::time_point::max()) {
            ADD_FAILURE() << "no message for the " << i << "th";
            continue;
        }
        samples.push_back({committed, sent});
        std::this_thread::sleep_for(5ms);
    }
    std::vector<double> took;
    std::vector<double> undisturbed;
    for (const sample& s : samples) {
        took.push_back(std::chrono::duration<double, std::milli>(s.sent - s.committed).count());
        if (!machine.stolen_between(s.committed, s.sent)) {
            undisturbed.push_back(took.back());
        }
    }
    double stall = 0;
    for (const punctuality::stall& each : machine.longer_than(2ms)) {
        stall = std::max(stall, std::chrono::duration<double, std::milli>(each.until - each.from).count());
    }
    const double all_p99 = p99(took);
    return {took.empty() ? 0 : took[took.size() / 2], all_p99, stall, p99(undisturbed),
            took.size() - undisturbed.size()};
}

/// The middle one of so many rounds, by their p99.
latency of_guild_two(const hosts_at_work& town, int& next, int joins, int rounds) {
    std::vector<latency> all;
    for (int i = 0; i < rounds; ++i) {
        all.push_back(one_round(town, next, joins));
    }
    const auto middle = all.begin() + rounds / 2;
    std::nth_element(all.begin(), middle, all.end(), [](const latency& a, const latency& b) {
        return a.undisturbed_p99_ms < b.undisturbed_p99_ms;
    });
    return *middle;
}

std::int64_t number(postgres::server& server, const std::string& sql) {
    return std::stoll(server.one(sql, "t1"));
}

TEST(Fairness, AMillionEffectsOfOneGuildDoNotDelayAnother) {
    PATT_NEEDS_POSTGRES();
    const bool whole = std::getenv("PATT_TEST_LONG") != nullptr;
    const std::int64_t queued = whole ? 1'000'000 : 20'000;
    const int joins = whole ? 1000 : 60;
    const int rounds = whole ? 3 : 1;
    postgres::server server;
    const std::string database = server.fresh_database();
    make_guilds(database, {2, 50, 0});
    slow_chat chat;
    const hosts_at_work town = start(whole ? 3 : 1, database, chat);
    int next = 0;
    static_cast<void>(one_round(town, next, 20)); // Warm.
    const latency idle = of_guild_two(town, next, joins, rounds);
    fill_queue(server, queued);
    const int before = chat.posts();
    for (int i = 0; i < 1000 && chat.posts() < before + 20; ++i) {
        std::this_thread::sleep_for(10ms);
    }
    const latency beside = of_guild_two(town, next, joins, rounds);
    const int meanwhile = chat.posts() - before;
    server.run("SELECT pg_stat_reset_single_table_counters('outbox'::regclass)", "t1");
    postgres::session old(server.conninfo("t1"));
    old.run("BEGIN ISOLATION LEVEL REPEATABLE READ");
    old.run("SELECT COUNT(*) FROM instance");
    const int from = chat.posts();
    const latency held = of_guild_two(town, next, joins, rounds);
    const int with_snapshot = chat.posts() - from;
    std::this_thread::sleep_for(1500ms); // Backends tell their counts once a second.
    const std::int64_t dead =
        number(server, "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'outbox'");
    old.run("COMMIT");
    std::cout << town.size() << " hosts, " << queued
              << " effects queued by one guild; another's first message after the commit\n"
              << "  idle           " << idle << "\n"
              << "  beside it      " << beside << ", " << meanwhile << " effects of the other meanwhile\n"
              << "  + old snapshot " << held << ", " << with_snapshot << " effects, " << dead
              << " dead rows\n";
    EXPECT_GT(meanwhile, joins * rounds) << "the big guild's were not performed";
    EXPECT_GT(with_snapshot, joins * rounds);
    // A look of the claiming thread may be under way, and on a busy machine each of the threads on the way
    // waits.
    constexpr double a_look_ms = 5;
    EXPECT_LE(beside.middle_ms, 2 * idle.middle_ms + a_look_ms + beside.stall_ms);
    EXPECT_LE(beside.p99_ms, 2 * idle.p99_ms + a_look_ms + 3 * beside.stall_ms);
    EXPECT_LE(held.p99_ms, 2 * idle.p99_ms + a_look_ms + 3 * held.stall_ms);
    if (whole) { // Enough of them to tell, where the machine does not lose its processors.
        const auto most_disturbed = static_cast<std::size_t>(joins) / 2;
        ASSERT_LT(idle.disturbed, most_disturbed) << "this machine is too busy to tell";
        ASSERT_LT(beside.disturbed, most_disturbed) << "this machine is too busy to tell";
        EXPECT_LE(beside.undisturbed_p99_ms, 2 * idle.undisturbed_p99_ms);
    }
    // A claim and a delete leave one each, and the other guild's too; those from before the snapshot count
    // again when somebody has analyzed the table meanwhile.
    EXPECT_LE(dead, 3 * (meanwhile + with_snapshot + 8 * joins * rounds) + 1000);
}

TEST(Fairness, HostsWithNothingToDoLeaveTheDatabaseAlone) {
    PATT_NEEDS_POSTGRES();
    postgres::server server;
    const std::string database = server.fresh_database();
    make_guilds(database, {20, 20, 0});
    slow_chat chat;
    const hosts_at_work all = start(3, database, chat);
    constexpr std::string_view sql = "SELECT xact_commit FROM pg_stat_database WHERE datname = 't1'";
    const std::int64_t before = number(server, std::string(sql));
    std::this_thread::sleep_for(4s);
    const double idle = static_cast<double>(number(server, std::string(sql)) - before) / 4 / 3;
    std::int64_t effects = 0;
    for (int i = 0; i < 200; ++i) { // Most of the work is another host's: it is told.
        const guild_id guild{1 + i % 20};
        const reply answer = all[static_cast<std::size_t>(i) % 3]->engine.handle(to_input(
            {deed::join, "w" + std::to_string(i), guild, newcomer_of(guild, i / 20), character_name(i)}));
        EXPECT_EQ(answer.verdict, verdict::accepted);
    }
    std::this_thread::sleep_for(3s);
    for (const auto& h : all) {
        effects += h->engine.metrics().effects_acked;
    }
    const std::int64_t after = number(server, std::string(sql));
    const double busy = (static_cast<double>(after - before) - idle * 3 * 7) / 200;
    std::cout << "an idle host makes " << idle << " transactions a second (a heartbeat each "
              << heartbeat.count() << " ms, a poll each 300 ms); 200 joins with " << effects
              << " effects on three hosts make " << busy << " each\n";
    EXPECT_GE(effects, 200);
    EXPECT_LT(idle, 40);
    EXPECT_LT(busy, 30) << "everybody looks whenever somebody has something";
}

} // namespace
} // namespace patt::hosts
