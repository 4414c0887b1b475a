// A primary that hangs while its standby is promoted, and then runs again as if nothing had been: whoever
// still has a session there must not read from it, and nothing that it says is an acknowledgement.

#include "postgres/bouncer.hpp"
#include "postgres/gate.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/session.hpp"
#include "postgres/standby.hpp"

#include <patt/store/in_tx.hpp>
#include <patt/store/postgres.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace patt::failover {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

class LeftBehind : public ::testing::Test {
protected:
    void SetUp() override {
        PATT_NEEDS_POSTGRES();
        postgres::server_options how;
        how.settings = postgres::replication_settings();
        north_ = std::make_unique<postgres::server>(how);
        north_->run("CREATE DATABASE old TEMPLATE template0");
        north_->run("CREATE TABLE t (n BIGINT PRIMARY KEY)", "old");
        south_ = postgres::make_standby(*north_, "south", how);
        postgres::make_synchronous(*north_, "south");
    }
    /// As a process that has its own idea of who is the primary.
    [[nodiscard]] std::shared_ptr<store::database> process(std::chrono::milliseconds doubt_after) const {
        store::postgres_options how;
        how.doubt_after = doubt_after;
        return store::open_postgres("postgresql://patt@127.0.0.1:" + std::to_string(north_->port()) +
                                        ",127.0.0.1:" + std::to_string(south_->port()) + "/old",
                                    how);
    }
    static std::int64_t rows(store::connection& db) {
        return store::in_tx(db, store::tx_mode::read, [&] {
            const store::cursor count = db.query("SELECT COUNT(*) FROM t");
            return count->next() ? count->i64(0) : -1;
        });
    }
    static void write(store::connection& db, std::int64_t n) {
        store::in_tx(db, store::tx_mode::write, [&] { db.run("INSERT INTO t VALUES ($1)", {n}); });
    }

    /// Of ours on the old primary. A server process that is told to end needs its time.
    [[nodiscard]] std::string sessions_left() const {
        const char* const sql =
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = 'old' AND pid <> pg_backend_pid()"
            " AND application_name = 'patt'";
        std::string left = north_->one(sql, "old");
        for (int i = 0; i < 50 && left != "0"; ++i) {
            std::this_thread::sleep_for(100ms);
            left = north_->one(sql, "old");
        }
        return left;
    }

    std::unique_ptr<postgres::server> north_;
    std::unique_ptr<postgres::server> south_;
};

TEST_F(LeftBehind, IsNotReadAnyMoreWhenItRunsAgain) {
    const auto silent = process(500ms);
    const auto one = silent->connect();
    const auto two = silent->connect();
    const auto busy = process(1s);
    const auto reader = busy->connect();
    const auto writer = busy->connect();
    const auto idle = busy->connect();
    EXPECT_EQ(rows(*one) + rows(*two) + rows(*idle), 0);
    north_->hang();
    auto read = std::async(std::launch::async, [&] { return rows(*reader); });
    auto written = std::async(std::launch::async, [&] { write(*writer, 1); });
    // They have asked whether there is another primary, in vain, and wait on.
    std::this_thread::sleep_for(1700ms);
    postgres::promote(*south_);
    south_->run("INSERT INTO t VALUES (100)", "old");
    north_->resume();
    EXPECT_GE(read.get(), 1) << "asked while it hung, answered from the old timeline";
    EXPECT_GE(rows(*idle), 1) << "idle meanwhile, beside others that were not";
    written.get();
    EXPECT_EQ(rows(*one), 2) << "nobody in that process asked anything meanwhile";
    EXPECT_EQ(rows(*two), 2);
    EXPECT_EQ(south_->one("SELECT COUNT(*) FROM t", "old"), "2") << "written once, where it lasts";
    EXPECT_EQ(north_->one("SELECT COUNT(*) FROM t", "old"), "0");
    EXPECT_EQ(sessions_left(), "0");
}

/// It never hung: only its standby is gone, and so no commit there is acknowledged any more.
TEST_F(LeftBehind, IsLeftByWhoeverCommitsThere) {
    const auto database = process(300ms);
    const auto writer = database->connect();
    const auto idle = database->connect();
    write(*writer, 1);
    postgres::promote(*south_);
    const auto begun = std::chrono::steady_clock::now();
    std::string said = "kept";
    try {
        write(*writer, 2);
    } catch (const store::sql_error& e) {
        said = store::to_string(e.code());
    }
    EXPECT_EQ(said, "unknown");
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s) << "it waited for the end of its patience";
    EXPECT_EQ(rows(*idle), 1);
    write(*writer, 2);
    EXPECT_EQ(south_->one("SELECT COUNT(*) FROM t", "old"), "2");
}

