// patt migrate: brings an older database to this version.

#include "../exit_code.hpp"
#include "../open_database.hpp"
#include "../output.hpp"
#include "../time_text.hpp"
#include "as_owner.hpp"
#include "commands.hpp"

#include <patt/engine/system.hpp>
#include <patt/store/migrations.hpp>
#include <patt/store/row_security.hpp>

#include <fmt/core.h>

#include <memory>

namespace patt::cli {

namespace {

struct migrate_flags {
    bool status = false;
    bool create = false;
    bool print_roles = false;
};

/// What is there and what is pending. @throws refusal when the database is not
/// for this program.
store::migration_state state_of(store::connection& db) {
    store::migration_state state = store::migration_status(db, store::built_in_migrations());
    if (state.problem) {
        throw refusal(*state.problem);
    }
    return state;
}

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

/// The SQL that would run on this database, in its order.
void show_sql(store::connection& db, form as) {
    const store::migration_state state = state_of(db);
    table t{{"number", "name", "sql"}, {}, "Nothing is pending."};
    for (const store::migration& m : state.pending) {
        const std::string sql = store::sql_of(m, db.dialect());
        if (as == form::text) {
            fmt::print("-- migration {} {}\n{}{}\n", m.number, m.name, sql, sql.ends_with('\n') ? "" : "\n");
        }
        t.rows.push_back({m.number, std::string(m.name), sql});
    }
    if (as == form::json || t.rows.empty()) {
        print(t, as);
    }
    tell(as, "-- Nothing was changed (--dry-run).");
}

void run_migrations(store::connection& db, form as) {
    engine::system_clock clock;
    store::migrate_options how;
    how.waiting = [](const store::migration& step, int failed) {
        fmt::print(stderr, "patt: migration {} {} waits for a lock that others hold (try {})\n", step.number,
                   step.name, failed);
    };
    const auto report = value_or_refuse(store::migrate(db, store::built_in_migrations(), clock.now(), how));
    record said{{"from", report.from}, {"to", report.to}};
    if (db.dialect().name == "postgres") {
        const bool roles = store::roles_exist(db, {});
        if (roles) {
            store::install_row_security(db, {}, how);
        }
        said.emplace_back("row_level_security", roles ? "on" : "off: patt migrate --print-roles shows how");
    }
    print(said, as);
}

/// The name of the database in a connection URL; what people call theirs when there is none.
std::string database_name(std::string_view url) {
    url = url.substr(0, url.find('?'));
    const std::size_t slash = url.rfind('/');
    const bool named = url.find("://") != std::string_view::npos && slash != std::string_view::npos &&
                       slash + 1 < url.size() && url.find("://") + 2 < slash;
    return std::string(named ? url.substr(slash + 1) : "patt");
}

exit_code migrate_or_show(const common_options& common, const migrate_flags& flags) {
    if (flags.print_roles) {
        if (common.json) {
            throw usage_error("--print-roles prints SQL, which is no JSON; leave --json out");
        }
        fmt::print("{}", store::roles_sql({}, database_name(common.db)));
        return exit_code::done;
    }
    const bool make = flags.create && !flags.status && !common.dry_run;
    const auto db =
        open_existing(common, make ? missing::make : missing::refuse, server_use::migrate)->connect();
    const form as = common.json ? form::json : form::text;
    if (flags.status) {
        return show_status(*db, as);
    }
    as_owner([&] { common.dry_run ? show_sql(*db, as) : run_migrations(*db, as); });
    return exit_code::done;
}

} // namespace

void add_migrate(program& p) {
    auto flags = std::make_shared<migrate_flags>();
    CLI::App* migrate =
        subcommand(p.app, "migrate", "Bring an older database to this version", "patt migrate --status");
    migrate->add_flag("--status", flags->status, "Only say which steps are applied and pending");
    migrate->add_flag("--create", flags->create,
                      "Make a database without a guild when there is none (SQLite)");
    migrate->add_flag("--print-roles", flags->print_roles,
                      "Only print the SQL that an administrator of a PostgreSQL server runs once");
    migrate->callback([&p, flags] { p.chosen = [&p, flags] { return migrate_or_show(p.common, *flags); }; });
}

} // namespace patt::cli
