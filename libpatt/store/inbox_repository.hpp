/// @file
/// The way in: inputs that came with a key, and the routes of direct messages.
#pragma once

#include "store/asked.hpp"

#include <patt/store/db.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::store {

/// The stored reply to an input of that key.
[[nodiscard]] asked<std::optional<std::string>> ask_input(connection& db, guild_id guild,
                                                          std::string_view key);
[[nodiscard]] std::optional<std::string> known_input(connection& db, guild_id guild, std::string_view key);
void remember_input(connection& db, guild_id guild, std::string_view key, std::string_view reply,
                    instant now);

/// Forgets inputs that were received before a time.
void forget_inputs(connection& db, guild_id guild, instant before);

/// Where a member's direct messages may belong.
struct dm_routes {
    /// Among the guilds in which they are present: the one that asked last among the open questions; else the
    /// one that asked last; else the only one. None when it cannot be told.
    guild_id now;
    std::vector<guild_id> all; ///< Those that they left as well.
};
[[nodiscard]] asked<dm_routes> ask_routes(connection& db, member_id member);
[[nodiscard]] dm_routes routes_of(connection& db, member_id member);
void open_route(connection& db, guild_id guild, member_id member, session_id session, instant now);
void close_route(connection& db, guild_id guild, member_id member);

} // namespace patt::store
