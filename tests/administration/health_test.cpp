// What doctor sees of a real server.
#include "administration/server_fixture.hpp"

#include <patt/engine/health.hpp>
#include <patt/engine/system.hpp>

namespace patt::administration_tests {
namespace {

class Health : public OnServer {
protected:
    [[nodiscard]] engine::health look() const {
        engine::system_clock clock;
        return engine::read_health(*connect(), clock.now());
    }
};

TEST_F(Health, SeesTheServer) {
    migrate();
    const engine::health h = look();
    ASSERT_TRUE(h.server);
    EXPECT_GE(h.server->version, 140000);
    EXPECT_LT(std::abs(h.server->clock_skew.count()), 1'000'000) << "it is the same machine";
    EXPECT_GE(h.server->connections, 1);
    EXPECT_GE(h.server->max_connections, 20);
    EXPECT_NE(h.server->lock_timeout, "0");
    EXPECT_FALSE(h.server->in_recovery);
    EXPECT_EQ(h.schema, h.schema_wanted);
    for (const engine::finding& f : engine::judge(h)) {
        EXPECT_NE(f.how, engine::grade::fail) << f.what << ": " << f.sentence;
    }
}

TEST_F(Health, SeesAnOldSnapshotAndAnUnusedSlot) {
    migrate();
    postgres::session other(where_);
    other.run("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT COUNT(*) FROM member; SELECT pg_sleep(1.2)");
    const engine::health h = look();
    EXPECT_GT(h.server->oldest_transaction, std::chrono::seconds(1));
    other.run("COMMIT");
    EXPECT_EQ(h.server->idle_slots, 0);
    postgres::shared_server().run("SELECT pg_create_physical_replication_slot('left_behind')");
    EXPECT_EQ(look().server->idle_slots, 1);
    postgres::shared_server().run("SELECT pg_drop_replication_slot('left_behind')");
}

TEST_F(Health, SeesAStandbyThatIsMissing) {
    migrate();
    postgres::shared_server().set("synchronous_standby_names", "*");
    bool told = false;
    for (int tries = 0; tries < 50 && !told; ++tries) {
        for (const engine::finding& f : engine::judge(look())) {
            told = told || (f.what == "standby" && f.how == engine::grade::fail);
        }
    }
    EXPECT_TRUE(told);
    postgres::shared_server().set("synchronous_standby_names", "");
}

TEST_F(Health, SeesASchemaThatIsNotThere) {
    EXPECT_EQ(look().schema, 0);
}

} // namespace
} // namespace patt::administration_tests
