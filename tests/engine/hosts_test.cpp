// Several hosts on one database: shares, takeovers, fences, partitions, fairness, lost commits.
#include "engine/engine_fixture.hpp"
#include "engine/passing_connection.hpp"
#include "engine/shares.hpp"
#include "store/claim_repository.hpp"
#include "store/host_repository.hpp"
#include "store/lease_repository.hpp"
#include "store/outbox_repository.hpp"
#include "store/slot.hpp"

#include <patt/engine/health.hpp>
#include <patt/engine/hosts.hpp>
#include <patt/store/in_tx.hpp>

namespace patt::engine_tests {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Shares, AreNeighboursAndCoverAll) {
    const std::vector<std::int64_t> hosts{3, 8, 20};
    EXPECT_EQ(engine::share_of(hosts, 3, 64), (engine::share{0, 21}));
    EXPECT_EQ(engine::share_of(hosts, 8, 64), (engine::share{21, 42}));
    EXPECT_EQ(engine::share_of(hosts, 20, 64), (engine::share{42, 64}));
    EXPECT_EQ(engine::share_of(hosts, 4, 64), (engine::share{})) << "not one of them";
    for (std::int64_t partitions : {1, 2, 7, 64, 1024}) {
        std::int64_t next = 0;
        for (const std::int64_t host : hosts) {
            const engine::share s = engine::share_of(hosts, host, partitions);
            EXPECT_EQ(s.first, next);
            next = s.end;
        }
        EXPECT_EQ(next, partitions);
        for (std::int64_t slot = 0; slot < store::slots; ++slot) {
            const std::int64_t p = store::partition_of(slot, partitions);
            const store::slot_range range = store::slots_of(p, p + 1, partitions);
            EXPECT_TRUE(range.first <= slot && slot < range.end) << partitions << " " << slot;
        }
    }
}

TEST(Slots, AreTheSameInTheMigration) {
    const auto db = fresh_database()->connect();
    for (const std::int64_t id : {std::int64_t{1}, std::int64_t{2}, std::int64_t{81384788765712384},
                                  std::int64_t{1234567890123456789}, INT64_MAX}) {
        store::cursor rows =
            db->query("SELECT ($1 % 1000003 * 7919 + $1 / 4194304 % 1000003 * 104729) % 1024", {id});
        ASSERT_TRUE(rows->next());
        EXPECT_EQ(rows->i64(0), store::guild_slot(guild_id{id})) << id;
    }
}

/// A world and a second host on its database, which waits for leases to run out.
struct TwoEngines : ::testing::Test {
    world w;
    testing::seeded_entropy chance{77};
    engine::options how;
    std::unique_ptr<engine::engine> other;

    TwoEngines() {
        how.instance_key = "an instance key for tests only";
        how.start = engine::takeover::when_expired;
        const std::shared_ptr<store::database> same(&w.database(), [](store::database*) {});
        other = std::make_unique<engine::engine>(same, engine::ports{w.chat(), w.clock(), chance}, how);
    }
    void both(int rounds, duration step) {
        for (int i = 0; i < rounds; ++i) {
            w.clock().turn(step);
            static_cast<void>(w.engine().run_once(1s));
            static_cast<void>(other->run_once(1s));
        }
    }
    static std::int64_t held(const engine::engine& e) { return e.metrics().held_partitions; }
};

TEST_F(TwoEngines, SayHowManyConnectionsTheyMayOpen) {
    both(2, 2s);
    const auto db = w.database().connect();
    const bool server = !db->dialect().for_update.empty(); // In virtual time nobody is woken.
    const engine::health h = engine::read_health(*db, w.clock().now());
    ASSERT_THAT(h.hosts, SizeIs(2));
    for (const engine::host_health& host : h.hosts) { // On a server three for the queues.
        EXPECT_EQ(host.connections.most, server ? 4 : 1);
        EXPECT_GE(host.connections.open, server ? 2 : 1);
        EXPECT_LE(host.connections.open, host.connections.most);
        EXPECT_EQ(host.connections.waiting, 0);
        EXPECT_EQ(host.connections.leads_to, store::way::server);
    }
    EXPECT_EQ(other->metrics().connections_most, server ? 4 : 1);
    for (const store::host_row& row : store::hosts(*db)) {
        EXPECT_EQ(row.kinds, "effects");
    }
    how.other_connections = 10;
    const std::shared_ptr<store::database> same(&w.database(), [](store::database*) {});
    const engine::engine third(same, engine::ports{w.chat(), w.clock(), chance}, how);
    EXPECT_EQ(third.metrics().connections_most, server ? 14 : 11);
}

