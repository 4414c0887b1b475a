/// @file
/// Rows in the order of their ids, sorted here and not by SQL.
#pragma once

#include <algorithm>
#include <vector>

namespace patt::store {

/// Sorts the few rows that belong to one person, session or member.
///
/// `ORDER BY` the key would make SQLite walk the whole guild along its primary key, since that brings the
/// order for free, where an index on the person or session finds the handful of rows at once.
template <class Row, class Key>
[[nodiscard]] std::vector<Row> by_id(std::vector<Row> rows, Key key) {
    std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return key(a) < key(b); });
    return rows;
}

} // namespace patt::store
