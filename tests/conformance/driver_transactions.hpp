/// @file
/// Conformance: transactions, savepoints, and what two connections see of each other.
#pragma once

#include "conformance/driver_fixture.hpp"

#include <patt/store/in_tx.hpp>

#include <stdexcept>

namespace patt::store {

TEST_P(StoreDriver, RollsBackEverything) {
    make_numbers(1);
    db_->begin(tx_mode::write);
    db_->run("INSERT INTO numbers (id, n) VALUES (2, 2)");
    db_->script("CREATE TABLE made (id BIGINT PRIMARY KEY NOT NULL); INSERT INTO made (id) VALUES (1);");
    db_->rollback();
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 1);
    EXPECT_EQ(error_of([this] { db_->run("SELECT id FROM made"); }), "misuse");
}

TEST_P(StoreDriver, RefusesToWriteInAReadTransaction) {
    make_numbers(1);
    for (const std::string_view sql :
         {"INSERT INTO numbers (id, n) VALUES (2, 2)", "UPDATE numbers SET n = 1", "DELETE FROM numbers",
          "CREATE TABLE x (id BIGINT PRIMARY KEY NOT NULL)", "UPDATE numbers SET n = 1 RETURNING n"}) {
        db_->begin(tx_mode::read);
        EXPECT_EQ(error_of([&] { db_->run(sql); }), "misuse") << sql;
        db_->rollback();
        db_->begin(tx_mode::read);
        EXPECT_EQ(error_of([&] { db_->script(sql); }), "misuse") << sql;
        db_->rollback();
    }
    EXPECT_EQ(number(*db_, "SELECT n FROM numbers"), 10);
    db_->run("UPDATE numbers SET n = 11");
    EXPECT_EQ(number(*db_, "SELECT n FROM numbers"), 11) << "and can write afterwards";
}

TEST_P(StoreDriver, RefusesATransactionInATransaction) {
    make_numbers(1);
    db_->begin(tx_mode::write);
    EXPECT_EQ(error_of([this] { db_->begin(tx_mode::write); }), "misuse");
    db_->rollback();
    EXPECT_EQ(error_of([this] { db_->commit(); }), "misuse") << "nothing to commit";
    db_->rollback(); // Nothing to roll back is fine.
}

TEST_P(StoreDriver, FailsTheTransactionAtAnyError) {
    make_numbers(1);
    db_->begin(tx_mode::write);
    db_->run("INSERT INTO numbers (id, n) VALUES (2, 2)");
    EXPECT_EQ(error_of([this] { db_->run("INSERT INTO numbers (id, n) VALUES (2, 2)"); }), "unique");
    EXPECT_EQ(error_of([this] { db_->run("INSERT INTO numbers (id, n) VALUES (3, 3)"); }), "misuse");
    EXPECT_EQ(error_of([this] { db_->run("SELECT id FROM numbers"); }), "misuse");
    EXPECT_EQ(error_of([this] { db_->script("DELETE FROM numbers"); }), "misuse");
    db_->rollback();
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 1);
    db_->run("INSERT INTO numbers (id, n) VALUES (2, 2)");
}

TEST_P(StoreDriver, FailsTheTransactionAtErrorsBeforeRunning) {
    make_values_table();
    const auto fails_after = [this](auto&& bad) {
        db_->begin(tx_mode::write);
        db_->run("INSERT INTO v (id) VALUES (1)");
        EXPECT_NE(error_of(bad), "nothing");
        const std::string after = error_of([this] { db_->commit(); });
        EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM v"), 0) << "half a transaction was kept";
        return after;
    };
    EXPECT_EQ(
        fails_after([this] { db_->run("INSERT INTO v (id, t) VALUES (2, $1)", {std::string_view{"\xFF"}}); }),
        "misuse");
    EXPECT_EQ(fails_after([this] { db_->run("SELEC"); }), "misuse");
    EXPECT_EQ(fails_after([this] { db_->run("SELECT id FROM v WHERE id = $1"); }), "misuse");
}

TEST_P(StoreDriver, RefusesToCommitAFailedTransactionAndRollsItBack) {
    make_numbers(1);
    db_->begin(tx_mode::write);
    db_->run("INSERT INTO numbers (id, n) VALUES (2, 2)");
    EXPECT_EQ(error_of([this] { db_->run("SELECT no_such FROM numbers"); }), "misuse");
    EXPECT_EQ(error_of([this] { db_->commit(); }), "misuse");
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 1);
    db_->begin(tx_mode::write);
    db_->run("INSERT INTO numbers (id, n) VALUES (2, 2)");
    db_->commit();
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 2);
}

