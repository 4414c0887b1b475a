/// @file
/// Conformance: the SQL that repositories may use does the same everywhere.
#pragma once

#include "conformance/driver_fixture.hpp"

#include <string>
#include <vector>

namespace patt::store {

TEST_P(StoreDriver, UpsertsAndReturnsTheRow) {
    db_->script("CREATE TABLE member (guild_id BIGINT NOT NULL, id BIGINT NOT NULL, nick TEXT NOT NULL,"
                " version BIGINT NOT NULL DEFAULT 1, PRIMARY KEY (guild_id, id));");
    constexpr std::string_view sql = "INSERT INTO member (guild_id, id, nick) VALUES ($1, $2, $3) "
                                     "ON CONFLICT (guild_id, id) DO UPDATE SET nick = excluded.nick, "
                                     "version = member.version + 1 RETURNING version, nick";
    for (std::int64_t expected = 1; expected <= 3; ++expected) {
        const std::string nick = "nick" + std::to_string(expected);
        const cursor rows =
            db_->query(sql, {std::int64_t{1}, std::int64_t{1234567890123456789}, std::string_view{nick}});
        ASSERT_TRUE(rows->next());
        EXPECT_EQ(rows->i64(0), expected);
        EXPECT_EQ(rows->text(1), nick);
        EXPECT_FALSE(rows->next());
        EXPECT_EQ(rows->affected(), 1);
    }
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM member"), 1);
}

TEST_P(StoreDriver, KeepsAnUpsertWhoseRowWasReadButNotTheEnd) {
    make_numbers(1);
    db_->begin(tx_mode::write);
    {
        const cursor rows = db_->query("INSERT INTO numbers (id, n) VALUES (1, 5), (2, 6) "
                                       "ON CONFLICT (id) DO UPDATE SET n = excluded.n RETURNING n");
        ASSERT_TRUE(rows->next());
    }
    db_->commit();
    EXPECT_EQ(number(*db_, "SELECT CAST(SUM(n) AS BIGINT) FROM numbers"), 11);
}

TEST_P(StoreDriver, UpsertsManyRowsAtOnce) {
    make_numbers(3);
    std::string sql = "INSERT INTO numbers (id, n) VALUES ";
    std::vector<value> parameters;
    for (std::int64_t i = 0; i < 100; ++i) {
        const std::int64_t first = i * 2 + 1;
        sql += (i == 0 ? "($" : ",($") + std::to_string(first) + ",$" + std::to_string(first + 1) + ")";
        parameters.emplace_back(i + 1);
        parameters.emplace_back(i * 7);
    }
    sql += " ON CONFLICT (id) DO UPDATE SET n = excluded.n";
    EXPECT_EQ(db_->run(sql, parameters), 100);
    EXPECT_EQ(number(*db_, "SELECT CAST(SUM(n) AS BIGINT) FROM numbers"), 7 * 4950);
}

TEST_P(StoreDriver, ComparesRowValues) {
    db_->script("CREATE TABLE seen (a BIGINT NOT NULL, b BIGINT NOT NULL, PRIMARY KEY (a, b));"
                "INSERT INTO seen (a, b) VALUES (1, 1), (1, 2), (1, 3), (2, 1), (2, 2);");
    const cursor rows = db_->query("SELECT a, b FROM seen WHERE (a, b) > ($1, $2) ORDER BY a, b LIMIT 2",
                                   {std::int64_t{1}, std::int64_t{2}});
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->i64(0) * 10 + rows->i64(1), 13);
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->i64(0) * 10 + rows->i64(1), 21);
    EXPECT_FALSE(rows->next());
}

TEST_P(StoreDriver, HoldsPartialUniqueIndexes) {
    db_->script("CREATE TABLE issue (id BIGINT PRIMARY KEY NOT NULL, hash TEXT NOT NULL,"
                " is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)));"
                "CREATE UNIQUE INDEX issue_open ON issue (hash) WHERE is_open = 1;"
                "INSERT INTO issue (id, hash, is_open) VALUES (1, 'h', 0), (2, 'h', 0), (3, 'h', 1);");
    EXPECT_EQ(error_of([this] { db_->run("INSERT INTO issue (id, hash, is_open) VALUES (4, 'h', 1)"); }),
              "unique");
    EXPECT_EQ(db_->run("INSERT INTO issue (id, hash, is_open) VALUES (5, 'h', 1) "
                       "ON CONFLICT (hash) WHERE is_open = 1 DO NOTHING"),
              0);
    db_->run("UPDATE issue SET is_open = 0 WHERE id = 3");
    EXPECT_EQ(db_->run("INSERT INTO issue (id, hash, is_open) VALUES (6, 'h', 1)"), 1);
}

