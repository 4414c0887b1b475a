// A pool of connections: bounded, first come first served, and clean.
#include "conformance/temporary_directory.hpp"

#include <patt/store/pool.hpp>
#include <patt/store/sqlite.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace patt::store {
namespace {

using std::chrono::milliseconds;

class Pool : public testing::Test {
protected:
    temporary_directory folder_;
    std::shared_ptr<database> where_ = open_sqlite(folder_.path() / "pool.db");

    std::int64_t one(connection& db, std::string_view sql) {
        const cursor rows = db.query(sql);
        return rows->next() ? rows->i64(0) : -1;
    }
    static void wait_for(const pool& p, std::size_t waiting) {
        while (p.state().waiting != waiting) {
            std::this_thread::yield();
        }
    }
};

/// A database that cannot be reached.
class away final : public database {
public:
    std::unique_ptr<connection> connect(open_options) override {
        throw sql_error(sql_errc::lost, "nobody answers");
    }
};

/// A server with room for so many connections.
class small final : public database {
public:
    small(std::shared_ptr<database> real, int room)
        : real_(std::move(real))
        , room_(room) {}
    std::unique_ptr<connection> connect(open_options how) override {
        ++asked_;
        if (--room_ < 0) {
            ++room_;
            throw sql_error(sql_errc::busy, "too many clients already");
        }
        return real_->connect(how);
    }
    /// Others have hung up.
    void make_room(int more) { room_ += more; }
    [[nodiscard]] int asked() const { return asked_; }

private:
    std::shared_ptr<database> real_;
    std::atomic<int> room_;
    std::atomic<int> asked_{0};
};

TEST_F(Pool, WaitsForOneOfItsOwnWhereTheServerHasNoRoomForMore) {
    pool p(std::make_shared<small>(where_, 1), {.most = 3, .patience = std::chrono::minutes(1)});
    std::optional<pooled> held(p.take());
    const connection* const first = &**held;
    std::jthread waits([&] { EXPECT_EQ(&*p.take(), first); });
    wait_for(p, 1);
    EXPECT_EQ(p.state().open, 1U);
    held.reset();
    waits.join();
    pool none(std::make_shared<small>(where_, 0), {.most = 3, .patience = std::chrono::minutes(1)});
    EXPECT_THROW((void)none.take(), sql_error) << "there is none to wait for";
}

TEST_F(Pool, OpensOnesForThoseWhoWaitWhenTheServerHasRoomAgain) {
    const auto server = std::make_shared<small>(where_, 1);
    pool p(server, {.most = 3, .patience = std::chrono::seconds(5), .ask_again = milliseconds(50)});
    const pooled held = p.take();
    std::atomic<int> got{0};
    const auto take_one = [&] {
        const pooled mine = p.take();
        ++got;
        while (got < 2) { // Both at the same time.
            std::this_thread::yield();
        }
    };
    std::jthread first([&] { EXPECT_NO_THROW(take_one()); });
    wait_for(p, 1);
    std::jthread second([&] { EXPECT_NO_THROW(take_one()); });
    wait_for(p, 2);
    server->make_room(2);
    first.join();
    second.join();
    EXPECT_EQ(p.state().open, 3U) << "the first was told that there is no room; it may be some time ago";
}

TEST_F(Pool, AsksAFullServerOnlyNowAndThenAndKeepsTheOrder) {
    const auto server = std::make_shared<small>(where_, 1);
    pool p(server, {.most = 3, .patience = std::chrono::minutes(1), .ask_again = std::chrono::minutes(1)});
    std::optional<pooled> held(p.take());
    std::mutex mutex;
    std::vector<std::size_t> served;
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i <= 5; ++i) {
        threads.emplace_back([&, i] {
            const pooled mine = p.take();
            const std::scoped_lock lock(mutex);
            served.push_back(i);
        });
        wait_for(p, i);
    }
    held.reset();
    threads.clear();
    EXPECT_EQ(server->asked(), 2) << "the one that was taken, and one that told all others";
    EXPECT_THAT(served, testing::ElementsAre(1, 2, 3, 4, 5));
    EXPECT_EQ(p.state().open, 1U);
}

