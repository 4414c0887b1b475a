// What one host leaves and another takes up: claims, lanes, outcomes that come too late, rows of older
// versions.
#include "engine/outbox_fixture.hpp"
#include "store/codec.hpp"

#include <patt/store/migrations.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace patt::engine_tests {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Open once, and waited for, but not for ever.
class gate_once {
public:
    void open() {
        {
            const std::scoped_lock lock(mutex_);
            open_ = true;
        }
        changed_.notify_all();
    }
    [[nodiscard]] bool wait() {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 20s, [&] { return open_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

void put_posts(testing::world& w, std::initializer_list<const char*> keys, guild_id guild = guild_id{1}) {
    beside(w, [&](store::connection& db) {
        std::int64_t id = 0;
        for (const char* key : keys) {
            store::insert_effect(db, guild, post(++id, key, "one lane"), effect_state::pending,
                                 w.clock().now());
        }
    });
}

TEST(Takeover, AnOutcomeIsRefusedWhileAnotherHoldsTheClaim) {
    world w;
    another_host paused(w, 5);
    another_host next(w, 6);
    w.clock().turn(20s); // Nobody else is alive.
    testing::settle(*paused.host);
    put_posts(w, {"p1"});
    gate_once claimed;
    gate_once over;
    std::thread other;
    next.chat.meanwhile = [&] {
        claimed.open();
        EXPECT_TRUE(over.wait());
    };
    paused.chat.meanwhile = [&] {
        w.clock().turn(20s);
        other = std::thread([&] { static_cast<void>(next.host->run_once(1s)); });
        EXPECT_TRUE(claimed.wait());
    };
    static_cast<void>(paused.host->run_once(1s)); // Wakes up in its call, and says what came of it.
    EXPECT_EQ(paused.host->metrics().effects_stale, 1);
    EXPECT_EQ(paused.host->metrics().effects_acked, 0);
    const auto db = w.database().connect();
    const auto row = store::in_tx(*db, store::tx_mode::read, [&] {
        db->enter_guild(w.ids().guild);
        return store::read_claim(*db, w.ids().guild, effect_id{1});
    });
    EXPECT_TRUE(row.has_value()) << "the row is the next host's to end";
    over.open();
    ASSERT_TRUE(other.joinable());
    other.join();
    const auto ledger = engine::queries(w.database()).ledger(w.ids().guild);
    ASSERT_THAT(ledger, SizeIs(1));
    EXPECT_EQ(ledger[0].attempts, 2);
    EXPECT_EQ(next.host->metrics().effects_acked, 1);
}

TEST(Takeover, ALaneKeepsItsOrder) {
    world w;
    another_host paused(w, 5);
    another_host next(w, 6);
    w.clock().turn(20s);
    testing::settle(*paused.host);
    put_posts(w, {"p1", "p2", "p3"});
    paused.chat.meanwhile = [&] {
        w.clock().turn(20s);
        static_cast<void>(next.host->run_once(1s));
    };
    static_cast<void>(paused.host->run_once(1s));
    EXPECT_THAT(paused.chat.calls, ElementsAre("p1")) << "the rest is not its own any more";
    testing::settle(*next.host);
    EXPECT_THAT(next.chat.calls, ElementsAre("p1", "p2", "p3"));
    EXPECT_THAT(post_keys(w), ElementsAre("p1", "p2", "p3"));
}

TEST(Takeover, ADeadHostsClaimStandsInTheWayOfItsLane) {
    world w;
    another_host dead(w, 5);
    another_host next(w, 6);
    w.clock().turn(20s);
    testing::settle(*dead.host);
    put_posts(w, {"p1", "p2"});
    struct gone : std::exception {};
    dead.chat.meanwhile = [] { throw gone(); };
    EXPECT_THROW(static_cast<void>(dead.host->run_once(1s)), gone);
    w.clock().turn(20s);
    w.chat().add_fault(testing::fails(1, testing::chat_operation::post));
    static_cast<void>(next.host->run_once(1s));
    EXPECT_THAT(next.chat.calls, ElementsAre("p1")) << "p1 is to be tried again, so p2 has to wait";
    for (int i = 0; i < 10; ++i) {
        w.clock().turn(1min);
        static_cast<void>(next.host->run_once(1s));
    }
    EXPECT_THAT(next.chat.calls, ElementsAre("p1", "p1", "p2"));
}

TEST(Takeover, ThreeHostsShareAndTwoTakeOverFromTheThird) {
    world w;
    another_host second(w, 5);
    another_host third(w, 6);
    const auto all = [&](int rounds, bool with_third) {
        for (int i = 0; i < rounds; ++i) {
            w.clock().turn(2s);
            static_cast<void>(w.engine().run_once(1s));
            static_cast<void>(second.host->run_once(1s));
            if (with_third) {
                static_cast<void>(third.host->run_once(1s));
            }
        }
    };
    const auto first_holds = [&] { return w.engine().metrics().held_partitions; };
    all(5, true);
    for (const std::int64_t held : {first_holds(), second.held(), third.held()}) {
        EXPECT_THAT(held, AnyOf(21, 22));
    }
    EXPECT_EQ(first_holds() + second.held() + third.held(), 64);
    for (int guild = 2; guild <= 25; ++guild) {
        static_cast<void>(w.engine().handle(
            {guild_id{guild}, at_the_machine, "", "", engine::create_guild{"Guild", member_id{900}}}));
        static_cast<void>(w.engine().handle(
            {guild_id{guild}, at_the_machine, "", "", engine::change_setting{"sending.enabled", "on"}}));
        w.chat().add_channel(guild_id{guild}, {channel_id{12}, "welcome"});
        put_posts(w, {"p1", "p2"}, guild_id{guild});
    }
    all(1, true); // Whoever's they are: each once, by three hosts.
    EXPECT_THAT(post_keys(w), SizeIs(48));
    const auto by_third = third.chat.calls.size();
    EXPECT_GT(second.chat.calls.size(), 0U);
    EXPECT_GT(by_third, 0U);
    EXPECT_LT(second.chat.calls.size() + by_third, 48U) << "the first has its part too";
    all(5, false); // The third is silent.
    EXPECT_EQ(first_holds(), 32);
    EXPECT_EQ(second.held(), 32);
    EXPECT_GT(w.engine().metrics().takeovers + second.host->metrics().takeovers, 0);
    static_cast<void>(third.host->run_once(1s)); // It wakes up, and has lost all of it.
    EXPECT_EQ(third.chat.calls.size(), by_third);
    EXPECT_GT(third.host->metrics().leases_lost, 0);
}

TEST(Takeover, WhatAnOlderVersionLeftInSendingIsTakenUp) {
    const auto database = empty_database();
    constexpr guild_id guild{1};
    {
        const auto db = database->connect();
        ASSERT_TRUE(store::migrate(*db, store::built_in_migrations().first(1), testing::first_moment - 1h));
        store::in_tx(*db, store::tx_mode::write, [&] {
            const digest begin = log::genesis(guild).hash;
            db->run("INSERT INTO guild (guild_id, name, owner_member, settings_version, log_seq, log_hash,"
                    " last_id, created_at) VALUES (1, 'Older', 900, 1, 0, $1, 100, 1)",
                    {std::as_bytes(std::span(begin))});
            db->run("INSERT INTO setting (guild_id, setting_key, value, changed_at)"
                    " VALUES (1, 'sending.enabled', 'on', 1)");
            const effect with = post(1, "claimed", "one lane");
            // Pending is 2, sending 3; the host of the version before died after its claim.
            for (const auto& [id, key, state] :
                 {std::tuple{1, "claimed", 3}, {2, "behind it", 2}, {3, "another lane", 2}}) {
                db->run(
                    "INSERT INTO outbox (guild_id, effect_id, effect_key, order_key, after_key, class, gate,"
                    " kind, session_id, required, body, state, attempts, not_before, claimed_at,"
                    " last_error, created_at) VALUES (1, $1, $2, $3, '', 0, 0, $4, 0, 0, $5, $6, 1, 0, $7,"
                    " '', 1)",
                    {std::int64_t{id}, std::string_view(key),
                     std::string_view(id == 3 ? "other" : "one lane"),
                     static_cast<std::int64_t>(with.body.index()),
                     std::string_view(store::encode_effect(with.body)), std::int64_t{state},
                     state == 3 ? (testing::first_moment - 2h).microseconds() : std::int64_t{0}});
            }
        });
    }
    testing::world_options how;
    how.database = database;
    how.roster = "";
    testing::world w(how);
    w.settle();
    EXPECT_THAT(post_keys(w), ElementsAre("claimed", "another lane", "behind it"));
    EXPECT_THAT(engine::queries(w.database()).ledger(guild), SizeIs(3));
}

} // namespace
} // namespace patt::engine_tests
