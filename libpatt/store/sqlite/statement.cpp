#include "store/sqlite/statement.hpp"

#include "store/sqlite/errors.hpp"
#include "store/text_check.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <variant>

namespace patt::store::sqlite {
namespace {

/// A statement that once carried a large value gives the memory back.
constexpr std::size_t memory_kept = 16U * 1024U;

/// The text or blob in a parameter, as bytes; empty for the others.
std::string_view payload(const value& parameter) noexcept {
    if (const auto* text = std::get_if<std::string_view>(&parameter)) {
        return *text;
    }
    if (const auto* blob = std::get_if<std::span<const std::byte>>(&parameter)) {
        return {reinterpret_cast<const char*>(blob->data()), blob->size()};
    }
    return {};
}

} // namespace

sqlite_statement::sqlite_statement(session& shared, std::string_view sql, prepare_use use)
    : session_(shared)
    , sql_(sql)
    , prepared_(prepare(shared.database.get(), sql, use)) {}

void sqlite_statement::bind(std::span<const value> parameters, view_life life) {
    try {
        bind_all(parameters, life);
    } catch (...) {
        session_.fail();
        throw;
    }
    affected_ = 0;
    state_ = state::bound;
    ++session_.open_statements;
}

void sqlite_statement::bind_all(std::span<const value> parameters, view_life life) {
    if (parameters.size() != prepared_.slots.size()) {
        throw own_error(
            sql_errc::misuse,
            fmt::format("{} parameters given, {} used", parameters.size(), prepared_.slots.size()), sql_);
    }
    copying_ = life == view_life::call;
    if (copying_) {
        make_room(parameters);
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        bind_one(prepared_.slots[i], parameters[i]);
    }
}

void sqlite_statement::make_room(std::span<const value> parameters) {
    std::size_t size = 0;
    for (const value& parameter : parameters) {
        size += payload(parameter).size();
    }
    if (size > memory_size_) {
        memory_ = std::make_unique<char[]>(size);
        memory_size_ = size;
    }
    memory_used_ = 0;
}

const char* sqlite_statement::keep(const char* data, std::size_t size) {
    if (size == 0) { // A null pointer would be bound as NULL.
        return "";
    }
    if (!copying_) {
        return data;
    }
    char* place = memory_.get() + memory_used_;
    std::memcpy(place, data, size);
    memory_used_ += size;
    return place;
}

void sqlite_statement::bind_one(int slot, const value& parameter) {
    sqlite3_stmt* statement = prepared_.statement.get();
    int code = SQLITE_OK;
    if (const auto* number = std::get_if<std::int64_t>(&parameter)) {
        code = sqlite3_bind_int64(statement, slot, *number);
    } else if (const auto* text = std::get_if<std::string_view>(&parameter)) {
        const text_fault fault = check_text(*text);
        if (fault != text_fault::none) {
            throw own_error(sql_errc::bad_value,
                            fault == text_fault::nul ? "a text with a NUL" : "a text that is not UTF-8",
                            sql_);
        }
        code = sqlite3_bind_text64(statement, slot, keep(text->data(), text->size()), text->size(),
                                   SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* floating = std::get_if<double>(&parameter)) {
        if (std::isnan(*floating)) { // SQLite would make NULL of it.
            throw own_error(sql_errc::bad_value, "a floating point value that is no number", sql_);
        }
        code = sqlite3_bind_double(statement, slot, *floating);
    } else if (std::holds_alternative<std::span<const std::byte>>(parameter)) {
        const std::string_view blob = payload(parameter);
        code =
            sqlite3_bind_blob64(statement, slot, keep(blob.data(), blob.size()), blob.size(), SQLITE_STATIC);
    } else if (std::holds_alternative<std::span<const std::int64_t>>(parameter)) {
        throw own_error(sql_errc::misuse, "an array as a parameter", sql_);
    } else {
        code = sqlite3_bind_null(statement, slot);
    }
    if (code != SQLITE_OK) {
        throw last_error(session_.database.get(), sql_);
    }
}

void sqlite_statement::check_may_run() const {
    const statement_kind kind = prepared_.kind;
    if (session_.failed && kind != statement_kind::rollback_to) {
        throw own_error(sql_errc::misuse, "the transaction has failed; only a rollback can follow", sql_);
    }
    if (kind == statement_kind::reading) {
        return;
    }
    const bool about_savepoints = kind == statement_kind::savepoint || kind == statement_kind::rollback_to;
    if (about_savepoints && !session_.transaction) {
        throw own_error(sql_errc::misuse, "a savepoint outside a transaction", sql_);
    }
    if (!about_savepoints && session_.transaction == tx_mode::read) {
        throw own_error(sql_errc::misuse, "writing in a read transaction", sql_);
    }
}

bool sqlite_statement::next() {
    if (state_ == state::bound) {
        try {
            check_may_run();
        } catch (const sql_error& problem) {
            fail(problem);
        }
        ++session_.statements_run;
        state_ = state::running;
    } else if (state_ == state::done) {
        return false; // Stepping again would run the statement again.
    } else if (state_ != state::running) {
        throw own_error(sql_errc::misuse, "a cursor after an error or the end of its transaction", sql_);
    }
    const int code = sqlite3_step(prepared_.statement.get());
    if (code == SQLITE_ROW) {
        columns_ = sqlite3_data_count(prepared_.statement.get());
        return true;
    }
    columns_ = 0;
    if (code != SQLITE_DONE) {
        fail(last_error(session_.database.get(), sql_));
    }
    state_ = state::done;
    if (prepared_.kind == statement_kind::writing) {
        affected_ = sqlite3_changes64(session_.database.get());
    } else if (prepared_.kind == statement_kind::rollback_to) {
        session_.failed = false;
    }
    return false;
}

void sqlite_statement::fail(const sql_error& problem) {
    end_with_transaction();
    session_.fail();
    throw problem; // NOLINT(cert-err09-cpp): it comes by reference from where it was made, and its type is
                   // final.
}

void sqlite_statement::end_with_transaction() noexcept {
    sqlite3_reset(prepared_.statement.get());
    state_ = state::broken;
    columns_ = 0;
}

void sqlite_statement::reset() noexcept {
    if (state_ == state::idle) {
        return;
    }
    sqlite3_reset(prepared_.statement.get());
    state_ = state::idle;
    columns_ = 0;
    --session_.open_statements;
    if (memory_size_ > memory_kept) {
        memory_.reset();
        memory_size_ = 0;
    }
}

sqlite3_value* sqlite_statement::at(int column) const {
    if (column < 0 || column >= columns_) {
        throw own_error(sql_errc::misuse, fmt::format("no row, or no column {} in it", column), sql_);
    }
    return sqlite3_column_value(prepared_.statement.get(), column);
}

void sqlite_statement::wrong_type(int column, std::string_view wanted) const {
    throw own_error(sql_errc::misuse, fmt::format("column {} does not hold {}", column, wanted), sql_);
}

bool sqlite_statement::is_null(int column) const {
    return sqlite3_value_type(at(column)) == SQLITE_NULL;
}

std::int64_t sqlite_statement::i64(int column) const {
    sqlite3_value* found = at(column);
    const int type = sqlite3_value_type(found);
    if (type != SQLITE_INTEGER && type != SQLITE_NULL) {
        wrong_type(column, "an integer");
    }
    return sqlite3_value_int64(found);
}

double sqlite_statement::f64(int column) const {
    sqlite3_value* found = at(column);
    const int type = sqlite3_value_type(found);
    if (type != SQLITE_FLOAT && type != SQLITE_INTEGER && type != SQLITE_NULL) {
        wrong_type(column, "a number");
    }
    return sqlite3_value_double(found);
}

std::string_view sqlite_statement::text(int column) const {
    sqlite3_value* found = at(column);
    const int type = sqlite3_value_type(found);
    if (type == SQLITE_NULL) {
        return {};
    }
    if (type != SQLITE_TEXT) {
        wrong_type(column, "a text");
    }
    const auto* data = reinterpret_cast<const char*>(sqlite3_value_text(found));
    if (data == nullptr) {
        throw own_error(sql_errc::other, "out of memory", sql_);
    }
    return {data, static_cast<std::size_t>(sqlite3_value_bytes(found))};
}

std::span<const std::byte> sqlite_statement::bytes(int column) const {
    sqlite3_value* found = at(column);
    const int type = sqlite3_value_type(found);
    if (type == SQLITE_NULL) {
        return {};
    }
    if (type != SQLITE_BLOB) {
        wrong_type(column, "bytes");
    }
    const auto* data = static_cast<const std::byte*>(sqlite3_value_blob(found));
    return {data, static_cast<std::size_t>(sqlite3_value_bytes(found))};
}

} // namespace patt::store::sqlite
