// What hosts of one PostgreSQL owe each other: word of work, and one clock, the database's.
#include "engine/engine_fixture.hpp"
#include "postgres/bouncer.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/product_database.hpp"
#include "postgres/session.hpp"
#include "postgres/shared_server.hpp"
#include "store/host_repository.hpp"
#include "store/lease_repository.hpp"
#include "store/slot.hpp"
#include "store/timer_repository.hpp"

#include <patt/engine/runner.hpp>
#include <patt/engine/system.hpp>
#include <patt/store/in_tx.hpp>
#include <patt/store/migrations.hpp>
#include <patt/store/postgres.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace patt::engine_tests {
namespace {

using wall = std::chrono::steady_clock;

/// A chat for several threads: it knows who got a message, and from which host.
class shared_chat final : public engine::chat {
public:
    effect_outcome send(guild_id, member_id to, const engine::outgoing&, std::string_view) override {
        const std::scoped_lock lock(mutex_);
        got_.insert(to);
        return {};
    }
    effect_outcome post(guild_id, channel_id, const engine::outgoing&, std::string_view) override {
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
    [[nodiscard]] bool got(member_id who) {
        const std::scoped_lock lock(mutex_);
        return got_.count(who) != 0;
    }

private:
    std::mutex mutex_;
    std::set<member_id> got_;
};

engine::options host_options(duration poll) {
    engine::options how;
    how.instance_key = "an instance key for tests only";
    how.poll = poll;
    how.start = engine::takeover::when_expired;
    return how;
}

template <class Done>
bool wait_for(std::chrono::milliseconds most, Done done) {
    const auto until = wall::now() + most;
    while (!done()) {
        if (wall::now() > until) {
            return false;
        }
        std::this_thread::sleep_for(5ms);
    }
    return true;
}

std::int64_t holder_of(store::database& database, guild_id guild) {
    const auto db = database.connect();
    for (const store::lease_row& l : store::leases(*db, store::partition_lease)) {
        if (l.key == store::partition_of(store::guild_slot(guild), store::partitions(*db))) {
            return l.holder;
        }
    }
    return 0;
}

/// Two hosts that poll once a minute; the first takes inputs of a guild whose effects are the second one's.
void expect_word_of_work(const std::shared_ptr<store::database>& database, store::way leads_to) {
    shared_chat here;
    shared_chat there;
    engine::system_clock clock;
    engine::system_entropy chance;
    engine::engine first(database, {here, clock, chance}, host_options(60s));
    engine::engine second(database, {there, clock, chance}, host_options(60s));
    const engine::runner turns_first(first, clock, {1s, 60s, 1, {}});
    const engine::runner turns_second(second, clock, {1s, 60s, 1, {}});
    ASSERT_TRUE(wait_for(15s, [&] {
        return first.metrics().held_partitions == 32 && second.metrics().held_partitions == 32;
    }));
    const engine::engine_metrics own = first.metrics();
    EXPECT_EQ(own.connections_most, 5) << "a writer, three for the queues, one to be woken by";
    EXPECT_LE(own.connections_open, 5);
    EXPECT_GE(own.connections_open, 3);
    for (const store::host_row& row : store::hosts(*database->connect())) {
        EXPECT_EQ(row.connections.leads_to, leads_to);
        EXPECT_EQ(row.connections.direct, leads_to == store::way::pooler ? 1 : 0) << "what wakes it";
    }
    guild_id guild{1}; // One whose effects are the second one's to perform.
    while (holder_of(*database, guild) != second.boot_id()) {
        ASSERT_LT(guild.value(), 200);
        guild = guild_id{guild.value() + 1};
    }
    const auto handle = [&](engine::command what) {
        EXPECT_EQ(first.handle({guild, at_the_machine, "", "", std::move(what)}).verdict, verdict::accepted);
    };
    handle(engine::create_guild{"Far", member_id{900}});
    handle(engine::change_setting{"sending.enabled", "on"});
    std::this_thread::sleep_for(
        1500ms); // What the hosts do when they begin is over: from here only word helps.
    for (const std::int64_t who : {7001, 7002, 7003}) {
        const auto begun = wall::now();
        static_cast<void>(first.handle({guild, {}, "", "", joined(member_id{who}, clock.now())}));
        EXPECT_TRUE(wait_for(10s, [&] { return there.got(member_id{who}); })) << "the next poll is far away";
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(wall::now() - begun);
        std::printf("told and done after %lld ms\n", static_cast<long long>(took.count()));
        EXPECT_FALSE(here.got(member_id{who}));
    }
}

TEST(BetweenHosts, WhoCommitsWorkOfAnotherTellsIt) {
    expect_word_of_work(postgres::open_walled(postgres::migrated_database()), store::way::server);
}

/// Listens beside the hosts. Each commit of an input tells itself by a trigger, so that both kinds of word
/// come in the order of the commits, with the sessions that sent them.
class eavesdropper {
public:
    explicit eavesdropper(const std::string& where)
        : session_(where) {
        session_.run("CREATE FUNCTION tell_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                     " PERFORM pg_notify('test_commit', ''); RETURN NULL; END $$;"
                     "CREATE TRIGGER tell_commit AFTER INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION "
                     "tell_commit();"
                     "LISTEN test_commit; LISTEN patt_wake");
    }
    /// Hears until nothing has come for a while, but waits longer for the word of the last commit; what was
    /// heard since the last time.
    std::vector<postgres::notice> hear() {
        std::vector<postgres::notice> out;
        const auto enough = [&out]() -> std::chrono::milliseconds {
            return out.empty() || out.back().channel == "patt_wake" ? 250ms : 5s;
        };
        for (auto last = wall::now(); wall::now() < last + enough();) {
            for (postgres::notice& each : session_.notices()) {
                out.push_back(std::move(each));
                last = wall::now();
            }
            std::this_thread::sleep_for(2ms);
        }
        return out;
    }

private:
    postgres::session session_;
};

struct heard {
    std::size_t wake_ups = 0;
    std::size_t commits = 0;
};

/// What must hold whatever was committed: one session sends the wake-ups, it is none that writes, and one
/// comes behind the last commit.
heard expect_word_beside_the_writers(const std::vector<postgres::notice>& all) {
    heard out;
    std::set<int> tellers;
    std::set<int> writers;
    for (const postgres::notice& each : all) {
        const bool wake_up = each.channel == "patt_wake";
        (wake_up ? out.wake_ups : out.commits) += 1;
        (wake_up ? tellers : writers).insert(each.pid);
        if (wake_up) { // One partition has work: its number once, effects alone or with timers.
            EXPECT_LE(std::count(each.payload.begin(), each.payload.end(), ','), 1) << each.payload;
        }
    }
    EXPECT_EQ(tellers.size(), 1U);
    for (const int pid : tellers) {
        EXPECT_EQ(writers.count(pid), 0U) << "a session that writes told of it";
    }
    EXPECT_FALSE(writers.empty());
    EXPECT_TRUE(!all.empty() && all.back().channel == "patt_wake") << "nobody told of the last commit";
    return out;
}

TEST(BetweenHosts, ABurstOfInputsIsToldInFewWords) {
    constexpr std::size_t inputs = 256;
    const std::string where = postgres::migrated_database();
    const auto database = postgres::open_walled(where);
    shared_chat nobody;
    engine::system_clock clock;
    engine::system_entropy chance;
    engine::engine host(database, {nobody, clock, chance}, host_options(60s));
    std::atomic<bool> over{false};
    std::thread listening([&] { // It listens and holds no lease, so all work is somebody else's.
        while (!over) {
            host.listen(100ms);
        }
    });
    const auto input = [&](std::size_t i) {
        return engine::input{
            guild_id{1}, {}, "", "", joined(member_id{7000 + static_cast<std::int64_t>(i)}, clock.now())};
    };
    static_cast<void>(
        host.handle({guild_id{1}, at_the_machine, "", "", engine::create_guild{"Far", member_id{900}}}));
    static_cast<void>(
        host.handle({guild_id{1}, at_the_machine, "", "", engine::change_setting{"sending.enabled", "on"}}));
    eavesdropper ear(where);
    static_cast<void>(ear.hear());

    const auto begun = wall::now();
    for (std::size_t i = 0; i < inputs; ++i) {
        EXPECT_EQ(host.handle(input(i)).verdict, verdict::accepted);
    }
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(wall::now() - begun);
    const heard one_by_one = expect_word_beside_the_writers(ear.hear());
    EXPECT_EQ(one_by_one.commits, inputs);
    EXPECT_LE(one_by_one.wake_ups, static_cast<std::size_t>(took / 20ms) + 2)
        << "in " << took.count() << " ms";

    std::vector<engine::input> together;
    for (std::size_t i = 0; i < inputs; ++i) {
        together.push_back(input(inputs + i));
    }
    static_cast<void>(host.handle_all(together));
    const heard at_once = expect_word_beside_the_writers(ear.hear());
    EXPECT_LE(at_once.wake_ups, inputs / 32);
    over = true;
    host.interrupt();
    listening.join();
    std::printf("%zu inputs, each its commit, in %lld ms: %zu wake-ups; as many together, %zu commits: %zu\n",
                inputs, static_cast<long long>(took.count()), one_by_one.wake_ups, at_once.commits,
                at_once.wake_ups);
}

// All that hosts do with leases, inputs, claims and outcomes goes through a real PgBouncer in transaction
// mode; only the wake-ups have a way of their own.
TEST(BetweenHosts, WhoCommitsWorkTellsItThroughABouncerToo) {
    PATT_NEEDS_BOUNCER();
    const std::string direct = postgres::migrated_database();
    const postgres::bouncer between{postgres::shared_server(),
                                    {.pool_size = 8, .users = {"patt_run"}, .settings = {}}};
    store::postgres_options how;
    how.statements = store::statement_mode::unnamed;
    how.wake_conninfo = postgres::as_host(direct);
    expect_word_of_work(postgres::open_walled(between.conninfo(direct.substr(direct.rfind('/') + 1)), how),
                        store::way::pooler);
}

/// The steps of this version, and such as the next one may have: what older hosts do not need.
std::vector<store::migration> with_the_next() {
    const auto ours = store::built_in_migrations();
    std::vector<store::migration> out(ours.begin(), ours.end());
    const std::int64_t last = out.back().number;
    out.push_back({.number = last + 1,
                   .name = "next_columns",
                   .sql = "CREATE TABLE next_thing (guild_id BIGINT NOT NULL, thing_id BIGINT NOT NULL,"
                          " PRIMARY KEY (guild_id, thing_id));\n"
                          "ALTER TABLE member ADD COLUMN next_note TEXT NOT NULL DEFAULT '';\n"
                          "ALTER TABLE outbox ADD COLUMN next_note TEXT NOT NULL DEFAULT '';\n",
                   .sqlite_sql = {},
                   .postgres_sql = {}});
    out.push_back({.number = last + 2,
                   .name = "next_index",
                   .sql = "-- patt: concurrently\n"
                          "CREATE INDEX CONCURRENTLY next_link ON link (guild_id, kind, created_at);\n",
                   .sqlite_sql = {},
                   .postgres_sql = {}});
    return out;
}

// What this version is to the next one, the version before is to this one. It goes on while the steps are
// applied under it, an index built beside its writes.
TEST(BetweenHosts, AHostOfTheVersionBeforeGoesOnWhileTheNextStepsAreApplied) {
    const std::vector<store::migration> all = with_the_next();
    const std::string where = postgres::fresh_database();
    postgres::raise_walls(where);
    const auto database = postgres::open_walled(where);
    const auto owner = store::open_postgres(postgres::as_owner(where))->connect();
    engine::system_clock clock;
    engine::system_entropy chance;
    shared_chat chat;
    engine::engine host(database, {chat, clock, chance}, host_options(300ms));
    const engine::runner turns(host, clock, {300ms, 1s, 1, {}});
    const auto handle = [&](engine::command what) {
        return host.handle({guild_id{1}, at_the_machine, "", "", std::move(what)}).verdict;
    };
    ASSERT_EQ(handle(engine::create_guild{"Before", member_id{900}}), verdict::accepted);
    ASSERT_EQ(handle(engine::change_setting{"sending.enabled", "on"}), verdict::accepted);
    std::atomic<bool> over{false};
    std::vector<verdict> verdicts; // Of one thread, read after its end.
    std::thread joining([&] {
        for (std::int64_t who = 7000; !over && who < 9000; ++who) {
            verdicts.push_back(handle(joined(member_id{who}, clock.now())));
        }
    });
    std::this_thread::sleep_for(500ms);
    store::migrate_options how;
    how.small_table = 0; // As if the tables were large.
    const auto migrated = store::migrate(*owner, all, clock.now(), how);
    store::install_row_security(*owner, {}, how);
    std::this_thread::sleep_for(500ms);
    over = true;
    joining.join();
    ASSERT_TRUE(migrated) << migrated.err().detail;
    EXPECT_EQ(migrated->to, migrated->from + 2);
    EXPECT_GT(verdicts.size(), 20U);
    EXPECT_EQ(std::count(verdicts.begin(), verdicts.end(), verdict::accepted),
              static_cast<std::ptrdiff_t>(verdicts.size()));
    const member_id last{6999 + static_cast<std::int64_t>(verdicts.size())};
    EXPECT_TRUE(wait_for(20s, [&] { return chat.got(last); })) << "the last one was never written to";
}

/// The database is ten minutes ahead of this host; whose clock is right does not matter.
constexpr std::string_view ten_minutes_ahead =
    "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) + 600000000";

struct WrongClock : ::testing::Test {
    std::shared_ptr<store::database> database =
        postgres::with_clock(postgres::open_walled(postgres::migrated_database()), ten_minutes_ahead);
    shared_chat chat;
    engine::system_entropy chance;
    engine::system_clock machine;
};

/// Its holder may have been stopped in the middle of what it protects; heartbeats use the same connection.
TEST(BetweenHosts, NobodyWaitsForALeaseThatIsLocked) {
    world w;
    const auto first = w.engine().take_lease("sync", 7, 10s);
    ASSERT_TRUE(first.has_value());
    w.clock().turn(11s);
    const auto holder = w.database().connect();
    holder->begin(store::tx_mode::write);
    EXPECT_EQ(store::lease_epoch(*holder, "sync", 7), first->epoch);
    testing::seeded_entropy chance{79};
    const std::shared_ptr<store::database> same(&w.database(), [](store::database*) {});
    engine::engine other(same, {w.chat(), w.clock(), chance}, host_options(300ms));
    const auto begun = wall::now();
    EXPECT_FALSE(other.take_lease("sync", 7, 10s).has_value());
    EXPECT_LT(wall::now() - begun, 1s);
    holder->rollback();
    const auto second = other.take_lease("sync", 7, 10s);
    ASSERT_TRUE(second.has_value());
    EXPECT_GT(second->epoch, first->epoch);
}

TEST_F(WrongClock, LeasesAreMeasuredByTheDatabasesClock) {
    testing::manual_clock hours_ahead(machine.now() + 3h);
    engine::engine right(database, {chat, machine, chance}, host_options(1s));
    engine::engine wrong(database, {chat, hours_ahead, chance}, host_options(1s));
    right.keep_leases();
    const auto db = database->connect();
    const instant now = store::lease_time(*db, {});
    EXPECT_GT(now, machine.now() + 9min);
    for (const store::lease_row& l : store::leases(*db, store::partition_lease)) {
        EXPECT_LE(l.expires_at, now + 6s);
        EXPECT_GT(l.expires_at, now);
    }
    // By its own clock everything ran out hours ago.
    wrong.keep_leases();
    EXPECT_EQ(wrong.metrics().held_partitions, 0);
    EXPECT_EQ(right.metrics().held_partitions, 64);
    EXPECT_EQ(wrong.metrics().takeovers, 0);
    EXPECT_GT(wrong.metrics().clock_skew, 2h);
    EXPECT_LT(right.metrics().clock_skew, -9min);
}

TEST_F(WrongClock, TimersFollowTheDatabasesClock) {
    engine::database_clock told;
    engine::engine host(database, {chat, told, chance}, host_options(1s));
    host.keep_leases();
    EXPECT_GT(told.now(), machine.now() + 9min);
    static_cast<void>(
        host.handle({guild_id{1}, at_the_machine, "", "", engine::create_guild{"Guild", member_id{900}}}));
    const auto db = database->connect();
    const auto set = [&](std::int64_t owner, duration from_now) {
        store::in_tx(*db, store::tx_mode::write, [&] {
            db->enter_guild(guild_id{1});
            store::set_timer(*db, guild_id{1}, {owner, timer_purpose::expire, machine.now() + from_now, {}});
        });
    };
    set(41, 5min);  // Due by the database's clock, not by the machine's.
    set(42, 15min); // Due by neither.
    static_cast<void>(host.run_once(1s));
    std::vector<std::int64_t> left;
    for (const engine::timer_info& t : engine::queries(*database).timers(guild_id{1})) {
        if (t.purpose == "expire") {
            left.push_back(t.owner);
        }
    }
    EXPECT_THAT(left, ::testing::ElementsAre(42));
}

} // namespace
} // namespace patt::engine_tests
