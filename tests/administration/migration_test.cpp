// Migrations while hosts of the version before go on writing: nobody waits long, nothing is lost.
#include "administration/server_fixture.hpp"
#include "store/concurrent_step.hpp"

#include <gmock/gmock.h>

#include <array>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace patt::administration_tests {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;
using store::migration;
using ::testing::HasSubstr;

constexpr std::array<migration, 4> steps{
    migration{1, "first",
              "CREATE TABLE member (guild_id BIGINT NOT NULL, id BIGINT NOT NULL, nick TEXT NOT NULL,"
              " PRIMARY KEY (guild_id, id));",
              "", ""},
    migration{2, "add_column", "ALTER TABLE member ADD COLUMN mood TEXT NOT NULL DEFAULT '';", "", ""},
    migration{3, "nick", "CREATE INDEX member_nick ON member (guild_id, nick);", "",
              "-- patt: concurrently\nCREATE INDEX CONCURRENTLY member_nick ON member (guild_id, nick);"},
    migration{4, "more", "ALTER TABLE member ADD COLUMN more BIGINT NOT NULL DEFAULT 0;", "", ""},
};

std::span<const migration> first(std::size_t count) {
    return std::span{steps}.first(count);
}

/// Indexes are built while others write, however little there is.
store::migrate_options as_if_large() {
    store::migrate_options how;
    how.small_table = -1;
    return how;
}

class Migration : public OnServer {
protected:
    void SetUp() override {
        OnServer::SetUp();
        if (!IsSkipped()) {
            ASSERT_TRUE(store::migrate(*connect(), first(1), some_time));
        }
    }
    [[nodiscard]] bool index_is_complete() const {
        return number(*connect(),
                      "SELECT COUNT(*) FROM pg_index WHERE indexrelid = 'member_nick'::regclass AND"
                      " indisvalid") == 1;
    }
};

/// Writes as a host of the version before does, and remembers the longest time that one write took.
class older_host {
public:
    older_host(store::database& database, std::int64_t guild)
        : db_(database.connect())
        , guild_(guild)
        , works_([this] { work(); }) {}
    std::int64_t end() {
        going_ = false;
        works_.join();
        return written_;
    }
    [[nodiscard]] std::chrono::milliseconds longest() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(longest_);
    }
    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    void work() {
        try {
            while (going_) {
                const auto begun = clock::now();
                store::in_tx(*db_, store::tx_mode::write, [&] {
                    db_->run("INSERT INTO member (guild_id, id, nick) VALUES ($1, $2, 'n')",
                             {guild_, written_});
                    db_->run("UPDATE member SET nick = 'm' WHERE guild_id = $1 AND id = $2",
                             {guild_, written_});
                });
                longest_ = std::max(longest_, clock::now() - begun);
                ++written_;
            }
        } catch (const std::exception& broken) {
            problem_ = broken.what();
        }
    }

    std::unique_ptr<store::connection> db_;
    std::int64_t guild_;
    std::int64_t written_ = 0;
    clock::duration longest_{};
    std::string problem_;
    std::atomic<bool> going_{true};
    std::thread works_; // The last, as it uses the others.
};

TEST_F(Migration, LetsOlderHostsGoOnWriting) {
    std::vector<std::unique_ptr<older_host>> hosts;
    for (std::int64_t guild = 1; guild <= 3; ++guild) {
        hosts.push_back(std::make_unique<older_host>(*database_, guild));
    }
    std::this_thread::sleep_for(300ms);
    const auto done = store::migrate(*connect(), steps, some_time, as_if_large());
    std::this_thread::sleep_for(300ms);
    std::int64_t written = 0;
    std::chrono::milliseconds longest{};
    for (const auto& host : hosts) {
        written += host->end();
        longest = std::max(longest, host->longest());
        EXPECT_EQ(host->problem(), "");
    }
    ASSERT_TRUE(done);
    EXPECT_EQ(done->to, 4);
    EXPECT_EQ(number(*connect(), "SELECT COUNT(*) FROM member"), written) << "nothing was lost";
    EXPECT_GT(written, 20);
    EXPECT_TRUE(index_is_complete());
    std::cout << "the longest write while migrating: " << longest.count() << " ms, " << written
              << " writes\n";
    EXPECT_LT(longest, 2s);
}

