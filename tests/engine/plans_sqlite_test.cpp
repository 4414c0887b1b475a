// How SQLite carries out what the engine asks while it works: what is about one thing does not look at all
// that the guild has.
#include "engine/engine_fixture.hpp"
#include "engine/spoken.hpp"

#include <patt/store/sqlite.hpp>

#include <fmt/core.h>

#include <set>
#include <sstream>

namespace patt::engine_tests {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Statements of which a step looks at all that a guild has in a table, or at all of a table.
std::string of_whole_guilds(const spoken& said, store::connection& db) {
    const std::set<std::string> few{"guild",        "g", "setting", "host", "lease", "schema_migration",
                                    "sqlite_master"}; // Tables that stay small.
    const std::set<std::string> own{"v",     "w",     "f",    "r",
                                    "ready", "found", "later"}; // Made by the statement itself.
    std::string out;
    for (const spoken::statement& s : said.all()) {
        const std::vector<store::value> values(s.parameters.size(),
                                               std::int64_t{1}); // No plan depends on them.
        const store::cursor rows = db.query("EXPLAIN QUERY PLAN " + s.sql, values);
        while (rows->next()) {
            const std::string step(rows->text(3)); // `SEARCH table USING INDEX name (guild_id=? AND ...)`
            std::istringstream words(step);
            std::string verb;
            std::string table;
            words >> verb >> table;
            const bool whole = verb == "SEARCH" && step.find("(guild_id=?)") != std::string::npos;
            const bool all = verb == "SCAN" && step.find(" USING ") == std::string::npos &&
                             step.find(" CONSTANT ") == std::string::npos && own.count(table) == 0;
            if ((whole || all) && few.count(table) == 0) {
                out += fmt::format("{}\n    {}\n", s.sql, step);
            }
        }
    }
    return out;
}

/// The steps of each statement with this text.
std::string steps_of(const spoken& said, store::connection& db, std::string_view with) {
    std::string out;
    for (const spoken::statement& s : said.all()) {
        if (s.sql.find(with) != std::string::npos) {
            const std::vector<store::value> values(s.parameters.size(), std::int64_t{1});
            const store::cursor rows = db.query("EXPLAIN QUERY PLAN " + s.sql, values);
            while (rows->next()) {
                out += std::string(rows->text(3)) + "\n";
            }
        }
    }
    return out;
}

TEST(PlansOnSqlite, WhatHostsDoAllDayReadsByAnIndex) {
    spoken said;
    testing::world_options how;
    how.database = recording(store::open_memory("plans"), said);
    how.roster = "Anna-Senjin, Mage, 4\nBert-Senjin, Mage, 4\nCarla-Senjin, Mage, 4\n";
    testing::world w(how);
    work_a_day(w, said, {"Anna", "Bert", "Carla"});
    EXPECT_GT(said.all().size(), 60U);
    const auto db = how.database->connect();
    EXPECT_THAT(of_whole_guilds(said, *db), IsEmpty());
    // From guild to guild, and in each what is due: whatever else they have.
    EXPECT_THAT(steps_of(said, *db, "WITH RECURSIVE ready"),
                HasSubstr("outbox_due ((slot,guild_id,not_before)>(?,?,?) AND slot<?)"));
    EXPECT_THAT(steps_of(said, *db, "AS found"),
                AllOf(HasSubstr("outbox_due ((slot,guild_id,not_before,effect_id)>(?,?,?,?)"
                                " AND (slot,guild_id,not_before)<(?,?,?))"),
                      HasSubstr("outbox_due ((slot,guild_id,not_before)>(?,?,?)"
                                " AND (slot,guild_id)<(?,?))")));
    db->script("DROP INDEX link_suggested"); // It sees what an index that is gone does.
    db->forget_statements();
    EXPECT_THAT(of_whole_guilds(said, *db), HasSubstr("FROM link"));
}

} // namespace
} // namespace patt::engine_tests