TEST_F(TwoEngines, ReadWhatAHostOfAnOlderVersionSays) {
    const auto db = w.database().connect();
    db->run("INSERT INTO host (boot_id, name, version, kinds, started_at, last_seen, clock_skew)"
            " VALUES (5, 'old', '', 'effects', 0, 0, 0), (6, 'odd', '', 'effects connections 7 x', 0, 0, 0)");
    const auto rows = store::hosts(*db);
    ASSERT_THAT(rows, SizeIs(3)) << "and this one";
    EXPECT_EQ(rows[0].kinds, "effects");
    EXPECT_EQ(rows[0].connections.most, 0);
    EXPECT_EQ(rows[0].connections.leads_to, store::way::untold);
    EXPECT_EQ(rows[1].kinds, "effects");
    EXPECT_EQ(rows[1].connections.most, 7);
    EXPECT_EQ(rows[1].connections.open, 0);
    EXPECT_EQ(rows[1].connections.leads_to, store::way::untold);
}

TEST_F(TwoEngines, SayHowManyOfTheirConnectionsGoPastAPgBouncer) {
    const auto db = w.database().connect();
    for (const std::int64_t direct : {1, 0}) {
        const store::host_row row{5,          "a",        "1", "effects",
                                  instant{1}, instant{1}, {},  {9, 3, 0, store::way::pooler, direct}};
        store::in_tx(*db, store::tx_mode::write, [&] { store::put_host(*db, row); });
        const store::host_row read = store::hosts(*db).front();
        EXPECT_EQ(read.kinds, "effects");
        EXPECT_EQ(read.connections.leads_to, store::way::pooler);
        EXPECT_EQ(read.connections.direct, direct);
    }
}

TEST_F(TwoEngines, SayAnewWithEachHeartbeatWhatTheyHaveOpen) {
    const auto db = w.database().connect();
    store::host_row row{5, "a", "1", "effects", instant{1}, instant{1}, {}, {9, 3, 0}};
    for (const store::host_connections now : {row.connections, store::host_connections{9, 8, 2}}) {
        row.connections = now;
        store::in_tx(*db, store::tx_mode::write, [&] { store::put_host(*db, row); });
        const store::host_row read = store::hosts(*db).front();
        EXPECT_EQ(read.connections.most, 9);
        EXPECT_EQ(read.connections.open, now.open);
        EXPECT_EQ(read.connections.waiting, now.waiting);
    }
}

TEST_F(TwoEngines, ShareThePartitions) {
    EXPECT_EQ(held(w.engine()), 64);
    both(4, 2s);
    EXPECT_EQ(held(w.engine()), 32);
    EXPECT_EQ(held(*other), 32);
    w.restart(); // A clean end gives back; the new one takes its half.
    both(4, 2s);
    EXPECT_EQ(held(w.engine()) + held(*other), 64);
}

TEST_F(TwoEngines, TheOtherTakesOverWhatADeadOneHeldWithinTheLease) {
    join_quietly(w, member_id{7001});
    static_cast<void>(other->run_once(1s));
    EXPECT_EQ(held(*other), 0);
    EXPECT_THAT(w.inbox(member_id{7001}), IsEmpty());
    w.clock().turn(7s); // The first host is silent.
    testing::settle(*other);
    EXPECT_EQ(held(*other), 64);
    EXPECT_THAT(w.inbox(member_id{7001}), SizeIs(1));
    EXPECT_GT(other->metrics().takeovers, 0);
}

