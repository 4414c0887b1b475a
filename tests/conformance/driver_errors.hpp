/// @file
/// Conformance: every class of error that a caller can provoke, and life after it.
#pragma once

#include "conformance/driver_fixture.hpp"

#include <vector>

namespace patt::store {

namespace {
constexpr std::string_view rules_schema =
    "CREATE TABLE guild (id BIGINT PRIMARY KEY NOT NULL);"
    "CREATE TABLE member ("
    "  guild_id BIGINT NOT NULL REFERENCES guild (id) ON DELETE CASCADE, id BIGINT NOT NULL,"
    "  present INTEGER NOT NULL CHECK (present IN (0, 1)), nick TEXT,"
    "  PRIMARY KEY (guild_id, id), UNIQUE (guild_id, nick));"
    "INSERT INTO guild (id) VALUES (1);"
    "INSERT INTO member (guild_id, id, present, nick) VALUES (1, 1, 1, 'a');";
} // namespace

TEST_P(StoreDriver, TellsConstraintsApart) {
    db_->script(rules_schema);
    const auto error = [this](std::string_view values) {
        return error_of([&] {
            db_->run("INSERT INTO member (guild_id, id, present, nick) VALUES (" + std::string{values} + ")");
        });
    };
    EXPECT_EQ(error("1, 1, 1, 'b'"), "unique") << "primary key";
    EXPECT_EQ(error("1, 2, 1, 'a'"), "unique") << "another key";
    EXPECT_EQ(error("9, 1, 1, 'c'"), "foreign_key");
    EXPECT_EQ(error("1, 3, 2, 'd'"), "check");
    EXPECT_EQ(error("1, 4, NULL, 'e'"), "not_null");
    EXPECT_EQ(error("1, 5, 0, NULL"), "nothing");
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM member"), 2);
}

TEST_P(StoreDriver, RefusesADeleteThatLeavesOrphans) {
    db_->script("CREATE TABLE p (id BIGINT PRIMARY KEY NOT NULL);"
                "CREATE TABLE c (id BIGINT PRIMARY KEY NOT NULL, p BIGINT NOT NULL REFERENCES p (id));"
                "INSERT INTO p (id) VALUES (1); INSERT INTO c (id, p) VALUES (1, 1);");
    EXPECT_EQ(error_of([this] { db_->run("DELETE FROM p"); }), "foreign_key");
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM p"), 1);
}

TEST_P(StoreDriver, CallsBadSqlMisuse) {
    make_numbers(1);
    const std::vector<std::string_view> bad{
        "SELEC 1",
        "SELECT nothing FROM numbers",
        "SELECT id FROM no_such_table",
        "SELECT \"id",
        "",
        "   ",
        "-- only a comment",
        "SELECT id FROM numbers; SELECT id FROM numbers",
        "SELECT \"misspelt\" FROM numbers",
    };
    for (const std::string_view sql : bad) {
        EXPECT_EQ(error_of([&] { db_->run(sql); }), "misuse") << sql;
    }
    EXPECT_EQ(number(*db_, "SELECT id FROM numbers ; -- an end and a comment are fine"), 1);
}

TEST_P(StoreDriver, CallsAWrongNumberOfParametersMisuse) {
    make_numbers(1);
    constexpr std::string_view sql = "SELECT n FROM numbers WHERE id = $1";
    EXPECT_EQ(error_of([&] { db_->run(sql); }), "misuse");
    EXPECT_EQ(error_of([&] { db_->run(sql, {std::int64_t{1}, std::int64_t{2}}); }), "misuse");
    EXPECT_EQ(error_of([&] { db_->run("SELECT n FROM numbers", {std::int64_t{1}}); }), "misuse");
    EXPECT_EQ(error_of([&] {
                  db_->run("SELECT n FROM numbers WHERE id = $2", {std::int64_t{1}, std::int64_t{1}});
              }),
              "misuse")
        << "a gap in the numbers";
    EXPECT_EQ(db_->run("UPDATE numbers SET n = 5 WHERE id = $1", {std::int64_t{1}}), 1)
        << "the statement is fine after";
}

TEST_P(StoreDriver, RefusesEveryOtherFormOfParameter) {
    make_numbers(1);
    for (const std::string_view sql :
         {"SELECT n FROM numbers WHERE id = ?", "SELECT n FROM numbers WHERE id = ?1",
          "SELECT n FROM numbers WHERE id = :id", "SELECT n FROM numbers WHERE id = @id",
          "SELECT n FROM numbers WHERE id = $id", "SELECT n FROM numbers WHERE id = $0"}) {
        EXPECT_EQ(error_of([&] { db_->run(sql, {std::int64_t{1}}); }), "misuse") << sql;
    }
}

TEST_P(StoreDriver, RefusesTransactionControlAsText) {
    for (const std::string_view sql : {"BEGIN", "begin immediate", "/* x */ COMMIT", "-- x\n END", "ROLLBACK",
                                       "SAVEPOINT a", "ROLLBACK TO a", "RELEASE a"}) {
        EXPECT_EQ(error_of([&] { db_->run(sql); }), "misuse") << sql;
    }
    db_->begin(tx_mode::write);
    EXPECT_EQ(error_of([&] { db_->run("COMMIT"); }), "misuse");
    db_->rollback();
}

TEST_P(StoreDriver, IsUsableAfterEveryError) {
    make_numbers(2);
    constexpr std::string_view sql = "INSERT INTO numbers (id, n) VALUES ($1, $2)";
    EXPECT_EQ(error_of([&] { db_->run(sql, {std::int64_t{1}, std::int64_t{1}}); }), "unique");
    EXPECT_EQ(error_of([&] { db_->run(sql, {std::int64_t{3}, null_t{}}); }), "not_null");
    EXPECT_EQ(db_->run(sql, {std::int64_t{3}, std::int64_t{1}}), 1) << "the same cached statement";
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 3);
}

TEST_P(StoreDriver, EndsACursorAtItsError) {
    make_numbers(2);
    const cursor rows = db_->query("INSERT INTO numbers (id, n) VALUES (1, 1) RETURNING id");
    EXPECT_EQ(error_of([&] { (void)rows->next(); }), "unique");
    EXPECT_EQ(error_of([&] { (void)rows->next(); }), "misuse");
    EXPECT_EQ(error_of([&] { (void)rows->i64(0); }), "misuse");
}

TEST_P(StoreDriver, NeverPutsValuesIntoMessages) {
    db_->script(rules_schema);
    for (const std::int64_t present : {std::int64_t{1}, std::int64_t{2}}) {
        try {
            db_->run("INSERT INTO member (guild_id, id, present, nick) VALUES ($1, $2, $3, $4)",
                     {std::int64_t{1}, std::int64_t{1}, present, std::string_view{"secret name"}});
            FAIL() << "accepted";
        } catch (const sql_error& problem) {
            EXPECT_EQ(std::string{problem.what()}.find("secret"), std::string::npos) << problem.what();
        }
    }
}

} // namespace patt::store
