// The statements of every input and every effect find their rows by an index on PostgreSQL, however many
// there are, and also on a connection that prepared them when the tables were empty.
#include "postgres/needs_postgres.hpp"
#include "postgres/product_database.hpp"
#include "store/claim_repository.hpp"
#include "store/codec.hpp"
#include "store/event_repository.hpp"
#include "store/guild_repository.hpp"
#include "store/inbox_repository.hpp"
#include "store/outbox_repository.hpp"
#include "store/session_repository.hpp"
#include "store/timer_repository.hpp"

#include <patt/store/in_tx.hpp>

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace patt::engine_tests {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr instant now{1'800'000'000'000'000};
constexpr guild_id guild{5};

/// 200 guilds with 100 rows each in every table that is a queue or grows with the inputs.
void fill(store::connection& db) {
    std::string sql = R"(
INSERT INTO guild (guild_id, name, owner_member, settings_version, log_seq, log_hash, last_id, created_at)
  SELECT g, 'g', 1, 1, 0, '', 0, 1 FROM generate_series(1, 200) g;
INSERT INTO outbox (guild_id, effect_id, effect_key, order_key, after_key, class, gate, kind, session_id, required, body,
  state, attempts, not_before, claimed_at, last_error, created_at, slot, claim_epoch)
  SELECT g, n, 'k' || n, 'l' || n / 3, '', 0, 0, #kind, n, 0, '#body', 2, 0, 1, 0, '', 1,
    (g % 1000003 * 7919 + g / 4194304 % 1000003 * 104729) % 1024, 0
  FROM generate_series(1, 200) g, generate_series(1, 100) n;
INSERT INTO ledger (guild_id, effect_key, effect_id, kind, session_id, result, external_ref, attempts, created_at, ended_at)
  SELECT g, 'd' || n, 1000 + n, 1, 0, 'done', '', 1, 1, 1 FROM generate_series(1, 200) g, generate_series(1, 100) n;
INSERT INTO timer (guild_id, owner_id, purpose, due_at, grace, slot)
  SELECT g, n, 'nudge', 1900000000000000 + n, 0, (g % 1000003 * 7919 + g / 4194304 % 1000003 * 104729) % 1024
  FROM generate_series(1, 200) g, generate_series(1, 100) n;
INSERT INTO inbox (guild_id, input_key, reply, received_at)
  SELECT g, 'i' || n, '{}', 1 FROM generate_series(1, 200) g, generate_series(1, 100) n;
INSERT INTO event (guild_id, seq, happened_at, kind, actor, subject, commitment, prev, hash)
  SELECT g, n, 1, 'x', 'a', 's', '', '', '' FROM generate_series(1, 200) g, generate_series(1, 100) n;
)";
    const effect_body post{channel_post{}};
    sql.replace(sql.find("#kind"), 5, std::to_string(post.index()));
    sql.replace(sql.find("#body"), 5, store::encode_effect(post));
    db.script(sql);
    for (const char* table : {"guild", "outbox", "ledger", "timer", "inbox", "event"}) {
        db.run(std::string("ANALYZE ") + table);
    }
}

/// What holders of leases ask about all guilds, each statement once, for a few rows and for many.
void run_hot_queues(store::connection& db, std::int64_t number) {
    const store::slot_range mine{store::guild_slot(guild), store::guild_slot(guild) + 1};
    static_cast<void>(store::guilds_with_work(db, mine, 100));
    const store::guild_scan scan{guild, {}, 20};
    static_cast<void>(store::scan_guilds(db, {&scan, 1}, now));
    static_cast<void>(store::first_in_lanes(db, std::vector<store::lane>{{guild, "l3"}, {guild, "l4"}}));
    for (const std::int64_t count : {2, 12}) {
        std::vector<store::claim_wish> wishes;
        for (std::int64_t i = 0; i < count; ++i) {
            wishes.push_back({guild, effect_id{number + count + i}, 1});
        }
        static_cast<void>(store::claim_effects(db, wishes, now));
    }
    static_cast<void>(store::due_timers(db, {&store::all_slots, 1}, now, 64));
    static_cast<void>(store::next_timer_due(db, {&store::all_slots, 1}));
    db.flush();
}

/// The same of what an input or an outcome says about its guild.
void run_hot_guild(store::connection& db, std::int64_t number) {
    for (const std::int64_t count : {2, 12}) {
        std::vector<effect_id> ids;
        std::vector<store::done_effect> done;
        for (std::int64_t i = 0; i < count; ++i) {
            ids.emplace_back(number + count + i);
            done.push_back({ids.back(), "r"});
        }
        static_cast<void>(store::read_claims(db, guild, ids));
        store::acknowledge_effects(db, guild, done, now);
    }
    static_cast<void>(store::read_claim(db, guild, effect_id{number + 90}));
    static_cast<void>(store::effects_of(db, guild, session_id{90}));
    static_cast<void>(store::effects_in_lane(db, guild, "l30"));
    effect fresh;
    fresh.id = effect_id{1'000'000 + number};
    fresh.key = "fresh" + std::to_string(number);
    fresh.order_key = "fresh";
    fresh.body = channel_post{};
    store::insert_effect(db, guild, fresh, effect_state::pending, now);
    store::cancel_effects(db, guild, session_id{91}, now);
    static_cast<void>(store::lock_guild(db, guild));
    static_cast<void>(store::known_input(db, guild, "i7"));
    store::remember_input(db, guild, "fresh" + std::to_string(number), "{}", now);
    static_cast<void>(store::has_event(db, guild, {7, {}}));
    store::set_timer(db, guild, {number, timer_purpose::nudge, now + duration{5}, {}});
    static_cast<void>(store::take_timer(db, {guild, number, timer_purpose::nudge, now + duration{5}, {}}));
    store::cancel_timers(db, guild, 7);
    db.flush();
}

void run_hot(store::connection& db, std::int64_t number) {
    db.enter_queue();
    run_hot_queues(db, number);
    db.enter_guild(guild);
    run_hot_guild(db, number);
}

std::vector<std::string> read_whole(store::connection& db) {
    std::vector<std::string> out;
    const store::cursor rows =
        db.query("SELECT CAST(relname AS TEXT) FROM pg_stat_xact_user_tables WHERE seq_scan > 0"
                 " AND relname IN ('guild', 'outbox', 'ledger', 'timer', 'inbox', 'event') ORDER BY 1");
    while (rows->next()) {
        out.emplace_back(rows->text(0));
    }
    return out;
}

TEST(HotStatements, ReadNoQueueAsAWhole) {
    PATT_NEEDS_POSTGRES();
    const auto database = postgres::open_walled(postgres::migrated_database());
    const auto db = database->connect();
    store::in_tx(*db, store::tx_mode::write, [&] { run_hot(*db, 1'000); }); // Prepared on empty tables.
    fill(*postgres::seen_whole(*database)->connect());
    store::in_tx(*db, store::tx_mode::write, [&] {
        run_hot(*db, 0);
        EXPECT_THAT(read_whole(*db), IsEmpty());
    });
    store::in_tx(*db, store::tx_mode::read, [&] { // The measure can fail.
        db->enter_queue();
        static_cast<void>(store::count_outbox(*db, guild));
        const store::cursor all = db->query("SELECT COUNT(*) FROM outbox WHERE body = 'x'");
        ASSERT_TRUE(all->next());
        EXPECT_THAT(read_whole(*db), SizeIs(1));
    });
}

/// So many rows of the outbox this transaction has read by an index.
std::int64_t rows_read(store::connection& db) {
    const store::cursor row =
        db.query("SELECT idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'outbox'");
    return row->next() ? row->i64(0) : 0;
}

TEST(HotStatements, ALookReadsWhatIsDueAndNoMore) {
    PATT_NEEDS_POSTGRES();
    const auto database = postgres::open_walled(postgres::migrated_database());
    const auto db = database->connect();
    const auto admin = postgres::seen_whole(*database)->connect();
    fill(*admin);
    admin->run("CREATE TABLE kept AS SELECT * FROM outbox");
    admin->run("UPDATE kept SET not_before = 1800000000000001 + effect_id WHERE effect_id > 3");
    admin->run("DELETE FROM outbox");
    admin->run_alone("VACUUM ANALYZE outbox"); // As it is most of the time: empty, and known to be.
    const store::guild_scan scan{guild, {}, 100};
    store::in_tx(*db, store::tx_mode::read, [&] { // Prepared.
        db->enter_queue();
        EXPECT_THAT(store::guilds_with_work(*db, store::all_slots, 1'000), IsEmpty());
        EXPECT_THAT(store::scan_guilds(*db, {&scan, 1}, now).due, IsEmpty());
    });
    admin->run("INSERT INTO outbox SELECT * FROM kept");
    store::in_tx(*db, store::tx_mode::read, [&] {
        db->enter_queue();
        constexpr int guilds = 200;
        EXPECT_THAT(store::guilds_with_work(*db, store::all_slots, 1'000), SizeIs(guilds));
        EXPECT_LE(rows_read(*db), 4 * guilds);
        const std::int64_t before = rows_read(*db);
        const store::scanned_effects found = store::scan_guilds(*db, {&scan, 1}, now);
        EXPECT_THAT(found.due, SizeIs(3)) << "of a hundred";
        ASSERT_THAT(found.not_yet, SizeIs(1));
        EXPECT_EQ(found.not_yet.front().due, now + duration{5});
        EXPECT_LE(rows_read(*db) - before, 3 * 2 + 1) << "each with the first of its lane, and the next one";
    });
}

TEST(HotStatements, AClaimTouchesNoIndex) {
    PATT_NEEDS_POSTGRES();
    const auto database = postgres::open_walled(postgres::migrated_database());
    const auto db = database->connect();
    fill(*postgres::seen_whole(*database)->connect());
    store::in_tx(*db, store::tx_mode::write, [&] {
        db->enter_queue();
        std::vector<store::claim_wish> wishes;
        for (std::int64_t id = 1; id <= 60; ++id) {
            wishes.push_back({guild, effect_id{id}, 1});
        }
        EXPECT_THAT(store::claim_effects(*db, wishes, now), SizeIs(60));
        const store::cursor row = db->query("SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables"
                                            " WHERE relname = 'outbox'");
        ASSERT_TRUE(row->next());
        EXPECT_EQ(row->i64(0), 60);
        EXPECT_GE(row->i64(1), 50) << "heap-only: there is room in the page (fillfactor)";
    });
}

} // namespace
} // namespace patt::engine_tests
