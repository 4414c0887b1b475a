// Looking from several threads, with a bounded number of connections.
#include "engine/outbox_fixture.hpp"
#include "engine/spoken.hpp"
#include "store/event_repository.hpp"

#include <algorithm>
#include <thread>

namespace patt::engine_tests {
namespace {

TEST(Queries, AreAskedByManyThreadsAtOnce) {
    world w;
    const member_id zat = w.join("Zat");
    engine::queries q(w.database(), {.most = 2, .patience = 60s, .connections = {}});
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 20; ++n) {
                EXPECT_EQ(q.session_of(w.ids().guild, zat)->session.step, "in_guild");
                EXPECT_FALSE(q.guilds().empty());
            }
        });
    }
}

TEST(Queries, SayWhenAllConnectionsAreInUse) {
    spoken said;
    testing::world_options how;
    how.database = recording(fresh_database(), said);
    world w(how);
    engine::queries q(w.database(), {.most = 1, .patience = 10ms, .connections = {}});
    int refused = 0;
    said.on_statement = [&](std::string_view) {
        EXPECT_THROW(static_cast<void>(q.guilds()), store::sql_error)
            << "the other question has the only one";
        ++refused;
    };
    static_cast<void>(q.log_head(w.ids().guild));
    EXPECT_GT(refused, 0);
    said.on_statement = nullptr;
    EXPECT_EQ(q.guilds().size(), 1U);
}

/// A guild whose log has so many entries.
struct LongLog : ::testing::Test {
    static constexpr std::int64_t entries = 2'345;
    spoken said;
    std::unique_ptr<world> w;

    LongLog() {
        testing::world_options how;
        how.database = recording(fresh_database(), said);
        how.roster = "";
        w = std::make_unique<world>(how);
        log::head head = *engine::queries(w->database()).log_head(w->ids().guild);
        beside(*w, [&](store::connection& db) {
            std::vector<log::row> rows;
            while (head.seq < entries) {
                log::entry what;
                what.seq = head.seq + 1;
                what.at = w->clock().now();
                what.kind = "test.entry";
                what.payload = std::string(200, 'x');
                what.salt = std::string(16, 's');
                rows.push_back(log::seal(head, std::move(what)));
                head = log::head_of(rows.back());
            }
            store::append_events(db, w->ids().guild, rows);
            db.run("UPDATE guild SET log_seq = $1, log_hash = $2 WHERE guild_id = 1",
                   {head.seq, std::as_bytes(std::span(head.hash))});
        });
        said.listens = true;
    }
    /// How often the log was read from, at most `most_rows` of it each time.
    [[nodiscard]] int reads(std::int64_t most_rows) const {
        int out = 0;
        for (const spoken::statement& s : said.all()) {
            if (s.sql.find("FROM event e") != std::string::npos) {
                EXPECT_THAT(s.sql, ::testing::HasSubstr("LIMIT"));
                EXPECT_LE(std::get<std::int64_t>(s.parameters.back()), most_rows);
                out += s.times;
            }
        }
        return out;
    }
};

TEST_F(LongLog, IsReadPieceByPieceInItsOrder) {
    engine::queries q(w->database());
    std::vector<std::int64_t> seen;
    q.each_event(w->ids().guild, 7, [&](const log::row& row) {
        seen.push_back(row.seq);
        return true;
    });
    ASSERT_EQ(seen.size(), static_cast<std::size_t>(entries - 6));
    EXPECT_EQ(seen.front(), 7);
    EXPECT_EQ(seen.back(), entries);
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
    EXPECT_GE(reads(1'000), 3);
}

TEST_F(LongLog, IsReadNoFurtherThanSomebodyWants) {
    engine::queries q(w->database());
    q.each_event(w->ids().guild, 1, [](const log::row& row) { return row.seq < 3; });
    EXPECT_EQ(reads(1'000), 1);
}

TEST_F(LongLog, IsVerifiedAsAWhole) {
    engine::queries q(w->database());
    const log::report found = q.verify_log(w->ids().guild, std::nullopt);
    EXPECT_FALSE(found.first.has_value());
    EXPECT_EQ(found.rows, entries);
    EXPECT_GE(reads(1'000), 3);
}

TEST_F(LongLog, ShowsNobodyAnEntryTwice) {
    engine::queries q(w->database());
    int seen = 0;
    const auto see = [&](const log::row&) -> bool {
        if (++seen == 3) { // What is done with an entry may ask the database, too.
            throw store::sql_error(store::sql_errc::lost, "for the test");
        }
        return true;
    };
    EXPECT_THROW(q.each_event(w->ids().guild, 1, see), store::sql_error);
    EXPECT_EQ(seen, 3);
}

TEST_F(LongLog, ItsEndIsReadFromTheEnd) {
    engine::queries q(w->database());
    const std::vector<log::row> last = q.last_events(w->ids().guild, 20);
    ASSERT_EQ(last.size(), 20U);
    EXPECT_EQ(last.front().seq, entries - 19);
    EXPECT_EQ(last.back().seq, entries);
    EXPECT_EQ(last.back().payload, std::string(200, 'x'));
    EXPECT_EQ(reads(20), 1);
    EXPECT_EQ(q.last_events(w->ids().guild, 1'000'000).size(), static_cast<std::size_t>(entries));
    EXPECT_TRUE(q.last_events(w->ids().guild, 0).empty());
}

TEST(LongLedger, IsReadPieceByPieceAndShownByTime) {
    spoken said;
    testing::world_options how;
    how.database = recording(fresh_database(), said);
    how.roster = "";
    world w(how);
    constexpr std::int64_t entries = 2'000;
    beside(w, [&](store::connection& db) {
        for (std::int64_t i = 0; i < entries; ++i) { // By key in another order than by time.
            db.run(
                "INSERT INTO ledger (guild_id, effect_key, effect_id, kind, session_id, result, external_ref,"
                " attempts, created_at, ended_at) VALUES (1, $1, $2, 1, 0, 'done', '', 1, 1, $3)",
                {std::to_string(i), i, i / 2 * 10});
        }
    });
    said.listens = true;
    const std::vector<store::ledger_row> rows = engine::queries(w.database()).ledger(w.ids().guild);
    ASSERT_EQ(rows.size(), static_cast<std::size_t>(entries));
    for (std::int64_t i = 0; i < entries; ++i) {
        EXPECT_EQ(rows[static_cast<std::size_t>(i)].id, effect_id{i});
    }
    for (const spoken::statement& s : said.all()) {
        if (s.sql.find("FROM ledger") != std::string::npos) {
            EXPECT_THAT(s.sql, ::testing::HasSubstr("LIMIT"));
            EXPECT_EQ(s.times, 3);
        }
    }
}

} // namespace
} // namespace patt::engine_tests
