#include "chat_fixture.hpp"

#include <chrono>

namespace patt::testing {
namespace {

using namespace std::chrono_literals;
using Fault = chat_fixture;

TEST_F(Fault, ClosedDirectMessagesConcernOneMember) {
    chat.add_fault(dm_closed(zat));
    EXPECT_EQ(send(zat, "one", "a"), effect_error::dm_closed);
    EXPECT_EQ(send(mito, "one", "a"), effect_error::none);
    EXPECT_EQ(chat.post(guild, audit, words("x"), "p").error, effect_error::none);
    EXPECT_TRUE(chat.inbox(zat).empty());
}

TEST_F(Fault, EndsWhenItIsTakenAway) {
    const fault_id closed = chat.add_fault(dm_closed(zat));
    const fault_id second = chat.add_fault(dm_closed(mito));
    chat.remove_fault(closed);
    EXPECT_EQ(send(zat, "one", "a"), effect_error::none);
    EXPECT_EQ(send(mito, "one", "a"), effect_error::dm_closed);
    ASSERT_EQ(chat.faults().size(), 1U);
    EXPECT_EQ(chat.faults()[0].first, second);
}

TEST_F(Fault, StrikesSoManyTimes) {
    chat.add_fault(fails(2));
    EXPECT_EQ(send(zat, "one", "a"), effect_error::temporary);
    EXPECT_TRUE(std::holds_alternative<effect_outcome>(chat.fetch_role(guild, low)));
    EXPECT_EQ(send(zat, "one", "a"), effect_error::none);
    EXPECT_EQ(chat.inbox(zat).size(), 1U);
}

TEST_F(Fault, StrikesEachKthAfterSomeWentWell) {
    fault rule = fails(0, chat_operation::send);
    rule.skip = 1;
    rule.every = 2;
    chat.add_fault(rule);
    std::string seen;
    for (const char* key : {"a", "b", "c", "d", "e"}) {
        seen += send(zat, key, key) == effect_error::none ? '+' : '-';
    }
    EXPECT_EQ(seen, "++-+-");
}

TEST_F(Fault, DoesTheThingAndLosesTheAnswer) {
    chat.add_fault(loses_answer(1, chat_operation::send));
    EXPECT_EQ(send(zat, "one", "a"), effect_error::temporary);
    EXPECT_EQ(chat.inbox(zat).size(), 1U);
    EXPECT_EQ(send(zat, "one", "a"), effect_error::none);
    EXPECT_EQ(chat.inbox(zat).size(), 1U);
}

TEST_F(Fault, ALostAnswerOfARefusalIsTheRefusal) {
    chat.add_fault(loses_answer(1));
    EXPECT_EQ(send(member_id{5}, "one", "a"), effect_error::unknown_member);
}

TEST_F(Fault, ConcernsOneGuildOrOneRole) {
    chat.add_member(other_guild, {zat, "Zat", {}});
    fault rule = fails(0);
    rule.guild = other_guild;
    chat.add_fault(rule);
    EXPECT_EQ(send(zat, "one", "a"), effect_error::none);
    EXPECT_EQ(chat.send(other_guild, zat, words("one"), "a").error, effect_error::temporary);
    fault role;
    role.error = effect_error::unknown_role;
    role.target = mid;
    chat.add_fault(role);
    EXPECT_TRUE(std::holds_alternative<effect_outcome>(chat.fetch_role(guild, mid)));
    EXPECT_TRUE(std::holds_alternative<engine::role_state>(chat.fetch_role(guild, low)));
}

TEST_F(Fault, TellsWhenToTryAgain) {
    fault rule = fails(1);
    rule.retry_after = 7s;
    chat.add_fault(rule);
    EXPECT_EQ(chat.send(guild, zat, words("one"), "a").retry_after, duration(7s));
}

TEST_F(Fault, TakesTimeByTheClock) {
    fault slow;
    slow.error = effect_error::none;
    slow.latency = 3s;
    chat.add_fault(slow);
    const instant before = clock.now();
    EXPECT_EQ(send(zat, "one", "a"), effect_error::none);
    EXPECT_EQ(clock.now() - before, duration(3s));
    EXPECT_EQ(chat.inbox(zat).size(), 1U);
}

TEST_F(Fault, AnOutageFailsEverythingUntilItIsOver) {
    chat.set_outage(outage::on);
    EXPECT_EQ(send(zat, "one", "a"), effect_error::temporary);
    EXPECT_EQ(replace(mito, {}, "r"), effect_error::temporary);
    EXPECT_TRUE(std::holds_alternative<effect_outcome>(chat.fetch_member(guild, zat)));
    EXPECT_EQ(chat.calls(), 3U);
    chat.set_outage(outage::off);
    EXPECT_EQ(send(zat, "one", "a"), effect_error::none);
}

TEST_F(Fault, NamesAreReadBack) {
    for (int i = 0; i <= static_cast<int>(effect_error::rejected); ++i) {
        const auto error = static_cast<effect_error>(i);
        EXPECT_EQ(parse_effect_error(to_string(error)), error);
    }
    for (int i = 0; i <= static_cast<int>(chat_operation::replace_roles); ++i) {
        const auto operation = static_cast<chat_operation>(i);
        EXPECT_EQ(parse_chat_operation(to_string(operation)), operation);
    }
    EXPECT_FALSE(parse_effect_error("nonsense"));
    EXPECT_FALSE(parse_chat_operation(""));
}

} // namespace
} // namespace patt::testing
