/// @file
/// Conformance: running statements, cursors and the statement cache.
#pragma once

#include "conformance/driver_fixture.hpp"

#include <utility>
#include <vector>

namespace patt::store {

TEST_P(StoreDriver, CountsTheRowsAStatementWrote) {
    make_numbers(3);
    EXPECT_EQ(db_->run("UPDATE numbers SET n = 0 WHERE id > $1", {std::int64_t{1}}), 2);
    EXPECT_EQ(db_->run("UPDATE numbers SET n = 0 WHERE id > $1", {std::int64_t{99}}), 0);
    EXPECT_EQ(db_->run("INSERT INTO numbers (id, n) VALUES (1, 1) ON CONFLICT (id) DO NOTHING"), 0);
    EXPECT_EQ(db_->run("INSERT INTO numbers (id, n) VALUES (8, 1), (9, 1)"), 2);
    EXPECT_EQ(db_->run("DELETE FROM numbers WHERE id >= 8"), 2);
}

TEST_P(StoreDriver, CountsNothingForStatementsThatWriteNoRows) {
    make_numbers(3);
    db_->run("UPDATE numbers SET n = 0");
    EXPECT_EQ(db_->run("SELECT id FROM numbers"), 0);
    EXPECT_EQ(db_->run("CREATE TABLE other (id BIGINT PRIMARY KEY NOT NULL)"), 0);
}

TEST_P(StoreDriver, CountsTheRowsOfAReturningStatementAtItsEnd) {
    make_numbers(3);
    const cursor rows = db_->query("UPDATE numbers SET n = n + 1 WHERE id <= 2 RETURNING n");
    int seen = 0;
    while (rows->next()) {
        ++seen;
    }
    EXPECT_EQ(seen, 2);
    EXPECT_EQ(rows->affected(), 2);
}

TEST_P(StoreDriver, StaysAtTheEnd) {
    make_numbers(1);
    const cursor rows = db_->query("UPDATE numbers SET n = n + 1 RETURNING n");
    ASSERT_TRUE(rows->next());
    EXPECT_FALSE(rows->next());
    EXPECT_FALSE(rows->next()) << "the statement ran again";
    EXPECT_EQ(number(*db_, "SELECT n FROM numbers"), 11);
}

TEST_P(StoreDriver, RunsNothingBeforeTheFirstNext) {
    make_numbers(1);
    const std::uint64_t before = db_->statements_run();
    { const cursor rows = db_->query("DELETE FROM numbers"); }
    EXPECT_EQ(db_->statements_run(), before);
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 1);
    EXPECT_EQ(db_->statements_run(), before + 1);
}

TEST_P(StoreDriver, RefusesColumnsThatAreNotThere) {
    make_numbers(1);
    const cursor rows = db_->query("SELECT id FROM numbers");
    EXPECT_EQ(error_of([&] { (void)rows->i64(0); }), "misuse") << "before the first row";
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(error_of([&] { (void)rows->i64(1); }), "misuse");
    EXPECT_EQ(error_of([&] { (void)rows->i64(-1); }), "misuse");
    EXPECT_EQ(rows->i64(0), 1);
    EXPECT_FALSE(rows->next());
    EXPECT_EQ(error_of([&] { (void)rows->i64(0); }), "misuse") << "behind the last row";
}

TEST_P(StoreDriver, MovesCursors) {
    make_numbers(2);
    const auto open = [this] { return db_->query("SELECT id FROM numbers ORDER BY id"); };
    cursor first = open();
    ASSERT_TRUE(first->next());
    const cursor second = std::move(first);
    ASSERT_TRUE(second->next());
    EXPECT_EQ(second->i64(0), 2);
}

TEST_P(StoreDriver, NestsCursorsOfDifferentTexts) {
    make_numbers(3);
    std::vector<std::int64_t> seen;
    const cursor outer = db_->query("SELECT id FROM numbers ORDER BY id");
    while (outer->next()) {
        const cursor inner = db_->query("SELECT n FROM numbers WHERE id = $1", {outer->i64(0)});
        ASSERT_TRUE(inner->next());
        seen.push_back(inner->i64(0));
    }
    EXPECT_EQ(seen, (std::vector<std::int64_t>{10, 20, 30}));
}

TEST_P(StoreDriver, NestsCursorsOfTheSameText) {
    make_numbers(4);
    constexpr std::string_view below = "SELECT id FROM numbers WHERE id < $1 ORDER BY id DESC";
    std::vector<std::int64_t> seen;
    const cursor outer = db_->query(below, {std::int64_t{5}});
    while (outer->next()) {
        const cursor middle = db_->query(below, {outer->i64(0)});
        while (middle->next()) {
            const cursor inner = db_->query(below, {middle->i64(0)});
            while (inner->next()) {
                seen.push_back(outer->i64(0) * 100 + middle->i64(0) * 10 + inner->i64(0));
            }
        }
    }
    EXPECT_EQ(seen, (std::vector<std::int64_t>{432, 431, 421, 321}));
}

TEST_P(StoreDriver, WritesWhileACursorIsOpen) {
    make_numbers(3);
    db_->begin(tx_mode::write);
    {
        const cursor rows = db_->query("SELECT id FROM numbers ORDER BY id");
        while (rows->next()) {
            db_->run("INSERT INTO numbers (id, n) VALUES ($1, 0) ON CONFLICT (id) DO UPDATE SET n = -1",
                     {rows->i64(0)});
        }
    }
    db_->commit();
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers WHERE n = -1"), 3);
}

