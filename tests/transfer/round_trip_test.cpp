#include "transfer/transfer_fixture.hpp"

#include <patt/digest.hpp>

#include <gmock/gmock.h>

namespace patt::transfer_tests {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Transfer, GivesTheSameFileAfterMovingToAnotherDatabase) {
    const auto from = lived_in();
    const lines file = file_of(*from);
    ASSERT_GT(file.size(), 60U);
    const auto to = empty_database();
    const auto read = read_into(*to, file);
    ASSERT_TRUE(read) << read.err().detail;
    EXPECT_EQ(read->rows, static_cast<std::int64_t>(file.size()) - 2) << "header and trailer are no rows";
    EXPECT_EQ(file_of(*to), file);
}

TEST(Transfer, KeepsTheEventLogAsItWasWritten) {
    const auto from = lived_in();
    const auto to = empty_database();
    ASSERT_TRUE(read_into(*to, file_of(*from)));
    engine::queries before(*from);
    engine::queries after(*to);
    const log::report found = after.verify_log(guild, before.log_head(guild));
    EXPECT_FALSE(found.first) << found.first->sentence;
    EXPECT_GT(found.rows, 10);
    EXPECT_EQ(found.erased, 0) << "the payloads came along";
}

TEST(Transfer, MovesAGuildThatGoesOnWhereItWas) {
    const auto from = lived_in();
    const auto to = empty_database();
    ASSERT_TRUE(read_into(*to, file_of(*from)));
    EXPECT_GT(number(*to, "SELECT COUNT(*) FROM outbox"), 0);
    EXPECT_GT(number(*to, "SELECT COUNT(*) FROM timer"), 0);
    EXPECT_GT(number(*to, "SELECT COUNT(*) FROM dm_route"), 0);
    EXPECT_EQ(number(*to, "SELECT last_id FROM guild"), number(*from, "SELECT last_id FROM guild"));
}

TEST(Transfer, LetsGoOfWhatAHostHeld) {
    const auto from = lived_in();
    run(*from, "UPDATE outbox SET claimed_at = 77, attempts = 2");
    run(*from,
        "INSERT INTO cron_slot (guild_id, name, slot_at, host, taken_at) VALUES (1, 'daily', 5, 1234, 6)");
    const auto to = empty_database();
    ASSERT_TRUE(read_into(*to, file_of(*from)));
    EXPECT_EQ(number(*to, "SELECT COUNT(*) FROM outbox WHERE claimed_at <> 0 OR attempts <> 2"), 0);
    EXPECT_EQ(number(*to, "SELECT COUNT(*) FROM cron_slot WHERE host = 0 AND taken_at = 6"), 1);
}

TEST(Transfer, BringsWhatMatchingKeeps) {
    const auto from = lived_in();
    run(*from, "INSERT INTO character_note (guild_id, character_id, guild_note, officer_note, alt_group,"
               " updated_at) VALUES (1, 11, 'Discord: bob', 'alt of Zed', '12', 5)");
    run(*from, "INSERT INTO member_alias (guild_id, member_id, source, alias, ruling_id, since)"
               " VALUES (1, 1001, 'learned', 'bob', 21, 5)");
    run(*from, "INSERT INTO chat_role (guild_id, role_id, name, updated_at) VALUES (1, 71, 'Mage', 5)");
    run(*from,
        "INSERT INTO match_ruling (guild_id, ruling_id, kind, character_id, member_id, other_id, facts,"
        " active, actor, reason, decided_at, ended_at, ended_by)"
        " VALUES (1, 21, 'accepted', 11, 1001, 0, -9007199254740993, 1, 'local', 'because', 5, 0, '')");
    run(*from, "INSERT INTO match_item (guild_id, item_id, subject_kind, subject, is_open, why, advice,"
               " member_id, other_id, probability, level, route, candidates, evidence, created_at,"
               " updated_at, closed_at) VALUES (1, 31, 'character', 11, 1, 'nobody_fits', 'nothing', 1001, 0,"
               " 0.1, 'low', 'none', '[]', '[]', 5, 6, 0)");
    const lines file = file_of(*from);
    const auto to = empty_database();
    ASSERT_TRUE(read_into(*to, file));
    EXPECT_EQ(number(*to, "SELECT COUNT(*) FROM character_note WHERE character_id = 11 AND officer_note ="
                          " 'alt of Zed'"),
              1);
    EXPECT_EQ(number(*to, "SELECT ruling_id FROM member_alias WHERE alias = 'bob'"), 21);
    EXPECT_EQ(number(*to, "SELECT role_id FROM chat_role WHERE name = 'Mage'"), 71);
    EXPECT_EQ(number(*to, "SELECT facts FROM match_ruling WHERE ruling_id = 21"), -9007199254740993);
    EXPECT_EQ(number(*to, "SELECT COUNT(*) FROM match_item WHERE item_id = 31 AND probability = 0.1"), 1);
    EXPECT_EQ(file_of(*to), file);
}