TEST_F(TwoEngines, AHostThatWasPausedIsFenced) {
    // Each claims only under its own epoch: the first one's is worth nothing after the takeover.
    const auto db = w.database().connect();
    const std::int64_t partition = store::partition_of(store::guild_slot(w.ids().guild), 64);
    const std::int64_t before = store::lease_epoch(*db, store::partition_lease, partition);
    w.clock().turn(7s);
    testing::settle(*other);
    EXPECT_EQ(store::lease_epoch(*db, store::partition_lease, partition), before + 1);
    join_quietly(w, member_id{7001});
    static_cast<void>(w.engine().run_once(1s)); // Awake again: a heartbeat tells it.
    EXPECT_EQ(held(w.engine()), 0);
    EXPECT_THAT(w.chat().ledger(), IsEmpty()) << "it performs nothing";
    EXPECT_EQ(w.engine().metrics().leases_lost, 64);
    testing::settle(*other);
    EXPECT_THAT(w.inbox(member_id{7001}), SizeIs(1));
}

TEST_F(TwoEngines, ANewNumberOfPartitionsIsTakenUp) {
    const auto db = w.database().connect();
    store::in_tx(*db, store::tx_mode::write,
                 [&] { store::set_partitions(*db, 16, w.clock().now() + how.lease_ttl); });
    both(6, 2s);
    EXPECT_EQ(held(w.engine()) + held(*other), 16);
    join_quietly(w, member_id{7001});
    both(1, 2s);
    EXPECT_THAT(w.inbox(member_id{7001}), SizeIs(1));
}

TEST_F(TwoEngines, AreListedWithWhatTheyHold) {
    both(4, 2s);
    const auto db = w.database().connect();
    const auto sync = other->take_lease("sync", w.ids().guild.value(), 60s);
    engine::hosts_overview all = engine::read_hosts(*db, w.clock().now());
    for (const engine::host_info& h : all.hosts) {
        EXPECT_TRUE(std::isdigit(static_cast<unsigned char>(h.version.c_str()[0])))
            << "version " << h.version;
    }
    EXPECT_EQ(all.partitions, 64);
    EXPECT_EQ(all.held_partitions, 64);
    ASSERT_THAT(all.hosts, SizeIs(2));
    for (const engine::host_info& h : all.hosts) {
        EXPECT_EQ(h.partitions, 32);
        EXPECT_EQ(h.syncs, h.boot_id == other->boot_id() ? 1 : 0);
        EXPECT_LE(h.silent, 2s);
    }
    w.clock().turn(20s); // Both are silent: nobody holds anything any more.
    all = engine::read_hosts(*db, w.clock().now());
    EXPECT_EQ(all.held_partitions, 0);
    EXPECT_GE(all.hosts.front().silent, 20s);
}

TEST_F(TwoEngines, AnOperatorDividesTheWorkAnew) {
    both(4, 2s);
    const auto db = w.database().connect();
    for (const std::int64_t wrong : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1025}}) {
        EXPECT_EQ(engine::change_partitions(*db, wrong, w.clock().now()).err().code, errc::invalid_input);
    }
    const instant from = *engine::change_partitions(*db, 10, w.clock().now());
    EXPECT_GT(from, w.clock().now()) << "not before what runs under the old leases is over";
    EXPECT_LE(from, w.clock().now() + how.lease_ttl);
    both(6, 2s);
    const engine::hosts_overview all = engine::read_hosts(*db, w.clock().now());
    EXPECT_EQ(all.partitions, 10);
    EXPECT_EQ(all.held_partitions, 10);
    EXPECT_EQ(all.hosts.at(0).partitions, 5);
}

TEST_F(TwoEngines, AnInputUnderALostLeaseIsRefused) {
    const std::int64_t key = w.ids().guild.value();
    const auto mine = w.engine().take_lease("sync", key, 10s);
    ASSERT_TRUE(mine.has_value());
    EXPECT_TRUE(w.engine().trusts(*mine));
    EXPECT_FALSE(other->take_lease("sync", key, 10s).has_value()) << "one sync of a guild at a time";
    w.clock().turn(11s);
    EXPECT_FALSE(w.engine().trusts(*mine));
    ASSERT_TRUE(other->take_lease("sync", key, 10s).has_value());
    engine::input late{w.ids().guild, at_the_machine, "", "", engine::change_setting{"guild.name", "Late"}};
    late.under = mine;
    const reply answer = w.engine().handle(late);
    EXPECT_EQ(answer.verdict, verdict::refused);
    EXPECT_EQ(answer.why->code, errc::conflict);
}

