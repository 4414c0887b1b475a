// PgBouncer in transaction mode, as it is installed.

#include "postgres/bouncer.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/session.hpp"
#include "postgres/shared_server.hpp"

#include <string>

namespace patt::postgres {
namespace {

TEST(PostgresBouncer, SharesOneConnectionBetweenTransactions) {
    PATT_NEEDS_BOUNCER();
    bouncer_options how;
    how.pool_size = 1;
    const bouncer front(shared_server(), how);
    session one(front.conninfo("postgres"));
    session other(front.conninfo("postgres"));
    EXPECT_EQ(one.one("SELECT pg_backend_pid()"), other.one("SELECT pg_backend_pid()"));
    EXPECT_EQ(session(front.conninfo("pgbouncer")).run("SHOW VERSION").size(), 1U);
}

} // namespace
} // namespace patt::postgres
