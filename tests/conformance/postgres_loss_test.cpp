// What a host is told when its PostgreSQL breaks, hangs, refuses or was left behind.
#include "conformance/error_of.hpp"
#include "postgres/gate.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/shared_server.hpp"
#include "store/postgres/search.hpp"
#include "store/statement_text.hpp"

#include <patt/store/in_tx.hpp>
#include <patt/store/postgres.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace patt::store {
namespace {

using namespace std::chrono_literals;
using ::patt::postgres::passage;
using std::chrono::steady_clock;

template <class Work>
std::string message_of(Work&& work) {
    try {
        work();
    } catch (const sql_error& problem) {
        return problem.what();
    }
    return "";
}

/// A database behind a gate, with a table of one row, and a second way to it that is always open.
class PostgresLoss : public testing::Test {
protected:
    void SetUp() override {
        static const std::string made = ::patt::postgres::fresh_database();
        where_ = made;
        aside_ = open_postgres(where_)->connect();
        aside_->script("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE t (id BIGINT NOT NULL "
                       "PRIMARY KEY, n BIGINT NOT NULL); INSERT INTO t (id, n) VALUES (1, 0)");
        gate_ = std::make_unique<::patt::postgres::gate>(::patt::postgres::shared_server().port());
    }

    [[nodiscard]] static postgres_options quick() {
        postgres_options options;
        options.deadline = 500ms;
        options.connect_patience = 1500ms;
        return options;
    }
    [[nodiscard]] std::unique_ptr<connection> through_gate(const postgres_options& options = quick()) const {
        return open_postgres(gate_->through(where_), options)->connect();
    }
    [[nodiscard]] std::int64_t n() const {
        const cursor row = aside_->query("SELECT n FROM t WHERE id = 1");
        return row->next() ? row->i64(0) : -1;
    }
    void end_other_sessions() const {
        aside_->run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                    "AND datname = current_database()");
    }

    std::string where_;
    std::unique_ptr<connection> aside_;
    std::unique_ptr<::patt::postgres::gate> gate_;
};

constexpr std::string_view add_one = "UPDATE t SET n = n + 1 WHERE id = 1";

TEST_F(PostgresLoss, SendsATransactionInTwoRoundTrips) {
    const auto db = through_gate({});
    gate_->delay(50ms); // Each way, so a round trip takes 100 ms.
    const auto begun = steady_clock::now();
    db->begin(tx_mode::write);
    db->enter_guild(guild_id{1});
    for (int i = 0; i < 5; ++i) {
        db->post(add_one);
    }
    {
        const cursor row = db->query("SELECT n FROM t WHERE id = 1");
        ASSERT_TRUE(row->next());
        EXPECT_EQ(row->i64(0), 5);
    }
    for (int i = 0; i < 5; ++i) {
        db->post(add_one);
    }
    db->commit();
    const auto took = steady_clock::now() - begun;
    EXPECT_GE(took, 200ms);
    EXPECT_LT(took, 700ms) << "thirteen statements, each with a round trip of its own, take 1,300 ms";
    EXPECT_EQ(n(), 10);
}

TEST_F(PostgresLoss, CallsATransactionLostWhoseConnectionIsCut) {
    const auto db = through_gate();
    db->begin(tx_mode::write);
    db->run(add_one);
    gate_->cut_once();
    EXPECT_EQ(error_of([&] { db->run(add_one); }), "lost");
    EXPECT_EQ(error_of([&] { db->commit(); }), "misuse") << "it has failed";
    in_tx(*db, tx_mode::write, [&] { db->run(add_one); });
    EXPECT_EQ(n(), 1) << "connected again, and nothing of the lost one was kept";
}

// Two transactions that want each other's row: the server ends one of them, which is run again.
TEST_F(PostgresLoss, RunsATransactionAgainThatADeadlockEnded) {
    aside_->run("INSERT INTO t (id, n) VALUES (2, 0)");
    std::latch both_hold_one(2);
    const auto take = [&](std::int64_t first, std::int64_t second) {
        const auto db = open_postgres(where_)->connect();
        int runs = 0;
        in_tx(*db, tx_mode::write, [&] {
            db->run("UPDATE t SET n = n + 1 WHERE id = $1", {first});
            if (++runs == 1) {
                both_hold_one.arrive_and_wait();
            }
            db->run("UPDATE t SET n = n + 1 WHERE id = $1", {second});
        });
        return runs;
    };
    std::future<int> other = std::async(std::launch::async, take, 2, 1);
    const int runs = take(1, 2) + other.get();
    EXPECT_GE(runs, 3) << "one of them ran twice";
    EXPECT_LE(runs, 6) << "on a busy machine the lock may time out as well";
    EXPECT_EQ(n(), 2) << "what was ended counted all the same, or was lost";
}