TEST_P(StoreDriver, IsUsableAfterACommitThatFailed) {
    db_->script("CREATE TABLE p (id BIGINT PRIMARY KEY NOT NULL);"
                "CREATE TABLE c (id BIGINT PRIMARY KEY NOT NULL,"
                " p BIGINT NOT NULL REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED);");
    db_->begin(tx_mode::write);
    db_->run("INSERT INTO c (id, p) VALUES (1, 9)"); // Checked only by the commit.
    EXPECT_EQ(error_of([this] { db_->commit(); }), "foreign_key");
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM c"), 0);
    db_->begin(tx_mode::write);
    db_->run("INSERT INTO c (id, p) VALUES (1, 9)");
    db_->run("INSERT INTO p (id) VALUES (9)");
    db_->commit();
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM c"), 1);
}

TEST_P(StoreDriver, KeepsAndUndoesSavepoints) {
    make_numbers(1);
    db_->begin(tx_mode::write);
    db_->run("SAVEPOINT a");
    db_->run("INSERT INTO numbers (id, n) VALUES (2, 2)");
    db_->run("RELEASE a");
    db_->run("SAVEPOINT b");
    db_->run("INSERT INTO numbers (id, n) VALUES (3, 3)");
    db_->run("SAVEPOINT c");
    db_->run("INSERT INTO numbers (id, n) VALUES (4, 4)");
    db_->run("ROLLBACK TO b");
    db_->run("RELEASE SAVEPOINT b");
    db_->run("INSERT INTO numbers (id, n) VALUES (5, 5)");
    db_->commit();
    EXPECT_EQ(number(*db_, "SELECT CAST(SUM(id) AS BIGINT) FROM numbers WHERE id IN (1, 2, 5)"), 8);
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers"), 3);
}

TEST_P(StoreDriver, GoesOnAfterAnErrorInASavepoint) {
    make_numbers(1);
    db_->begin(tx_mode::write);
    db_->run("INSERT INTO numbers (id, n) VALUES (2, 2)");
    db_->run("SAVEPOINT one_input");
    db_->run("INSERT INTO numbers (id, n) VALUES (3, 3)");
    EXPECT_EQ(error_of([this] { db_->run("INSERT INTO numbers (id, n) VALUES (1, 1)"); }), "unique");
    EXPECT_EQ(error_of([this] { db_->run("RELEASE one_input"); }), "misuse")
        << "a failed savepoint is not kept";
    db_->run("ROLLBACK TO SAVEPOINT one_input");
    db_->run("RELEASE one_input");
    db_->run("INSERT INTO numbers (id, n) VALUES (4, 4)");
    db_->commit();
    EXPECT_EQ(number(*db_, "SELECT CAST(SUM(id) AS BIGINT) FROM numbers WHERE id < 9"), 7);
}

TEST_P(StoreDriver, EndsCursorsWithTheirTransaction) {
    make_numbers(3);
    db_->begin(tx_mode::write);
    {
        const cursor reading = db_->query("SELECT id FROM numbers");
        const cursor writing = db_->query("UPDATE numbers SET n = n + 1 RETURNING n");
        ASSERT_TRUE(reading->next());
        ASSERT_TRUE(writing->next());
        db_->commit();
        EXPECT_EQ(error_of([&] { (void)reading->next(); }), "misuse");
        EXPECT_EQ(error_of([&] { (void)writing->i64(0); }), "misuse");
    }
    EXPECT_EQ(number(*db_, "SELECT COUNT(*) FROM numbers WHERE n IN (11, 21, 31)"), 3)
        << "half a statement was kept";
    db_->begin(tx_mode::read);
    const cursor again = db_->query("SELECT id FROM numbers");
    ASSERT_TRUE(again->next());
    db_->rollback();
    EXPECT_EQ(error_of([&] { (void)again->next(); }), "misuse");
    db_->script("DROP TABLE numbers");
}

TEST_P(StoreDriver, ShowsOthersOnlyWhatIsCommitted) {
    make_numbers(1);
    const auto other = connect();
    db_->begin(tx_mode::write);
    db_->run("UPDATE numbers SET n = 99");
    if (GetParam().readers == isolation::snapshot) {
        EXPECT_EQ(number(*other, "SELECT n FROM numbers"), 10);
    } else {
        EXPECT_EQ(error_of([&] { other->run("SELECT n FROM numbers"); }), "busy");
    }
    db_->commit();
    EXPECT_EQ(number(*other, "SELECT n FROM numbers"), 99);
    other->run("UPDATE numbers SET n = 100");
    EXPECT_EQ(number(*db_, "SELECT n FROM numbers"), 100);
}

