#include "store/migration_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace patt::store {

std::string_view text_for(const migration& step, const dialect& database) {
    std::string_view own;
    if (database.name == "sqlite") {
        own = step.sqlite_sql;
    } else if (database.name == "postgres") {
        own = step.postgres_sql;
    }
    const std::string_view text = own.empty() ? step.sql : own;
    if (text.empty()) {
        throw failure(
            fmt::format("migration {} {} has no text for {}", step.number, step.name, database.name));
    }
    return text;
}

std::string expand(std::string_view sql, const dialect& database) {
    const auto in_word = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    std::string expanded;
    expanded.reserve(sql.size());
    while (!sql.empty()) {
        const std::size_t open = std::min(sql.find('{'), sql.size());
        expanded += sql.substr(0, open);
        sql.remove_prefix(open);
        const std::size_t close = sql.find('}');
        if (sql.empty() || close == std::string_view::npos) {
            expanded += sql;
            break;
        }
        const std::string_view word = sql.substr(1, close - 1);
        if (word.empty() || !std::all_of(word.begin(), word.end(), in_word)) {
            expanded += sql.front();
            sql.remove_prefix(1);
            continue;
        }
        if (word != "blob") {
            throw failure(fmt::format("a migration names {{{}}}, which is not known", word));
        }
        expanded += database.blob;
        sql.remove_prefix(close + 1);
    }
    return expanded;
}

std::string sql_of(const migration& step, const dialect& database) {
    return expand(text_for(step, database), database);
}

} // namespace patt::store
