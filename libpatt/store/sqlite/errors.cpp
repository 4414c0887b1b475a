#include "store/sqlite/errors.hpp"

#include "store/statement_text.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace patt::store::sqlite {
namespace {

sql_errc classify_constraint(int extended_code) noexcept {
    switch (extended_code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return sql_errc::unique;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return sql_errc::foreign_key;
    case SQLITE_CONSTRAINT_CHECK:
        return sql_errc::check;
    case SQLITE_CONSTRAINT_NOTNULL:
        return sql_errc::not_null;
    case SQLITE_CONSTRAINT_DATATYPE:
        return sql_errc::bad_value;
    default:
        return sql_errc::other;
    }
}

} // namespace

sql_errc classify(int extended_code) noexcept {
    switch (extended_code) {
    case SQLITE_BUSY_SNAPSHOT: // Read an old state and wants to write: only a new transaction helps.
        return sql_errc::serialization;
    case SQLITE_LOCKED_SHAREDCACHE:
        return sql_errc::busy;
    default:
        break;
    }
    switch (extended_code & 0xFF) {
    case SQLITE_CONSTRAINT:
        return classify_constraint(extended_code);
    case SQLITE_BUSY:
    case SQLITE_PROTOCOL: // Lost a race for the WAL's locks too often.
        return sql_errc::busy;
    case SQLITE_SCHEMA: // The schema changed under the statement again and again.
        return sql_errc::serialization;
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
        return sql_errc::bad_value;
    case SQLITE_FULL:
    case SQLITE_READONLY:
        return sql_errc::full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return sql_errc::corrupt;
    case SQLITE_IOERR:
        return sql_errc::io;
    case SQLITE_ERROR:
    case SQLITE_RANGE:
    case SQLITE_MISUSE:
    case SQLITE_ABORT:  // A cursor of a transaction that was rolled back.
    case SQLITE_LOCKED: // A cursor of this very connection is in the way: waiting would not help.
        return sql_errc::misuse;
    default:
        return sql_errc::other;
    }
}

sql_error last_error(sqlite3* database, std::string_view sql) {
    const int code = sqlite3_extended_errcode(database);
    std::string what = fmt::format("sqlite: {} (code {})", sqlite3_errmsg(database), code);
    const int os_error = sqlite3_system_errno(database);
    const int base = code & 0xFF;
    if (os_error != 0 && (base == SQLITE_IOERR || base == SQLITE_CANTOPEN || base == SQLITE_FULL)) {
        what += fmt::format(", errno {}", os_error);
    }
    if (base == SQLITE_LOCKED) {
        what += "; a cursor of the same connection is still open";
    }
    return {classify(code), fmt::format("{} in: {}", what, head_of(sql))};
}

sql_error own_error(sql_errc code, std::string_view what, std::string_view sql) {
    return {code, fmt::format("sqlite: {} in: {}", what, head_of(sql))};
}

} // namespace patt::store::sqlite
