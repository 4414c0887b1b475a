/// @file
/// What the tests of a guild's file share: a guild with something of everything, and its file as lines.
#pragma once

#include <patt/engine/queries.hpp>
#include <patt/store/in_tx.hpp>
#include <patt/store/migrations.hpp>
#include <patt/store/sqlite.hpp>
#include <patt/store/transfer.hpp>
#include <patt/testing/world.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace patt::transfer_tests {

using lines = std::vector<std::string>;

constexpr guild_id guild{1};
constexpr instant some_time{1'780'000'000'000'000};

/// A new database with the product's schema and nothing in it.
inline std::shared_ptr<store::database> empty_database() {
    static std::atomic<int> number{0};
    auto made = store::open_memory("transfer " + std::to_string(++number));
    const auto migrated = store::migrate(*made->connect(), store::built_in_migrations(), some_time);
    EXPECT_TRUE(migrated);
    return made;
}

/// A guild that has lived a little: a member who is through, one in the middle, effects and timers to come.
inline std::shared_ptr<store::database> lived_in() {
    auto database = empty_database();
    testing::world_options how;
    how.database = database;
    testing::world w(how);
    const member_id done = w.join("Zatanna");
    w.say(done, "yes");
    w.say(done, "Zatannã \"quoted\" \\ \n line");
    w.join("Quiet");
    w.turn(std::chrono::hours(2));
    w.set("sending.enabled", "off");
    w.join("Held");
    return database;
}

inline lines file_of(store::database& database, guild_id of = guild) {
    lines out;
    const auto written = store::export_guild(*database.connect(), of, some_time,
                                             [&](std::string_view line) { out.emplace_back(line); }, {});
    EXPECT_TRUE(written) << (written ? "" : written.err().detail);
    return out;
}

inline result<store::transfer_report> read_into(store::database& database, const lines& file,
                                                store::import_options how = {}) {
    std::size_t next = 0;
    return store::import_guild(
        *database.connect(),
        [&]() -> std::optional<std::string_view> {
            return next < file.size() ? std::optional<std::string_view>(file[next++]) : std::nullopt;
        },
        how);
}

inline std::int64_t number(store::database& database, std::string_view sql) {
    const auto db = database.connect();
    const store::cursor rows = db->query(sql);
    return rows->next() ? rows->i64(0) : -1;
}

inline void run(store::database& database, std::string_view sql) {
    database.connect()->run(sql);
}

} // namespace patt::transfer_tests
