// What a database says of itself, read and not judged.
#include "store/host_repository.hpp"

#include <patt/engine/health.hpp>
#include <patt/store/in_tx.hpp>
#include <patt/store/migrations.hpp>
#include <patt/store/row_security.hpp>

#include <algorithm>

namespace patt::engine {
namespace {

using store::connection;
using store::cursor;

std::int64_t number(connection& db, std::string_view sql, std::initializer_list<store::value> with = {}) {
    const cursor row = db.query(sql, with);
    return row->next() && !row->is_null(0) ? row->i64(0) : 0;
}

std::string text(connection& db, std::string_view sql) {
    const cursor row = db.query(sql);
    return row->next() && !row->is_null(0) ? std::string(row->text(0)) : std::string();
}

/// The server's own tables; whoever may not see a part of them sees it empty.
server_health read_server(connection& db, instant now) {
    server_health s;
    const std::int64_t theirs = number(db, db.dialect().clock);
    s.clock_skew = now - instant{theirs};
    s.version = number(db, "SELECT CAST(current_setting('server_version_num') AS BIGINT)");
    s.lock_timeout = text(db, "SELECT current_setting('lock_timeout')");
    s.idle_in_transaction_timeout = text(db, "SELECT current_setting('idle_in_transaction_session_timeout')");
    s.connections = number(db, "SELECT COUNT(*) FROM pg_stat_activity WHERE backend_type = 'client backend'");
    s.max_connections = number(db, "SELECT CAST(current_setting('max_connections') AS BIGINT)");
    s.reserved_connections =
        number(db, "SELECT CAST(current_setting('superuser_reserved_connections') AS BIGINT)");
    s.in_recovery = number(db, "SELECT CASE WHEN pg_is_in_recovery() THEN CAST(1 AS BIGINT) ELSE 0 END") == 1;
    s.standbys = number(db, "SELECT COUNT(*) FROM pg_stat_replication");
    s.synchronous_names = text(db, "SELECT current_setting('synchronous_standby_names')");
    s.synchronous =
        number(db, "SELECT COUNT(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')");
    s.idle_slots = number(db, "SELECT COUNT(*) FROM pg_replication_slots WHERE NOT active");
    s.oldest_xmin_age =
        number(db, "SELECT CAST(GREATEST((SELECT COALESCE(MAX(age(backend_xmin)), 0) FROM pg_stat_activity),"
                   " (SELECT COALESCE(MAX(age(xmin)), 0) FROM pg_replication_slots)) AS BIGINT)");
    s.oldest_transaction = duration{number(
        db,
        "SELECT CAST(COALESCE(MAX(EXTRACT(EPOCH FROM clock_timestamp() - xact_start)), 0) * 1000000"
        " AS BIGINT) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()")};
    s.walled = store::roles_exist(db, {});
    const cursor gaps = db.query(store::row_security_gaps_sql());
    while (gaps->next()) {
        ++s.unwalled_tables;
    }
    return s;
}

std::vector<bloat> read_bloat(connection& db) {
    std::vector<bloat> out;
    const cursor rows =
        db.query("SELECT CAST(relname AS TEXT), n_live_tup, n_dead_tup FROM pg_stat_user_tables"
                 " WHERE schemaname = current_schema() AND n_dead_tup > 1000"
                 " ORDER BY n_dead_tup DESC LIMIT 5");
    while (rows->next()) {
        out.push_back({std::string(rows->text(0)), rows->i64(1), rows->i64(2)});
    }
    return out;
}

void read_hosts(connection& db, instant now, health& h) {
    for (const store::host_row& row : store::hosts(db)) {
        h.hosts.push_back(
            {row.name, row.version, std::max(now - row.last_seen, duration{}), row.connections});
    }
    const std::int64_t at = now.microseconds();
    h.leases = number(db, "SELECT COUNT(*) FROM lease WHERE holder <> 0 AND expires_at > $1", {at});
    h.leases_run_out = number(db, "SELECT COUNT(*) FROM lease WHERE holder <> 0 AND expires_at <= $1", {at});
}

/// The oldest first: its age is what somebody waits.
duration age(connection& db, std::string_view sql, instant now) {
    const std::int64_t since = number(db, sql, {now.microseconds()});
    return since == 0 ? duration{} : now - instant{since};
}

void read_work(connection& db, instant now, health& h) {
    const std::int64_t at = now.microseconds();
    db.enter_queue();
    h.effects_failed = number(db, "SELECT COUNT(*) FROM outbox WHERE state = 4");
    h.effects_due = number(db, "SELECT COUNT(*) FROM outbox WHERE state = 2 AND not_before <= $1", {at});
    h.oldest_due_effect =
        age(db, "SELECT MIN(not_before) FROM outbox WHERE state = 2 AND claimed_at = 0 AND not_before <= $1",
            now);
    h.timers_due = number(db, "SELECT COUNT(*) FROM timer WHERE due_at <= $1", {at});
    h.oldest_due_timer = age(db, "SELECT MIN(due_at) FROM timer WHERE due_at <= $1", now);
}

} // namespace

health read_health(store::connection& db, instant now) {
    health h;
    const store::migration_state schema = store::migration_status(db, store::built_in_migrations());
    h.schema = schema.applied.empty() ? 0 : schema.applied.back().number;
    h.schema_wanted = static_cast<std::int64_t>(store::built_in_migrations().size());
    h.leads_to = db.dialect().pooled ? way::pooler : way::server;
    store::in_tx(db, store::tx_mode::read, [&] {
        instant theirs = now;
        if (!db.dialect().clock.empty()) {
            h.server = read_server(db, now);
            h.bloats = read_bloat(db);
            theirs = now - h.server->clock_skew;
        }
        if (h.schema == h.schema_wanted) { // An older schema may lack the tables.
            h.hosts.clear();
            read_hosts(db, theirs, h);
            read_work(db, theirs, h);
        }
    });
    return h;
}

} // namespace patt::engine
