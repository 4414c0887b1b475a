/// @file
/// Who may have which role, worked out a second time from what people said, what officers did and what
/// rosters told: the table of trust, written apart from the code that it judges.
#pragma once

#include "simulation/claims.hpp"
#include "simulation/game.hpp"

#include <patt/ids.hpp>
#include <patt/testing/chat_records.hpp>
#include <patt/time.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace patt::simulation {

class trust_oracle {
public:
    trust_oracle(const std::vector<game_guild>& guilds, const claims& said)
        : guilds_(guilds)
        , said_(said) {}

    /// A roster was handed in. `shape` says what may be concluded from it.
    void roster_told(const game_guild& of, roster_shape shape, instant now);
    /// An officer is about to confirm a character for somebody.
    void confirmed(guild_id guild, member_id who, game_id what);
    /// The officer's word was taken: the character is theirs now.
    void moved(guild_id guild, member_id who, game_id what);
    void left(guild_id guild, member_id who);

    /// Judges roles that appeared or went. @return What is wrong, if anything.
    [[nodiscard]] std::optional<std::string> roles_replaced(const testing::ledger_entry& done);
    /// Judges what is visible when everything has come to rest. @return What is wrong, if anything.
    [[nodiscard]] std::optional<std::string> at_rest(guild_id guild, member_id who,
                                                     const std::vector<role_id>& visible) const;
    [[nodiscard]] const std::set<role_id>& given_to(guild_id guild, member_id who) const;

private:
    /// What rosters told of a character. Ranks fade: an effect may come late, but not for ever.
    struct known {
        std::set<std::string> plains; ///< All names it ever had: a claim outlives a rename.
        int rank = 9;
        bool present = false;
        std::map<int, instant> last_true;
    };
    using place = std::pair<guild_id, member_id>;

    [[nodiscard]] const game_guild& guild_of(guild_id id) const;
    [[nodiscard]] bool may_have(const game_guild& g, member_id who, role_id role, const known& c, game_id id,
                                bool confirmed, const std::vector<int>& ranks) const;
    [[nodiscard]] std::optional<std::string> judge_new(const game_guild& g, member_id who, role_id role,
                                                       instant now);

    const std::vector<game_guild>& guilds_;
    const claims& said_;
    std::map<guild_id, std::map<game_id, known>> rosters_;
    std::map<place, std::set<game_id>> confirmed_;
    std::map<std::pair<guild_id, game_id>, member_id> holder_;
    std::map<place, std::set<role_id>> given_;
};

} // namespace patt::simulation
