/// @file
/// Owning handles for what the SQLite library gives out.
#pragma once

#include <sqlite3.h>

#include <memory>

namespace patt::store::sqlite {

struct close_database {
    void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
};
struct finalize_statement {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

using database_handle = std::unique_ptr<sqlite3, close_database>;
using statement_handle = std::unique_ptr<sqlite3_stmt, finalize_statement>;

} // namespace patt::store::sqlite