/// Nor did this one hang, and nobody writes who would notice.
TEST_F(LeftBehind, IsNotReadForEver) {
    const auto database = process(200ms);
    const auto reader = database->connect();
    EXPECT_EQ(rows(*reader), 0);
    postgres::promote(*south_);
    south_->run("INSERT INTO t VALUES (1)", "old");
    const auto begun = std::chrono::steady_clock::now();
    std::int64_t seen = 0;
    for (; seen == 0 && std::chrono::steady_clock::now() - begun < 10s; std::this_thread::sleep_for(50ms)) {
        seen = rows(*reader);
    }
    EXPECT_EQ(seen, 1);
}

/// A slow server is not asked the more the more wait for it.
TEST_F(LeftBehind, IsAskedAboutByAllThatWaitTogether) {
    const auto database = process(200ms);
    const auto sessions = [&] {
        north_->run("SELECT pg_stat_force_next_flush()", "old");
        return std::stoll(north_->one("SELECT sessions FROM pg_stat_database WHERE datname = 'old'", "old"));
    };
    std::vector<std::unique_ptr<store::connection>> all;
    for (int i = 0; i < 12; ++i) {
        all.push_back(database->connect());
    }
    const auto before = sessions();
    std::vector<std::future<void>> waiting;
    for (const auto& each : all) {
        std::this_thread::sleep_for(16ms); // In step they would share each answer anyway.
        waiting.push_back(std::async(std::launch::async, [&db = *each] {
            store::in_tx(db, store::tx_mode::read, [&] { db.run("SELECT CAST(pg_sleep(2) AS TEXT)"); });
        }));
    }
    for (auto& each : waiting) {
        each.get();
    }
    EXPECT_LT(sessions() - before, 80) << "four in 200 ms, and a few at the end; it would be 120";
}

/// Nor does a queue behind a lock, of which one after the other comes late, wait for hosts that are gone.
TEST_F(LeftBehind, IsNotAskedAboutByEachThatHoldsALock) {
    postgres::make_asynchronous(*north_);
    const auto database = process(300ms);
    std::vector<std::unique_ptr<store::connection>> all;
    for (int i = 0; i < 6; ++i) {
        all.push_back(database->connect());
    }
    write(*all[0], 0);
    south_->hang();
    std::vector<std::future<void>> waiting;
    store::in_tx(*all[0], store::tx_mode::write, [&] {
        all[0]->run("UPDATE t SET n = n + 1");
        waiting.clear();
        for (std::size_t i = 1; i < all.size(); ++i) {
            waiting.push_back(std::async(std::launch::async, [&db = *all[i]] {
                store::in_tx(db, store::tx_mode::write, [&] { db.run("UPDATE t SET n = n + 1"); });
            }));
        }
        std::this_thread::sleep_for(700ms);
    });
    const auto begun = std::chrono::steady_clock::now();
    for (auto& each : waiting) {
        each.get();
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 3500ms) << "more than half a second each";
    EXPECT_EQ(north_->one("SELECT n FROM t", "old"), "6");
    south_->resume();
}

/// Behind a PgBouncer a session outlives the server that it was opened with.
class LeftBehindByAPooler : public LeftBehind {
protected:
    void SetUp() override {
        PATT_NEEDS_BOUNCER();
        LeftBehind::SetUp();
        gate_ = std::make_unique<postgres::gate>(north_->port());
        postgres::bouncer_options quick;
        quick.settings = {
            {"server_login_retry", "0.05"}}; // A login that `lead_to` cut is not held against it.
        front_ = std::make_unique<postgres::bouncer>(gate_->port(), quick);
        store::postgres_options how;
        how.statements = store::statement_mode::unnamed;
        how.connect_patience = 400ms; // Waited for at each of several attempts.
        database_ = store::open_postgres(front_->conninfo("old"), how);
    }
    /// The pooler's sessions with a server, as after a change of an address that both nodes share.
    void lead_to(const postgres::server& where) const {
        gate_->lead_to(where.port());
        gate_->cut_once();
        while (gate_->connections() != 0) {
            std::this_thread::sleep_for(10ms);
        }
    }
    template <typename Do>
    static std::string said(Do what) {
        try {
            what();
        } catch (const store::sql_error& e) {
            return std::string{store::to_string(e.code())} + ": " + e.what();
        }
        return "believed";
    }