TEST_F(Migration, StandsInNobodysWayWhileItWaitsForALock) {
    postgres::session other(where_);
    other.run("BEGIN; SELECT COUNT(*) FROM member"); // Holds a lock that ALTER TABLE needs.
    std::atomic<int> waits{0};
    store::migrate_options how;
    how.waiting = [&](const migration& step, int) {
        EXPECT_EQ(step.number, 2);
        ++waits;
    };
    std::string problem;
    std::thread migrating([&] {
        try {
            EXPECT_TRUE(store::migrate(*connect(), first(2), some_time, how));
        } catch (const std::exception& broken) {
            problem = broken.what();
        }
    });
    older_host host(*database_, 1);
    const auto until = clock::now() + 20s;
    while (waits < 3 && clock::now() < until) {
        std::this_thread::sleep_for(20ms);
    }
    EXPECT_GE(waits, 3) << "it gives up and tries again";
    const std::int64_t written = host.end();
    EXPECT_EQ(host.problem(), "");
    EXPECT_GT(written, 5) << "others wrote in between";
    std::cout << "the longest write behind a waiting migration: " << host.longest().count() << " ms\n";
    EXPECT_LT(host.longest(), 1500ms) << "200 ms each time, and not until the other transaction ends";
    other.run("COMMIT");
    migrating.join();
    EXPECT_EQ(problem, "");
    EXPECT_EQ(store::migration_status(*connect(), first(2)).applied.size(), 2U);
}

TEST_F(Migration, SaysWhatToDoWhenTheLockNeverComes) {
    postgres::session other(where_);
    other.run("BEGIN; SELECT COUNT(*) FROM member");
    store::migrate_options how;
    how.tries = 2;
    how.pause = 10ms;
    how.lock_wait = 50ms;
    try {
        (void)store::migrate(*connect(), first(2), some_time, how);
        FAIL() << "it got a lock that somebody holds";
    } catch (const store::sql_error& problem) {
        EXPECT_EQ(problem.code(), store::sql_errc::busy);
        EXPECT_THAT(problem.what(), HasSubstr("migration 2 add_column"));
        EXPECT_THAT(problem.what(), HasSubstr("2 tries of 50 ms"));
        EXPECT_THAT(problem.what(), HasSubstr("Run patt migrate again"));
    }
}

TEST_F(Migration, DropsTheIndexOfAnInterruptedTryAndBuildsItAgain) {
    ASSERT_TRUE(store::migrate(*connect(), first(2), some_time));
    postgres::session admin(where_);
    // As an interrupted CREATE INDEX CONCURRENTLY leaves it.
    admin.run("CREATE INDEX member_nick ON member (guild_id, nick)");
    admin.run("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'member_nick'::regclass");
    const std::int64_t before =
        number(*connect(), "SELECT CAST(oid AS BIGINT) FROM pg_class WHERE relname = 'member_nick'");
    ASSERT_TRUE(store::migrate(*connect(), first(3), some_time));
    EXPECT_TRUE(index_is_complete());
    EXPECT_NE(number(*connect(), "SELECT CAST(oid AS BIGINT) FROM pg_class WHERE relname = 'member_nick'"),
              before);
}

TEST_F(Migration, TakesAnIndexThatWasBuiltButNotRecorded) {
    ASSERT_TRUE(store::migrate(*connect(), first(2), some_time));
    postgres::session(where_).run("CREATE INDEX member_nick ON member (guild_id, nick)");
    ASSERT_TRUE(store::migrate(*connect(), first(3), some_time));
    EXPECT_EQ(store::migration_status(*connect(), first(3)).applied.size(), 3U);
}

