// How PostgreSQL carries out what the engine asks while it works: by an index, whatever has grown. The
// statements are those that the engine sends, recorded on their way, as the role that hosts log in with.
#include "engine/engine_fixture.hpp"
#include "engine/spoken.hpp"
#include "postgres/product_database.hpp"
#include "postgres/session.hpp"
#include "store/outbox_repository.hpp"

#include <patt/store/in_tx.hpp>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

namespace patt::engine_tests {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// A value as SQL has it, and its type as the driver gives it.
struct written {
    std::string type;
    std::string literal;
};

written as_sql(const spoken::kept_value& v) {
    return std::visit(
        [](const auto& x) -> written {
            using kind = std::decay_t<decltype(x)>;
            if constexpr (std::is_same_v<kind, std::string>) {
                std::string quoted = "'";
                for (const char c : x) {
                    quoted += std::string(c == '\'' ? 2 : 1, c);
                }
                return {"TEXT", quoted + "'"};
            } else if constexpr (std::is_same_v<kind, std::vector<std::byte>>) {
                return {"BYTEA", "''"}; // No plan depends on it.
            } else if constexpr (std::is_same_v<kind, std::vector<std::int64_t>>) {
                return {"BIGINT[]", fmt::format("'{{{}}}'", fmt::join(x, ","))};
            } else if constexpr (std::is_same_v<kind, store::null_t>) {
                return {"UNKNOWN", "NULL"};
            } else if constexpr (std::is_same_v<kind, double>) {
                return {"DOUBLE PRECISION", std::to_string(x)};
            } else {
                return {"BIGINT", std::to_string(x)};
            }
        },
        v);
}

/// How the server runs a statement once it is prepared, for any values, as text.
/// @param on  A session of the same role and with the same settings as the hosts' ones.
std::string plan_of(postgres::session& on, const spoken::statement& s) {
    std::string types;
    std::string literals;
    for (const spoken::kept_value& v : s.parameters) {
        const written one = as_sql(v);
        types += (types.empty() ? "" : ", ") + one.type;
        literals += (literals.empty() ? "" : ", ") + one.literal;
    }
    const std::string enter =
        s.entered == spoken::scope::guild
            ? fmt::format("SELECT set_config('patt.guild', '{}', true)", s.guild.value())
        : s.entered == spoken::scope::queue ? "SET LOCAL ROLE " + store::role_names{}.queue
                                            : "SELECT 1";
    // Prepared, as the driver does it: a plan for the values at hand may use an index that one for any
    // cannot.
    const std::vector<std::string> lines = on.run(fmt::format(
        "BEGIN; {}; PREPARE explained{} AS {}; EXPLAIN (COSTS OFF) EXECUTE explained{}", enter,
        types.empty() ? "" : " (" + types + ")", s.sql, literals.empty() ? "" : " (" + literals + ")"));
    on.run("ROLLBACK; DEALLOCATE explained");
    std::string out;
    for (const std::string& line : lines) {
        out += line + "\n";
    }
    return out;
}

/// As the hosts' sessions are: their role, their settings.
void be_a_host(postgres::session& s) {
    s.run("SET SESSION AUTHORIZATION patt_run; SET search_path = patt; SET plan_cache_mode ="
          " force_generic_plan; SET jit = off; SET enable_seqscan = off");
}

/// Thousands of guilds, one of them with a thousand of everything, as the run-time role sees them.
struct Plans : ::testing::Test {
    std::string where = postgres::migrated_database();
    postgres::session admin{where};
    postgres::session host{where};
    postgres::session early{
        postgres::migrated_database()}; ///< There is nothing yet, and the planner knows nothing.
    spoken said;
    std::unique_ptr<world> w;
    std::vector<std::string> tables; ///< Those that grow.

