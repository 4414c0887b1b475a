#include "core/budget/hand.hpp"

#include <gmock/gmock.h>

namespace patt::budget {

namespace {

using namespace std::chrono_literals;

constexpr instant noon{1'767'636'000'000'000};
constexpr guild_id ann{1};
constexpr guild_id bob{2};
constexpr guild_id cat{3};

hand fresh() {
    return hand(urgency::normal, {100ms, 25});
}

grant granted(std::int64_t tokens, duration again = 0ms) {
    return {tokens, noon + 100ms, 0, noon, noon + again};
}

TEST(BudgetHand, DealsToTheGuildsInTurnWhateverTheyAskFor) {
    hand h = fresh();
    (void)h.ask(ann, 10, 1s);
    (void)h.ask(bob, 1, 1s);
    (void)h.ask(cat, 2, 1s);
    const request asked = h.make_request(7, 1s);
    EXPECT_EQ(asked.guilds, 3);
    EXPECT_EQ(asked.wanted, 13);
    h.receive(granted(4), 1s, 1s);
    EXPECT_EQ(h.ask(bob, 1, 1s).tokens, 1);
    EXPECT_EQ(h.ask(cat, 2, 1s).tokens, 1);
    EXPECT_EQ(h.ask(ann, 10, 1s).tokens, 2);
    EXPECT_EQ(h.ask(ann, 10, 1s).tokens, 0);
}

TEST(BudgetHand, HandsOutNothingThatHasRunOut) {
    hand h = fresh();
    (void)h.ask(ann, 1, 1s);
    h.receive(granted(1), 1s, 1s + 1ms);
    EXPECT_EQ(h.ask(ann, 1, 1s + 100ms).tokens, 0);
    EXPECT_EQ(h.make_request(7, 1s + 100ms).returns.size(), 1U) << "it is certain that nobody uses it now";
}

TEST(BudgetHand, CountsTheLifeFromBeforeTheRequest) {
    hand h = fresh();
    (void)h.ask(ann, 1, 1s);
    h.receive(granted(1), 1s, 1s + 80ms); // a slow answer
    EXPECT_EQ(h.ask(ann, 1, 1s + 80ms).use_before, 1s + 100ms);
    EXPECT_EQ(h.make_request(7, 1s + 200ms).use_within, 200ms) << "the next one has more time";
}

TEST(BudgetHand, KeepsThePlaceOfAGuildThatCameTooLate) {
    hand h = fresh();
    (void)h.ask(ann, 1, 1s);
    (void)h.ask(bob, 1, 1s);
    h.receive(granted(1), 1s, 1s); // for ann, who does not come
    (void)h.ask(bob, 1, 1s + 150ms);
    h.receive(granted(1), 1s + 150ms, 1s + 150ms);
    EXPECT_EQ(h.ask(bob, 1, 1s + 151ms).tokens, 0);
    EXPECT_EQ(h.ask(ann, 1, 1s + 151ms).tokens, 1);
}

TEST(BudgetHand, ForgetsWhoDoesNotAskAgain) {
    hand h = fresh();
    (void)h.ask(ann, 5, 1s);
    EXPECT_EQ(h.waiting(), 1U);
    EXPECT_EQ(h.make_request(7, 1s + patience).wanted, 0);
    EXPECT_EQ(h.waiting(), 0U);
}

TEST(BudgetHand, WaitsAsLongAsItIsTold) {
    hand h = fresh();
    (void)h.ask(ann, 1, 1s);
    h.receive(granted(0, 400ms), 1s, 1s + 2ms);
    EXPECT_FALSE(h.may_request(1s + 401ms));
    EXPECT_TRUE(h.may_request(1s + 402ms));
    EXPECT_EQ(h.make_request(7, 1s + 402ms).guilds, 1) << "the guild still waits then";
}

TEST(BudgetHand, AsksAheadOnlyForWhatIsUsed) {
    hand h = fresh();
    (void)h.ask(ann, 6, 1s);
    EXPECT_EQ(h.make_request(7, 1s).spare, 0);
    h.receive(granted(6), 1s, 1s);
    EXPECT_EQ(h.ask(ann, 6, 1s).tokens, 6);
    EXPECT_EQ(h.make_request(7, 1s + 10ms).spare, 6);
    EXPECT_EQ(h.make_request(7, 5s).spare, 0) << "a trickle takes one at a time";
}

TEST(BudgetHand, PutBackTokensGoToOthersOrBack) {
    hand h = fresh();
    (void)h.ask(ann, 2, 1s);
    h.receive(granted(2), 1s, 1s);
    const taken got = h.ask(ann, 2, 1s);
    h.put_back(got, 2);
    EXPECT_EQ(h.ask(bob, 1, 1s + 1ms).tokens, 1);
    const std::vector<returned> back = h.give_up();
    ASSERT_EQ(back.size(), 1U);
    EXPECT_EQ(back[0].tokens, 1);
    EXPECT_TRUE(h.give_up().empty()) << "never twice";
}

TEST(BudgetHand, ClosedItHandsOutNothing) {
    hand h = fresh();
    (void)h.ask(ann, 1, 1s);
    h.receive(granted(3), 1s, 1s);
    h.close(9s);
    EXPECT_EQ(h.ask(ann, 1, 1s).tokens, 0);
    EXPECT_FALSE(h.may_request(8s));
    EXPECT_EQ(h.make_request(7, 9s).returns.at(0).tokens, 3);
}

} // namespace

} // namespace patt::budget