TEST_F(PostgresLoss, RunsATransactionAgainThatCouldNotBeSerialized) {
    const auto db = open_postgres(where_)->connect();
    int runs = 0;
    in_tx(*db, tx_mode::write, [&] {
        db->run("UPDATE t SET n = n + 1 WHERE id = 1");
        if (++runs == 1) { // As the server says it; PATT's own transactions read what is committed.
            db->run("DO $$ BEGIN RAISE EXCEPTION 'could not serialize' USING ERRCODE = '40001'; END $$");
        }
    });
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(n(), 1);
}

TEST_F(PostgresLoss, ConnectsAgainWhenTheServerEndedAnIdleSession) {
    const auto db = through_gate();
    db->run(add_one);
    end_other_sessions();
    for (int i = 0; i < 500 && gate_->connections() != 0; ++i) {
        std::this_thread::sleep_for(10ms);
    }
    std::this_thread::sleep_for(20ms); // The end has left the gate and is on its way.
    db->begin(tx_mode::write);
    db->run(add_one);
    db->commit();
    EXPECT_EQ(n(), 2);
}

TEST_F(PostgresLoss, CallsACommitUnknownWhoseAnswerNeverCame) {
    const auto db = through_gate();
    db->begin(tx_mode::write);
    db->run(add_one);
    gate_->set(passage::mute);
    EXPECT_EQ(error_of([&] { db->commit(); }), "unknown");
    EXPECT_EQ(n(), 1) << "it was kept, but nobody could know";
    gate_->set(passage::open);
    in_tx(*db, tx_mode::write, [&] { db->run(add_one); });
    EXPECT_EQ(n(), 2);
}

TEST_F(PostgresLoss, CallsAWriteOutsideATransactionUnknownAndAReadLost) {
    const auto db = through_gate();
    gate_->set(passage::mute);
    EXPECT_EQ(error_of([&] { db->run(add_one); }), "unknown");
    gate_->set(passage::open);
    db->run(add_one);
    gate_->set(passage::mute);
    EXPECT_EQ(error_of([&] { db->run("SELECT n FROM t"); }), "lost");
}

TEST_F(PostgresLoss, GivesUpOnAServerThatHangs) {
    const auto db = through_gate();
    db->begin(tx_mode::write);
    db->run(add_one);
    gate_->set(passage::stalled);
    const auto begun = steady_clock::now();
    EXPECT_EQ(error_of([&] { db->run(add_one); }), "lost");
    db->rollback();
    EXPECT_EQ(error_of([&] { db->begin(tx_mode::write); }), "lost");
    EXPECT_LT(steady_clock::now() - begun, 6s) << "its deadline is half a second, connecting takes 1.5";
    gate_->set(passage::open);
    db->begin(tx_mode::write);
    db->run(add_one);
    db->commit();
    EXPECT_EQ(n(), 1);
}

TEST_F(PostgresLoss, FindsThePrimaryBesideAHostThatHangs) {
    gate_->set(passage::stalled);
    const std::string port = std::to_string(gate_->port());
    std::string both = where_;
    for (int i = 0; i < 8; ++i) {
        both.insert(both.find("127.0.0.1"), "127.0.0.1:" + port + ",");
    }
    const auto begun = steady_clock::now();
    const auto db = open_postgres(both)->connect();
    EXPECT_LT(steady_clock::now() - begun, 2s) << "one after the other they take 2.4 s";
    db->run(add_one);
    EXPECT_EQ(n(), 1);
}

TEST_F(PostgresLoss, RefusesAServerOnATimelineThatWasLeftBehind) {
    const auto file = std::filesystem::temp_directory_path() /
                      ("patt-timeline-" + std::to_string(::patt::postgres::shared_server().port()));
    std::ofstream(file) << "7\n";
    postgres_options options = quick();
    options.connect_patience = 0ms;
    options.timeline_file = file;
    const std::string said =
        message_of([&] { static_cast<void>(open_postgres(where_, options)->connect()); });
    EXPECT_NE(said.find("on timeline 1, but 7 has been seen"), std::string::npos) << said;
    std::filesystem::remove(file);
    EXPECT_EQ(error_of([&] { static_cast<void>(open_postgres(where_, options)->connect()); }), "nothing");
    std::ifstream kept(file);
    std::int64_t number = 0;
    EXPECT_TRUE(kept >> number) << "the timeline of the server was not kept";
    EXPECT_EQ(number, 1);
    std::filesystem::remove(file);
}