TEST_P(StoreDriver, ClaimsWorkInOneStatement) {
    db_->script("CREATE TABLE job (id BIGINT PRIMARY KEY NOT NULL, state TEXT NOT NULL, due BIGINT NOT NULL);"
                "INSERT INTO job (id, state, due) VALUES (1, 'due', 30), (2, 'due', 10), (3, 'done', 5);");
    const std::string sql =
        "UPDATE job SET state = 'taken' WHERE id = (SELECT id FROM job WHERE state = 'due' "
        "ORDER BY due LIMIT 1" +
        std::string{db_->dialect().skip_locked} + ") AND state = 'due' RETURNING id";
    std::vector<std::int64_t> taken;
    db_->begin(tx_mode::write);
    for (int i = 0; i < 3; ++i) {
        const cursor rows = db_->query(sql);
        while (rows->next()) {
            taken.push_back(rows->i64(0));
        }
    }
    db_->commit();
    EXPECT_EQ(taken, (std::vector<std::int64_t>{2, 1}));
}

TEST_P(StoreDriver, LocksARowForUpdate) {
    make_numbers(1);
    db_->begin(tx_mode::write);
    const std::string sql = "SELECT n FROM numbers WHERE id = $1" + std::string{db_->dialect().for_update};
    {
        const cursor rows = db_->query(sql, {std::int64_t{1}});
        ASSERT_TRUE(rows->next());
        EXPECT_EQ(rows->i64(0), 10);
    }
    const auto other = connect();
    EXPECT_EQ(error_of([&] {
                  other->begin(tx_mode::write);
                  other->run("UPDATE numbers SET n = 2 WHERE id = 1");
              }),
              "busy");
    other->rollback();
    db_->commit();
}

TEST_P(StoreDriver, RunsTheRestOfTheSharedDialect) {
    make_numbers(4);
    EXPECT_EQ(number(*db_,
                     "WITH RECURSIVE up (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM up "
                     "WHERE i < 5) SELECT CAST(SUM(i) AS BIGINT) FROM up"),
              15);
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FILTER (WHERE n > 20) FROM numbers"), 2);
    EXPECT_EQ(
        number(*db_,
               "SELECT r FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY n DESC) AS r FROM numbers) AS ranked "
               "WHERE id = 4"),
        1);
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers WHERE n IS NOT DISTINCT FROM 10"), 1);
    EXPECT_EQ(
        number(*db_,
               "SELECT id FROM numbers ORDER BY CASE WHEN id < 3 THEN NULL ELSE id END DESC NULLS LAST"),
        4);
    EXPECT_EQ(number(*db_, "SELECT CAST(7 AS BIGINT) / 2"), 3) << "integers divide to integers";
    EXPECT_EQ(db_->run("UPDATE numbers SET n = o.n + 1 FROM (SELECT id, n FROM numbers) AS o "
                       "WHERE o.id = numbers.id AND o.id < 3"),
              2);
    EXPECT_EQ(number(*db_, "DELETE FROM numbers WHERE id = 1 RETURNING n"), 11);
    EXPECT_EQ(db_->run("INSERT INTO numbers (id, n) SELECT id, n FROM numbers WHERE TRUE "
                       "ON CONFLICT (id) DO UPDATE SET n = excluded.n + 1"),
              3);
    const cursor rows =
        db_->query("SELECT 'a' || CAST($1 AS TEXT), substr('abcdef', 2, 3)", {std::string_view{"b"}});
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->text(0), "ab");
    EXPECT_EQ(rows->text(1), "bcd");
}

TEST_P(StoreDriver, DeletesWhatBelongsToADeletedRow) {
    db_->script("CREATE TABLE guild (id BIGINT PRIMARY KEY NOT NULL);"
                "CREATE TABLE member (guild_id BIGINT NOT NULL REFERENCES guild (id) ON DELETE CASCADE,"
                " id BIGINT NOT NULL, PRIMARY KEY (guild_id, id));"
                "INSERT INTO guild (id) VALUES (1), (2);"
                "INSERT INTO member (guild_id, id) VALUES (1, 1), (1, 2), (2, 1);");
    EXPECT_EQ(db_->run("DELETE FROM guild WHERE id = 1"), 1) << "the rows of the statement's own table count";
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM member"), 1);
}

TEST_P(StoreDriver, OrdersTextByItsBytes) {
    db_->script("CREATE TABLE word (t TEXT PRIMARY KEY NOT NULL);");
    for (const std::string_view word : {"b", "a", "B", "\xC3\xA9", "_", "Z"}) {
        db_->run("INSERT INTO word (t) VALUES ($1)", {word});
    }
    std::string order;
    const cursor rows = db_->query("SELECT t FROM word ORDER BY t");
    while (rows->next()) {
        order += rows->text(0);
    }
    EXPECT_EQ(order, "BZ_ab\xC3\xA9");
}

} // namespace patt::store
