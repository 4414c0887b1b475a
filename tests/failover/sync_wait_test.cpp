// A commit that waits for its synchronous standby, and is told to stop waiting: the row is there, but only
// here. A failover now would lose it, so it is neither kept nor lost: its outcome is unknown, until a later
// commit has reached the standby.

#include "hosts/guilds.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/session.hpp"
#include "postgres/standby.hpp"
#include "postgres/walls.hpp"

#include <patt/engine/engine.hpp>
#include <patt/engine/system.hpp>
#include <patt/store/in_tx.hpp>
#include <patt/store/postgres.hpp>
#include <patt/testing/clock.hpp>
#include <patt/testing/fake_chat.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>

namespace patt::failover {
namespace {

using namespace std::chrono_literals;

class SynchronousWait : public ::testing::Test {
protected:
    void SetUp() override {
        PATT_NEEDS_POSTGRES();
        postgres::server_options how;
        how.settings = postgres::replication_settings();
        north_ = std::make_unique<postgres::server>(how);
        where_ = north_->fresh_database();
        south_ = postgres::make_standby(*north_, "south", how);
    }
    /// From now on no commit comes to its end.
    void lose_the_standby() {
        postgres::make_synchronous(*north_, "south");
        south_->stop();
    }
    /// Ends the wait of a commit that waits for the standby, as an impatient administrator would.
    void cancel_the_wait() const {
        for (int i = 0; i < 1000; ++i) {
            if (!north_
                     ->run("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = "
                           "'SyncRep' AND backend_type = 'client backend'")
                     .empty()) {
                return;
            }
            std::this_thread::sleep_for(5ms);
        }
        ADD_FAILURE() << "no commit waits";
    }

    std::unique_ptr<postgres::server> north_;
    std::unique_ptr<postgres::server> south_;
    std::string where_;
};

TEST_F(SynchronousWait, IsUnknownWhenItIsCancelled) {
    const auto db = store::open_postgres(where_)->connect();
    db->script("CREATE TABLE t (n BIGINT)");
    lose_the_standby();
    auto commit = std::async(std::launch::async, [&] {
        try {
            store::in_tx(*db, store::tx_mode::write, [&] { db->run("INSERT INTO t VALUES (1)"); });
            return std::string("kept");
        } catch (const store::sql_error& e) {
            return std::string(store::to_string(e.code()));
        }
    });
    cancel_the_wait();
    EXPECT_EQ(commit.get(), "unknown");
    const auto aside = store::open_postgres(where_)->connect();
    const store::cursor rows = aside->query("SELECT COUNT(*) FROM t");
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->i64(0), 1) << "it is there, but nobody may say so yet";
}

TEST_F(SynchronousWait, IsLookedUpByTheEngineAndTheInputHappensOnce) {
    engine::system_clock clock;
    engine::system_entropy entropy;
    testing::fake_chat nobody(static_cast<engine::clock&>(clock));
    hosts::make_guilds(where_, {1, 5, 0});
    const auto database = postgres::open_walled(where_);
    engine::options how;
    how.instance_key = hosts::instance_key;
    engine::engine engine(database, {nobody, clock, entropy}, how);
    lose_the_standby();
    engine::input set;
    set.guild = guild_id{1};
    set.key = "the only one";
    set.from = {policy::actor_kind::local_operator, {}};
    set.command = engine::change_setting{"guild.home_realm", "Ulduar"};
    auto answer = std::async(std::launch::async, [&] { return engine.handle(set); });
    cancel_the_wait(); // The input's own commit.
    cancel_the_wait(); // That of the look-up, which would have proved it.
    EXPECT_EQ(answer.wait_for(300ms), std::future_status::timeout) << "nothing was proved";
    south_->start();
    EXPECT_EQ(answer.get().verdict, verdict::accepted);
    EXPECT_GE(engine.metrics().unknown_commits, 1);
    EXPECT_EQ(engine.metrics().unknown_happened, 1);
    const auto aside = store::open_postgres(where_)->connect();
    const store::cursor rows =
        aside->query("SELECT COUNT(*) FROM event WHERE kind LIKE 'setting%' AND seq ="
                     " (SELECT MAX(seq) FROM event) UNION ALL SELECT COUNT(*) FROM inbox");
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->i64(0), 1);
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->i64(0), 1);
}

} // namespace
} // namespace patt::failover
