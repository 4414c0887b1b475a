// Row-level security on a real server: every table, every verb, by the catalogue.
#include "postgres/bouncer.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/session.hpp"
#include "postgres/shared_server.hpp"
#include "postgres/walls.hpp"

#include <patt/store/migrations.hpp>
#include <patt/store/pool.hpp>
#include <patt/store/postgres.hpp>
#include <patt/store/row_security.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

namespace patt::store {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

/// Runs and gives the server's words, or an empty text when it was allowed.
std::string refusal_of(postgres::session& by, const std::string& statement) {
    try {
        by.run(statement);
    } catch (const std::exception& problem) {
        by.run("ROLLBACK");
        return problem.what();
    }
    by.run("ROLLBACK");
    return "";
}

/// The number a statement in a transaction gives; -1 when it was not permitted.
long long counted(postgres::session& by, const std::string& before, const std::string& statement) {
    try {
        const long long n = by.number("BEGIN; " + before + statement);
        by.run("ROLLBACK");
        return n;
    } catch (const std::exception& problem) {
        EXPECT_THAT(problem.what(), HasSubstr("permission denied")) << statement;
        by.run("ROLLBACK");
        return -1;
    }
}

const std::string in_guild_1 = "SET LOCAL patt.guild = '1'; ";
const std::string in_guild_3 = "SET LOCAL patt.guild = '3'; "; // One without rows.
const std::string in_queue = "SET LOCAL ROLE patt_queue; ";

/// What hosts share, which no guild owns; each has one row.
const std::vector<std::string> common{"api_budget", "host", "instance", "lease"};

/// What the queues' role may do with a table: s(elect), i(nsert), u(pdate of every column), d(elete).
std::string queue_verbs(const std::string& table) {
    static const std::map<std::string, std::string> known{
        {"dm_route", "s"}, {"guild", "s"},        {"outbox", "su"},  {"setting", "s"}, {"timer", "siud"},
        {"host", "s"},     {"api_budget", "siu"}, {"instance", "s"}, {"lease", "s"}};
    const auto found = known.find(table);
    return found == known.end() ? "" : found->second;
}

std::string update_of(const std::string& table, const std::string& column) {
    return "WITH u AS (UPDATE " + table + " SET " + column + " = " + column +
           " RETURNING 1) SELECT COUNT(*) FROM u";
}

std::string removal_of(const std::string& table) {
    return "WITH d AS (DELETE FROM " + table + " RETURNING 1) SELECT COUNT(*) FROM d";
}

std::string count_of(const std::string& table) {
    return "SELECT COUNT(*) FROM " + table;
}

/// One database for all tests: migrated and walled by its owner, with a row of guild 1 and one of guild 2 in
/// every table that has guilds, and one row in the others.
class RowSecurity : public ::testing::Test {
protected:
    void SetUp() override {
        PATT_NEEDS_POSTGRES();
        if (!made) {
            made = std::make_unique<prepared>();
        }
    }
    static void TearDownTestSuite() { made.reset(); }

    struct prepared {
        std::string where = postgres::shared_server().fresh_database();
        postgres::session admin{where};
        std::unique_ptr<postgres::session> owner;
        std::unique_ptr<postgres::session> run;
        std::vector<std::string> tables;

        prepared() {
            postgres::raise_walls(where);
            owner = std::make_unique<postgres::session>(postgres::as_owner(where));
            run = std::make_unique<postgres::session>(postgres::as_host(where));
            tables = admin.run("SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
                               " WHERE c.relnamespace = 'patt'::regnamespace AND c.relkind IN ('r', 'p')"
                               " AND a.attname = 'guild_id' ORDER BY 1");
            fill();
        }

        void fill() {
            // What the values are does not matter here, only whose they are.
            admin.run("DELETE FROM patt.instance");
            admin.run(
                "SET search_path = patt; DO $$ DECLARE t record; BEGIN FOR t IN SELECT conrelid::regclass AS "
                "r,"
                " conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'patt'::regnamespace LOOP"
                " EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', t.r, t.conname); END LOOP; END $$");
            for (const std::string& t : all_tables()) {
                fill_table(t);
            }
        }

        [[nodiscard]] std::vector<std::string> all_tables() const {
            std::vector<std::string> out = tables;
            out.insert(out.end(), common.begin(), common.end());
            return out;
        }

        [[nodiscard]] long long rows_of(const std::string& table) const {
            return std::find(common.begin(), common.end(), table) == common.end() ? 2 : 1;
        }

        void fill_table(const std::string& table) {
            for (int guild = 1; guild <= rows_of(table); ++guild) {
                admin.run(insertion(table, guild));
            }
        }

        std::vector<std::string> columns(const std::string& table) {
            return admin.run("SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = 'patt." + table +
                             "'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum");
        }

