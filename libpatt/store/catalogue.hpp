/// @file
/// What tables a database has, as it says itself: for what must hold for every table, also for those that do
/// not exist yet (export, the rule of the keys, row-level security).
#pragma once

#include <patt/store/db.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patt::store {

enum class column_kind : std::uint8_t {
    number,       ///< BIGINT
    small_number, ///< INTEGER: 32 bits in PostgreSQL
    floating,     ///< DOUBLE PRECISION
    text,
    bytes,
};

struct column {
    std::string name;
    column_kind kind{};
    bool nullable = false;
};

/// A primary key or a unique index; an expression in it has an empty name.
struct unique_key {
    std::string name; ///< Of the index, for messages.
    std::vector<std::string> columns;
};

struct table_shape {
    std::string name;
    std::vector<column> columns;          ///< In the order of the table.
    std::vector<std::string> primary_key; ///< Column names in the order of the key.
    std::vector<unique_key> unique_keys;  ///< All of them, that of the primary key too.

    [[nodiscard]] const column* find(std::string_view column_name) const noexcept;
};

/// The tables of PATT's schema, by name. Views and the database's own tables are left out.
/// @throws sql_error  `misuse` for a column of a type that PATT does not use.
[[nodiscard]] std::vector<table_shape> read_catalogue(connection& db);

/// The table of that name, or null.
[[nodiscard]] const table_shape* find_table(const std::vector<table_shape>& tables,
                                            std::string_view name) noexcept;

} // namespace patt::store
