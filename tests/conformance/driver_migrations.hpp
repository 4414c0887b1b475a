/// @file
/// Conformance: migrations run on every driver, from every older version.
#pragma once

#include "conformance/driver_fixture.hpp"

#include <patt/store/migrations.hpp>

#include <array>
#include <thread>
#include <vector>

namespace patt::store {

namespace {

/// A small history of a schema, with everything a real one has: data that is carried over, a default, an
/// index.
constexpr std::array<migration, 4> small_history{
    migration{1, "first",
              "CREATE TABLE member (guild_id BIGINT NOT NULL, id BIGINT NOT NULL, nick TEXT NOT NULL,"
              " face {blob}, PRIMARY KEY (guild_id, id));\n"
              "INSERT INTO member (guild_id, id, nick) VALUES (1, 1, 'old');",
              "", ""},
    migration{2, "add_settings", "ALTER TABLE member ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';", "",
              ""},
    migration{3, "one_nick", "CREATE UNIQUE INDEX member_nick ON member (guild_id, nick);", "", ""},
    migration{4, "rename", "this is the text of neither database", "UPDATE member SET nick = nick || '+';",
              "UPDATE member SET nick = nick || '+';"},
};

constexpr instant some_time{1'700'000'000'000'000};

std::span<const migration> first(std::size_t count) {
    return std::span{small_history}.first(count);
}

} // namespace

TEST_P(StoreDriver, MigratesFromEveryOlderVersion) {
    for (std::size_t from = 0; from <= small_history.size(); ++from) {
        const auto fresh = GetParam().make();
        const auto db = fresh->connect();
        const auto older = migrate(*db, first(from), some_time);
        ASSERT_TRUE(older) << older.err().detail;
        if (from > 0) {
            db->run("INSERT INTO member (guild_id, id, nick) VALUES (1, 2, 'kept')");
        }
        const auto newest = migrate(*db, small_history, some_time);
        ASSERT_TRUE(newest) << newest.err().detail;
        EXPECT_EQ(newest->from, static_cast<std::int64_t>(from));
        EXPECT_EQ(newest->to, 4);
        EXPECT_EQ(number(*db, "SELECT COUNT(*) FROM member WHERE settings = '{}'"), from > 0 ? 2 : 1);
        EXPECT_EQ(number(*db, "SELECT COUNT(*) FROM member WHERE nick = 'old+'"), 1);
        EXPECT_EQ(error_of([&] { db->run("INSERT INTO member (guild_id, id, nick) VALUES (1, 3, 'old+')"); }),
                  "unique");
    }
}

TEST_P(StoreDriver, RecordsWhatItMigrated) {
    ASSERT_TRUE(migrate(*db_, first(2), some_time));
    const migration_state state = migration_status(*db_, small_history);
    EXPECT_FALSE(state.problem);
    ASSERT_EQ(state.applied.size(), 2U);
    EXPECT_EQ(state.applied[1].number, 2);
    EXPECT_EQ(state.applied[1].name, "add_settings");
    EXPECT_EQ(state.applied[1].applied_at, some_time);
    // By `printf "ALTER TABLE ..." | sha256sum`.
    EXPECT_EQ(state.applied[1].checksum, "c2ebdcf50bb2e3f5adff279d3ec1f30ada7e30102ac1244476ea003aae5e3594");
    ASSERT_EQ(state.pending.size(), 2U);
    EXPECT_EQ(state.pending[0].name, "one_nick");
}

TEST_P(StoreDriver, ShowsTheStateOfANewDatabaseAndChangesNothing) {
    const migration_state state = migration_status(*db_, small_history);
    EXPECT_TRUE(state.applied.empty());
    EXPECT_EQ(state.pending.size(), 4U);
    const cursor table = db_->query(db_->dialect().table_exists, {std::string_view{"schema_migration"}});
    EXPECT_FALSE(table->next());
}

TEST_P(StoreDriver, MigratesNothingTwice) {
    ASSERT_TRUE(migrate(*db_, small_history, some_time));
    const auto again = migrate(*db_, small_history, some_time);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->from, 4);
    EXPECT_EQ(again->to, 4);
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM member WHERE nick = 'old+'"), 1);
}

TEST_P(StoreDriver, NeedsNoWriteLockWhenNothingIsPending) {
    ASSERT_TRUE(migrate(*db_, small_history, some_time));
    const auto other = connect();
    other->begin(tx_mode::write);
    other->run("UPDATE member SET nick = 'x'");
    // Where readers wait for writers, looking alone waits.
    EXPECT_EQ(error_of([this] { EXPECT_TRUE(migrate(*db_, small_history, some_time)); }),
              GetParam().readers == isolation::snapshot ? "nothing" : "busy");
    other->rollback();
}

TEST_P(StoreDriver, RefusesADatabaseThatIsNewer) {
    ASSERT_TRUE(migrate(*db_, small_history, some_time));
    const auto refused = migrate(*db_, first(2), some_time);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.err().code, errc::wrong_state);
    EXPECT_NE(refused.err().detail.find("migration 4 rename"), std::string::npos) << refused.err().detail;
    EXPECT_EQ(migration_status(*db_, first(2)).pending.size(), 0U);
}

TEST_P(StoreDriver, RefusesAMigrationThatWasChanged) {
    ASSERT_TRUE(migrate(*db_, first(2), some_time));
    std::array<migration, 4> changed = small_history;
    changed[0].sql = "CREATE TABLE member (id BIGINT PRIMARY KEY NOT NULL);";
    const auto refused = migrate(*db_, changed, some_time);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.err().code, errc::conflict);
    EXPECT_NE(refused.err().detail.find("migration 1 first"), std::string::npos) << refused.err().detail;
    EXPECT_EQ(migration_status(*db_, small_history).applied.size(), 2U) << "went on all the same";
}

