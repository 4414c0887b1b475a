#include "store/concurrent_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <vector>

namespace patt::store {
namespace {

constexpr std::string_view mark = "-- patt: concurrently";
constexpr std::string_view waits = "pg_advisory_xact_lock";

/// The same lock by the same number, for the session: the two kinds exclude each other.
std::string in_session(const dialect& database, std::string_view function) {
    std::string sql{database.migration_lock};
    const std::size_t at = sql.find(waits);
    if (at == std::string::npos) {
        throw failure("this database has no lock that outlives a transaction");
    }
    return sql.replace(at, waits.size(), function);
}

std::string without_comments(std::string_view text) {
    std::string out;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        out += line.substr(0, line.find("--")) + "\n";
    }
    const auto is_end = [](char c) { return c == ';' || c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
    while (!out.empty() && is_end(out.back())) {
        out.pop_back();
    }
    out.erase(out.begin(), std::find_if_not(out.begin(), out.end(), is_end));
    return out;
}

std::string in_lower_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

enum class index_state : std::uint8_t { none, broken, complete };

index_state look(connection& db, const std::string& name) {
    const cursor row =
        db.query("SELECT CASE WHEN x.indisvalid THEN CAST(1 AS BIGINT) ELSE 0 END FROM pg_index x"
                 " JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_namespace n ON n.oid = "
                 "c.relnamespace"
                 " WHERE n.nspname = current_schema() AND c.relname = $1",
                 {std::string_view{name}});
    if (!row->next()) {
        return index_state::none;
    }
    return row->i64(0) == 1 ? index_state::complete : index_state::broken;
}

} // namespace

bool is_concurrent(std::string_view text) noexcept {
    return text.starts_with(mark);
}

concurrent_index parse_concurrent(std::string_view text) {
    concurrent_index out{without_comments(text), {}, {}};
    std::istringstream in{out.statement};
    std::vector<std::string> words;
    for (std::string word; words.size() < 7 && in >> word;) {
        words.push_back(in_lower_case(word));
    }
    if (words.size() > 1 && words[1] == "unique") {
        words.erase(words.begin() + 1);
    }
    words.resize(std::min<std::size_t>(words.size(), 6));
    const bool fits = words.size() == 6 && words[0] == "create" && words[1] == "index" &&
                      words[2] == "concurrently" && words[4] == "on" && words[5] != "only" &&
                      out.statement.find_first_of(";\"") == std::string::npos;
    if (!fits) {
        throw failure(
            "a migration marked \"-- patt: concurrently\" holds one statement: CREATE [UNIQUE] INDEX "
            "CONCURRENTLY name ON table ..., with plain names");
    }
    out.name = words[3];
    out.table = words[5].substr(0, words[5].find('('));
    return out;
}

bool is_quick(connection& db, const concurrent_index& index, std::int64_t bytes) {
    if (look(db, index.name) != index_state::none) {
        return false;
    }
    // A table that is spread over others has no size of its own.
    const cursor row = db.query("SELECT CAST(pg_relation_size(c.oid) AS BIGINT) FROM pg_class c"
                                " WHERE c.oid = to_regclass($1) AND c.relkind = 'r'"
                                " AND (pg_relation_size(c.oid) > 0 OR c.reltuples <= 0)",
                                {std::string_view{index.table}});
    return row->next() && row->i64(0) <= bytes;
}

std::string in_transaction(const concurrent_index& index) {
    constexpr std::string_view word = "concurrently";
    std::string out = index.statement;
    return out.erase(in_lower_case(out).find(word), word.size());
}

bool is_built(connection& db, const concurrent_index& index) {
    return look(db, index.name) == index_state::complete;
}

void build_concurrently(connection& db, const concurrent_index& index, const session_migration_lock& lock) {
    const index_state found = look(db, index.name);
    if (found == index_state::complete) {
        return;
    }
    lock.check();
    if (found == index_state::broken) {
        db.run_alone("DROP INDEX CONCURRENTLY " + index.name);
    }
    db.run_alone(index.statement);
    if (look(db, index.name) != index_state::complete) {
        throw sql_error(sql_errc::other, fmt::format("the index {} could not be built", index.name));
    }
}

session_migration_lock::session_migration_lock(connection& db)
    : db_(db) {
    const std::string ask = in_session(db.dialect(), "pg_try_advisory_lock");
    const cursor row = db.query(fmt::format("SELECT CASE WHEN a.got THEN CAST(1 AS BIGINT) ELSE 0 END,"
                                            " CAST(pg_backend_pid() AS BIGINT) FROM ({} AS got) a",
                                            ask));
    if (row->next()) {
        taken_ = row->i64(0) == 1;
        session_ = row->i64(1);
    }
    while (row->next()) {
    }
}

void session_migration_lock::check() const {
    // A query connects anew where it must.
    const cursor row = db_.query("SELECT CAST(pg_backend_pid() AS BIGINT)");
    if (!row->next() || row->i64(0) != session_) {
        throw sql_error(sql_errc::lost, "the session that held the migration lock is gone");
    }
}

session_migration_lock::~session_migration_lock() {
    if (!taken_) {
        return;
    }
    try {
        const std::string give = in_session(db_.dialect(), "pg_advisory_unlock");
        db_.run(fmt::format("SELECT CASE WHEN a.got THEN 1 ELSE 0 END FROM ({} AS got) a", give));
    } catch (const sql_error&) { // The session is gone, and the lock with it.
    }
}

} // namespace patt::store
