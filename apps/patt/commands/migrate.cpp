// patt migrate: brings an older database to this version.

#include "../output.hpp"
#include "../time_text.hpp"
#include "commands.hpp"

#include <patt/engine/system.hpp>
#include <patt/store/migrations.hpp>
#include <patt/store/sqlite.hpp>

#include <fmt/core.h>

#include <memory>

namespace patt::cli {

namespace {

exit_code show_status(store::connection& db, form as) {
    const store::migration_state state = store::migration_status(db, store::built_in_migrations());
    table t{{"number", "name", "applied"}, {}, "An empty database."};
    for (const store::applied_migration& m : state.applied) {
        t.rows.push_back({m.number, m.name, to_text(m.applied_at)});
    }
    for (const store::migration& m : state.pending) {
        t.rows.push_back({m.number, std::string(m.name), "pending"});
    }
    print(t, as);
    if (state.problem) {
        throw refusal(*state.problem);
    }
    return exit_code::done;
}

} // namespace

void add_migrate(program& p) {
    auto status = std::make_shared<bool>(false);
    CLI::App* migrate =
        subcommand(p.app, "migrate", "Bring an older database to this version", "patt migrate --status");
    migrate->add_flag("--status", *status, "Only say which steps are applied and pending");
    migrate->callback([&p, status] {
        p.chosen = [&p, status] {
            const std::filesystem::path file = database_file(p.common.db);
            if (!std::filesystem::exists(file)) {
                throw refusal({errc::not_found,
                               fmt::format("there is no database {}; patt init makes one", file.string())});
            }
            const form as = p.common.json ? form::json : form::text;
            const auto db = store::open_sqlite(file)->connect();
            if (*status || p.common.dry_run) {
                return show_status(*db, as);
            }
            engine::system_clock clock;
            const auto report =
                value_or_refuse(store::migrate(*db, store::built_in_migrations(), clock.now()));
            print(record{{"from", report.from}, {"to", report.to}}, as);
            return exit_code::done;
        };
    });
}

} // namespace patt::cli
