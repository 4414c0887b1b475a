// The made-up guilds themselves.

#include "simulation/dice.hpp"
#include "simulation/game.hpp"

#include <gtest/gtest.h>

namespace patt::simulation {
namespace {

// Whoever looks at a character goes on looking while somebody joins the guild.
TEST(Game, LeavesCharactersWhereTheyAreWhenTheGuildGrows) {
    dice chance(1);
    game played(chance, 6);
    game_guild& guild = played.guilds().front();
    const game_character& leader = guild.characters.front();
    const game_character& last = guild.characters.back();
    const std::size_t place = guild.characters.size() - 1;
    for (int i = 0; i < 1000; ++i) {
        played.add_character(guild, 4);
    }
    EXPECT_EQ(&guild.characters.front(), &leader);
    EXPECT_EQ(&guild.characters[place], &last);
}

} // namespace
} // namespace patt::simulation
