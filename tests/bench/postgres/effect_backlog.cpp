#include "bench/postgres/effect_backlog.hpp"

#include "bench/guild.hpp"
#include "bench/postgres/many_guilds.hpp"
#include "store/claim_repository.hpp"
#include "store/codec.hpp"
#include "store/lease_repository.hpp"
#include "store/outbox_repository.hpp"
#include "store/slot.hpp"

#include <patt/store/in_tx.hpp>

#include <atomic>
#include <limits>
#include <thread>
#include <vector>

namespace patt::bench {
namespace {

constexpr int at_once = 500; // As many as graphile-worker's fastest mode fetches.
constexpr std::string_view lease_kind = "bench";
constexpr instant moment = instant{1'800'000'000'000'000};

std::string body_of_post() {
    channel_post post;
    post.channel = channel_id{12};
    post.text.key = "officer.denied";
    return store::encode_effect(effect_body{post});
}

/// Claims of one worker's range until nothing is left there.
void drain_range(store::connection& db, store::slot_range range, std::int64_t worker) {
    std::vector<store::guild_scan> scans;
    store::in_tx(db, store::tx_mode::read, [&] {
        db.enter_queue();
        for (const store::guild_work& g :
             store::guilds_with_work(db, range, std::numeric_limits<int>::max())) {
            scans.push_back({g.guild, {}, at_once});
        }
    });
    for (store::guild_scan& scan : scans) {
        for (;;) {
            std::vector<store::claimed_effect> claimed;
            store::scan_mark last = scan.above;
            store::in_tx(db, store::tx_mode::write, [&] {
                db.enter_queue();
                (void)store::lease_epoch(db, lease_kind, worker);
                std::vector<store::claim_wish> wishes;
                for (const store::pending_effect& e :
                     store::scan_guilds(db, std::span(&scan, 1), moment).due) {
                    if (e.first_in_lane) {
                        wishes.push_back({e.guild, e.id, 1});
                        last = {e.not_before, e.id};
                    }
                }
                claimed = store::claim_effects(db, wishes, moment);
            });
            if (claimed.empty()) {
                break;
            }
            scan.above = last;
            store::in_tx(db, store::tx_mode::write, [&] {
                db.enter_guild(scan.guild);
                (void)store::lease_epoch(db, lease_kind, worker);
                std::vector<store::done_effect> done;
                for (const store::claimed_effect& c : claimed) {
                    done.push_back({c.what.id, {}});
                }
                store::acknowledge_effects(db, scan.guild, done, moment);
            });
        }
    }
}

} // namespace

void fill_outbox(store::database& database, std::int64_t effects, int turn) {
    const auto db = database.connect();
    const std::string body = body_of_post();
    const std::int64_t each = (effects + backlog_guilds - 1) / backlog_guilds;
    const std::size_t kind = effect_body{channel_post{}}.index();
    store::in_tx(*db, store::tx_mode::write, [&] {
        db->run("DELETE FROM ledger", std::span<const store::value>{});
        for (std::int64_t g = 0; g < backlog_guilds; ++g) {
            const guild_id guild = copied_guild(g);
            const std::int64_t first = g * each;
            const std::int64_t count = std::min(each, effects - first);
            db->run(
                "INSERT INTO outbox (guild_id, effect_id, effect_key, order_key, after_key, class, gate, "
                "kind,"
                " session_id, required, body, state, attempts, not_before, claimed_at, last_error, "
                "created_at,"
                " slot, claim_epoch)"
                " WITH RECURSIVE n (id) AS (SELECT CAST($2 AS BIGINT) UNION ALL SELECT id + 1 FROM n WHERE"
                " id + 1 < CAST($3 AS BIGINT)) SELECT $1, id, 'bench:' || CAST(id AS TEXT), 'bench:' ||"
                " CAST(id AS TEXT), '', 0, 0, $4, 0, 0, $5, 2, 0, 1, 0, '', 1, $6, 0 FROM n",
                {guild.value(), turn * 10'000'000LL + 1, turn * 10'000'000LL + 1 + count,
                 static_cast<std::int64_t>(kind), std::string_view{body}, store::guild_slot(guild)});
        }
    });
}

std::int64_t outbox_size(store::database& database) {
    const auto db = database.connect();
    const store::cursor rows = db->query("SELECT COUNT(*) FROM outbox", {});
    return rows->next() ? rows->i64(0) : 0;
}

void drain_by_repositories(store::database& database, int workers) {
    {
        const auto db = database.connect();
        store::in_tx(*db, store::tx_mode::write, [&] {
            for (std::int64_t w = 0; w < workers; ++w) {
                (void)store::take_lease(*db, lease_kind, w, 1, moment, moment + std::chrono::hours(1),
                                        store::force::yes);
            }
        });
    }
    std::vector<std::thread> threads;
    for (std::int64_t w = 0; w < workers; ++w) {
        threads.emplace_back([&, w] {
            const auto db = database.connect();
            drain_range(*db, store::slots_of(w, w + 1, workers), w);
        });
    }
    for (std::thread& t : threads) {
        t.join();
    }
}

void drain_by_engine(const std::shared_ptr<store::database>& database, store::database& whole, int workers) {
    engine::options how;
    how.writers = workers;
    how.claims = at_once;
    how.in_flight_per_guild = at_once;
    how.start = engine::takeover::at_once;
    host at(database, how);
    (void)at.engine.keep_leases();
    std::atomic<bool> over{false};
    std::vector<std::thread> threads;
    for (int w = 0; w < workers; ++w) {
        threads.emplace_back([&] {
            while (!over) {
                (void)at.engine.dispatch(std::chrono::milliseconds(5));
            }
        });
    }
    while (outbox_size(whole) != 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        (void)at.engine.keep_leases();
    }
    over = true;
    for (std::thread& t : threads) {
        t.join();
    }
}

} // namespace patt::bench