TEST_P(StoreDriver, RefusesADatabaseWithAMigrationMissing) {
    ASSERT_TRUE(migrate(*db_, first(3), some_time));
    db_->run("DELETE FROM schema_migration WHERE number = 2");
    const auto refused = migrate(*db_, small_history, some_time);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.err().code, errc::conflict);
}

TEST_P(StoreDriver, KeepsNothingOfAMigrationThatFails) {
    std::array<migration, 3> broken{small_history[0], small_history[1], small_history[2]};
    broken[2].sql =
        "CREATE TABLE half (id BIGINT PRIMARY KEY NOT NULL); INSERT INTO nowhere (id) VALUES (1);";
    try {
        (void)migrate(*db_, broken, some_time);
        FAIL() << "accepted";
    } catch (const sql_error& problem) {
        EXPECT_EQ(problem.code(), sql_errc::misuse);
        EXPECT_NE(std::string{problem.what()}.find("migration 3 one_nick"), std::string::npos)
            << problem.what();
    }
    EXPECT_EQ(migration_status(*db_, small_history).applied.size(), 2U) << "the ones before it are kept";
    ASSERT_TRUE(migrate(*db_, small_history, some_time)) << "put right, it goes on";
    EXPECT_EQ(error_of([this] { db_->run("SELECT id FROM half"); }), "misuse");
}

namespace {

/// A parent table that gets another shape while rows refer to it.
constexpr std::array<migration, 2> reshaped{
    migration{1, "parents",
              "CREATE TABLE p (id BIGINT PRIMARY KEY NOT NULL);"
              "CREATE TABLE c (id BIGINT PRIMARY KEY NOT NULL, p BIGINT NOT NULL REFERENCES p (id) ON DELETE "
              "CASCADE);"
              "INSERT INTO p (id) VALUES (1); INSERT INTO c (id, p) VALUES (1, 1);",
              "", ""},
    migration{2, "check_id", "ALTER TABLE p ADD CHECK (id > 0);",
              "CREATE TABLE p_new (id BIGINT PRIMARY KEY NOT NULL CHECK (id > 0));"
              "INSERT INTO p_new (id) SELECT id FROM p; DROP TABLE p; ALTER TABLE p_new RENAME TO p;",
              ""},
};

} // namespace

TEST_P(StoreDriver, KeepsWhatRefersToATableThatIsMadeAnew) {
    ASSERT_TRUE(migrate(*db_, std::span{reshaped}.first(1), some_time));
    ASSERT_TRUE(migrate(*db_, reshaped, some_time));
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM c"), 1);
    EXPECT_EQ(error_of([this] { db_->run("INSERT INTO p (id) VALUES (0)"); }), "check") << "the new shape";
    EXPECT_EQ(error_of([this] { db_->run("INSERT INTO c (id, p) VALUES (2, 2)"); }), "foreign_key")
        << "still held";
    db_->run("DELETE FROM p");
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM c"), 0) << "still followed";
}

TEST_P(StoreDriver, RefusesAMigrationThatLeavesOrphans) {
    std::array<migration, 2> orphans = reshaped;
    orphans[1] = {2, "orphans", "INSERT INTO c (id, p) VALUES (2, 99);", "", ""};
    EXPECT_EQ(error_of([&] { (void)migrate(*db_, orphans, some_time); }), "foreign_key");
    EXPECT_EQ(migration_status(*db_, reshaped).applied.size(), 1U);
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM c"), 1);
    EXPECT_EQ(error_of([this] { db_->run("INSERT INTO c (id, p) VALUES (2, 2)"); }), "foreign_key")
        << "held again";
}

TEST_P(StoreDriver, RefusesAHistoryWithGaps) {
    const std::array<migration, 2> gap{small_history[0], small_history[2]};
    EXPECT_THROW((void)migrate(*db_, gap, some_time), failure);
    const std::array<migration, 2> twice{small_history[0], small_history[0]};
    EXPECT_THROW((void)migration_status(*db_, twice), failure);
}

TEST_P(StoreDriver, MigratesOnceWhenSeveralHostsStartTogether) {
    std::vector<std::thread> hosts;
    std::array<std::string, 4> problems;
    for (std::string& problem : problems) {
        hosts.emplace_back([this, &problem] {
            try {
                const auto own = database_->connect(); // Waits for locks as long as a host does.
                const auto done = migrate(*own, small_history, some_time);
                problem = done ? "" : done.err().detail;
            } catch (const std::exception& error) {
                problem = error.what();
            }
        });
    }
    for (std::thread& host : hosts) {
        host.join();
    }
    for (const std::string& problem : problems) {
        EXPECT_EQ(problem, "");
    }
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM member WHERE nick = 'old+'"), 1);
}

TEST_P(StoreDriver, MigratesTheProductFromEveryOlderVersion) {
    const std::span<const migration> all = built_in_migrations();
    for (std::size_t from = 0; from <= all.size(); ++from) {
        const auto fresh = GetParam().make();
        const auto db = fresh->connect();
        ASSERT_TRUE(migrate(*db, all.first(from), some_time));
        const auto newest = migrate(*db, all, some_time);
        ASSERT_TRUE(newest) << newest.err().detail;
        EXPECT_EQ(newest->to, static_cast<std::int64_t>(all.size()));
    }
}

} // namespace patt::store
