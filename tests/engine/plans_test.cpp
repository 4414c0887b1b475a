// How PostgreSQL carries out what the engine asks while it works: by an index, whatever has grown. The
// statements are those that the engine sends, recorded on their way, as the role that hosts log in with.
#include "engine/engine_fixture.hpp"
#include "engine/spoken.hpp"
#include "postgres/session.hpp"
#include "postgres/shared_server.hpp"

#include <patt/store/in_tx.hpp>
#include <patt/store/migrations.hpp>
#include <patt/store/postgres.hpp>
#include <patt/store/row_security.hpp>

#include <fmt/core.h>

#include <algorithm>

namespace patt::engine_tests {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string as(std::string where, std::string_view role) {
    return where.replace(where.find("patt@"), 5, std::string(role) + "@");
}

/// Thousands of guilds, one of them with a thousand of everything, as the run-time role sees them.
struct Plans : ::testing::Test {
    std::string where = postgres::shared_server().fresh_database();
    postgres::session admin{where};
    spoken said;
    std::unique_ptr<world> w;
    std::vector<std::string> tables; ///< Those that grow.

    Plans() {
        admin.run(store::roles_sql({}, where.substr(where.rfind('/') + 1)));
        const auto owner = store::open_postgres(as(where, "patt_owner"))->connect();
        if (!store::migrate(*owner, store::built_in_migrations(), testing::first_moment)) {
            throw failure("not migrated");
        }
        store::install_row_security(*owner, {});
        store::postgres_options walled;
        walled.queue_role = store::role_names{}.queue;
        testing::world_options how;
        how.database = recording(store::open_postgres(as(where, "patt_run"), walled), said);
        how.roster = roster(300);
        w = std::make_unique<world>(how);
        admin.run("SET search_path = patt");
        tables = admin.run("SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
                           " WHERE c.relnamespace = 'patt'::regnamespace AND c.relkind = 'r'"
                           " AND a.attname = 'guild_id' ORDER BY 1");
        for (int i = 0; i < 40; ++i) {
            join_quietly(*w, member_id{20'000 + i});
        }
        make_a_small_guild();
        w->settle();
        copy_it(2000);
        admin.run("ANALYZE");
    }

    static std::string roster(int characters) {
        std::string out;
        for (int i = 0; i < characters; ++i) {
            out += fmt::format("Name{}{}-Senjin, Mage, 4\n", static_cast<char>('a' + i % 26),
                               std::string(static_cast<std::size_t>(i / 26 % 26) + 1, 'x') +
                                   static_cast<char>('a' + i / 676));
        }
        return out;
    }
    void make_a_small_guild() {
        const auto handle = [&](engine::command what) {
            static_cast<void>(
                w->engine().handle({guild_id{2}, at_the_machine, "", "a key of guild 2", std::move(what)}));
        };
        handle(engine::create_guild{"Small", member_id{900}});
        for (int i = 0; i < 5; ++i) {
            join_quietly(*w, member_id{30'000 + i}, guild_id{2});
            static_cast<void>(w->engine().handle({guild_id{2},
                                                  {},
                                                  "",
                                                  fmt::format("key {}", i),
                                                  joined(member_id{31'000 + i}, w->clock().now())}));
        }
    }
    /// A row of whatever values where the guild has none, so that no table stays small.
    void fill_up() {
        for (const std::string& c :
             admin.run("SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || conname FROM"
                       " pg_constraint WHERE contype = 'c' AND connamespace = 'patt'::regnamespace")) {
            admin.run(c);
        }
        for (const std::string& t : tables) {
            if (admin.number(fmt::format("SELECT COUNT(*) FROM {} WHERE guild_id = 2", t)) == 0) {
                admin.run(admin.one(fmt::format(
                    "SELECT 'INSERT INTO {0} VALUES (' || string_agg(CASE WHEN attname = 'guild_id' THEN '2'"
                    " WHEN format_type(atttypid, NULL) IN ('text', 'bytea') THEN $q$''$q$ ELSE '1' END, ', '"
                    " ORDER BY attnum) || ')' FROM pg_attribute WHERE attrelid = '{0}'::regclass AND attnum "
                    "> 0"
                    " AND NOT attisdropped",
                    t)));
            }
        }
    }
    /// Every key begins with the guild, so guilds can be copied; what waits in the copies is not due.
    void copy_it(int copies) {
        admin.run("SET session_replication_role = replica");
        fill_up();
        for (const std::string& t : tables) {
            std::string columns;
            std::string values;
            for (const std::string& c :
                 admin.run(fmt::format("SELECT attname FROM pg_attribute WHERE attrelid = 'patt.{}'::regclass"
                                       " AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                                       t))) {
                columns += (columns.empty() ? "" : ", ") + c;
                values += values.empty() ? "" : ", ";
                values += c == "guild_id" ? "1000 + n"
                          : c == "slot" ? "(1000 + n) * 7919 % 1024" // As `guild_slot` of so small a number.
                          : c == "not_before" || c == "due_at" ? "9000000000000000"
                          : t == "outbox" && c == "state"      ? "2"
                                                               : c;
            }
            admin.run(fmt::format("INSERT INTO {} ({}) SELECT {} FROM {} CROSS JOIN generate_series(1, {}) n"
                                  " WHERE guild_id = 2",
                                  t, columns, values, t, copies));
        }
        admin.run("SET session_replication_role = origin");
    }
    /// What hosts do all day.
    void work() {
        said.listens = true;
        for (int i = 0; i < 3; ++i) {
            const member_id who{40'000 + i};
            w->chat().add_member(w->ids().guild, {who, "Somebody", {}});
            static_cast<void>(w->engine().handle(
                {w->ids().guild, {}, "", fmt::format("hot {}", i), joined(who, w->clock().now())}));
            w->settle();
            for (const std::string& answer :
                 {std::string("yes"), fmt::format("Name{}xa", static_cast<char>('a' + i)),
                  std::string("none"), std::string("yes")}) {
                w->say(who, answer);
            }
        }
        w->turn(2h);
        w->officer(onboarding::officer_verb::dismiss, member_id{40'001});
        w->restart();
        w->settle();
        said.listens = false;
    }
    /// Statements that read a table that grows without an index, each with its plan.
    std::string slow_ones() {
        std::string out;
        const auto db = w->database().connect();
        for (const spoken::statement& s : said.all()) {
            const std::string plan = s.explain(*db);
            for (const std::string& t : tables) {
                if (plan.find("Seq Scan on " + t + "\n") != std::string::npos ||
                    plan.find("Seq Scan on " + t + " ") != std::string::npos) {
                    out += s.sql + "\n" + plan + "\n";
                    break;
                }
            }
        }
        return out;
    }
};

TEST_F(Plans, WhatHostsDoAllDayReadsByAnIndex) {
    work();
    std::string all;
    for (const spoken::statement& s : said.all()) {
        all += s.sql + "\n";
    }
    for (const char* hot :
         {"UPDATE outbox SET attempts", "DELETE FROM outbox", "FROM timer", "DELETE FROM timer",
          "FROM session", "FROM member", "FROM person", "FROM inbox", "UPDATE lease", "FROM lease",
          "FROM dm_route", "FROM guild", "INSERT INTO ledger", "WITH RECURSIVE ready"}) {
        EXPECT_THAT(all, HasSubstr(hot)) << "is not among what was recorded";
    }
    EXPECT_GT(admin.number("SELECT COUNT(*) FROM outbox"), 2000);
    EXPECT_GT(admin.number("SELECT COUNT(*) FROM timer"), 2000);
    EXPECT_GT(admin.number("SELECT COUNT(*) FROM session"), 2000);
    EXPECT_THAT(slow_ones(), IsEmpty());
    std::printf("%zu statements\n", said.all().size());
    // It sees what an index that is gone does.
    for (const char* index : {"outbox_queue", "outbox_lane", "timer_due"}) {
        admin.run(fmt::format("DROP INDEX IF EXISTS patt.{}", index));
    }
    const std::string slow = slow_ones();
    EXPECT_THAT(slow, HasSubstr("FROM outbox"));
    EXPECT_THAT(slow, HasSubstr("FROM timer"));
}

} // namespace
} // namespace patt::engine_tests
