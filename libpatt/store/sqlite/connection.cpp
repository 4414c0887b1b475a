#include "store/sqlite/connection.hpp"

#include "store/sqlite/errors.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace patt::store::sqlite {
namespace {

constexpr store::dialect sqlite_dialect{
    "sqlite", "", "", "", "BLOB", "SELECT 1 FROM sqlite_master WHERE type='table' AND name=$1", "", "", "",
};

statement_handle control(sqlite3* database, const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
        throw last_error(database, sql);
    }
    return statement_handle{statement};
}

} // namespace

sqlite_connection::sqlite_connection(database_handle opened, const open_options& options)
    : session_{std::move(opened), {}, false, 0, 0}
    , cache_(session_, options.cached_statements)
    , begin_read_(control(session_.database.get(), "BEGIN"))
    , begin_write_(control(session_.database.get(), "BEGIN IMMEDIATE"))
    , commit_(control(session_.database.get(), "COMMIT"))
    , rollback_(control(session_.database.get(), "ROLLBACK"))
    , busy_timeout_(options.busy_timeout) {}

const store::dialect& sqlite_connection::dialect() const noexcept {
    return sqlite_dialect;
}

void sqlite_connection::refuse(std::string_view what, std::string_view sql) {
    session_.fail();
    throw own_error(sql_errc::misuse, what, sql);
}

sqlite_statement& sqlite_connection::start(std::string_view sql, std::span<const value> parameters,
                                           view_life life) {
    sqlite_statement* found = nullptr;
    try {
        found = &cache_.find(sql);
    } catch (...) {
        session_.fail();
        throw;
    }
    found->bind(parameters, life);
    return *found;
}

cursor sqlite_connection::query(std::string_view sql, std::span<const value> parameters) {
    return cursor{start(sql, parameters, view_life::call)};
}

void sqlite_connection::post(std::string_view sql, std::span<const value> parameters) {
    if (!session_.transaction) {
        refuse("post outside a transaction", sql);
    }
    static_cast<void>(run(sql, parameters));
}

std::int64_t sqlite_connection::run(std::string_view sql, std::span<const value> parameters) {
    const cursor rows{start(sql, parameters, view_life::whole_run)};
    while (rows->next()) {
    }
    return rows->affected();
}

void sqlite_connection::script(std::string_view statements) {
    if (session_.transaction) {
        run_script(statements);
        return;
    }
    begin(tx_mode::write);
    try {
        run_script(statements);
    } catch (...) {
        rollback();
        throw;
    }
    commit();
}

void sqlite_connection::run_script(std::string_view statements) {
    try {
        while (!statements.empty()) {
            const std::string_view before = statements;
            const prepared made = prepare_first(session_.database.get(), statements);
            if (made.statement != nullptr) {
                run_defining(made, before.substr(0, before.size() - statements.size()));
            }
        }
    } catch (...) {
        session_.fail();
        throw;
    }
}

void sqlite_connection::run_defining(const prepared& made, std::string_view text) {
    if (session_.failed) {
        throw own_error(sql_errc::misuse, "the transaction has failed; only a rollback can follow", text);
    }
    if (session_.transaction == tx_mode::read && made.kind != statement_kind::reading) {
        throw own_error(sql_errc::misuse, "writing in a read transaction", text);
    }
    ++session_.statements_run;
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW) {
        code = sqlite3_step(made.statement.get());
    }
    if (code != SQLITE_DONE) {
        throw last_error(session_.database.get(), text);
    }
}

void sqlite_connection::begin(tx_mode mode) {
    if (session_.transaction) {
        refuse("a transaction inside a transaction", "BEGIN");
    }
    sqlite3_stmt* statement = mode == tx_mode::write ? begin_write_.get() : begin_read_.get();
    const int code = sqlite3_step(statement);
    if (code != SQLITE_DONE) {
        sql_error problem = last_error(session_.database.get(), "BEGIN");
        sqlite3_reset(statement);
        if (problem.code() == sql_errc::busy) {
            problem = {sql_errc::busy,
                       fmt::format("sqlite: somebody else has held the write lock for {} ms; try again",
                                   busy_timeout_.count())};
        }
        throw problem;
    }
    sqlite3_reset(statement);
    session_.transaction = mode;
}

void sqlite_connection::commit() {
    if (!session_.transaction) {
        refuse("there is no transaction", "COMMIT");
    }
    if (session_.failed) {
        rollback();
        refuse("the transaction had failed and was rolled back", "COMMIT");
    }
    if (session_.open_statements != 0) { // SQLite does not commit while a writing statement is half done.
        cache_.end_open_cursors();
    }
    const int code = sqlite3_step(commit_.get());
    if (code != SQLITE_DONE) {
        sql_error problem = last_error(session_.database.get(), "COMMIT");
        sqlite3_reset(commit_.get());
        rollback();
        if (problem.code() == sql_errc::io) {
            // The commit's record may be in the log already: after a crash it would count.
            problem = {sql_errc::unknown, problem.what()};
        }
        throw problem;
    }
    sqlite3_reset(commit_.get());
    end_transaction();
}

void sqlite_connection::rollback() noexcept {
    if (!session_.transaction) {
        return;
    }
    if (session_.open_statements != 0) {
        cache_.end_open_cursors();
    }
    roll_back_for_real();
    end_transaction();
}

void sqlite_connection::roll_back_for_real() noexcept {
    // After some errors (disk full, I/O) SQLite has rolled back by itself.
    if (sqlite3_get_autocommit(session_.database.get()) == 0) {
        sqlite3_step(rollback_.get());
        sqlite3_reset(rollback_.get());
    }
}

void sqlite_connection::end_transaction() noexcept {
    session_.transaction.reset();
    session_.failed = false;
}

} // namespace patt::store::sqlite
