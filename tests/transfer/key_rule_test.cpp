// Every primary and unique key starts with guild_id, or the table is on the instance-wide list.
#include "store/key_rule.hpp"
#include "transfer/transfer_fixture.hpp"

#include <gmock/gmock.h>

namespace patt::transfer_tests {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(KeyRule, HoldsForEveryTableOfTheProduct) {
    const auto db = empty_database()->connect();
    const auto tables = store::read_catalogue(*db);
    EXPECT_GT(tables.size(), 20U);
    EXPECT_THAT(store::key_offences(tables), IsEmpty());
    for (const auto& t : tables) {
        EXPECT_FALSE(t.primary_key.empty()) << t.name;
    }
}

TEST(KeyRule, NamesTheKeyThatBreaksIt) {
    const auto db = empty_database()->connect();
    db->script(
        "CREATE TABLE no_key (guild_id BIGINT NOT NULL);"
        "CREATE TABLE turned (id BIGINT NOT NULL, guild_id BIGINT NOT NULL, PRIMARY KEY (id, guild_id));"
        "CREATE UNIQUE INDEX member_name ON member (username);"
        "CREATE UNIQUE INDEX member_name_there ON member (guild_id, username);"
        "CREATE INDEX not_unique ON member (username);");
    EXPECT_THAT(store::key_offences(store::read_catalogue(*db)),
                ElementsAre(HasSubstr("unique index member_name of member is on (username)"),
                            HasSubstr("no_key has no primary key"),
                            HasSubstr("primary key of turned is (id, guild_id)")));
}

TEST(KeyRule, ReadsTheCatalogueAsTheTablesAre) {
    const auto db = store::open_memory("catalogue shapes")->connect();
    db->script(
        "CREATE TABLE t (guild_id BIGINT NOT NULL, n INTEGER, d DOUBLE PRECISION NOT NULL, s TEXT, b BLOB,"
        " id BIGINT NOT NULL, PRIMARY KEY (id, guild_id)); CREATE VIEW v AS SELECT n FROM t;");
    const auto tables = store::read_catalogue(*db);
    ASSERT_EQ(tables.size(), 1U) << "a view is no table";
    EXPECT_THAT(tables[0].primary_key, ElementsAre("id", "guild_id"));
    EXPECT_EQ(tables[0].find("n")->kind, store::column_kind::small_number);
    EXPECT_EQ(tables[0].find("d")->kind, store::column_kind::floating);
    EXPECT_EQ(tables[0].find("b")->kind, store::column_kind::bytes);
    EXPECT_TRUE(tables[0].find("s")->nullable);
    EXPECT_FALSE(tables[0].find("d")->nullable);
}

} // namespace
} // namespace patt::transfer_tests