TEST(Fairness, AGuildIsLookedAtThroughAWindowHoweverMuchItHas) {
    world w;
    constexpr guild_id busy{5};
    const auto db = beside(w.database());
    const auto fill = [&](int from, int count) {
        store::in_tx(*db, store::tx_mode::write, [&] {
            for (int i = from; i < from + count; ++i) {
                effect e;
                e.id = effect_id{i};
                e.key = "k" + std::to_string(i);
                e.order_key = "lane" + std::to_string(i % 3);
                e.body = channel_post{channel_id{12}, {"public.welcome", {}}, {}, {}};
                store::insert_effect(*db, busy, e, effect_state::pending, w.clock().now());
            }
        });
    };
    fill(100, 20'000);
    const instant now = w.clock().now();
    const std::vector<store::guild_work> with_work = store::guilds_with_work(*db, store::all_slots, 100);
    ASSERT_THAT(with_work, SizeIs(1));
    EXPECT_EQ(with_work.front().guild, busy);
    EXPECT_EQ(with_work.front().due, now);
    store::in_tx(*db, store::tx_mode::write, [&] {
        db->run(
            "INSERT INTO guild (guild_id, name, owner_member, settings_version, log_seq, log_hash, last_id,"
            " created_at) SELECT 5, 'Busy', 1, 0, 0, log_hash, 0, 0 FROM guild WHERE guild_id = 1");
    });
    const store::guild_scan bottom{busy, {}, 16};
    EXPECT_THAT(store::scan_guilds(*db, {&bottom, 1}, now).due, SizeIs(16))
        << "a window, whatever is behind it";
    const store::guild_scan top{busy, {now, effect_id{20'095}}, 16};
    EXPECT_THAT(store::scan_guilds(*db, {&top, 1}, now).due, SizeIs(4));
}

/// Loses the answers of commits: before or after they took place.
struct losses {
    int before = 0;
    int after = 0;
};

class losing_connection final : public passing_connection {
public:
    losing_connection(std::unique_ptr<store::connection> real, losses& plan)
        : passing_connection(std::move(real))
        , plan_(plan) {}
    void begin(store::tx_mode mode) override {
        real().begin(mode);
        writes_ = mode == store::tx_mode::write;
    }
    void commit() override {
        if (writes_ && plan_.before > 0) {
            --plan_.before;
            real().rollback();
            throw store::sql_error(store::sql_errc::unknown, "the answer was lost");
        }
        real().commit();
        if (writes_ && plan_.after > 0) {
            --plan_.after;
            throw store::sql_error(store::sql_errc::unknown, "the answer was lost");
        }
    }

private:
    losses& plan_;
    bool writes_ = false;
};

class losing_database final : public store::database {
public:
    explicit losing_database(std::shared_ptr<store::database> real)
        : real_(std::move(real)) {}
    losses plan;
    [[nodiscard]] std::unique_ptr<store::connection> connect(store::open_options options) override {
        return std::make_unique<losing_connection>(real_->connect(options), plan);
    }

private:
    std::shared_ptr<store::database> real_;
};

struct LostCommits : ::testing::Test {
    std::shared_ptr<losing_database> database = std::make_shared<losing_database>(fresh_database());
    std::unique_ptr<world> w;

    LostCommits() {
        testing::world_options how;
        how.database = database;
        w = std::make_unique<world>(how);
    }
    std::size_t changes() {
        std::size_t out = 0;
        for (const std::string& kind : log_kinds(*w)) {
            out += kind == "setting.changed" ? 1U : 0U;
        }
        return out;
    }
    reply change() {
        return w->engine().handle({w->ids().guild, at_the_machine, "", "",
                                   engine::change_setting{"guild.raid_schedule", "Mondays"}});
    }
};

TEST_F(LostCommits, OneThatHappenedIsNotRunAgain) {
    const std::size_t before = changes();
    database->plan.after = 1;
    EXPECT_EQ(change().verdict, verdict::accepted);
    EXPECT_EQ(changes(), before + 1);
    EXPECT_EQ(w->engine().metrics().unknown_happened, 1);
    expect_whole_log(*w);
}

TEST_F(LostCommits, OneThatDidNotHappenIsRunAgain) {
    const std::size_t before = changes();
    database->plan.before = 1;
    EXPECT_EQ(change().verdict, verdict::accepted);
    EXPECT_EQ(changes(), before + 1);
    EXPECT_EQ(w->engine().metrics().unknown_not, 1);
    expect_whole_log(*w);
}

TEST_F(LostCommits, TheLookUpMayBeLostToo) {
    const std::size_t before = changes();
    database->plan.after = 3;
    EXPECT_EQ(change().verdict, verdict::accepted);
    EXPECT_EQ(changes(), before + 1);
}

TEST_F(LostCommits, PatienceEnds) {
    testing::world_options how;
    how.database = database;
    how.engine.patience = duration{0};
    world impatient(how);
    database->plan.after = 1'000'000;
    EXPECT_THROW(static_cast<void>(
                     impatient.engine().handle({impatient.ids().guild, at_the_machine, "", "",
                                                engine::change_setting{"guild.raid_schedule", "Tuesdays"}})),
                 engine::outcome_unknown);
    database->plan.after = 0;
}

TEST_F(LostCommits, ABatchThatCannotBeLookedUpIsNotRunAgain) {
    testing::world_options how;
    how.database = database;
    how.engine.patience = duration{0};
    w = std::make_unique<world>(how);
    const std::size_t before = changes();
    const auto schedule = [&](const std::string& text) {
        return engine::input{w->ids().guild, at_the_machine, "", "",
                             engine::change_setting{"guild.raid_schedule", text}};
    };
    const std::vector<engine::input> both{schedule("Mondays"), schedule("Tuesdays")};
    database->plan.after = 2; // The commit's answer, and that of the look-up.
    EXPECT_THROW(static_cast<void>(w->engine().handle_all(both)), engine::outcome_unknown);
    EXPECT_EQ(changes(), before + 2);
    EXPECT_EQ(w->engine().metrics().unknown_given_up, 1);
    expect_whole_log(*w);
}

/// Away at once when told so: what runs is lost, and nobody gets a new connection.
class away_connection final : public passing_connection {
public:
    away_connection(std::unique_ptr<store::connection> real, const bool& away)
        : passing_connection(std::move(real))
        , away_(away) {}
    void begin(store::tx_mode mode) override {
        if (away_) {
            throw store::sql_error(store::sql_errc::lost, "away");
        }
        real().begin(mode);
    }

private:
    const bool& away_;
};

class away_database final : public store::database {
public:
    explicit away_database(std::shared_ptr<store::database> real)
        : real_(std::move(real)) {}
    bool away = false;
    int refused = 0;
    [[nodiscard]] std::unique_ptr<store::connection> connect(store::open_options options) override {
        if (away) {
            ++refused;
            throw store::sql_error(store::sql_errc::lost, "away");
        }
        return std::make_unique<away_connection>(real_->connect(options), away);
    }

private:
    std::shared_ptr<store::database> real_;
};

TEST(Patience, IsThatOfABatchAndNotOfEachOfIts) {
    const auto database = std::make_shared<away_database>(fresh_database());
    testing::world_options how;
    how.database = database;
    how.engine.patience = duration{0};
    world w(how);
    const std::vector<engine::input> several(
        8, {w.ids().guild, at_the_machine, "", "", engine::change_setting{"guild.raid_schedule", "Mondays"}});
    database->away = true;
    EXPECT_THROW(static_cast<void>(w.engine().handle_all(several)), store::sql_error);
    EXPECT_EQ(database->refused, 1) << "it is asked once whether it is back, not once for each of them";
    database->away = false;
    EXPECT_THAT(w.engine().handle_all(several), SizeIs(8));
}

} // namespace
} // namespace patt::engine_tests
