/// @file
/// Conformance: posted statements. An error of one may come late, but it always comes.
#pragma once

#include "conformance/driver_fixture.hpp"

namespace patt::store {

TEST_P(StoreDriver, KeepsWhatWasPosted) {
    make_numbers(1);
    db_->begin(tx_mode::write);
    db_->enter_guild(guild_id{7});
    db_->enter_queue();
    for (std::int64_t i = 2; i <= 50; ++i) {
        std::string text = std::to_string(i);
        db_->post("INSERT INTO numbers (id, n) VALUES ($1, CAST(CAST($2 AS TEXT) AS BIGINT))",
                  {i, std::string_view{text}});
        text.assign(text.size(), '#'); // It was sent or copied before.
    }
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 50);
    db_->post("DELETE FROM numbers WHERE id = $1", {std::int64_t{50}});
    db_->commit();
    EXPECT_EQ(number(*db_, "SELECT CAST(SUM(n) AS BIGINT) FROM numbers"), 10 + 49 * 50 / 2 - 1);
}

TEST_P(StoreDriver, TellsAPostedErrorAtTheNextWait) {
    make_numbers(1);
    constexpr std::string_view add = "INSERT INTO numbers (id, n) VALUES ($1, 1)";
    db_->begin(tx_mode::write);
    EXPECT_EQ(error_of([&] {
                  db_->post(add, {std::int64_t{2}});
                  db_->post(add, {std::int64_t{1}});
                  db_->flush();
              }),
              "unique");
    EXPECT_EQ(error_of([&] { db_->post(add, {std::int64_t{3}}); }), "misuse") << "the transaction has failed";
    EXPECT_EQ(error_of([&] { db_->run(add, {std::int64_t{3}}); }), "misuse");
    EXPECT_EQ(error_of([&] { db_->commit(); }), "misuse");
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 1);
}

TEST_P(StoreDriver, TellsAPostedErrorAtTheLatestAtTheCommit) {
    make_numbers(1);
    db_->begin(tx_mode::write);
    EXPECT_EQ(error_of([&] {
                  db_->post("INSERT INTO numbers (id, n) VALUES (1, 1)");
                  db_->post("INSERT INTO numbers (id, n) VALUES (2, 1)");
                  db_->commit();
              }),
              "unique");
    db_->rollback();
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 1);
    db_->run("INSERT INTO numbers (id, n) VALUES (2, 1)");
}

TEST_P(StoreDriver, RefusesToPostOutsideATransaction) {
    make_numbers(1);
    EXPECT_EQ(error_of([&] { db_->post("DELETE FROM numbers"); }), "misuse");
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 1);
}

TEST_P(StoreDriver, UndoesAPostedErrorWithItsSavepoint) {
    make_numbers(1);
    db_->begin(tx_mode::write);
    db_->run("INSERT INTO numbers (id, n) VALUES (2, 2)");
    db_->run("SAVEPOINT one_input");
    db_->flush();
    static_cast<void>(error_of([&] { db_->post("INSERT INTO numbers (id, n) VALUES (1, 1)"); }));
    db_->run("ROLLBACK TO one_input");
    db_->run("INSERT INTO numbers (id, n) VALUES (3, 3)");
    db_->commit();
    EXPECT_EQ(number(*db_, "SELECT CAST(SUM(id) AS BIGINT) FROM numbers"), 6);
}

TEST_P(StoreDriver, LosesNoErrorFromBeforeASavepoint) {
    make_numbers(1);
    db_->begin(tx_mode::write);
    db_->run("SAVEPOINT input");
    db_->flush();
    EXPECT_EQ(error_of([&] { // The same name is in use already: the older savepoint is not meant.
                  db_->post("INSERT INTO numbers (id, n) VALUES (1, 1)");
                  db_->run("SAVEPOINT input");
                  db_->run("ROLLBACK TO input");
                  db_->commit();
              }),
              "unique");
    db_->rollback();
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 1);
}

TEST_P(StoreDriver, MixesNullsAndValuesOfOneStatement) {
    make_values_table();
    constexpr std::string_view sql = "INSERT INTO v (id, n, t) VALUES ($1, $2, $3)";
    db_->begin(tx_mode::write);
    db_->post(sql, {std::int64_t{1}, null_t{}, null_t{}});
    db_->post(sql, {std::int64_t{2}, std::int64_t{5}, null_t{}});
    db_->post(sql, {std::int64_t{3}, null_t{}, std::string_view{"x"}});
    db_->post(sql, {std::int64_t{4}, std::int64_t{6}, std::string_view{"y"}});
    db_->commit();
    EXPECT_EQ(number(*db_, "SELECT CAST(SUM(n) AS BIGINT) FROM v"), 11);
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM v WHERE t IS NULL AND n IS NULL"), 1);
}

} // namespace patt::store
