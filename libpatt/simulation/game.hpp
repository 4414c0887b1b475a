/// @file
/// The guilds as the game and the chat server have them: who is in them, under which name and rank.
#pragma once

#include "simulation/dice.hpp"

#include <patt/identity/roster.hpp>
#include <patt/ids.hpp>
#include <patt/testing/fake_chat.hpp>

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace patt::simulation {

struct game_character {
    game_id game;
    std::string name;  ///< As the game spells it, with accents.
    std::string plain; ///< Without them, in small letters.
    std::string realm;
    std::string slug;
    int class_id = 1;
    int level = 80;
    int rank = 9;
    bool present = true;
    bool owned = false; ///< Somebody of the run plays it.
};

struct game_guild {
    guild_id id;
    std::string name;
    member_id owner;
    channel_id landing;
    channel_id welcome;
    channel_id audit;
    std::vector<role_id> rank_roles; ///< By rank, 0 to 4; ranks below have the last one's.
    int officer_rank = 1;
    int claim_max_rank = 2;
    /// No vector: whoever holds one of them may add another.
    std::deque<game_character> characters;

    [[nodiscard]] role_id role_of(int rank) const {
        return rank_roles[std::min(static_cast<std::size_t>(rank), rank_roles.size() - 1)];
    }
};

/// How a roster arrives.
enum class roster_shape : std::uint8_t { whole, empty, cut, half };

/// Makes guilds and what happens in them.
class game {
public:
    game(dice& chance, int members);
    [[nodiscard]] std::vector<game_guild>& guilds() noexcept { return guilds_; }
    /// A new character in a guild. @return Its place.
    std::size_t add_character(game_guild& to, int rank);
    /// What the game's server answers now.
    [[nodiscard]] std::shared_ptr<const identity::roster_snapshot> roster(const game_guild& of,
                                                                          roster_shape shape) const;
    void rename(game_character& who);

private:
    [[nodiscard]] std::string fresh_plain();
    void spell(game_character& who);

    dice& chance_;
    std::vector<game_guild> guilds_;
    std::set<std::string> taken_;
    std::int64_t next_game_ = 1001;
};

/// Builds the guilds' roles and channels.
void build_chat(const game_guild& guild, testing::fake_chat& chat);

} // namespace patt::simulation