TEST(Transfer, TakesOneGuildAndNothingOfAnother) {
    const auto from = lived_in();
    run(*from,
        "INSERT INTO setting (guild_id, setting_key, value, changed_at) VALUES (2, 'k', 'of-another', 0)");
    run(*from, "INSERT INTO dm_route (member_id, guild_id, session_id, asked_at, is_open) VALUES (1001, 2, "
               "3, 4, 1)");
    const lines file = file_of(*from);
    EXPECT_THAT(file, Not(Contains(HasSubstr("of-another"))));
    EXPECT_THAT(file, Not(Contains(HasSubstr(R"("guild_id":2,)"))));
}

TEST(Transfer, WritesNumbersThatOtherReadersWouldChangeAsText) {
    const auto from = lived_in();
    run(*from, "UPDATE guild SET owner_member = 9007199254740993");
    const lines file = file_of(*from);
    EXPECT_THAT(file[1], HasSubstr(R"("owner_member":"9007199254740993")"));
    const auto to = empty_database();
    ASSERT_TRUE(read_into(*to, file));
    EXPECT_EQ(number(*to, "SELECT owner_member FROM guild"), 9007199254740993);
}

TEST(Transfer, ReadsMoreRowsThanAPage) {
    const auto from = lived_in();
    const auto db = from->connect();
    store::in_tx(*db, store::tx_mode::write, [&] {
        for (std::int64_t i = 0; i < 1'203; ++i) {
            db->run("INSERT INTO inbox (guild_id, input_key, reply, received_at) VALUES (1, $1, 'r', 1)",
                    {std::string_view{std::to_string(i)}});
        }
    });
    const lines file = file_of(*from);
    const auto to = empty_database();
    ASSERT_TRUE(read_into(*to, file));
    EXPECT_EQ(number(*to, "SELECT COUNT(*) FROM inbox"), number(*from, "SELECT COUNT(*) FROM inbox"));
    EXPECT_EQ(file_of(*to), file);
}

TEST(Transfer, HasTheChecksumOfEverythingBeforeItsLastLine) {
    const lines file = file_of(*lived_in());
    std::string before;
    for (std::size_t i = 0; i + 1 < file.size(); ++i) {
        before += file[i] + "\n";
    }
    EXPECT_THAT(file.back(), HasSubstr(to_hex(sha256(before))));
}

TEST(Transfer, ReplacesOnlyWhenAsked) {
    const auto database = lived_in();
    const lines file = file_of(*database);
    run(*database, "UPDATE member SET display_name = 'changed later'");
    run(*database, "INSERT INTO setting (guild_id, setting_key, value, changed_at) VALUES (2, 'k', 'v', 0)");
    const auto refused = read_into(*database, file);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.err().code, errc::already_exists);
    ASSERT_TRUE(read_into(*database, file, {store::existing_guild::replace, store::import_mode::keep}));
    EXPECT_EQ(file_of(*database), file);
    EXPECT_EQ(number(*database, "SELECT COUNT(*) FROM setting WHERE guild_id = 2"), 1) << "another guild's";
}

TEST(Transfer, RehearsesWithoutKeepingAnything) {
    const lines file = file_of(*lived_in());
    const auto to = empty_database();
    const auto read = read_into(*to, file, {store::existing_guild::refuse, store::import_mode::rehearse});
    ASSERT_TRUE(read);
    EXPECT_GT(read->rows, 50);
    EXPECT_EQ(number(*to, "SELECT COUNT(*) FROM guild"), 0);
}

TEST(Transfer, RefusesAGuildThatIsNotThere) {
    const auto refused = store::export_guild(*empty_database()->connect(), guild, some_time, [](auto) {}, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.err().code, errc::not_found);
}

} // namespace
} // namespace patt::transfer_tests
