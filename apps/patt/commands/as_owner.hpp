/// @file
/// Changes of the schema, which only the role that owns the tables may make.
#pragma once

#include "../exit_code.hpp"

#include <patt/store/db.hpp>

#include <string_view>

namespace patt::cli {

/// Changes the schema. Of a role that may not, it is said whose may, instead of the statement that failed.
/// @throws refusal  `not_allowed`. @throws store::sql_error  what else went wrong.
template <class Change>
void as_owner(const Change& change) {
    try {
        change();
    } catch (const store::sql_error& broken) {
        // 42501: insufficient_privilege (https://www.postgresql.org/docs/15/errcodes-appendix.html)
        if (std::string_view(broken.what()).find("(42501)") == std::string_view::npos) {
            throw;
        }
        throw refusal({errc::not_allowed,
                       "the role of --db may not change the tables: do this as their owner, for example with "
                       "--db postgresql://patt_owner@HOST/NAME (docs/operations.md)"});
    }
}

} // namespace patt::cli
