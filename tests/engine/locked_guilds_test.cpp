#include "engine/locked_guilds.hpp"

#include <gtest/gtest.h>

namespace patt::engine_tests {
namespace {

using namespace std::chrono_literals;
using engine::locked_guilds;

TEST(LockedGuilds, RestLongerEachTimeAndNeverLong) {
    locked_guilds known(5);
    const guild_id guild{7};
    locked_guilds::time_point now{};
    EXPECT_TRUE(known.none());
    EXPECT_FALSE(known.rests(guild, now));
    std::chrono::nanoseconds last{};
    for (int i = 0; i < 20; ++i) {
        ASSERT_EQ(known.found_locked(guild, now, 1h), locked_guilds::verdict::later);
        EXPECT_TRUE(known.rests(guild, now));
        EXPECT_FALSE(known.rests(guild_id{8}, now));
        const auto next = known.next();
        ASSERT_TRUE(next.has_value());
        last = *next - now;
        EXPECT_GE(last, 1500us);
        EXPECT_LE(last, 63ms);
        now = *next;
        EXPECT_FALSE(known.rests(guild, now));
    }
    EXPECT_GE(last, 37ms) << "it waits longer by now";
    known.found_free(guild);
    EXPECT_TRUE(known.none());
    EXPECT_FALSE(known.next().has_value());
}

TEST(LockedGuilds, AreGivenUpAndThenForgotten) {
    locked_guilds known(5);
    const guild_id guild{7};
    const locked_guilds::time_point now{};
    EXPECT_EQ(known.found_locked(guild, now, 1s), locked_guilds::verdict::later);
    EXPECT_EQ(known.found_locked(guild, now + 2s, 1s), locked_guilds::verdict::given_up);
    EXPECT_EQ(known.found_locked(guild, now + 3s, 1s), locked_guilds::verdict::later) << "it begins anew";
}

} // namespace
} // namespace patt::engine_tests
