#include "core/budget/decide.hpp"
#include "core/budget/ledger.hpp"

#include <gmock/gmock.h>

namespace patt::budget {

namespace {

using namespace std::chrono_literals;

constexpr instant noon{1'767'636'000'000'000};

api_limits ten_a_second(std::int64_t reserve = 0) {
    api_limits out;
    out.all = {{1s, 10, reserve}};
    out.transit = 0ms;
    return out;
}

request ask_for(std::int64_t host, std::int64_t tokens, urgency cls = urgency::normal) {
    request out;
    out.host = host;
    out.cls = cls;
    out.wanted = tokens;
    out.most = 100;
    out.use_within = 100ms;
    return out;
}

TEST(BudgetDecide, GrantsUpToTheLimitAndSaysWhenThereIsMore) {
    const decided all = decide({}, ten_a_second(), ask_for(1, 25), noon);
    EXPECT_EQ(all.what.tokens, 10);
    // In hand for 100 ms, then a second and its thousandth, and at most a slot.
    EXPECT_GE(all.what.again, noon + 1101ms);
    EXPECT_LE(all.what.again, noon + 1101ms + 17ms);
    EXPECT_EQ(decide(all.after, ten_a_second(), ask_for(1, 15), all.what.again - duration{1}).what.tokens, 0);
    EXPECT_EQ(decide(all.after, ten_a_second(), ask_for(1, 15), all.what.again).what.tokens, 10);
}

TEST(BudgetDecide, KeepsTheReserveForTheUrgent) {
    const decided flood = decide({}, ten_a_second(3), ask_for(1, 25, urgency::bulk), noon);
    EXPECT_EQ(flood.what.tokens, 7);
    EXPECT_EQ(decide(flood.after, ten_a_second(3), ask_for(2, 1, urgency::normal), noon + 1ms).what.tokens,
              0);
    EXPECT_EQ(decide(flood.after, ten_a_second(3), ask_for(2, 5, urgency::urgent), noon + 1ms).what.tokens,
              3);
}

TEST(BudgetDecide, HoldsTheBoundOfOneClass) {
    api_limits limits = ten_a_second();
    limits.of_class = {{urgency::bulk, 1s, 4}};
    const decided bulk = decide({}, limits, ask_for(1, 25, urgency::bulk), noon);
    EXPECT_EQ(bulk.what.tokens, 4);
    EXPECT_EQ(decide(bulk.after, limits, ask_for(2, 25, urgency::normal), noon).what.tokens, 6);
}

TEST(BudgetDecide, TakesBackWhatWasNotUsedAtOnce) {
    const decided all = decide({}, ten_a_second(), ask_for(1, 10), noon);
    request more = ask_for(1, 10);
    more.returns = {{all.what.generation, all.what.used_until, urgency::normal, 6}};
    EXPECT_EQ(decide(all.after, ten_a_second(), more, noon + 300ms).what.tokens, 6);
}

TEST(BudgetDecide, ForgetsReturnsFromBeforeTheClockWasSetBack) {
    const decided all = decide({}, ten_a_second(), ask_for(1, 10), noon);
    request more = ask_for(1, 10);
    more.returns = {{all.what.generation, all.what.used_until, urgency::normal, 6}};
    EXPECT_EQ(decide(all.after, ten_a_second(), more, noon - 1h).what.tokens, 0);
}

TEST(BudgetDecide, AClockSetBackCostsNoMoreThanTheSpan) {
    const decided all = decide({}, ten_a_second(), ask_for(1, 10), noon);
    const decided back = decide(all.after, ten_a_second(), ask_for(1, 10), noon - 24h);
    EXPECT_EQ(back.what.tokens, 0);
    EXPECT_LE(back.what.again, noon - 24h + 1200ms);
    EXPECT_EQ(decide(back.after, ten_a_second(), ask_for(1, 10), back.what.again).what.tokens, 10);
}

TEST(BudgetDecide, AFreezeHoldsAllHostsOfTheClass) {
    const ledger frozen = freeze({}, ten_a_second(), urgency::bulk, 30s, noon);
    const decided held = decide(frozen, ten_a_second(), ask_for(1, 1, urgency::bulk), noon + 1s);
    EXPECT_EQ(held.what.tokens, 0);
    EXPECT_EQ(held.what.again, noon + 30s);
    EXPECT_EQ(decide(held.after, ten_a_second(), ask_for(2, 10), noon + 2s).what.tokens, 10)
        << "others go on";
    EXPECT_EQ(decide(held.after, ten_a_second(), ask_for(1, 1, urgency::bulk), noon + 30s).what.tokens, 1);
}

TEST(BudgetDecide, ALaterFreezeNeverShortensOne) {
    ledger frozen = freeze({}, ten_a_second(), std::nullopt, 30s, noon);
    frozen = freeze(frozen, ten_a_second(), std::nullopt, 1s, noon + 1s);
    EXPECT_EQ(decide(frozen, ten_a_second(), ask_for(1, 1, urgency::urgent), noon + 20s).what.again,
              noon + 30s);
}

TEST(BudgetDecide, TokensAheadNeverTakeTheLastOnes) {
    request greedy = ask_for(1, 2);
    greedy.spare = 50;
    EXPECT_EQ(decide({}, ten_a_second(), greedy, noon).what.tokens, 2 + 4);
}

TEST(BudgetLedger, AWindowOfAnotherHostIsKeptUpByAll) {
    api_limits with_minute = ten_a_second();
    with_minute.all.push_back({60s, 15, 0});
    decided d = decide({}, with_minute, ask_for(1, 10), noon);
    d = decide(d.after, ten_a_second(), ask_for(2, 4),
               noon + 2s); // an older version that knows only the second
    EXPECT_EQ(decide(d.after, with_minute, ask_for(1, 10), noon + 4s).what.tokens, 1);
}

TEST(BudgetLedger, SurvivesItsText) {
    ledger state = freeze({}, battle_net_limits(), urgency::bulk, 30s, noon);
    for (int i = 0; i < 50; ++i) {
        request r = ask_for(i % 3 + 1, i % 7 + 1, static_cast<urgency>(i % 2));
        r.guilds = i;
        state = decide(state, battle_net_limits(), r, noon + i * 37ms).after;
    }
    const std::string text = to_text(state);
    const auto read = parse_ledger(text);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(to_text(*read), text);
    EXPECT_EQ(read->windows.size(), 2U);
    EXPECT_GE(read->claims.size(), 1U);
}

TEST(BudgetLedger, ItsTextStaysSmallUnderFullLoad) {
    ledger state;
    std::size_t longest = 0;
    for (instant now = noon; now < noon + 2h; now = now + 500ms) {
        state = decide(state, battle_net_limits(), ask_for(now.microseconds() % 3, 30), now).after;
        longest = std::max(longest, to_text(state).size());
    }
    EXPECT_LT(longest, 2000U) << "PostgreSQL moves longer rows out of line";
}

TEST(BudgetLedger, RefusesTextsThatAreNone) {
    const std::string good = to_text(decide({}, battle_net_limits(), ask_for(1, 3), noon).after);
    ASSERT_TRUE(parse_ledger(good).has_value());
    EXPECT_FALSE(parse_ledger("").has_value());
    EXPECT_FALSE(parse_ledger("2" + good.substr(1)).has_value()) << "of a newer version";
    EXPECT_FALSE(parse_ledger(good + " 1").has_value());
    EXPECT_FALSE(parse_ledger("1 0 0 0 0 0 0 99999999999").has_value());
    for (std::size_t i = 0; i + 1 < good.size(); ++i) {
        if (good[i + 1] == ' ' || good[i] == ' ') {
            EXPECT_FALSE(parse_ledger(good.substr(0, i)).has_value()) << i;
        }
    }
}

} // namespace

} // namespace patt::budget
