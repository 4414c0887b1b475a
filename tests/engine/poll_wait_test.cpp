// The poll is the net under the wake-ups: hosts must not all look at the same moments.
#include "engine/engine_fixture.hpp"
#include "engine/poll_wait.hpp"
#include "engine/spoken.hpp"

#include <algorithm>
#include <set>

namespace patt::engine_tests {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::Ge;
using ::testing::Le;

TEST(PollWait, StaysWithinAQuarterOfTheInterval) {
    for (const duration poll : {duration{1ms}, duration{1s}, duration{60s}}) {
        for (std::uint64_t seed = 0; seed < 5000; seed += 7) {
            for (const std::uint64_t round : {0U, 1U, 77U, 4'000'000'000U}) {
                const duration wait = engine::poll_wait(poll, seed * 1'234'567'891'011U, round);
                ASSERT_GE(wait, poll * 3 / 4) << seed << " " << round;
                ASSERT_LE(wait, poll * 5 / 4) << seed << " " << round;
            }
        }
    }
}

TEST(PollWait, DiffersFromRoundToRound) {
    std::set<duration> waits;
    for (std::uint64_t round = 0; round < 512; ++round) {
        const duration wait = engine::poll_wait(1s, 99, round);
        EXPECT_NE(wait, engine::poll_wait(1s, 99, round + 1));
        waits.insert(wait);
    }
    EXPECT_EQ(waits.size(), 512U) << "each step of the range comes up";
    EXPECT_LT(*waits.begin(), duration{760ms});
    EXPECT_GT(*waits.rbegin(), duration{1240ms});
}

TEST(PollWait, DiffersFromHostToHost) {
    std::set<duration> waits;
    for (std::uint64_t host = 0; host < 100; ++host) {
        waits.insert(engine::poll_wait(1s, host * 0x9E37'79B9'7F4A'7C15U, 3));
    }
    EXPECT_GT(waits.size(), 80U) << "a hundred hosts that begin together";
}

/// A host in virtual time and a program beside it, whose work nobody tells the host of.
class Polling {
public:
    explicit Polling(std::uint64_t seed)
        : w_(with(seed, said_))
        , chance_(seed + 100)
        , beside_(std::shared_ptr<store::database>(&w_.database(), [](store::database*) {}),
                  engine::ports{w_.chat(), w_.clock(), chance_}, no_host()) {}

    /// The times between its looks, as its calls show them.
    std::vector<duration> waits(int number) {
        std::vector<duration> out;
        wait_for_look();
        for (int i = 0; i < number; ++i) {
            out.push_back(wait_for_look());
        }
        return out;
    }
    /// What is asked takes so long from now on.
    void make_slow(duration by) {
        said_.on_statement = [this, by](std::string_view sql) {
            if (sql.starts_with("WITH RECURSIVE ready")) {
                w_.clock().turn(by);
            }
        };
    }
    /// To open a session takes so long, the next time that somebody reads.
    void make_far(duration by) {
        said_.on_begin = [this, by](store::tx_mode mode) {
            if (mode == store::tx_mode::read) {
                said_.on_begin = nullptr;
                w_.clock().turn(by);
            }
        };
    }

private:
    static testing::world_options with(std::uint64_t seed, spoken& said) {
        testing::world_options how;
        how.seed = seed;
        how.database = recording(fresh_database(), said);
        return how;
    }
    static engine::options no_host() {
        engine::options how;
        how.instance_key = "an instance key for tests only";
        how.claims = 0;
        return how;
    }
    std::int64_t performed() { return w_.engine().metrics().effects_performed; }
    duration wait_for_look() {
        while (w_.engine().dispatch(0s) > 0) {
        }
        const std::int64_t before = performed();
        const member_id who{next_++};
        w_.chat().add_member(guild_id{1}, {who, "User", {}});
        static_cast<void>(beside_.handle({guild_id{1}, {}, "", "", joined(who, w_.clock().now())}));
        duration waited{};
        for (; performed() == before && waited < 10s; waited += 5ms) {
            w_.clock().turn(5ms);
            w_.engine().keep_leases();
            static_cast<void>(w_.engine().dispatch(0s));
        }
        return waited;
    }

    spoken said_;
    world w_;
    testing::seeded_entropy chance_;
    engine::engine beside_;
    std::int64_t next_ = 5000;
};

TEST(PollWait, IsWhatAHostWaits) {
    const std::vector<duration> one = Polling(1).waits(8);
    const std::vector<duration> two = Polling(2).waits(8);
    for (const auto& waits : {one, two}) {
        EXPECT_THAT(waits, Each(AllOf(Ge(duration{750ms}), Le(duration{1260ms}))));
        const auto [least, most] = std::minmax_element(waits.begin(), waits.end());
        EXPECT_GT(*most - *least, duration{100ms}) << "every wait is the same";
    }
    EXPECT_NE(one, two) << "two hosts look at the same moments";
}

TEST(PollWait, GrowsWhereALookIsSlow) {
    Polling host(1);
    host.make_slow(400ms);
    EXPECT_THAT(host.waits(3), Each(Ge(duration{3s}))) << "it would do little else";
}

/// After a failover there may be work that nobody was told of.
TEST(PollWait, DoesNotGrowWhereTheDatabaseWasAway) {
    Polling host(1);
    static_cast<void>(host.waits(1));
    host.make_far(400ms);
    EXPECT_THAT(host.waits(3), Each(Le(duration{1260ms})));
}

} // namespace
} // namespace patt::engine_tests
