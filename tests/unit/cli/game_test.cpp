// The roster that the terminal plays with.

#include "chat/game.hpp"

#include <gtest/gtest.h>

namespace patt::cli::chat {
namespace {

TEST(Game, ReadsACharacterInAnyOrder) {
    game g;
    ASSERT_FALSE(g.put("Bro-ember-vale rank 1 demon hunter spec Havoc level 70"));
    const game_character& bro = g.characters().back();
    EXPECT_EQ(bro.entry.rank, 1);
    EXPECT_EQ(bro.entry.class_id, 12);
    EXPECT_EQ(bro.entry.level, 70);
    EXPECT_EQ(g.profiles().size(), 1U);
    EXPECT_EQ(*g.profiles().front().active_spec, "Havoc");
}

TEST(Game, RefusesWhatItDoesNotUnderstandAndChangesNothing) {
    game g;
    for (const char* wrong :
         {"", "Aralith", "-x", "Aralith-", "A-b rank 10", "A-b rank", "A-b level x", "A-b wizard"}) {
        EXPECT_TRUE(g.put(wrong)) << wrong;
    }
    EXPECT_TRUE(g.characters().empty());
}

TEST(Game, ChangesKeepTheNumberAndRenamesToo) {
    game g;
    ASSERT_FALSE(g.put("Aralith-ember-vale rank 3"));
    const game_id number = g.characters().front().entry.game;
    ASSERT_FALSE(g.put("Aralith-ember-vale rank 2"));
    ASSERT_FALSE(g.rename("Aralith", "Araluna-ostmark"));
    ASSERT_EQ(g.characters().size(), 1U);
    EXPECT_EQ(g.characters().front().entry.game, number);
    EXPECT_EQ(g.characters().front().entry.rank, 2);
    EXPECT_EQ(g.characters().front().entry.realm_slug, "ostmark");
}

TEST(Game, AsksForTheRealmWhenTwoHaveTheName) {
    game g;
    ASSERT_FALSE(g.put("Maren-ember-vale"));
    ASSERT_FALSE(g.put("Maren-ostmark"));
    ASSERT_TRUE(g.remove("Maren"));
    EXPECT_EQ(g.remove("Maren")->code, errc::ambiguous);
    EXPECT_FALSE(g.remove("Maren-ostmark"));
    EXPECT_EQ(g.remove("Nobody")->code, errc::not_found);
    EXPECT_EQ(g.characters().size(), 1U);
}

} // namespace
} // namespace patt::cli::chat
