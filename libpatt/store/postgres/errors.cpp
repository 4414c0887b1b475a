#include "store/postgres/errors.hpp"

#include "store/statement_text.hpp"

#include <fmt/format.h>

#include <array>

namespace patt::store::postgres {
namespace {

struct mapping {
    std::string_view state; ///< A whole SQLSTATE, or the two characters of its class.
    sql_errc code;
};

/// Whole states come before their classes.
constexpr std::array mappings{
    mapping{"23505", sql_errc::unique},
    mapping{"23P01", sql_errc::unique}, // An exclusion constraint.
    mapping{"23503", sql_errc::foreign_key},
    mapping{"23001", sql_errc::foreign_key},
    mapping{"23514", sql_errc::check},
    mapping{"23502", sql_errc::not_null},
    mapping{"44000", sql_errc::check},
    mapping{"40002", sql_errc::check},
    mapping{"40001", sql_errc::serialization},
    mapping{"40P01", sql_errc::serialization},
    mapping{"40003", sql_errc::unknown},
    mapping{"55P03", sql_errc::busy}, // lock_timeout
    mapping{"57014", sql_errc::busy}, // statement_timeout
    mapping{"53300", sql_errc::busy}, // max_connections
    mapping{"53100", sql_errc::full},
    mapping{"53", sql_errc::io},
    mapping{"58", sql_errc::io},
    mapping{"25P03", sql_errc::lost}, // idle_in_transaction_session_timeout
    mapping{"57", sql_errc::lost},
    mapping{"08", sql_errc::lost},
    mapping{"22", sql_errc::bad_value},
    mapping{"54", sql_errc::bad_value},
    mapping{"XX001", sql_errc::corrupt},
    mapping{"XX002", sql_errc::corrupt},
    mapping{"0A", sql_errc::misuse},
    mapping{"25", sql_errc::misuse},
    mapping{"26", sql_errc::misuse},
    mapping{"2B", sql_errc::misuse},
    mapping{"34", sql_errc::misuse},
    mapping{"3B", sql_errc::misuse},
    mapping{"3D", sql_errc::misuse},
    mapping{"3F", sql_errc::misuse},
    mapping{"42", sql_errc::misuse},
    mapping{"55", sql_errc::misuse},
};

std::string_view advice(std::string_view state) noexcept {
    if (state == "26000" || state == "42P05") { // No such prepared statement, or one that is there already.
        return "; behind a pooler the statements must be unnamed (postgres_options::statements)";
    }
    if (state == "57014") {
        return "; it took longer than statement_timeout, nothing was done";
    }
    if (state == "55P03") {
        return "; somebody else holds the lock, try again";
    }
    if (state == "42501") {
        return "; the role of this program lacks a right, see docs/operations.md";
    }
    return {};
}

} // namespace

sql_errc classify(std::string_view state) noexcept {
    for (const mapping& each : mappings) {
        if (state.starts_with(each.state)) {
            return each.code;
        }
    }
    return sql_errc::other;
}

std::string_view field(const PGresult* result, int code) noexcept {
    const char* text = PQresultErrorField(result, code);
    return text == nullptr ? std::string_view{} : std::string_view{text};
}

bool is_fatal(const PGresult* result) noexcept {
    const std::string_view severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    return severity == "FATAL" || severity == "PANIC";
}

sql_error server_error(const PGresult* result, std::string_view sql) {
    const std::string_view state = field(result, PG_DIAG_SQLSTATE);
    if (state.empty()) { // Made by libpq itself: the connection broke.
        return own_error(sql_errc::lost, one_line(PQresultErrorMessage(result)), sql);
    }
    // Errors about data quote the data.
    const std::string_view message = state.starts_with("22") ? "a value that its type cannot take"
                                                             : field(result, PG_DIAG_MESSAGE_PRIMARY);
    sql_errc code = classify(state);
    if (field(result, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery") {
        code = sql_errc::serialization; // A table changed under a cached plan: once more, prepared anew.
    }
    return {code, fmt::format("postgres: {} ({}){} in: {}", message, state, advice(state), head_of(sql))};
}

sql_error own_error(sql_errc code, std::string_view what, std::string_view sql) {
    return {code, fmt::format("postgres: {} in: {}", what, head_of(sql))};
}

std::string one_line(const char* text) {
    std::string line = text == nullptr ? "" : text;
    while (!line.empty() && (line.back() == '\n' || line.back() == ' ')) {
        line.pop_back();
    }
    for (char& c : line) {
        if (c == '\n' || c == '\t') {
            c = ' ';
        }
    }
    return line.empty() ? "the connection broke" : line;
}

} // namespace patt::store::postgres
