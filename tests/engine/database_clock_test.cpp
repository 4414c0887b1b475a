// The database's clock, as a host that asks it now and then knows it.
#include <patt/engine/system.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace patt::engine_tests {
namespace {

using namespace std::chrono_literals;

constexpr duration a_moment = 2s; // A machine that is busy; the faults below are larger.

/// A database whose clock is some hours ahead of the machine's monotonic one.
class DatabaseClock : public testing::Test {
protected:
    engine::database_clock told_;
    duration begin_ = told_.monotonic();
    duration ahead_ = 3h;

    [[nodiscard]] instant database(duration monotonic) const { return instant{} + monotonic + ahead_; }
    /// A question that left, was answered and came back so long after the beginning.
    void ask(duration left, duration answered, duration back) {
        told_.observe(database(begin_ + answered), begin_ + left, begin_ + back);
    }
    /// How far it is ahead of the database at most; behind when negative.
    [[nodiscard]] duration wrong_by() {
        const instant said = told_.now();
        return said - database(told_.monotonic());
    }
};

TEST_F(DatabaseClock, IsTheDatabases) {
    ask(0ms, 1ms, 2ms);
    EXPECT_LE(wrong_by(), 1ms);
    EXPECT_GE(wrong_by(), -a_moment);
}

TEST_F(DatabaseClock, IsNotMovedAheadByAQuestionThatWasHeldUpOnItsWay) {
    ask(0ms, 1ms, 2ms);
    ask(1s, 60s, 60s);
    EXPECT_LE(wrong_by(), 1ms) << "the middle of that round trip is half a minute off";
    EXPECT_GE(wrong_by(), -a_moment);
}

TEST_F(DatabaseClock, IsNotMovedBackByAnAnswerThatWasHeldUp) {
    ask(0ms, 1ms, 2ms);
    ask(1s, 1s, 60s);
    EXPECT_LE(wrong_by(), 1ms);
    EXPECT_GE(wrong_by(), -a_moment);
}

TEST_F(DatabaseClock, IsNeverAheadAfterOneQuestion) {
    ask(0s, 60s, 60s);
    EXPECT_LE(wrong_by(), 1ms) << "too early cannot be taken back, as it never goes back";
    EXPECT_GE(wrong_by(), -a_moment);
}

TEST_F(DatabaseClock, IsRightAgainAtTheNextQuestionAfterAFirstOneThatTookLong) {
    ask(0s, 0s, 60s);
    EXPECT_LE(wrong_by(), 1ms);
    ask(60s, 60s, 60s + 2ms);
    EXPECT_LE(wrong_by(), 1ms);
    EXPECT_GE(wrong_by(), -a_moment);
}

TEST_F(DatabaseClock, FollowsAClockThatWasSet) {
    ask(0ms, 1ms, 2ms);
    ahead_ += 10min; // A failover: another machine's clock.
    ask(2s, 2s, 2s + 2ms);
    EXPECT_LE(wrong_by(), 2ms);
    EXPECT_GE(wrong_by(), -a_moment);
}

TEST_F(DatabaseClock, NeverGoesBack) {
    ask(0ms, 1ms, 2ms);
    const instant before = told_.now();
    ahead_ -= 10min;
    ask(2s, 2s, 2s + 2ms);
    EXPECT_GE(told_.now(), before);
}

} // namespace
} // namespace patt::engine_tests
