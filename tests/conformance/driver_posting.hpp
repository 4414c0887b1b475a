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

TEST_P(StoreDriver, AnswersQuestionsInAnyOrder) {
    make_numbers(20);
    db_->begin(tx_mode::write);
    const cursor many = db_->ask("SELECT id FROM numbers WHERE id > $1 ORDER BY id", {std::int64_t{10}});
    const cursor one = db_->ask("SELECT id FROM numbers WHERE id = $1", {std::int64_t{3}});
    const cursor same = db_->ask("SELECT id FROM numbers WHERE id = $1", {std::int64_t{4}});
    ASSERT_TRUE(same->next());
    ASSERT_TRUE(one->next());
    EXPECT_EQ(one->i64(0), 3);
    EXPECT_EQ(same->i64(0), 4);
    EXPECT_FALSE(one->next());
    std::int64_t sum = 0;
    while (many->next()) {
        sum += many->i64(0);
    }
    EXPECT_EQ(sum, 155);
    db_->commit();
    EXPECT_EQ(error_of([&] { static_cast<void>(same->next()); }), "misuse")
        << "it ended with its transaction";
}

TEST_P(StoreDriver, ForgottenQuestionsHarmNobody) {
    make_numbers(5);
    for (const tx_mode mode : {tx_mode::read, tx_mode::write}) {
        db_->begin(mode);
        static_cast<void>(db_->ask("SELECT id FROM numbers WHERE id = 1"));
        const cursor wanted = db_->ask("SELECT id FROM numbers WHERE id = 2");
        static_cast<void>(db_->ask("SELECT id FROM numbers WHERE id = 3"));
        ASSERT_TRUE(wanted->next());
        EXPECT_EQ(wanted->i64(0), 2);
        static_cast<void>(db_->ask("SELECT id FROM numbers WHERE id = 4"));
        const cursor never = db_->ask("SELECT id FROM numbers WHERE id = 5");
        db_->commit();
    }
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 5);
}

TEST_P(StoreDriver, TellsWhoAsksOfAnErrorBefore) {
    make_numbers(1);
    db_->begin(tx_mode::write);
    EXPECT_EQ(error_of([&] {
                  db_->post("INSERT INTO numbers (id, n) VALUES (1, 1)");
                  const cursor rows = db_->ask("SELECT id FROM numbers");
                  static_cast<void>(rows->next());
              }),
              "unique");
    EXPECT_EQ(error_of([&] { static_cast<void>(db_->ask("SELECT id FROM numbers")->next()); }), "misuse");
    db_->rollback();
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 1);
}

TEST_P(StoreDriver, AReadTransactionThatEndedHoldsNothing) {
    make_numbers(1);
    for (int i = 0; i < 3; ++i) {
        db_->begin(tx_mode::read);
        EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 1 + i);
        db_->commit(); // Its answer may not have been waited for.
        db_->run("INSERT INTO numbers (id, n) VALUES ($1, 1)", {std::int64_t{100 + i}});
    }
    db_->begin(tx_mode::read);
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 4);
    db_->commit();
    db_->begin(tx_mode::write);
    db_->rollback();
    db_->script("DELETE FROM numbers");
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 0);
}

} // namespace patt::store
