/// @file
/// From SQL text to a prepared statement whose parameters are known by number.
#pragma once

#include "store/sqlite/handles.hpp"
#include "store/statement_text.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace patt::store::sqlite {

/// Whether a statement is kept for long; SQLite takes its memory from elsewhere then.
enum class prepare_use : std::uint8_t { once, cached };

/// A prepared statement.
struct prepared {
    statement_handle statement;
    statement_kind kind = statement_kind::reading;
    /// SQLite's slot of parameter `$1`, `$2` and so on. SQLite takes `$1` for a name and numbers names by
    /// their first appearance, so that `SELECT $2,$1` has its slots the wrong way round.
    std::vector<int> slots;
};

/// Prepares exactly one statement.
/// @throws sql_error `misuse` for several statements, none, `?`, gaps in the numbers, or transaction control
/// as text.
[[nodiscard]] prepared prepare(sqlite3* database, std::string_view sql, prepare_use use);

/// Prepares the first statement of `statements` and moves the view behind it; its handle is null when only
/// white space and comments were left.
[[nodiscard]] prepared prepare_first(sqlite3* database, std::string_view& statements);

} // namespace patt::store::sqlite
