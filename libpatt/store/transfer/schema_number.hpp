/// @file
/// Which schema a database has, as files name it.
#pragma once

#include <patt/store/db.hpp>

#include <cstdint>

namespace patt::store::transfer {

/// The number of the newest migration that was applied; may be asked inside a transaction.
[[nodiscard]] inline std::int64_t schema_number(connection& db) {
    const cursor row = db.query("SELECT COALESCE(MAX(number), 0) FROM schema_migration");
    return row->next() ? row->i64(0) : 0;
}

} // namespace patt::store::transfer