TEST_P(StoreDriver, ChangesTheSchemaAfterACursorWasLeftHalfRead) {
    make_numbers(3);
    {
        const cursor rows = db_->query("SELECT id FROM numbers");
        ASSERT_TRUE(rows->next());
    }
    db_->script("DROP TABLE numbers; CREATE TABLE numbers (id BIGINT PRIMARY KEY NOT NULL);");
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 0);
}

TEST_P(StoreDriver, FollowsAChangedSchemaAfterForgetting) {
    make_numbers(1);
    constexpr std::string_view sql = "SELECT * FROM numbers";
    {
        const cursor rows = db_->query(sql);
        ASSERT_TRUE(rows->next());
    }
    db_->script("ALTER TABLE numbers ADD COLUMN extra BIGINT");
    db_->run("UPDATE numbers SET extra = 7");
    db_->forget_statements();
    const cursor rows = db_->query(sql);
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->i64(2), 7);
}

TEST_P(StoreDriver, ForgetsStatementsUnderAnOpenCursor) {
    make_numbers(3);
    constexpr std::string_view sql = "SELECT id FROM numbers ORDER BY id";
    const cursor open = db_->query(sql);
    ASSERT_TRUE(open->next());
    db_->forget_statements();
    EXPECT_EQ(number(*db_, sql), 1);
    ASSERT_TRUE(open->next());
    EXPECT_EQ(open->i64(0), 2);
}

TEST_P(StoreDriver, EvictsStatementsAndPreparesThemAgain) {
    make_numbers(1);
    open_options options;
    options.cached_statements = 4;
    const auto small = database_->connect(options);
    constexpr std::string_view first = "SELECT n FROM numbers WHERE id = 1";
    const cursor open = small->query(first);
    ASSERT_TRUE(open->next());
    for (int round = 0; round < 3; ++round) {
        for (std::int64_t i = 0; i < 20; ++i) {
            EXPECT_EQ(number(*small, "SELECT n + " + std::to_string(i) + " FROM numbers"), 10 + i);
        }
    }
    EXPECT_EQ(number(*small, first), 10);
    EXPECT_EQ(open->i64(0), 10) << "an open statement was evicted";
}

TEST_P(StoreDriver, PreparesEvictedTextsAgainFromTheSameAddress) {
    make_numbers(1);
    open_options options;
    options.cached_statements = 4;
    const auto small = database_->connect(options);
    std::vector<std::string> texts;
    for (std::int64_t i = 0; i < 20; ++i) {
        texts.push_back("SELECT n + " + std::to_string(i) + " FROM numbers WHERE id = 1");
    }
    for (int round = 0; round < 3; ++round) {
        for (std::size_t i = 0; i < texts.size(); ++i) {
            EXPECT_EQ(number(*small, texts[i]), 10 + static_cast<std::int64_t>(i));
        }
    }
}

TEST_P(StoreDriver, KeepsMoreOpenStatementsThanTheCacheHolds) {
    make_numbers(1);
    open_options options;
    options.cached_statements = 0;
    const auto small = database_->connect(options);
    std::vector<cursor> open;
    for (std::int64_t i = 0; i < 10; ++i) {
        open.push_back(small->query("SELECT n + " + std::to_string(i) + " FROM numbers"));
        ASSERT_TRUE(open.back()->next());
    }
    for (std::size_t i = 0; i < open.size(); ++i) {
        EXPECT_EQ(open[i]->i64(0), 10 + static_cast<std::int64_t>(i));
    }
}

TEST_P(StoreDriver, TellsTextsApartThatShareABuffer) {
    std::string sql = "SELECT CAST(1 AS BIGINT)";
    EXPECT_EQ(number(*db_, sql), 1);
    sql[12] = '2';
    EXPECT_EQ(number(*db_, sql), 2);
    EXPECT_EQ(number(*db_, std::string_view{sql}.substr(0, sql.size())), 2);
}

TEST_P(StoreDriver, RunsManyStatementsAsAScript) {
    db_->script("-- a comment; with a semicolon\n"
                "CREATE TABLE a (id BIGINT PRIMARY KEY NOT NULL, t TEXT NOT NULL DEFAULT 'x;y');\n"
                "/* another; one */ INSERT INTO a (id) VALUES (1), (2);\n"
                "CREATE INDEX a_t ON a (t)\n;;\n-- the end");
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM a WHERE t = 'x;y'"), 2);
}

TEST_P(StoreDriver, KeepsNothingOfAScriptThatFails) {
    EXPECT_EQ(error_of([this] {
                  db_->script("CREATE TABLE a (id BIGINT PRIMARY KEY NOT NULL);"
                              "INSERT INTO a (id) VALUES (1);"
                              "INSERT INTO a (id) VALUES (1);");
              }),
              "unique");
    db_->script("CREATE TABLE a (id BIGINT PRIMARY KEY NOT NULL);");
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM a"), 0);
}

TEST_P(StoreDriver, KnowsWhetherATableExists) {
    make_numbers(1);
    const auto exists = [this](std::string_view name) {
        const cursor rows = db_->query(db_->dialect().table_exists, {name});
        return rows->next();
    };
    EXPECT_TRUE(exists("numbers"));
    EXPECT_FALSE(exists("members"));
}

} // namespace patt::store