TEST_F(PostgresLoss, KeepsTheTimelineInTheDatabase) {
    aside_->script("CREATE TABLE instance (only_one BIGINT NOT NULL PRIMARY KEY, timeline BIGINT NOT NULL);"
                   "INSERT INTO instance (only_one, timeline) VALUES (1, 0)");
    const auto recorded = [&] {
        const cursor row = aside_->query("SELECT timeline FROM instance");
        return row->next() ? row->i64(0) : -1;
    };
    static_cast<void>(open_postgres(where_)->connect());
    EXPECT_EQ(recorded(), 1) << "connecting records a newer one";
    raise_timeline(*aside_, 9);
    raise_timeline(*aside_, 8);
    EXPECT_EQ(recorded(), 9);
    postgres_options options = quick();
    options.connect_patience = 0ms;
    EXPECT_EQ(error_of([&] { static_cast<void>(open_postgres(where_, options)->connect()); }), "lost");
    aside_->script("DROP TABLE instance");
}

TEST_F(PostgresLoss, SaysWhatToDoWhenTheServerIsFull) {
    aside_->script("DROP ROLE IF EXISTS few; CREATE ROLE few LOGIN CONNECTION LIMIT 1");
    std::string as_few = where_;
    as_few.replace(as_few.find("patt@"), 5, "few@");
    postgres_options options;
    options.connect_patience = 0ms;
    const auto database = open_postgres(as_few, options);
    const auto first = database->connect();
    EXPECT_EQ(error_of([&] { static_cast<void>(database->connect()); }), "busy");
    EXPECT_NE(message_of([&] { static_cast<void>(database->connect()); }).find("max_connections"),
              std::string::npos);
}

// As of a name with several addresses, on the first of which nobody listens.
TEST_F(PostgresLoss, TellsWhatTheServerSaysBehindAnAddressWhereNobodyListens) {
    aside_->script("DROP ROLE IF EXISTS few; CREATE ROLE few LOGIN CONNECTION LIMIT 0");
    const auto said_to = [&](const std::string& user) {
        const std::string port = std::to_string(::patt::postgres::shared_server().port());
        const std::vector<postgres::target> both{
            {{{"host", "127.0.0.1,127.0.0.1"}, {"port", "1," + port}, {"user", user}, {"dbname", "postgres"}},
             "both",
             ""}};
        postgres::timeline_memory seen({});
        postgres::resolver names;
        postgres::search looking(both, nullptr, names, seen, 2s);
        EXPECT_FALSE(looking.run(steady_clock::now()));
        return std::string(to_string(looking.code())) + ": " + looking.why();
    };
    EXPECT_THAT(said_to("few"), testing::StartsWith("busy: both: "));
    EXPECT_THAT(said_to("nobody"), testing::StartsWith("other: both: "));
    EXPECT_THAT(said_to("nobody"), testing::EndsWith("role \"nobody\" does not exist"));
}

TEST_F(PostgresLoss, NeverShowsAPassword) {
    postgres_options options;
    options.connect_patience = 0ms;
    const std::vector<std::string> wrong{
        "postgresql://u:sesame@127.0.0.1:1/db",
        "postgresql://u:sesame@127.0.0.1:1/db?no_such_option=1",
        "host=127.0.0.1 port=1 password=sesame dbname=db",
        "host=127.0.0.1 password=sesame sesame",
        "postgresql://u:sesame@127.0.0.1:notanumber/db",
        "host=a,b port=1,2,3 password=sesame",
    };
    for (const std::string& each : wrong) {
        const std::string said =
            message_of([&] { static_cast<void>(open_postgres(each, options)->connect()); });
        EXPECT_NE(said, "") << each;
        EXPECT_EQ(said.find("sesame"), std::string::npos) << said;
    }
}