TEST_F(Migration, ComesToAnEndWhenSeveralHostsStartAtOnce) {
    std::vector<std::thread> hosts;
    std::array<std::string, 4> problems;
    for (std::string& problem : problems) {
        hosts.emplace_back([this, &problem] {
            try {
                const auto done = store::migrate(*connect(), steps, some_time, as_if_large());
                problem = done ? "" : done.err().detail;
            } catch (const std::exception& broken) {
                problem = broken.what();
            }
        });
    }
    for (std::thread& host : hosts) {
        host.join();
    }
    for (const std::string& problem : problems) {
        EXPECT_EQ(problem, "");
    }
    EXPECT_TRUE(index_is_complete());
    EXPECT_EQ(number(*connect(), "SELECT COUNT(*) FROM schema_migration"), 4);
    EXPECT_EQ(number(*connect(), "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory'"), 0)
        << "given back";
}

TEST_F(Migration, TakesItsTimeForAnIndexAndHasItsLimitsBackAfterwards) {
    ASSERT_TRUE(store::migrate(*connect(), first(2), some_time));
    store::postgres_options impatient;
    impatient.statement_timeout = 300ms;
    impatient.deadline = 400ms;
    const auto db = store::open_postgres(where_, impatient)->connect();
    const auto limits = [&] {
        const store::cursor row = db->query("SELECT current_setting('lock_timeout'),"
                                            " current_setting('statement_timeout')");
        return row->next() ? std::string(row->text(0)) + " " + std::string(row->text(1)) : std::string();
    };
    const std::string before = limits();
    postgres::session other(where_);
    other.run("BEGIN; INSERT INTO member (guild_id, id, nick) VALUES (1, 1, 'n')");
    std::thread ends([&] {
        std::this_thread::sleep_for(1s); // The index waits for it.
        other.run("COMMIT");
    });
    EXPECT_TRUE(store::migrate(*db, first(3), some_time, as_if_large()));
    ends.join();
    EXPECT_TRUE(index_is_complete());
    EXPECT_EQ(limits(), before);
    EXPECT_THAT(before, HasSubstr("300ms"));
}

TEST_F(Migration, NoticesThatItsLockWentWithItsSession) {
    const auto db = connect();
    const store::session_migration_lock lock(*db);
    ASSERT_TRUE(lock.taken());
    EXPECT_NO_THROW(lock.check());
    postgres::session(where_).run(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'");
    EXPECT_THROW(lock.check(), store::sql_error);
}

TEST_F(Migration, NeedsASessionOnlyForTheIndexOfALargeTable) {
    store::postgres_options pooled; // As behind a PgBouncer in transaction mode.
    pooled.statements = store::statement_mode::unnamed;
    const auto behind = store::open_postgres(where_, pooled);
    try {
        (void)store::migrate(*behind->connect(), steps, some_time, as_if_large());
        FAIL() << "it has no session to hold the lock in";
    } catch (const store::sql_error& problem) {
        EXPECT_EQ(problem.code(), store::sql_errc::misuse);
        EXPECT_THAT(problem.what(), HasSubstr("migration 3 nick"));
        EXPECT_THAT(problem.what(), HasSubstr("a direct connection"));
    }
    EXPECT_EQ(store::migration_status(*connect(), steps).applied.size(), 2U) << "what came before is kept";
    EXPECT_EQ(number(*connect(), "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory'"), 0);
    EXPECT_TRUE(store::migrate(*behind->connect(), steps, some_time)) << "a small one is no matter";
    EXPECT_TRUE(index_is_complete());
}

TEST_F(Migration, GoesToTheNewestFromEveryVersion) {
    for (std::size_t from = 0; from <= steps.size(); ++from) {
        const auto fresh = store::open_postgres(postgres::fresh_database());
        const auto db = fresh->connect();
        ASSERT_TRUE(store::migrate(*db, first(from), some_time));
        ASSERT_TRUE(store::migrate(*db, steps, some_time)) << "from " << from;
        EXPECT_EQ(store::migration_status(*db, steps).applied.size(), 4U);
    }
}

} // namespace
} // namespace patt::administration_tests