        std::string insertion(const std::string& table, int guild) {
            std::string values;
            for (const std::string& type : admin.run(
                     "SELECT CASE WHEN attname = 'guild_id' THEN 'guild' ELSE format_type(atttypid, NULL) END"
                     " FROM pg_attribute WHERE attrelid = 'patt." +
                     table + "'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum")) {
                values += (values.empty() ? "" : ", ") + (type == "guild" ? std::to_string(guild)
                                                          : type == "text" || type == "bytea" ? "''"
                                                                                              : "1");
            }
            return "INSERT INTO patt." + table + " VALUES (" + values + ")";
        }
    };
    static inline std::unique_ptr<prepared> made;
};

TEST_F(RowSecurity, CoversEveryTableThatHasGuilds) {
    EXPECT_GT(made->tables.size(), 20U);
    std::vector<std::string> all = made->all_tables();
    all.push_back("schema_migration");
    EXPECT_THAT(made->admin.run("SELECT relname FROM pg_class WHERE relnamespace = 'patt'::regnamespace"
                                " AND relkind IN ('r', 'p')"),
                UnorderedElementsAreArray(all))
        << "a new one without guilds: what may be done with it?";
    EXPECT_THAT(made->owner->run(std::string(row_security_gaps_sql())), IsEmpty());
}

TEST_F(RowSecurity, ShowsATableThatWasForgotten) {
    postgres::session& owner = *made->owner;
    owner.run("CREATE TABLE newcomer (guild_id BIGINT NOT NULL PRIMARY KEY)");
    EXPECT_THAT(owner.run(std::string(row_security_gaps_sql())), ElementsAre("newcomer"));
    owner.run(row_security_sql({}));
    EXPECT_THAT(owner.run(std::string(row_security_gaps_sql())), IsEmpty()) << "installing again covers it";
    owner.run("CREATE POLICY by_hand ON newcomer USING (true)");
    EXPECT_THAT(owner.run(std::string(row_security_gaps_sql())), ElementsAre("newcomer")) << "a hole by hand";
    owner.run(row_security_sql({}));
    EXPECT_THAT(owner.run(std::string(row_security_gaps_sql())), IsEmpty());
    owner.run("DROP TABLE newcomer");
}

TEST_F(RowSecurity, LetsTheGuildThatWasEnteredThroughAndNoOther) {
    postgres::session& run = *made->run;
    for (const std::string& t : made->tables) {
        EXPECT_EQ(counted(run, in_guild_1, "SELECT COUNT(*) FROM " + t + " WHERE guild_id = 1"), 1) << t;
        EXPECT_EQ(counted(run, in_guild_1, "SELECT COUNT(*) FROM " + t + " WHERE guild_id <> 1"), 0) << t;
        const long long most = t == "event" ? -1 : 1; // The log is only ever added to.
        EXPECT_EQ(counted(run, in_guild_1, update_of(t, "guild_id")), most) << t;
        EXPECT_EQ(counted(run, in_guild_1, removal_of(t)), most) << t;
        EXPECT_EQ(counted(run, in_guild_3 + made->insertion(t, 3) + "; ", count_of(t)), 1) << t;
        EXPECT_THAT(refusal_of(run, "BEGIN; " + in_guild_1 + made->insertion(t, 3)),
                    HasSubstr("row-level security"))
            << t;
        EXPECT_NE(refusal_of(run, "BEGIN; " + in_guild_1 + "UPDATE " + t + " SET guild_id = 2"), "")
            << t << ": a row must not move to another guild";
    }
}

TEST_F(RowSecurity, LetsNothingThroughWithoutAGuild) {
    postgres::session& run = *made->run;
    for (const std::string& t : made->tables) {
        EXPECT_EQ(counted(run, "", "SELECT COUNT(*) FROM " + t), 0) << t;
        EXPECT_LE(counted(run, "", update_of(t, "guild_id")), 0) << t;
        EXPECT_LE(counted(run, "", removal_of(t)), 0) << t;
        EXPECT_NE(refusal_of(run, "BEGIN; " + made->insertion(t, 3)), "") << t;
    }
}

TEST_F(RowSecurity, OpensTheQueuesOfAllGuildsAndNothingElse) {
    postgres::session& run = *made->run;
    for (const std::string& t : made->all_tables()) {
        const std::string verbs = queue_verbs(t);
        const auto may = [&verbs](char verb) { return verbs.find(verb) != std::string::npos; };
        const long long rows = made->rows_of(t);
        EXPECT_EQ(counted(run, in_queue, count_of(t)), may('s') ? rows : -1) << t;
        EXPECT_EQ(counted(run, in_queue, removal_of(t)), may('d') ? rows : -1) << t;
        if (may('i')) {
            made->admin.run("DELETE FROM " + t); // As the row may be in the way of the same one again.
            EXPECT_EQ(counted(run, in_queue + made->insertion(t, 3) + "; ", count_of(t)), 1) << t;
            made->fill_table(t);
        } else {
            EXPECT_THAT(refusal_of(run, "BEGIN; " + in_queue + made->insertion(t, 3)),
                        HasSubstr("permission denied"))
                << t;
        }
    }
    EXPECT_EQ(counted(run, in_queue, "SELECT COUNT(*) FROM (SELECT guild_id FROM guild FOR UPDATE) g"), 2)
        << "the heads of guilds can be locked";
}

// What it takes, puts off and ends is its own; of everything else it changes no column.
TEST_F(RowSecurity, LetsTheQueueChangeEffectsAndTimersAlone) {
    postgres::session& run = *made->run;
    for (const std::string& t : made->all_tables()) {
        const bool whole = queue_verbs(t).find('u') != std::string::npos;
        for (const std::string& column : made->columns(t)) {
            const bool locks = (t == "guild" && column == "last_id") || (t == "lease" && column == "epoch");
            EXPECT_EQ(counted(run, in_queue, update_of(t, column)), whole || locks ? made->rows_of(t) : -1)
                << t << "." << column;
        }
    }
}

TEST_F(RowSecurity, ForgetsTheGuildAndTheRoleWithTheTransaction) {
    postgres::session& run = *made->run;
    for (const std::string end : {"COMMIT", "ROLLBACK"}) {
        run.run("BEGIN; " + in_guild_1 + "SELECT 1; " + end);
        EXPECT_EQ(run.number("SELECT COUNT(*) FROM member"), 0) << "after " << end;
        run.run("BEGIN; SELECT set_config('role', 'patt_queue', true); " + end);
        EXPECT_EQ(run.number("SELECT COUNT(*) FROM outbox"), 0) << "after " << end;
        EXPECT_EQ(run.one("SELECT current_user"), "patt_run");
    }
}

std::int64_t seen(connection& db, const std::string& table) {
    const cursor rows = db.query("SELECT COUNT(*) FROM patt." + table);
    return rows->next() ? rows->i64(0) : -1;
}

/// Whoever used the connection before, and however they ended: the next one begins with nothing open.
void leaves_nothing_behind(pool& connections, const std::string& how) {
    {
        const pooled careless = connections.take();
        careless->begin(tx_mode::write);
        careless->enter_guild(guild_id{1});
        ASSERT_EQ(seen(*careless, "member"), 1) << how;
    } // left open
    ASSERT_EQ(connections.state().open, 1U) << "or another connection would be asked";
    EXPECT_EQ(seen(*connections.take(), "member"), 0) << how << ": left open";
    for (const bool fails : {false, true}) {
        const pooled orderly = connections.take();
        orderly->begin(tx_mode::write);
        orderly->enter_queue();
        ASSERT_EQ(seen(*orderly, "outbox"), 2) << how;
        orderly->enter_guild(guild_id{2});
        ASSERT_EQ(seen(*orderly, "member"), 1) << how;
        if (fails) {
            EXPECT_THROW(orderly->run("SELECT no_such_column FROM patt.member"), sql_error);
            orderly->rollback();
        } else {
            orderly->commit();
        }
        EXPECT_EQ(seen(*orderly, "outbox"), 0) << how;
    }
    const pooled next = connections.take();
    EXPECT_EQ(seen(*next, "member"), 0) << how;
    EXPECT_EQ(seen(*next, "outbox"), 0) << how;
}

TEST_F(RowSecurity, ForgetsTheGuildAndTheRoleBetweenTheUsersOfAPool) {
    postgres_options how;
    how.queue_role = "patt_queue";
    pool connections(open_postgres(postgres::as_host(made->where), how), {.most = 1});
    leaves_nothing_behind(connections, "own sessions");
}

TEST_F(RowSecurity, ForgetsThemBehindABouncerWithOneSessionForAllToo) {
    PATT_NEEDS_BOUNCER();
    postgres::bouncer shared{postgres::shared_server(),
                             {.pool_size = 1, .users = {"patt_run"}, .settings = {}}};
    std::string where = shared.conninfo(made->where.substr(made->where.rfind('/') + 1));
    where = postgres::as_host(where);
    postgres_options how;
    how.queue_role = "patt_queue";
    how.statements = statement_mode::unnamed;
    pool connections(open_postgres(where, how), {.most = 1});
    leaves_nothing_behind(connections, "PgBouncer");
    const auto another = open_postgres(where, how)->connect(); // the same session of the server
    EXPECT_EQ(seen(*another, "member"), 0);
    EXPECT_EQ(seen(*another, "outbox"), 0);
}

TEST_F(RowSecurity, HoldsForTheOwnerUnlessItMaintains) {
    EXPECT_EQ(made->owner->number("SELECT COUNT(*) FROM member"), 0);
    EXPECT_EQ(counted(*made->owner, "SET LOCAL patt.maintenance = 'on'; ", "SELECT COUNT(*) FROM member"), 2);
    EXPECT_EQ(counted(*made->run, "SET LOCAL patt.maintenance = 'on'; ", "SELECT COUNT(*) FROM member"), 0)
        << "the word alone opens nothing to others";
}

TEST_F(RowSecurity, GivesTheRunTimeRoleNoMoreThanItNeeds) {
    postgres::session& run = *made->run;
    EXPECT_THAT(refusal_of(run, "BEGIN; DELETE FROM schema_migration"), HasSubstr("permission denied"));
    EXPECT_THAT(refusal_of(run, "BEGIN; TRUNCATE member"), HasSubstr("permission denied"));
    EXPECT_THAT(refusal_of(run, "BEGIN; CREATE TABLE own (n BIGINT)"), HasSubstr("permission denied"));
    EXPECT_THAT(refusal_of(run, "BEGIN; ALTER TABLE member DISABLE ROW LEVEL SECURITY"),
                HasSubstr("must be owner"));
    EXPECT_THAT(refusal_of(run, "BEGIN; DELETE FROM instance"), HasSubstr("permission denied"));
    for (const std::string& t : common) {
        const bool whole = t != "instance"; // There is one, and it stays.
        EXPECT_EQ(counted(run, "", count_of(t)), 1) << t;
        EXPECT_EQ(counted(run, "", removal_of(t)), whole ? 1 : -1) << t;
        for (const std::string& column : made->columns(t)) {
            EXPECT_EQ(counted(run, "", update_of(t, column)), 1) << t << "." << column;
        }
        const std::string anew = "DELETE FROM " + t + "; " + made->insertion(t, 1) + "; ";
        EXPECT_EQ(counted(run, whole ? anew : made->insertion(t, 1) + "; ", count_of(t)), whole ? 1 : -1)
            << t;
    }
    EXPECT_GT(counted(run, "", "SELECT COUNT(*) FROM schema_migration"), 0) << "it may look";
}

// Managed databases have an administrator who may make roles and databases, and is no superuser.
TEST(Roles, AreMadeByAnAdministratorWhoIsNoSuperuser) {
    PATT_NEEDS_POSTGRES();
    postgres::session superuser(postgres::shared_server().conninfo("postgres"));
    superuser.run("CREATE ROLE keeper LOGIN CREATEDB CREATEROLE");
    const std::string keepers = postgres::as_role(postgres::shared_server().conninfo("postgres"), "keeper");
    postgres::session(keepers).run("CREATE DATABASE kept TEMPLATE template0");
    const std::string where = postgres::shared_server().conninfo("kept");
    const role_names names{"kept_owner", "kept_run", "kept_queue"};
    postgres::session keeper(postgres::as_role(where, "keeper"));
    keeper.run(roles_sql(names, "kept"));
    EXPECT_EQ(keeper.one("SELECT pg_has_role('keeper', 'kept_owner', 'member')"), "f")
        << "what making them took is given back";

    const auto owner = open_postgres(postgres::as_role(where, names.owner))->connect();
    ASSERT_TRUE(migrate(*owner, built_in_migrations(), instant{1}));
    install_row_security(*owner, names);
    postgres::session run(postgres::as_role(where, names.run));
    EXPECT_EQ(counted(run, "SET LOCAL ROLE kept_queue; ", "SELECT COUNT(*) FROM outbox"), 0);
    EXPECT_EQ(counted(run, "SET LOCAL ROLE kept_queue; ", "SELECT COUNT(*) FROM member"), -1);
    EXPECT_THAT(refusal_of(run, "BEGIN; CREATE TABLE own (n BIGINT)"), HasSubstr("permission denied"));
}

TEST_F(RowSecurity, HoldsThroughViewsToo) {
    EXPECT_THAT(
        made->admin.run("SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace ="
                        " 'patt'::regnamespace AND NOT 'security_invoker=true' = ANY (COALESCE(reloptions,"
                        " '{}'))"),
        IsEmpty());
    made->admin.run("UPDATE session SET flow = 'newcomer'"); // Of these it tells.
    ASSERT_EQ(made->admin.number("SELECT COUNT(*) FROM onboarding_sessions"), 2);
    EXPECT_EQ(counted(*made->run, "", "SELECT COUNT(*) FROM onboarding_sessions"), 0);
    EXPECT_EQ(counted(*made->run, in_guild_1, "SELECT COUNT(*) FROM onboarding_sessions"), 1);
}

} // namespace
} // namespace patt::store
