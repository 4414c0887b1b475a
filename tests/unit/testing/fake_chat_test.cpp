#include "chat_fixture.hpp"

#include <algorithm>
#include <chrono>

namespace patt::testing {
namespace {

using namespace std::chrono_literals;
using FakeChat = chat_fixture;

std::size_t most(const std::vector<ledger_count>& counts) {
    std::size_t out = 0;
    for (const ledger_count& c : counts) {
        out = std::max(out, c.times);
    }
    return out;
}

TEST_F(FakeChat, DeliversMessagesInOrder) {
    EXPECT_EQ(send(zat, "one", "a"), effect_error::none);
    EXPECT_EQ(send(zat, "two", "b"), effect_error::none);
    ASSERT_EQ(chat.inbox(zat).size(), 2U);
    EXPECT_EQ(chat.inbox(zat)[0].message.content, "one");
    EXPECT_EQ(chat.inbox(zat)[1].key, "b");
    EXPECT_NE(chat.inbox(zat)[0].id, chat.inbox(zat)[1].id);
    EXPECT_TRUE(chat.inbox(mito).empty());
}

TEST_F(FakeChat, AnswersAKnownKeyAsTheFirstTimeAndDeliversNothing) {
    const effect_outcome first = chat.send(guild, zat, words("one"), "a");
    const effect_outcome again = chat.send(guild, zat, words("one"), "a");
    EXPECT_EQ(again.error, effect_error::none);
    EXPECT_EQ(again.external_ref, first.external_ref);
    EXPECT_EQ(chat.inbox(zat).size(), 1U);
    ASSERT_EQ(chat.ledger().size(), 1U);
    EXPECT_EQ(chat.ledger()[0].repeats, 1);
    EXPECT_EQ(chat.ledger()[0].other_content, 0);
}

TEST_F(FakeChat, NoticesAKeyThatIsUsedForTwoThings) {
    EXPECT_EQ(send(zat, "one", "a"), effect_error::none);
    EXPECT_EQ(send(zat, "two", "a"), effect_error::none);
    EXPECT_EQ(chat.ledger()[0].other_content, 1);
}

TEST_F(FakeChat, RemembersAKeyForEachRecipientApart) {
    EXPECT_EQ(send(zat, "one", "a"), effect_error::none);
    EXPECT_EQ(send(mito, "one", "a"), effect_error::none);
    EXPECT_EQ(chat.inbox(mito).size(), 1U);
}

TEST_F(FakeChat, ShowsAWrongKeyAsTheSameContentTwice) {
    EXPECT_EQ(send(zat, "one", "a"), effect_error::none);
    EXPECT_EQ(send(zat, "one", "random"), effect_error::none);
    EXPECT_EQ(most(chat.counted_by_key()), 1U);
    EXPECT_EQ(most(chat.counted_by_content()), 2U);
}

TEST_F(FakeChat, ForgetsKeysAfterTheWindow) {
    chat.set_dedupe_window(5min);
    EXPECT_EQ(send(zat, "one", "a"), effect_error::none);
    clock.turn(4min);
    EXPECT_EQ(send(zat, "one", "a"), effect_error::none);
    EXPECT_EQ(chat.inbox(zat).size(), 1U);
    clock.turn(2min);
    EXPECT_EQ(send(zat, "one", "a"), effect_error::none);
    EXPECT_EQ(chat.inbox(zat).size(), 2U);
    EXPECT_EQ(most(chat.counted_by_key()), 2U);
}

TEST_F(FakeChat, WithoutAWindowSendsAgain) {
    chat.set_dedupe_window(0s);
    EXPECT_EQ(send(zat, "one", "a"), effect_error::none);
    EXPECT_EQ(send(zat, "one", "a"), effect_error::none);
    EXPECT_EQ(chat.inbox(zat).size(), 2U);
}

TEST_F(FakeChat, TakesMessagesWithoutAKeyEachForItself) {
    EXPECT_EQ(send(zat, "one", ""), effect_error::none);
    EXPECT_EQ(send(zat, "one", ""), effect_error::none);
    EXPECT_EQ(chat.inbox(zat).size(), 2U);
}

TEST_F(FakeChat, KnowsNobodyWhoIsNotThere) {
    EXPECT_EQ(send(member_id{5}, "one", "a"), effect_error::unknown_member);
    EXPECT_EQ(chat.send(other_guild, zat, words("one"), "a").error, effect_error::unknown_member);
    chat.remove_member(guild, zat);
    EXPECT_EQ(send(zat, "one", "a"), effect_error::unknown_member);
    EXPECT_EQ(replace(zat, {}, "r"), effect_error::unknown_member);
    EXPECT_TRUE(std::holds_alternative<effect_outcome>(chat.fetch_member(guild, zat)));
    EXPECT_TRUE(chat.ledger().empty());
}

TEST_F(FakeChat, PostsOnlyInChannelsThatAreThere) {
    EXPECT_EQ(chat.post(guild, audit, words("look"), "p").error, effect_error::none);
    EXPECT_EQ(chat.post(guild, channel_id{99}, words("look"), "p").error, effect_error::unknown_channel);
    EXPECT_EQ(chat.post(other_guild, audit, words("look"), "p").error, effect_error::unknown_channel);
    EXPECT_EQ(chat.channel(guild, audit).size(), 1U);
}

TEST_F(FakeChat, ReplacesRolesAndTellsWhatWasVisible) {
    EXPECT_EQ(replace(mito, {low}, "r"), effect_error::none);
    ASSERT_EQ(chat.ledger().size(), 1U);
    const ledger_entry& e = chat.ledger()[0];
    EXPECT_EQ(e.before, (std::vector<role_id>{low, mid}));
    EXPECT_EQ(e.after, std::vector<role_id>{low});
    EXPECT_EQ(e.content, "[10 11] -> [10]");
    EXPECT_TRUE(e.visible());
}

TEST_F(FakeChat, LastWriteOfRolesWinsWhateverTheKey) {
    EXPECT_EQ(replace(mito, {low}, "r"), effect_error::none);
    EXPECT_EQ(replace(mito, {mid}, "r"), effect_error::none);
    EXPECT_EQ(chat.member(guild, mito)->roles, std::vector<role_id>{mid});
}

TEST_F(FakeChat, DoesNotCountAReplacementThatChangesNothing) {
    EXPECT_EQ(replace(mito, {mid, low, mid}, "r"), effect_error::none);
    EXPECT_FALSE(chat.ledger()[0].visible());
    EXPECT_TRUE(chat.counted_by_key().empty());
}

TEST_F(FakeChat, RefusesRolesThatTheBotMayNotTouch) {
    EXPECT_EQ(replace(mito, {low, mid, top}, "r"), effect_error::role_order);
    EXPECT_EQ(replace(mito, {role_id{77}}, "r"), effect_error::unknown_role);
    chat.set_roles(guild, mito, {top});
    EXPECT_EQ(replace(mito, {top, low}, "r"), effect_error::none) << "a role that stays may be above the bot";
    EXPECT_EQ(replace(mito, {low}, "r"), effect_error::role_order);
}

TEST_F(FakeChat, TellsOfRolesAndMembersFresh) {
    const auto role = chat.fetch_role(guild, mid);
    EXPECT_EQ(std::get<engine::role_state>(role).permissions, 8U);
    EXPECT_TRUE(std::holds_alternative<effect_outcome>(chat.fetch_role(guild, role_id{77})));
    chat.set_roles(guild, zat, {mid, low});
    const auto member = chat.fetch_member(guild, zat);
    EXPECT_EQ(std::get<engine::member_state>(member).roles, (std::vector<role_id>{low, mid}));
    EXPECT_TRUE(chat.ledger().empty()) << "somebody else's change is no action of PATT";
}

TEST_F(FakeChat, TakesARemovedRoleFromItsHolders) {
    chat.remove_role(guild, mid);
    EXPECT_EQ(chat.member(guild, mito)->roles, std::vector<role_id>{low});
}

} // namespace
} // namespace patt::testing