TEST_F(Pool, EndsItsWaitOnAServerThatStaysFull) {
    const auto server = std::make_shared<small>(where_, 1);
    pool p(server, {.most = 3, .patience = milliseconds(50), .ask_again = milliseconds(5)});
    const pooled held = p.take();
    EXPECT_THROW((void)p.take(), sql_error);
    EXPECT_EQ(p.state().refused, 1U);
    EXPECT_EQ(p.state().waiting, 0U);
    EXPECT_EQ(p.state().open, 1U);
}

TEST_F(Pool, OpensNoMoreThanItIsAllowedAndUsesThemAgain) {
    pool p(where_, {.most = 2});
    EXPECT_EQ(p.state().open, 0U) << "nothing before it is asked";
    for (int i = 0; i < 5; ++i) {
        const pooled a = p.take();
        const pooled b = p.take();
        EXPECT_NE(&*a, &*b);
        EXPECT_EQ(p.state().taken, 2U);
    }
    EXPECT_EQ(p.state().open, 2U);
    EXPECT_EQ(p.state().taken, 0U);
}

TEST_F(Pool, RefusesWhoWaitedTooLongAndSaysWhatToDo) {
    pool p(where_, {.most = 1, .patience = milliseconds(20)});
    const pooled held = p.take();
    try {
        (void)p.take();
        FAIL() << "there is only one";
    } catch (const sql_error& problem) {
        EXPECT_EQ(problem.code(), sql_errc::busy);
        EXPECT_STREQ(problem.what(), "all 1 connections of the pool are in use, and none came back within 20 "
                                     "ms; try again, or allow the pool more");
    }
    EXPECT_EQ(p.state().refused, 1U);
    EXPECT_EQ(p.state().waiting, 0U);
}

TEST_F(Pool, ServesWhoWaitsInTheOrderTheyCame) {
    pool p(where_, {.most = 1, .patience = std::chrono::minutes(1)});
    std::optional<pooled> held(p.take());
    std::mutex mutex;
    std::vector<int> served;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            const pooled mine = p.take();
            const std::scoped_lock lock(mutex);
            served.push_back(i);
        });
        wait_for(p, static_cast<std::size_t>(i) + 1);
    }
    held.reset();
    threads.clear();
    EXPECT_THAT(served, testing::ElementsAre(0, 1, 2, 3));
}

TEST_F(Pool, RollsBackWhatWasLeftOpen) {
    pool p(where_, {.most = 1});
    p.take()->script("CREATE TABLE t (n BIGINT)");
    {
        const pooled careless = p.take();
        careless->begin(tx_mode::write);
        careless->run("INSERT INTO t VALUES (1)");
    }
    const pooled next = p.take();
    EXPECT_EQ(one(*next, "SELECT COUNT(*) FROM t"), 0);
    next->begin(tx_mode::write); // and a transaction can begin
    next->run("INSERT INTO t VALUES (2)");
    next->commit();
    EXPECT_EQ(one(*next, "SELECT COUNT(*) FROM t"), 1);
}

TEST_F(Pool, TakesAnotherTryWhenConnectingFailed) {
    pool p(std::make_shared<away>(), {.most = 1, .patience = milliseconds(20)});
    for (int i = 0; i < 3; ++i) {
        EXPECT_THROW((void)p.take(), sql_error);
        EXPECT_EQ(p.state().open, 0U) << "a place that was not used is free";
    }
    EXPECT_EQ(p.state().refused, 0U);
}

TEST_F(Pool, IsSharedByManyThreads) {
    pool p(where_, {.most = 3, .patience = std::chrono::minutes(1)});
    p.take()->script("CREATE TABLE t (n BIGINT)");
    std::atomic<int> at_once{0};
    std::atomic<int> highest{0};
    {
        std::latch together(8);
        std::vector<std::jthread> threads; // ends before the latch does
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                together.arrive_and_wait();
                for (int n = 0; n < 50; ++n) {
                    const pooled mine = p.take();
                    const int now = ++at_once;
                    int seen = highest;
                    while (seen < now && !highest.compare_exchange_weak(seen, now)) {
                    }
                    EXPECT_EQ(one(*mine, "SELECT COUNT(*) FROM t"), 0);
                    --at_once;
                }
            });
        }
    }
    EXPECT_LE(highest, 3);
    EXPECT_LE(p.state().open, 3U);
    EXPECT_EQ(p.state().taken, 0U);
}

} // namespace
} // namespace patt::store
