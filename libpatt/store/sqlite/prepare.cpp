#include "store/sqlite/prepare.hpp"

#include "store/sqlite/errors.hpp"

#include <patt/store/db.hpp>

#include <fmt/format.h>

#include <charconv>
#include <cstddef>
#include <limits>
#include <system_error>
#include <utility>

namespace patt::store::sqlite {
namespace {

statement_kind kind_of(sqlite3_stmt* statement, std::string_view sql) {
    const statement_kind kind = kind_by_words(sql);
    if (kind == statement_kind::transaction) {
        throw own_error(sql_errc::misuse, "transactions are begun and ended by begin(), commit(), rollback()",
                        sql);
    }
    if (kind == statement_kind::savepoint || kind == statement_kind::rollback_to) {
        return kind;
    }
    if (sqlite3_stmt_readonly(statement) != 0) {
        return statement_kind::reading;
    }
    return kind == statement_kind::writing ? kind : statement_kind::defining;
}

/// The number in a parameter's name, or 0 when it is no `$N`.
std::size_t parameter_number(const char* name) noexcept {
    if (name == nullptr || name[0] != '$' || name[1] == '0') {
        return 0;
    }
    const std::string_view digits{name + 1};
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return error == std::errc{} && end == digits.data() + digits.size() ? number : 0;
}

std::vector<int> slots_of(sqlite3_stmt* statement, std::string_view sql) {
    const int count = sqlite3_bind_parameter_count(statement);
    std::vector<int> slots(static_cast<std::size_t>(count), 0);
    for (int slot = 1; slot <= count; ++slot) {
        const std::size_t number = parameter_number(sqlite3_bind_parameter_name(statement, slot));
        if (number == 0) {
            throw own_error(sql_errc::misuse,
                            "a parameter that is not $1, $2 ... (a cast is CAST($1 AS BIGINT))", sql);
        }
        if (number >
            slots.size()) { // Each number has one slot, so a number above the count means a gap below it.
            throw own_error(sql_errc::misuse,
                            fmt::format("${} is used but not every number below it", number), sql);
        }
        slots[number - 1] = slot;
    }
    return slots;
}

/// Prepares the first statement of `sql`; the second value is what follows it.
std::pair<statement_handle, std::string_view> compile(sqlite3* database, std::string_view sql,
                                                      unsigned flags) {
    if (sql.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        throw own_error(sql_errc::misuse, "the text of the statement is too long", sql);
    }
    if (sql.empty()) { // Its pointer may be null, which SQLite takes for misuse of its own.
        return {};
    }
    sqlite3_stmt* statement = nullptr;
    const char* tail = nullptr;
    if (sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()), flags, &statement, &tail) !=
        SQLITE_OK) {
        throw last_error(database, sql);
    }
    const auto used = static_cast<std::size_t>(tail == nullptr ? 0 : tail - sql.data());
    return {statement_handle{statement}, sql.substr(used)};
}

} // namespace

prepared prepare(sqlite3* database, std::string_view sql, prepare_use use) {
    auto [statement, rest] =
        compile(database, sql, use == prepare_use::cached ? SQLITE_PREPARE_PERSISTENT : 0U);
    if (statement == nullptr) {
        throw own_error(sql_errc::misuse, "the text has no statement", sql);
    }
    if (!is_blank(rest)) {
        throw own_error(sql_errc::misuse, "more than one statement in one text", sql);
    }
    prepared made{std::move(statement), statement_kind::reading, {}};
    made.kind = kind_of(made.statement.get(), sql);
    made.slots = slots_of(made.statement.get(), sql);
    return made;
}

prepared prepare_first(sqlite3* database, std::string_view& statements) {
    auto [statement, rest] = compile(database, statements, 0);
    if (rest.size() == statements.size() &&
        !rest.empty()) { // SQLite stops at a NUL and would never get past it.
        throw own_error(sql_errc::misuse, "a NUL in the text", statements);
    }
    const std::string_view text = statements.substr(0, statements.size() - rest.size());
    statements = rest;
    prepared made{std::move(statement), statement_kind::reading, {}};
    if (made.statement != nullptr) {
        made.kind = kind_of(made.statement.get(), text);
        if (sqlite3_bind_parameter_count(made.statement.get()) != 0) {
            throw own_error(sql_errc::misuse, "a script takes no parameters", text);
        }
    }
    return made;
}

} // namespace patt::store::sqlite
