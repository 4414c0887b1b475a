// A guild that somebody else has locked for long, and the guilds that share a connection with it. PostgreSQL
// only.
#include "engine/engine_fixture.hpp"
#include "store/guild_repository.hpp"
#include "store/outbox_repository.hpp"
#include "store/timer_repository.hpp"

#include <patt/store/in_tx.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

namespace patt::engine_tests {
namespace {

/// Two guilds that an engine with one connection serves; the first can be locked by another session.
struct LockedGuild : ::testing::Test {
    world w;
    guild_id locked{1};
    guild_id free{2};
    testing::seeded_entropy chance{78};
    engine::options how;
    std::unique_ptr<engine::engine> narrow;
    std::unique_ptr<store::connection> holder = w.database().connect();

    LockedGuild() {
        static_cast<void>(w.engine().handle(
            {free, at_the_machine, "", "", engine::create_guild{"Second", member_id{901}}}));
        how.instance_key = "an instance key for tests only";
        how.writers = 1;
        how.claims = 0;
        start();
    }
    void start() {
        const std::shared_ptr<store::database> same(&w.database(), [](store::database*) {});
        narrow = std::make_unique<engine::engine>(same, engine::ports{w.chat(), w.clock(), chance}, how);
    }
    void lock() const {
        holder->begin(store::tx_mode::write);
        holder->enter_guild(locked);
        ASSERT_TRUE(store::lock_guild(*holder, locked).has_value());
    }
    /// And waits until the engine tries it again: that is a matter of real time.
    void release() const {
        holder->rollback();
        std::this_thread::sleep_for(100ms);
    }
    reply join(guild_id guild, std::int64_t who) {
        return narrow->handle({guild, {}, "", "", joined(member_id{who}, w.clock().now())});
    }
    /// Subjects of the log from `seq` on.
    std::vector<std::string> subjects(guild_id guild, std::int64_t seq) {
        std::vector<std::string> out;
        engine::queries(w.database()).each_event(guild, seq, [&](const log::row& r) {
            out.push_back(r.subject);
            return true;
        });
        return out;
    }
};

TEST_F(LockedGuild, HoldsUpNoOther) {
    using clock = std::chrono::steady_clock;
    lock();
    std::atomic<bool> answered{false};
    std::thread waits([&] {
        EXPECT_EQ(join(locked, 7001).verdict, verdict::accepted);
        answered = true;
    });
    std::this_thread::sleep_for(100ms); // So that the other input is under way.
    clock::duration slowest{};
    for (std::int64_t who = 7101; who < 7121; ++who) {
        const auto begun = clock::now();
        EXPECT_EQ(join(free, who).verdict, verdict::accepted);
        slowest = std::max(slowest, clock::now() - begun);
    }
    EXPECT_LT(slowest, 1s);
    EXPECT_FALSE(answered);
    holder->rollback();
    waits.join();
}

TEST_F(LockedGuild, KeepsItsOwnOrder) {
    const auto first = static_cast<std::int64_t>(log_kinds(w).size()) + 1;
    static_cast<void>(join(locked, 7001)); // From now on their direct messages belong there.
    const auto second = static_cast<std::int64_t>(log_kinds(w).size()) + 1;
    ASSERT_GT(second, first);
    lock();
    std::vector<std::thread> threads;
    threads.emplace_back([&] { static_cast<void>(join(locked, 7002)); });
    std::this_thread::sleep_for(60ms);
    threads.emplace_back([&] {
        const onboarding::message_received yes{member_id{7001}, "yes"};
        static_cast<void>(narrow->handle({{}, member_of(member_id{7001}), "", "", yes}));
    });
    std::this_thread::sleep_for(60ms);
    threads.emplace_back([&] { static_cast<void>(join(locked, 7003)); });
    std::this_thread::sleep_for(60ms);
    holder->rollback();
    for (std::thread& t : threads) {
        t.join();
    }
    const std::vector<std::string> said = subjects(locked, second);
    const auto place = [&](const std::string& subject) {
        const auto found = std::find(said.begin(), said.end(), subject);
        EXPECT_NE(found, said.end()) << subject;
        return found;
    };
    const auto session = session_of(w, member_id{7001})->session.id;
    EXPECT_LT(place("member:7002"), place("session:" + std::to_string(session.value())));
    EXPECT_LT(place("session:" + std::to_string(session.value())), place("member:7003"));
}

TEST_F(LockedGuild, IsNotWaitedForForEver) {
    how.patience = 300ms;
    start();
    lock();
    EXPECT_THROW(static_cast<void>(join(locked, 7001)), store::sql_error);
    EXPECT_EQ(join(free, 7101).verdict, verdict::accepted);
    holder->rollback();
    EXPECT_EQ(join(locked, 7001).verdict, verdict::accepted);
}

/// The same, with effects that are due in both guilds, and an engine that performs them.
struct LockedOutcomes : LockedGuild {
    LockedOutcomes() {
        for (const guild_id guild : {locked, free}) {
            w.chat().add_channel(guild, {channel_id{12}, "general"});
        }
    }
    void put(guild_id guild, std::int64_t first, std::int64_t count) {
        const auto db = w.database().connect();
        store::in_tx(*db, store::tx_mode::write, [&] {
            db->enter_guild(guild);
            for (std::int64_t id = first; id < first + count; ++id) {
                effect e;
                e.id = effect_id{id};
                e.key = "p" + std::to_string(id);
                e.order_key = "lane" + std::to_string(id);
                e.body = channel_post{
                    channel_id{12}, {"public.welcome", {{"member", e.key, arg_kind::text}}}, {}, {}};
                store::insert_effect(*db, guild, e, effect_state::pending, w.clock().now());
            }
        });
    }
    /// How often the chat was called for a guild, calls that it recognized as repeated included.
    std::size_t calls(guild_id guild) {
        std::size_t out = 0;
        for (const testing::ledger_entry& e : w.chat().ledger()) {
            out += e.guild == guild ? 1 + static_cast<std::size_t>(e.repeats) : 0;
        }
        return out;
    }
    std::size_t done(guild_id guild) { return engine::queries(w.database()).ledger(guild).size(); }
};

TEST_F(LockedOutcomes, AreWrittenLaterAndNothingIsPerformedTwice) {
    put(locked, 1, 5);
    put(free, 11, 5);
    lock();
    for (int i = 0; i < 10; ++i) {
        static_cast<void>(w.engine().run_once(1s));
        w.clock().turn(3s);
    }
    EXPECT_EQ(calls(locked), 5U) << "performed, and not again while the outcome waits";
    EXPECT_EQ(w.engine().metrics().unwritten_outcomes, 5);
    EXPECT_EQ(done(free), 5U) << "who is not locked does not wait";
    release();
    static_cast<void>(w.engine().run_once(1s));
    EXPECT_EQ(w.engine().metrics().unwritten_outcomes, 0);
    EXPECT_EQ(done(locked), 5U);
    EXPECT_EQ(calls(locked), 5U);
}

TEST_F(LockedOutcomes, AreWrittenAfterTheLeaseWasLostAndTakenAgain) {
    put(locked, 1, 5);
    lock();
    static_cast<void>(w.engine().run_once(1s));
    ASSERT_EQ(calls(locked), 5U);
    w.clock().turn(1h); // Nobody kept the leases meanwhile, and nobody took them.
    static_cast<void>(w.engine().run_once(1s));
    EXPECT_EQ(calls(locked), 5U);
    release();
    w.clock().turn(3s);
    testing::settle(w.engine());
    EXPECT_EQ(done(locked), 5U);
    EXPECT_EQ(calls(locked), 5U);
}

TEST_F(LockedOutcomes, OfHostsThatTookOverCountInstead) {
    put(locked, 1, 5);
    lock();
    static_cast<void>(w.engine().run_once(1s));
    ASSERT_EQ(calls(locked), 5U);
    w.clock().turn(1h);
    how.claims = 64;
    start(); // Another host, that finds the leases run out.
    release();
    testing::settle(*narrow);
    EXPECT_EQ(done(locked), 5U);
    const std::int64_t stale = w.engine().metrics().effects_stale;
    static_cast<void>(w.engine().run_once(1s));
    EXPECT_EQ(w.engine().metrics().unwritten_outcomes, 0);
    EXPECT_EQ(w.engine().metrics().effects_stale, stale + 5)
        << "it is told that they are not its own any more";
    EXPECT_EQ(done(locked), 5U);
}

TEST_F(LockedOutcomes, DoNotHoldUpTheWorkers) {
    put(locked, 1, 200);
    lock();
    engine::engine& host = w.engine();
    std::thread worker([&] {
        for (int i = 0; i < 40 && done(free) < 5; ++i) {
            w.clock().turn(1s);
            static_cast<void>(host.keep_leases());
            static_cast<void>(host.dispatch(50ms));
        }
    });
    std::this_thread::sleep_for(200ms); // So that outcomes of the locked guild are waiting.
    put(free, 11, 5);
    worker.join();
    EXPECT_EQ(done(free), 5U) << "in two seconds, while thirty are the patience with a locked guild";
    EXPECT_GE(calls(locked), 1U);
    EXPECT_LE(calls(locked), 200U);
    release();
}

/// An input that cancels effects, say, of a host that was stopped in the middle of it. Whoever waited for
/// that could not renew their leases.
TEST_F(LockedOutcomes, OfAnEffectThatSomebodyHasLockedNobodyWaitsFor) {
    using clock = std::chrono::steady_clock;
    put(locked, 1, 1);
    put(free, 11, 1);
    holder->begin(store::tx_mode::write);
    holder->enter_guild(locked);
    store::fail_effect(*holder, locked, effect_id{1}, "held");
    holder->flush();
    const auto begun = clock::now();
    static_cast<void>(w.engine().run_once(1s));
    EXPECT_LT(clock::now() - begun, 1s);
    EXPECT_EQ(done(free), 1U);
    EXPECT_EQ(calls(locked), 0U);
    holder->rollback();
    w.clock().turn(150ms);
    for (int i = 0; i < 20 && done(locked) == 0; ++i) {
        static_cast<void>(w.engine().dispatch(5ms));
    }
    EXPECT_EQ(done(locked), 1U) << "before the next look at everything";
}

TEST_F(LockedGuild, HasItsTimersTriedAgainSoon) {
    static_cast<void>(w.join("Zatanna"));
    const auto timers = [&] { return engine::queries(w.database()).timers(locked); };
    ASSERT_FALSE(timers().empty());
    w.clock().turn(timers().front().due - w.clock().now());
    lock();
    const auto begun = std::chrono::steady_clock::now();
    static_cast<void>(w.engine().run_timers(1s));
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 1s) << "nobody waits for the lock";
    release();
    ASSERT_FALSE(timers().empty());
    EXPECT_GT(timers().front().due, w.clock().now());
    EXPECT_LE(timers().front().due, w.clock().now() + 2s);
    const auto before = log_kinds(w).size();
    w.clock().turn(2s);
    static_cast<void>(w.engine().run_timers(1s));
    EXPECT_GT(log_kinds(w).size(), before);
}

TEST_F(LockedGuild, KeepsATimerThatItsHolderTakesAway) {
    static_cast<void>(w.join("Zatanna"));
    const auto timers = [&] { return engine::queries(w.database()).timers(locked); };
    ASSERT_FALSE(timers().empty());
    const engine::timer_info first = timers().front();
    w.clock().turn(first.due - w.clock().now());
    lock();
    store::cancel_timers(*holder, locked, first.owner);
    const auto begun = std::chrono::steady_clock::now();
    static_cast<void>(w.engine().run_timers(0s));
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 1s) << "nobody waits for that row";
    holder->commit();
    w.clock().turn(3s);
    static_cast<void>(w.engine().run_timers(1s));
    for (const engine::timer_info& t : timers()) {
        EXPECT_NE(t.owner, first.owner) << "a timer that was cancelled came back";
    }
}

} // namespace
} // namespace patt::engine_tests
