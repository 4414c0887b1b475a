// The gate between a host and its database.

#include "postgres/gate.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/session.hpp"
#include "postgres/shared_server.hpp"

#include <chrono>
#include <future>
#include <string>
#include <thread>

namespace patt::postgres {
namespace {

using namespace std::chrono_literals;

class PostgresGate : public testing::Test {
protected:
    void SetUp() override {
        PATT_NEEDS_POSTGRES();
        direct_ = shared_server().fresh_database();
        gate_ = std::make_unique<gate>(shared_server().port());
        through_ = gate_->through(direct_);
    }
    std::string direct_;
    std::unique_ptr<gate> gate_;
    std::string through_;
};

TEST_F(PostgresGate, LetsEverythingPass) {
    EXPECT_NE(through_, direct_);
    EXPECT_EQ(session(through_).one("SELECT LENGTH(REPEAT('x', 1000000))"), "1000000");
    EXPECT_EQ(session(through_).one("SELECT REPEAT('x', 1000000)").size(), 1000000U);
}

TEST_F(PostgresGate, CutsAndOpens) {
    session there(through_);
    gate_->set(passage::cut);
    EXPECT_THROW(there.run("SELECT 1"), std::runtime_error);
    EXPECT_FALSE(answers(through_));
    gate_->set(passage::open);
    EXPECT_TRUE(answers(through_));
}

TEST_F(PostgresGate, StallsWithoutLosingAnything) {
    session there(through_);
    gate_->set(passage::stalled);
    auto asked = std::async(std::launch::async, [&] { return there.one("SELECT 7"); });
    EXPECT_EQ(asked.wait_for(200ms), std::future_status::timeout);
    gate_->set(passage::open);
    EXPECT_EQ(asked.get(), "7");
}

TEST_F(PostgresGate, IsMuteForAnswersAlone) {
    session there(through_);
    there.run("CREATE TABLE kept (n int)");
    gate_->set(passage::mute);
    auto asked = std::async(std::launch::async, [&] {
        try {
            there.run("INSERT INTO kept VALUES (1)");
            return std::string("answered");
        } catch (const std::runtime_error&) {
            return std::string("lost");
        }
    });
    session outside(direct_);
    for (int i = 0; i < 500 && outside.one("SELECT COUNT(*) FROM kept") == "0"; ++i) {
        std::this_thread::sleep_for(10ms);
    }
    gate_->set(passage::cut);
    EXPECT_EQ(asked.get(), "lost");
    EXPECT_EQ(outside.one("SELECT COUNT(*) FROM kept"), "1");
}

TEST_F(PostgresGate, HoldsBack) {
    session there(through_);
    gate_->delay(60ms);
    const auto begin = std::chrono::steady_clock::now();
    there.run("SELECT 1");
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 120ms);
}

} // namespace
} // namespace patt::postgres
