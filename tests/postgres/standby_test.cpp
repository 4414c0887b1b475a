// Two servers: streaming, promotion, and the old primary's return.

#include "postgres/needs_postgres.hpp"
#include "postgres/session.hpp"
#include "postgres/standby.hpp"

#include <string>

namespace patt::postgres {
namespace {

TEST(PostgresStandby, IsPromotedWithoutLossAndTheOldPrimaryComesBack) {
    PATT_NEEDS_POSTGRES();
    server_options how;
    how.settings = replication_settings();
    server first(how);
    const auto second = make_standby(first, "second");
    make_synchronous(first, "second");
    first.run("CREATE TABLE kept (n int)");
    first.run("INSERT INTO kept VALUES (1)");
    EXPECT_EQ(second->one("SELECT pg_is_in_recovery()"), "t");
    EXPECT_EQ(timeline_of(first), 1);

    first.kill();
    promote(*second);
    EXPECT_EQ(timeline_of(*second), 2);
    EXPECT_EQ(second->one("SELECT COUNT(*) FROM kept"), "1");
    second->run("INSERT INTO kept VALUES (2)");

    // As it was, it is a primary again, on the old timeline, and does not know of the second row.
    first.start();
    EXPECT_EQ(first.one("SELECT pg_is_in_recovery()"), "f");
    EXPECT_EQ(timeline_of(first), 1);
    EXPECT_EQ(first.one("SELECT COUNT(*) FROM kept"), "1");
    first.kill();

    rewind(first, *second, "first");
    EXPECT_EQ(first.one("SELECT pg_is_in_recovery()"), "t");
    make_synchronous(*second, "first");
    second->run("INSERT INTO kept VALUES (3)");
    EXPECT_EQ(timeline_of(first), 2);
}

} // namespace
} // namespace patt::postgres
