/// @file
/// The game as a port: where a guild's roster comes from. Battle.net, a file, a made-up game.
#pragma once

#include <patt/engine/engine.hpp>
#include <patt/identity/roster.hpp>
#include <patt/result.hpp>

#include <string>
#include <vector>

namespace patt::engine {

/// What a source gave. Profiles enrich; one that failed is simply not here and never subtracts a member.
struct fetched_roster {
    identity::roster_snapshot snapshot;
    std::vector<identity::character_profile> profiles;
    std::vector<std::string> left_out; ///< Profiles that could not be used, for people.
};

/// @par Threads  Called by whoever calls `sync_roster`; may block.
class game_source {
public:
    game_source() = default;
    game_source(const game_source&) = delete;
    game_source& operator=(const game_source&) = delete;
    virtual ~game_source() = default;
    /// @par Refusals  Whatever keeps the roster from coming: the detail says what and where. It is an outage,
    /// never an
    ///                empty guild.
    [[nodiscard]] virtual result<fetched_roster> fetch_roster(guild_id guild) = 0;
};

/// Fetches the roster and hands it in; an outage is recorded as a failed sync run with one issue.
/// One host at a time does this for a guild: it holds the lease `sync` of the guild from before the fetch
/// until the roster is handed in, so that an older roster never arrives after a newer one.
/// @return  As of `import_roster`; refused as `incomplete` when nothing of it could be used, as `conflict`
/// when another host is at it.
[[nodiscard]] reply sync_roster(engine& to, game_source& from, guild_id guild, const origin& by,
                                const std::string& cause);

} // namespace patt::engine