    Plans() {
        testing::world_options how;
        how.database = recording(postgres::open_walled(where), said);
        how.roster = roster(300);
        w = std::make_unique<world>(how);
        tables = admin.run("SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
                           " WHERE c.relnamespace = 'patt'::regnamespace AND c.relkind = 'r'"
                           " AND a.attname = 'guild_id' ORDER BY 1");
        for (int i = 0; i < 40; ++i) {
            join_quietly(*w, member_id{20'000 + i});
        }
        make_a_small_guild();
        w->settle();
        copy_it(2000);
        grow();
        be_a_host(host);
        be_a_host(early);
    }

    static std::string roster(int characters, int rank = 4) {
        std::string out;
        for (int i = 0; i < characters; ++i) {
            out += fmt::format("Name{}{}-Senjin, Mage, {}\n", static_cast<char>('a' + i % 26),
                               std::string(static_cast<std::size_t>(i / 26 % 26) + 1, 'x') +
                                   static_cast<char>('a' + i / 676),
                               rank);
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
                          : c == "not_before" || c == "due_at"  ? "9000000000000000"
                          : t == "outbox" && c == "state"       ? "2"
                          : c.ends_with("_id") || c == "target" ? c + " + n" // Elsewhere they are others.
                                                                : c;
            }
            admin.run(fmt::format("INSERT INTO {} ({}) SELECT {} FROM {} CROSS JOIN generate_series(1, {}) n"
                                  " WHERE guild_id = 2",
                                  t, columns, values, t, copies));
        }
        admin.run("SET session_replication_role = origin");
    }
    /// Tells the planner that each guild has fifty times as much: with a row or two any index would do.
    void grow() {
        for (const std::string& t : tables) {
            admin.run(fmt::format("ALTER TABLE patt.{} ALTER COLUMN guild_id SET (n_distinct = 2000)", t));
        }
        admin.run("ANALYZE");
        admin.run("UPDATE pg_class SET reltuples = reltuples * 50 WHERE relnamespace = 'patt'::regnamespace"
                  " AND reltuples > 1000");
    }
    /// As where a backlog is worked off. @param apart  From one id to the next.
    void acknowledge_many(std::int64_t apart) {
        const auto db = w->database().connect();
        std::vector<effect_id> ids;
        std::vector<store::done_effect> done;
        for (int i = 0; i < 20; ++i) {
            ids.emplace_back(i * apart);
            done.push_back({ids.back(), "1"});
        }
        store::in_tx(*db, store::tx_mode::write, [&] {
            db->enter_guild(w->ids().guild);
            static_cast<void>(store::read_claims(*db, w->ids().guild, ids));
            store::acknowledge_effects(*db, w->ids().guild, done, w->clock().now());
        });
    }
    /// Statements that read a table that grows without an index, each with its plan.
    std::string slow_ones(postgres::session& on, const std::vector<spoken::statement>& of) {
        std::string out;
        for (const spoken::statement& s : of) {
            const std::string plan = plan_of(on, s);
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
    /// Statements that are about one thing and look at all that a guild has of it, each with its plan.
    static std::string of_whole_guilds(postgres::session& on, const std::vector<spoken::statement>& of) {
        std::string out;
        for (const spoken::statement& s : of) {
            const std::string plan = plan_of(on, s);
            std::istringstream lines(plan);
            std::string scan;
            bool whole = false;
            for (std::string line; std::getline(lines, line);) {
                scan = line.find(" Scan ") == std::string::npos ? scan : line;
                whole = whole || (line.find("Index Cond: (guild_id = ") != std::string::npos &&
                                  scan.find("guild_pkey") == std::string::npos);
            }
            out += whole ? s.sql + "\n" + plan + "\n" : "";
        }
        return out;
    }
};

TEST_F(Plans, WhatHostsDoAllDayReadsByAnIndex) {
    work_a_day(*w, said, {"Nameaxa", "Namebxa", "Namecxa"});
    const std::vector<spoken::statement> day = said.all();
    std::string all;
    for (const spoken::statement& s : day) {
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
    EXPECT_THAT(slow_ones(host, day), IsEmpty());
    EXPECT_THAT(of_whole_guilds(host, day), IsEmpty());
    EXPECT_THAT(slow_ones(early, day), IsEmpty()) << "made early, kept when there was much";
    EXPECT_THAT(of_whole_guilds(early, day), IsEmpty()) << "made early, kept when there was much";
    std::printf("%zu statements\n", day.size());
    // It sees what an index that is gone does.
    for (const char* index : {"outbox_due", "outbox_queue", "outbox_lane", "timer_due", "link_suggested"}) {
        admin.run(fmt::format("DROP INDEX IF EXISTS patt.{}", index));
    }
    const std::string slow = slow_ones(host, day);
    EXPECT_THAT(slow, HasSubstr("FROM outbox"));
    EXPECT_THAT(slow, HasSubstr("FROM timer"));
    EXPECT_THAT(of_whole_guilds(host, day), HasSubstr("FROM link"));
}

/// An import may look at a guild as a whole, but not for each piece of it that it asks for.
TEST_F(Plans, WhatIsAskedForManyTogetherIsReadByKeys) {
    said.listens = true;
    w->import(roster(260, 5));
    acknowledge_many(1);
    said.listens = false;
    std::vector<spoken::statement> pieces;
    for (spoken::statement& s : said.all()) {
        const bool by_keys =
            s.sql.find("= ANY (") != std::string::npos || s.sql.find("UNNEST(") != std::string::npos;
        if (by_keys && s.guild == w->ids().guild) {
            pieces.push_back(std::move(s));
        }
    }
    EXPECT_GT(pieces.size(), 8U);
    std::printf("%zu statements\n", pieces.size());
    EXPECT_THAT(slow_ones(host, pieces), IsEmpty());
    EXPECT_THAT(of_whole_guilds(host, pieces), IsEmpty());
    EXPECT_THAT(slow_ones(early, pieces), IsEmpty()) << "made early, kept when there was much";
    EXPECT_THAT(of_whole_guilds(early, pieces), IsEmpty()) << "made early, kept when there was much";
    // Bounds are no use where ids are far apart, so these have to wait for statistics.
    said = {};
    said.listens = true;
    acknowledge_many(1'000'000);
    said.listens = false;
    EXPECT_THAT(slow_ones(host, said.all()), IsEmpty());
    EXPECT_THAT(of_whole_guilds(host, said.all()), IsEmpty());
    for (const spoken::statement& s : said.all()) {
        EXPECT_THAT(plan_of(host, s), Not(HasSubstr("effect_id >="))) << s.sql;
    }
}

} // namespace
} // namespace patt::engine_tests
