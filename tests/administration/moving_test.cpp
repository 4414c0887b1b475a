// A guild moves between SQLite and PostgreSQL without loss, and the keys keep their rule on both.
#include "administration/server_fixture.hpp"
#include "store/key_rule.hpp"
#include "transfer/transfer_fixture.hpp"

#include <gmock/gmock.h>

namespace patt::administration_tests {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Moving : public OnServer {};

TEST_F(Moving, LosesNothingOnTheWayToTheServerAndBack) {
    migrate();
    const auto from = transfer_tests::lived_in();
    const transfer_tests::lines file = transfer_tests::file_of(*from);
    const auto there = transfer_tests::read_into(*database_, file);
    ASSERT_TRUE(there) << there.err().detail;
    const transfer_tests::lines on_server = transfer_tests::file_of(*database_);
    EXPECT_EQ(on_server.size(), file.size());
    const auto back = transfer_tests::empty_database();
    ASSERT_TRUE(transfer_tests::read_into(*back, on_server));
    EXPECT_EQ(transfer_tests::file_of(*back), file);
}

TEST_F(Moving, KeepsTheEventLogAsItWasWritten) {
    migrate();
    const auto from = transfer_tests::lived_in();
    ASSERT_TRUE(transfer_tests::read_into(*database_, transfer_tests::file_of(*from)));
    engine::queries before(*from);
    engine::queries after(*database_);
    const log::report found = after.verify_log(transfer_tests::guild, before.log_head(transfer_tests::guild));
    EXPECT_FALSE(found.first) << found.first->sentence;
    EXPECT_GT(found.rows, 10);
}

TEST_F(Moving, TakesAllOfAFileOrNothing) {
    migrate();
    transfer_tests::lines file = transfer_tests::file_of(*transfer_tests::lived_in());
    file.pop_back();
    const auto refused = transfer_tests::read_into(*database_, file);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.err().code, errc::incomplete);
    EXPECT_EQ(number(*connect(), "SELECT COUNT(*) FROM guild"), 0);
    EXPECT_EQ(number(*connect(), "SELECT COUNT(*) FROM event"), 0);
}

TEST_F(Moving, CataloguesOfBothDatabasesAreTheSame) {
    migrate();
    const auto here = store::read_catalogue(*transfer_tests::empty_database()->connect());
    const auto there = store::read_catalogue(*connect());
    ASSERT_EQ(here.size(), there.size());
    for (std::size_t t = 0; t < here.size(); ++t) {
        EXPECT_EQ(here[t].name, there[t].name);
        EXPECT_EQ(here[t].primary_key, there[t].primary_key) << here[t].name;
        ASSERT_EQ(here[t].columns.size(), there[t].columns.size()) << here[t].name;
        for (std::size_t c = 0; c < here[t].columns.size(); ++c) {
            EXPECT_EQ(here[t].columns[c].name, there[t].columns[c].name);
            EXPECT_EQ(here[t].columns[c].kind, there[t].columns[c].kind) << here[t].columns[c].name;
            EXPECT_EQ(here[t].columns[c].nullable, there[t].columns[c].nullable) << here[t].columns[c].name;
        }
    }
}

TEST_F(Moving, EveryKeyStartsWithTheGuild) {
    migrate();
    const auto db = connect();
    EXPECT_THAT(store::key_offences(store::read_catalogue(*db)), IsEmpty());
    db->script(
        "CREATE UNIQUE INDEX member_name ON member (username);"
        "CREATE TABLE turned (id BIGINT NOT NULL, guild_id BIGINT NOT NULL, PRIMARY KEY (id, guild_id));");
    EXPECT_THAT(store::key_offences(store::read_catalogue(*db)),
                ElementsAre(HasSubstr("member_name of member"), HasSubstr("primary key of turned")));
}

} // namespace
} // namespace patt::administration_tests
