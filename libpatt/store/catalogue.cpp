#include "store/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace patt::store {
namespace {

/// One of the few places where the two databases need different SQL: each describes itself in its own tables.
struct catalogue_queries {
    std::string_view columns; ///< table, column, type, not null, place in the primary key or 0.
    std::string_view keys;    ///< table, index, column; unique ones only, by place in the index.
};

constexpr catalogue_queries sqlite_queries{
    "SELECT m.name, c.name, c.type, c.\"notnull\", c.pk FROM sqlite_master m, pragma_table_info(m.name) c"
    " WHERE m.type = 'table' AND substr(m.name, 1, 7) <> 'sqlite_' ORDER BY m.name, c.cid",
    "SELECT m.name, l.name, i.name FROM sqlite_master m, pragma_index_list(m.name) l,"
    " pragma_index_info(l.name) i WHERE m.type = 'table' AND substr(m.name, 1, 7) <> 'sqlite_'"
    " AND l.\"unique\" = 1 ORDER BY m.name, l.name, i.seqno"};

constexpr catalogue_queries postgres_queries{
    "SELECT CAST(c.relname AS TEXT), CAST(a.attname AS TEXT), format_type(a.atttypid, NULL),"
    " CASE WHEN a.attnotnull THEN CAST(1 AS BIGINT) ELSE 0 END,"
    " COALESCE((SELECT k.place FROM pg_index x CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY"
    "  AS k (attnum, place) WHERE x.indrelid = c.oid AND x.indisprimary AND k.attnum = a.attnum), 0)"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid"
    " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped"
    " ORDER BY CAST(c.relname AS TEXT) COLLATE \"C\", a.attnum",
    "SELECT CAST(c.relname AS TEXT), CAST(i.relname AS TEXT), CAST(a.attname AS TEXT) FROM pg_index x"
    " JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k (attnum, place)"
    " LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum"
    " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND x.indisunique"
    " AND k.place <= x.indnkeyatts"
    " ORDER BY CAST(c.relname AS TEXT) COLLATE \"C\", CAST(i.relname AS TEXT) COLLATE \"C\", k.place"};

column_kind kind_of(std::string_view type, std::string_view table, std::string_view name) {
    constexpr std::array<std::pair<std::string_view, column_kind>, 10> known{
        {{"BIGINT", column_kind::number},
         {"bigint", column_kind::number},
         {"INTEGER", column_kind::small_number},
         {"integer", column_kind::small_number},
         {"DOUBLE PRECISION", column_kind::floating},
         {"double precision", column_kind::floating},
         {"TEXT", column_kind::text},
         {"text", column_kind::text},
         {"BLOB", column_kind::bytes},
         {"bytea", column_kind::bytes}}};
    for (const auto& [word, kind] : known) {
        if (word == type) {
            return kind;
        }
    }
    throw sql_error(sql_errc::misuse,
                    fmt::format("the column {}.{} is a \"{}\", which PATT does not use", table, name, type));
}

std::vector<table_shape> read_tables(connection& db, std::string_view sql) {
    std::vector<table_shape> tables;
    std::vector<std::pair<std::int64_t, std::string>> key;
    const auto close = [&] {
        std::sort(key.begin(), key.end());
        for (auto& [place, name] : key) {
            tables.back().primary_key.push_back(std::move(name));
        }
        key.clear();
    };
    const cursor rows = db.query(sql);
    while (rows->next()) {
        if (tables.empty() || tables.back().name != rows->text(0)) {
            if (!tables.empty()) {
                close();
            }
            tables.push_back({std::string(rows->text(0)), {}, {}, {}});
        }
        const std::string name{rows->text(1)};
        tables.back().columns.push_back(
            {name, kind_of(rows->text(2), rows->text(0), name), rows->i64(3) == 0});
        if (rows->i64(4) > 0) {
            key.emplace_back(rows->i64(4), name);
        }
    }
    if (!tables.empty()) {
        close();
    }
    return tables;
}

} // namespace

const column* table_shape::find(std::string_view column_name) const noexcept {
    const auto at = std::find_if(columns.begin(), columns.end(),
                                 [column_name](const column& c) { return c.name == column_name; });
    return at == columns.end() ? nullptr : &*at;
}

const table_shape* find_table(const std::vector<table_shape>& tables, std::string_view name) noexcept {
    const auto at =
        std::find_if(tables.begin(), tables.end(), [name](const table_shape& t) { return t.name == name; });
    return at == tables.end() ? nullptr : &*at;
}

std::vector<table_shape> read_catalogue(connection& db) {
    const catalogue_queries& sql = db.dialect().name == "sqlite" ? sqlite_queries : postgres_queries;
    std::vector<table_shape> tables = read_tables(db, sql.columns);
    const cursor rows = db.query(sql.keys);
    while (rows->next()) {
        const auto at = std::find_if(tables.begin(), tables.end(),
                                     [&](const table_shape& t) { return t.name == rows->text(0); });
        if (at == tables.end()) {
            continue; // Made between the two queries.
        }
        if (at->unique_keys.empty() || at->unique_keys.back().name != rows->text(1)) {
            at->unique_keys.push_back({std::string(rows->text(1)), {}});
        }
        at->unique_keys.back().columns.emplace_back(rows->is_null(2) ? std::string_view{} : rows->text(2));
    }
    return tables;
}

} // namespace patt::store