TEST_F(PostgresLoss, TellsAStatementThatTakesTooLong) {
    postgres_options options;
    options.statement_timeout = 100ms;
    const auto db = open_postgres(where_, options)->connect();
    EXPECT_EQ(error_of([&] { db->run("SELECT pg_sleep(5)"); }), "busy");
    options.statements = statement_mode::unnamed;
    const auto unnamed = open_postgres(where_, options)->connect();
    unnamed->begin(tx_mode::write);
    EXPECT_EQ(error_of([&] { unnamed->run("SELECT pg_sleep(5)"); }), "busy");
    unnamed->rollback();
}

TEST_F(PostgresLoss, PreparesAnewWhenATableChangedUnderAPlan) {
    const auto db = through_gate({});
    const auto read = [&] {
        const cursor row = db->query("SELECT * FROM t");
        return row->next();
    };
    EXPECT_TRUE(read());
    aside_->script("ALTER TABLE t ADD COLUMN more TEXT");
    int tries = 0;
    EXPECT_TRUE(in_tx(*db, tx_mode::read, [&] {
        ++tries;
        return read();
    }));
    EXPECT_EQ(tries, 2) << "once refused, once prepared anew";
}

TEST_F(PostgresLoss, EndsTheScopesOfAGuildWithTheTransaction) {
    aside_->script("DROP ROLE IF EXISTS queue_test; CREATE ROLE queue_test");
    postgres_options options;
    options.queue_role = "queue_test";
    const auto db = open_postgres(where_, options)->connect();
    const auto setting = [&](std::string_view sql) {
        const cursor row = db->query(sql);
        return row->next() ? std::string{row->text(0)} : "none";
    };
    constexpr std::string_view guild = "SELECT current_setting('patt.guild', TRUE)";
    constexpr std::string_view role = "SELECT current_setting('role')";
    for (const bool committed : {true, false}) {
        db->begin(tx_mode::read);
        db->enter_guild(guild_id{77});
        db->enter_queue();
        EXPECT_EQ(setting(guild), "77");
        EXPECT_EQ(setting(role), "queue_test");
        committed ? db->commit() : db->rollback();
        EXPECT_EQ(setting(guild), "");
        EXPECT_EQ(setting(role), "none");
    }
}

TEST_F(PostgresLoss, WakesOtherHostsAndNotItself) {
    const auto database = open_postgres(where_);
    const auto one = database->open_wake_channel();
    const auto two = database->open_wake_channel();
    static_cast<void>(one->turn(100ms)); // Both listen now.
    static_cast<void>(two->turn(100ms));
    one->announce(7);
    one->announce(12);
    one->announce(7);
    EXPECT_EQ(one->turn(200ms), std::vector<std::int64_t>{});
    EXPECT_EQ(two->turn(5s), (std::vector<std::int64_t>{7, 12}));
    one->interrupt();
    const auto begun = steady_clock::now();
    EXPECT_TRUE(one->turn(20s).empty());
    EXPECT_LT(steady_clock::now() - begun, 10s);
    end_other_sessions();
    static_cast<void>(one->turn(1200ms)); // Notices, and connects again.
    static_cast<void>(two->turn(1200ms));
    two->announce(3);
    static_cast<void>(two->turn(200ms));
    EXPECT_EQ(one->turn(5s), std::vector<std::int64_t>{3});
}

TEST_F(PostgresLoss, DescribesTheServer) {
    const server_description found = describe_server(*aside_);
    EXPECT_EQ(found.version.substr(0, 1), "1");
    EXPECT_EQ(found.timeline, 1);
    EXPECT_FALSE(found.standby);
    EXPECT_GT(found.max_connections, 0);
}

TEST(StatementText, FindsParametersOutsideOfQuotes) {
    EXPECT_EQ(parameters_in("SELECT $2, '$9', \"$8\", $1 -- $7\n /* $6 */ , $q$ $5 $q$, a$4").count, 2U);
    EXPECT_FALSE(parameters_in("SELECT $2").problem.empty());
    EXPECT_FALSE(parameters_in("SELECT $0").problem.empty());
    EXPECT_FALSE(parameters_in("SELECT $name").problem.empty());
}

TEST(StatementText, FindsTheNameOfASavepoint) {
    for (const std::string_view sql : {"SAVEPOINT a_1", "RELEASE SAVEPOINT a_1;", "release a_1",
                                       "ROLLBACK TO SAVEPOINT a_1", "ROLLBACK WORK TO a_1"}) {
        EXPECT_EQ(savepoint_name(sql), "a_1") << sql;
    }
    EXPECT_EQ(savepoint_name("SAVEPOINT to_x"), "to_x");
}

} // namespace
} // namespace patt::store
