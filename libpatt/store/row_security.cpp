#include <patt/store/in_tx.hpp>
#include <patt/store/row_security.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace patt::store {
namespace {

/// A text with `{owner}`, `{run}`, `{queue}`, `{database}` filled in.
std::string filled(std::string_view text, const role_names& names, std::string_view database = {}) {
    std::string out{text};
    const auto put = [&out](std::string_view word, std::string_view by) {
        for (std::size_t at = out.find(word); at != std::string::npos; at = out.find(word, at + by.size())) {
            out.replace(at, word.size(), by);
        }
    };
    for (const std::string& name : {names.owner, names.run, names.queue, std::string(database)}) {
        if (name.find_first_of("\"'\\$") != std::string::npos) {
            throw failure("the name of a role or database has a quote in it");
        }
    }
    put("{owner}", names.owner);
    put("{run}", names.run);
    put("{queue}", names.queue);
    put("{database}", database);
    return out;
}

/// NOINHERIT is what the wall stands on: a role that inherits the queues' role would have its policies too.
constexpr std::string_view roles_text =
    R"(-- Once, as an administrator of the server. Put passwords in, or use certificates and leave them out.
CREATE ROLE "{owner}" LOGIN NOINHERIT PASSWORD 'fill in';
CREATE ROLE "{run}" LOGIN NOINHERIT PASSWORD 'fill in';
CREATE ROLE "{queue}" NOLOGIN;
GRANT "{queue}" TO "{run}";
-- In the database {database}: a schema of PATT's own, which its owner alone may change. Who is no superuser
-- makes it as a member of the owner's role, for so long.
GRANT "{owner}" TO CURRENT_USER;
CREATE SCHEMA IF NOT EXISTS patt AUTHORIZATION "{owner}";
GRANT USAGE ON SCHEMA patt TO "{run}", "{queue}";
REVOKE "{owner}" FROM CURRENT_USER;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
ALTER ROLE "{owner}" IN DATABASE "{database}" SET search_path = patt;
ALTER ROLE "{run}" IN DATABASE "{database}" SET search_path = patt;
)";

/// The names of policies end in the number of their text: a changed text gets the next number, and the old
/// policy goes. A setting that was local to a transaction is empty afterwards, not NULL: both mean no guild.
constexpr std::string_view security_text = R"(DO $patt$
DECLARE
    t record;
    old record;
    here constant text := current_schema();
    mine constant text := $$guild_id = CAST(NULLIF(current_setting('patt.guild', true), '') AS BIGINT)$$;
    queues constant text[] := ARRAY['guild', 'setting', 'outbox', 'timer', 'dm_route'];
