#include "open_database.hpp"

#include "exit_code.hpp"

#include <patt/store/migrations.hpp>
#include <patt/store/sqlite.hpp>

#include <fmt/core.h>

namespace patt::cli {

std::shared_ptr<store::database> open_existing(const common_options& options, missing when) {
    const std::filesystem::path file = database_file(options.db);
    if (when == missing::refuse && !std::filesystem::exists(file)) {
        throw refusal({errc::not_found, fmt::format("there is no database {}; patt init makes one with a "
                                                    "guild, patt migrate --create one without",
                                                    file.string())});
    }
    return store::open_sqlite(file);
}

std::unique_ptr<store::connection> connect_current(const common_options& options) {
    auto db = open_existing(options)->connect();
    const store::migration_state state = store::migration_status(*db, store::built_in_migrations());
    if (state.problem) {
        throw refusal(*state.problem);
    }
    if (!state.pending.empty()) {
        throw refusal({errc::wrong_state,
                       "the database is of an older version; run patt migrate with the same "
                       "--db first"});
    }
    return db;
}

} // namespace patt::cli