    std::unique_ptr<postgres::gate> gate_;
    std::unique_ptr<postgres::bouncer> front_;
    std::shared_ptr<store::database> database_;
};

TEST_F(LeftBehindByAPooler, IsNotReadWhenThePoolerGoesBackToIt) {
    const auto reader = database_->connect();
    const auto lone = database_->connect();
    const auto writer = database_->connect();
    EXPECT_EQ(rows(*reader), 0);
    postgres::promote(*south_);
    south_->run("INSERT INTO t VALUES (1)", "old");
    lead_to(*south_);
    // The sessions of before go on: nobody has asked them to open again.
    EXPECT_EQ(rows(*reader), 1);
    write(*writer, 2);
    EXPECT_EQ(said([&] { static_cast<void>(lone->query("SELECT COUNT(*) FROM t")->next()); }), "believed");
    lead_to(*north_);
    postgres::make_asynchronous(*north_); // So that nothing but the timeline stops whoever writes there.
    EXPECT_THAT(said([&] { rows(*reader); }), HasSubstr("lost: "));
    EXPECT_THAT(said([&] { static_cast<void>(lone->query("SELECT COUNT(*) FROM t")->next()); }),
                HasSubstr("a failover left this server behind"));
    EXPECT_THAT(said([&] { write(*writer, 3); }), HasSubstr("lost: "));
    EXPECT_THAT(said([&] { lone->run("INSERT INTO t VALUES (4)"); }), HasSubstr("lost: "))
        << "a new session is not even opened there";
    EXPECT_EQ(north_->one("SELECT COUNT(*) FROM t", "old"), "0");
    lead_to(*south_);
    EXPECT_EQ(rows(*reader), 2);
    write(*writer, 3);
    EXPECT_EQ(south_->one("SELECT COUNT(*) FROM t", "old"), "3");
}

/// What was written in one go with the end of its transaction may be kept there: nobody is told that it is.
TEST_F(LeftBehindByAPooler, AcknowledgesNothing) {
    const auto writer = database_->connect();
    write(*writer, 1);
    postgres::promote(*south_);
    lead_to(*south_);
    write(*writer, 2);
    lead_to(*north_);
    postgres::make_asynchronous(*north_);
    EXPECT_THAT(said([&] { writer->run("INSERT INTO t VALUES (3)"); }),
                AllOf(HasSubstr("unknown: "), HasSubstr("left this server behind")));
    EXPECT_EQ(north_->one("SELECT COUNT(*) FROM t", "old"), "2") << "it was written there, and is lost";
    lead_to(*south_);
    write(*writer, 4);
    lead_to(*north_);
    writer->begin(store::tx_mode::write);
    writer->post("INSERT INTO t VALUES (5)");
    EXPECT_THAT(said([&] { writer->commit(); }), HasSubstr("unknown: ")) << "all of it in one go";
    EXPECT_EQ(north_->one("SELECT COUNT(*) FROM t", "old"), "3");
    lead_to(*south_);
    write(*writer, 6);
    lead_to(*north_);
    EXPECT_THAT(said([&] { writer->run("INSERT INTO t VALUES (3)"); }), HasSubstr("lost: "))
        << "refused there, so it is nowhere";
}

TEST_F(LeftBehindByAPooler, IsNotReadWhileItIsAStandby) {
    const auto reader = database_->connect();
    const auto one = database_->connect();
    const auto two = database_->connect();
    const auto three = database_->connect();
    const auto read = [&] { static_cast<void>(reader->query("SELECT COUNT(*) FROM t")->next()); };
    EXPECT_EQ(said(read), "believed");
    lead_to(*south_);
    EXPECT_THAT(said([&] { one->run("INSERT INTO t VALUES (1)"); }), HasSubstr("lost: "));
    two->begin(store::tx_mode::write);
    EXPECT_THAT(said([&] { two->run("INSERT INTO t VALUES (1)"); }), HasSubstr("lost: "));
    two->rollback();
    three->begin(store::tx_mode::write);
    three->post("INSERT INTO t VALUES (1)");
    EXPECT_THAT(said([&] { three->commit(); }), HasSubstr("lost: "));
    EXPECT_THAT(said(read), HasSubstr("lost: postgres: this server is a standby"));
    lead_to(*north_);
    EXPECT_EQ(rows(*reader), 0);
}

} // namespace
} // namespace patt::failover