BEGIN
    FOR t IN
        SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity,
               EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'guild_id'
                          AND a.attnum > 0 AND NOT a.attisdropped) AS of_guild
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = here AND c.relkind IN ('r', 'p')
    LOOP
        EXECUTE format('REVOKE ALL ON TABLE %I FROM PUBLIC, "{run}", "{queue}"', t.relname);
        CONTINUE WHEN NOT t.of_guild;
        IF NOT t.relrowsecurity OR NOT t.relforcerowsecurity THEN
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t.relname);
            EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t.relname);
        END IF;
        FOR old IN SELECT polname FROM pg_policy WHERE polrelid = t.oid
                      AND polname NOT IN ('patt_guild_1', 'patt_queue_1', 'patt_maintenance_1') LOOP
            EXECUTE format('DROP POLICY %I ON %I', old.polname, t.relname);
        END LOOP;
        IF NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = t.oid AND polname = 'patt_guild_1') THEN
            EXECUTE format('CREATE POLICY patt_guild_1 ON %I USING (%s) WITH CHECK (%s)', t.relname, mine, mine);
        END IF;
        IF NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = t.oid AND polname = 'patt_maintenance_1') THEN
            EXECUTE format('CREATE POLICY patt_maintenance_1 ON %I TO %I USING '
                           '(current_setting(''patt.maintenance'', true) = ''on'')', t.relname, current_user);
        END IF;
        IF t.relname = ANY (queues)
           AND NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = t.oid AND polname = 'patt_queue_1') THEN
            EXECUTE format('CREATE POLICY patt_queue_1 ON %I TO "{queue}" USING (true)', t.relname);
        END IF;
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE %I TO "{run}"', t.relname);
    END LOOP;
    -- The event log is only ever added to.
    REVOKE UPDATE, DELETE ON TABLE event FROM "{run}";
    GRANT SELECT ON TABLE schema_migration TO "{run}", "{queue}";
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE host, lease, api_budget TO "{run}";
    GRANT SELECT, UPDATE ON TABLE instance TO "{run}";
    -- What enter_queue needs; locking a row needs the right to update some column of it.
    GRANT SELECT ON TABLE guild, setting, outbox, timer, dm_route, host, lease, instance, api_budget TO "{queue}";
    GRANT UPDATE (last_id) ON TABLE guild TO "{queue}";
    GRANT UPDATE (epoch) ON TABLE lease TO "{queue}";
    GRANT UPDATE ON TABLE outbox TO "{queue}";
    GRANT INSERT, UPDATE, DELETE ON TABLE timer TO "{queue}";
    GRANT INSERT, UPDATE ON TABLE api_budget TO "{queue}";
    FOR t IN SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = here AND c.relkind = 'v' LOOP
        EXECUTE format('REVOKE ALL ON TABLE %I FROM PUBLIC, "{run}", "{queue}"', t.relname);
        -- Before PostgreSQL 15 a view reads with its owner's rights, so nobody else may read it there.
        IF current_setting('server_version_num')::integer >= 150000 THEN
            EXECUTE format('ALTER VIEW %I SET (security_invoker = true)', t.relname);
            EXECUTE format('GRANT SELECT ON TABLE %I TO "{run}"', t.relname);
        END IF;
    END LOOP;
END
$patt$;
)";

constexpr std::string_view gaps_text =
    "SELECT CAST(c.relname AS TEXT), CASE"
    " WHEN NOT c.relrowsecurity THEN 'row-level security is not enabled'"
    " WHEN NOT c.relforcerowsecurity THEN 'row-level security is not forced'"
    " WHEN NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'patt_guild_1')"
    " THEN 'it has no policy for guilds'"
    " ELSE 'it has a policy that PATT did not make' END"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'guild_id' AND NOT a.attisdropped"
    " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')"
    " AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity"
    "  OR NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'patt_guild_1')"
    "  OR EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname NOT IN"
    "   ('patt_guild_1', 'patt_queue_1', 'patt_maintenance_1')))"
    " ORDER BY 1";

} // namespace

std::string roles_sql(const role_names& names, std::string_view database) {
    return filled(roles_text, names, database);
}

std::string row_security_sql(const role_names& names) {
    return filled(security_text, names);
}

std::string_view row_security_gaps_sql() noexcept {
    return gaps_text;
}

bool roles_exist(connection& db, const role_names& names) {
    const cursor rows = db.query("SELECT COUNT(*) FROM pg_roles WHERE rolname IN ($1, $2)",
                                 {std::string_view{names.run}, std::string_view{names.queue}});
    return rows->next() && rows->i64(0) == 2;
}

std::string usable_queue_role(connection& db, const role_names& names) {
    const cursor rows =
        db.query("SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON "
                 "r.rolname = $1"
                 " WHERE n.nspname = current_schema() AND c.relname = 'outbox' AND c.relrowsecurity"
                 " AND pg_has_role(current_user, r.oid, 'MEMBER')",
                 {std::string_view{names.queue}});
    return rows->next() ? names.queue : std::string();
}

void install_row_security(connection& db, const role_names& names, const migrate_options& how) {
    const std::string sql = row_security_sql(names);
    const auto work = [&] {
        db.script(fmt::format("SET LOCAL lock_timeout = {}; SET LOCAL statement_timeout = 0;",
                              how.lock_wait.count()));
        db.run(db.dialect().migration_lock);
        db.script(sql);
    };
    for (int left = std::max(how.tries, 1);; --left) {
        try {
            in_tx(db, tx_mode::write, work, 1);
            return;
        } catch (const sql_error& problem) {
            if (!problem.retryable() || left <= 1) {
                throw;
            }
        }
        std::this_thread::sleep_for(how.pause);
    }
}

} // namespace patt::store