TEST_P(StoreDriver, ReadsOneStateThroughoutAReadTransaction) {
    make_numbers(1);
    const auto other = connect();
    db_->begin(tx_mode::read);
    EXPECT_EQ(number(*db_, "SELECT n FROM numbers"), 10);
    const std::string writing = error_of([&] { other->run("UPDATE numbers SET n = 99"); });
    EXPECT_EQ(writing, GetParam().readers == isolation::snapshot ? "nothing" : "busy");
    EXPECT_EQ(number(*db_, "SELECT n FROM numbers"), 10);
    db_->commit();
    other->run("UPDATE numbers SET n = 99");
    EXPECT_EQ(number(*db_, "SELECT n FROM numbers"), 99);
}

TEST_P(StoreDriver, CallsALockHeldBySomebodyElseBusy) {
    make_numbers(1);
    const auto other = connect();
    db_->begin(tx_mode::write);
    db_->run("UPDATE numbers SET n = 1");
    EXPECT_EQ(error_of([&] {
                  other->begin(tx_mode::write);
                  other->run("UPDATE numbers SET n = 2");
              }),
              "busy");
    other->rollback();
    db_->commit();
    other->begin(tx_mode::write);
    other->run("UPDATE numbers SET n = n + 2");
    other->commit();
    EXPECT_EQ(number(*db_, "SELECT n FROM numbers"), 3);
}

TEST_P(StoreDriver, RunsATransactionAsAScope) {
    make_numbers(1);
    const std::int64_t answer = in_tx(*db_, tx_mode::write, [this] {
        db_->run("UPDATE numbers SET n = 5");
        return number(*db_, "SELECT n FROM numbers");
    });
    EXPECT_EQ(answer, 5);
    EXPECT_THROW(in_tx(*db_, tx_mode::write,
                       [this] {
                           db_->run("UPDATE numbers SET n = 6");
                           throw std::logic_error("no");
                       }),
                 std::logic_error);
    EXPECT_EQ(number(*db_, "SELECT n FROM numbers"), 5);
}

TEST_P(StoreDriver, RunsATransactionAgainWhenItLostARace) {
    make_numbers(1);
    int runs = 0;
    in_tx(*db_, tx_mode::write, [&] {
        db_->run("UPDATE numbers SET n = n + 1");
        if (++runs < 3) {
            throw sql_error(sql_errc::serialization, "planted");
        }
    });
    EXPECT_EQ(runs, 3);
    EXPECT_EQ(number(*db_, "SELECT n FROM numbers"), 11) << "a lost try was kept";
}

TEST_P(StoreDriver, GivesUpAfterTheTriesItWasGiven) {
    make_numbers(1);
    const auto runs_with = [this](sql_errc code, int tries) {
        int runs = 0;
        EXPECT_EQ(error_of([&] {
                      in_tx(
                          *db_, tx_mode::write,
                          [&] {
                              ++runs;
                              throw sql_error(code, "planted");
                          },
                          tries);
                  }),
                  to_string(code));
        return runs;
    };
    EXPECT_EQ(runs_with(sql_errc::busy, 3), 3);
    EXPECT_EQ(runs_with(sql_errc::busy, 0), 1);
    EXPECT_EQ(runs_with(sql_errc::unique, 3), 1);
    EXPECT_EQ(runs_with(sql_errc::unknown, 3), 1) << "what may have happened must not happen again";
    in_tx(*db_, tx_mode::write, [this] { db_->run("UPDATE numbers SET n = 1"); });
}

TEST_P(StoreDriver, LeavesNothingBehindWhenAScopeGetsNoLock) {
    make_numbers(1);
    const auto other = connect();
    other->begin(tx_mode::write);
    other->run("UPDATE numbers SET n = 50");
    const auto add = [this] { db_->run("UPDATE numbers SET n = n + 1"); };
    EXPECT_EQ(error_of([&] { in_tx(*db_, tx_mode::write, add, 2); }), "busy");
    other->rollback();
    in_tx(*db_, tx_mode::write, add);
    EXPECT_EQ(number(*db_, "SELECT n FROM numbers"), 11);
}

TEST_P(StoreDriver, RefusesAScopeInsideAScope) {
    make_numbers(1);
    EXPECT_EQ(error_of([this] {
                  in_tx(*db_, tx_mode::write, [this] {
                      db_->run("UPDATE numbers SET n = 1");
                      in_tx(*db_, tx_mode::write, [this] { db_->run("UPDATE numbers SET n = 2"); });
                  });
              }),
              "misuse");
    EXPECT_EQ(number(*db_, "SELECT n FROM numbers"), 10);
}

} // namespace patt::store
