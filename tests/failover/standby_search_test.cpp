// Callers who find only a standby: they wait for its promotion without a new session for each question, which
// would take the time that the promotion needs.

#include "postgres/needs_postgres.hpp"
#include "postgres/session.hpp"
#include "postgres/standby.hpp"

#include <patt/store/db.hpp>
#include <patt/store/postgres.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace patt::failover {
namespace {

using namespace std::chrono_literals;

class StandbySearch : public ::testing::Test {
protected:
    void SetUp() override {
        PATT_NEEDS_POSTGRES();
        postgres::server_options how;
        how.settings = postgres::replication_settings();
        north_ = std::make_unique<postgres::server>(how);
        south_ = postgres::make_standby(*north_, "south", how);
    }
    /// Sessions that the standby has seen in that database; another one asks.
    [[nodiscard]] int sessions() const {
        return std::stoi(south_->one("SELECT sessions FROM pg_stat_database WHERE datname = 'template1'"));
    }
    [[nodiscard]] std::shared_ptr<store::database> to_south(std::chrono::milliseconds patience) const {
        store::postgres_options options;
        options.connect_patience = patience;
        return store::open_postgres(south_->conninfo("template1"), options);
    }

    std::unique_ptr<postgres::server> north_;
    std::unique_ptr<postgres::server> south_;
};

TEST_F(StandbySearch, AsksAgainOverTheSessionThatItHas) {
    constexpr int callers = 6;
    const auto database = to_south(1500ms);
    const int before = sessions();
    std::vector<std::future<std::string>> all;
    for (int i = 0; i < callers; ++i) {
        all.push_back(std::async(std::launch::async, [&] {
            try {
                static_cast<void>(database->connect());
                return std::string("found");
            } catch (const store::sql_error& e) {
                return std::string(e.what());
            }
        }));
    }
    for (auto& each : all) {
        EXPECT_NE(each.get().find("it is a standby"), std::string::npos);
    }
    std::this_thread::sleep_for(100ms); // Ended sessions are counted a moment later.
    EXPECT_GT(sessions(), before);
    EXPECT_LE(sessions() - before, 2 * callers) << "each of 1,500 ms would be 30";
}

TEST_F(StandbySearch, FindsTheStandbyThatBecomesThePrimary) {
    const auto database = to_south(20s);
    auto found = std::async(std::launch::async, [&] {
        const auto db = database->connect();
        db->script("CREATE TABLE t (n BIGINT)");
        return db != nullptr;
    });
    EXPECT_EQ(found.wait_for(500ms), std::future_status::timeout);
    north_->kill();
    postgres::promote(*south_);
    EXPECT_TRUE(found.get());
}

} // namespace
} // namespace patt::failover
