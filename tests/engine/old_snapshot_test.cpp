// Somebody holds an old snapshot: what ended effects leave cannot be removed meanwhile. How much they leave
// is bounded, claiming does not slow down with it, and the room is used again when the snapshot is gone.
#include "engine/outbox_fixture.hpp"
#include "postgres/product_database.hpp"
#include "postgres/session.hpp"
#include "store/codec.hpp"
#include "store/slot.hpp"

#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <optional>
#include <thread>

namespace patt::engine_tests {
namespace {

/// Says yes at once.
class willing_chat final : public engine::chat {
public:
    effect_outcome send(guild_id, member_id, const engine::outgoing&, std::string_view) override {
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
};

struct OldSnapshot : ::testing::Test {
    static constexpr int effects = 1000; ///< Of a round.
    std::string where = postgres::migrated_database();
    postgres::session admin{where};
    willing_chat chat;
    std::unique_ptr<world> w;
    int rounds = 0;

    OldSnapshot() {
        admin.run("ALTER TABLE outbox SET (autovacuum_enabled = off)"); // The test says when.
        testing::world_options how;
        how.database = postgres::in_virtual_time(postgres::open_walled(where));
        how.chat = &chat;
        how.roster = "";
        w = std::make_unique<world>(how);
        for (int g = 2; g <= 8; ++g) {
            static_cast<void>(w->engine().handle(
                {guild_id{g}, at_the_machine, "", "", engine::create_guild{"Guild", member_id{900}}}));
            static_cast<void>(w->engine().handle(
                {guild_id{g}, at_the_machine, "", "", engine::change_setting{"sending.enabled", "on"}}));
        }
    }

    struct seen {
        double per_second = 0;
        double kib = 0;    ///< By which the table and its indexes grew, for each effect.
        double blocks = 0; ///< Looked at, for each effect.
        double dead = 0;   ///< Rows left, for each effect.
        long long size = 0;
    };
    [[nodiscard]] long long size() { return admin.number("SELECT pg_total_relation_size('outbox')"); }
    [[nodiscard]] long long blocks() {
        return admin.number("SELECT heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read"
                            " FROM pg_statio_user_tables WHERE relname = 'outbox'");
    }
    [[nodiscard]] long long dead() {
        return admin.number("SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'outbox'");
    }
    /// Backends tell what they did once a second.
    void wait_until_told() {
        std::this_thread::sleep_for(1100ms);
        w->clock().turn(3s);
        w->settle(); // Says something on each connection, so that it tells the rest.
        admin.run("SELECT pg_stat_clear_snapshot()");
    }

    void fill() {
        const effect like = post(1, "", "");
        ++rounds;
        for (int g = 1; g <= 8; ++g) {
            admin.run(fmt::format("INSERT INTO outbox (guild_id, effect_id, effect_key, order_key, "
                                  "after_key, class, gate, kind,"
                                  " session_id, required, body, state, attempts, not_before, claimed_at, "
                                  "last_error, created_at,"
                                  " slot, claim_epoch) SELECT {0}, {1} + n, 'bulk:' || {1} + n, 'bulk:{1}:' "
                                  "|| n % 50, '', 0, 0, {2},"
                                  " 0, 0, '{3}', 2, 0, 1, 0, '', 1, {4}, 0 FROM generate_series(1, {5}) AS n",
                                  g, rounds * 1'000'000, like.body.index(), store::encode_effect(like.body),
                                  store::guild_slot(guild_id{g}), effects / 8));
        }
    }
    seen round() {
        const long long before = size();
        const long long dead_before = dead();
        fill();
        admin.run("SELECT pg_stat_force_next_flush()");
        const long long blocks_before = blocks();
        const auto begun = std::chrono::steady_clock::now();
        w->clock().turn(3s);
        w->settle();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
        wait_until_told();
        seen out;
        out.per_second = effects / took.count();
        out.blocks = static_cast<double>(blocks() - blocks_before) / effects;
        out.dead = static_cast<double>(dead() - dead_before) / effects;
        admin.run("VACUUM outbox");
        out.size = size();
        out.kib = static_cast<double>(out.size - before) / effects / 1024;
        EXPECT_EQ(admin.number("SELECT COUNT(*) FROM outbox"), 0) << "effects were left";
        return out;
    }
    static void tell(const char* when, const seen& s) {
        std::printf(
            "%-28s %6.0f effects/s, %5.1f blocks and %4.2f dead rows each, table and indexes %5.0f KiB"
            " (%+.2f each)\n",
            when, s.per_second, s.blocks, s.dead, static_cast<double>(s.size) / 1024, s.kib);
    }
};

TEST_F(OldSnapshot, CostsRoomAndLittleElse) {
    tell("first", round());
    const seen without = round();
    tell("again", without);
    postgres::session old(where);
    old.run("BEGIN ISOLATION LEVEL REPEATABLE READ");
    old.run("SELECT COUNT(*) FROM outbox");
    constexpr int rounds_held = 3;
    const long long dead_before = dead();
    seen held;
    for (int i = 0; i < rounds_held; ++i) {
        held = round();
        tell("an old snapshot held", held);
    }
    const double dead_each = static_cast<double>(dead() - dead_before) / effects / rounds_held;
    old.run("COMMIT");
    admin.run("VACUUM outbox");
    const seen after = round();
    tell("gone", after);
    // What a claim and a delete leave is all there is, ...
    EXPECT_LT(dead_each, 2.5);
    EXPECT_LT(held.kib, 1.2);
    // ... nobody reads all of it for each effect, though PostgreSQL takes the table for an empty one, ...
    EXPECT_LT(held.blocks, without.blocks + 100)
        << "of some " << held.dead * effects * rounds_held << " rows";
    EXPECT_GT(held.per_second, without.per_second / 4) << "and on a quiet machine hardly less";
    // ... and it is used again.
    EXPECT_LT(without.kib, 0.6);
    EXPECT_LT(after.kib, without.kib + 0.1);
}

} // namespace
} // namespace patt::engine_tests
