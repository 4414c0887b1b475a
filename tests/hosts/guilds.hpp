/// @file
/// The guilds of the crowd: their rosters, roles and channels, and how they come into a database and a chat.
#pragma once

#include <patt/engine/engine.hpp>
#include <patt/ids.hpp>
#include <patt/store/db.hpp>

#include <memory>
#include <string>

namespace patt::hosts {

struct size {
    int guilds = 100;
    int members = 1000; ///< Characters in each guild's roster.
    int newcomers = 4;  ///< In each guild: who play.
};

/// Ids in the chat differ from guild to guild.
[[nodiscard]] std::int64_t in_guild(guild_id guild, std::int64_t number);
[[nodiscard]] member_id owner_of(guild_id guild);
/// The `number`-th newcomer, from 0.
[[nodiscard]] member_id newcomer_of(guild_id guild, int number);
/// The name of the `number`-th character of every guild: letters only, unlike each other.
[[nodiscard]] std::string character_name(int number);
/// The role that the newcomer's character is entitled to after the roster of that number.
[[nodiscard]] role_id role_of(guild_id guild, int newcomer, int roster);
/// The roster, as text, with `size::members` characters. From roster to roster some that nobody plays change
/// ranks.
[[nodiscard]] std::string roster_of(guild_id guild, int number);
/// How many characters `roster_of` has; from the environment's PATT_HOSTS_MEMBERS, so that all processes
/// agree.
[[nodiscard]] int members_of_a_roster();

/// The environment's name for PostgreSQL's time-outs as they are by default.
inline constexpr const char* as_in_production = "PATT_HOSTS_AS_IN_PRODUCTION";
/// Opens `sqlite:FILE` or `postgresql://...`, the latter as hosts do, behind its walls, with shorter
/// time-outs, as the leases of these tests are.
[[nodiscard]] std::shared_ptr<store::database> open_database(const std::string& where);

/// The same for the tests themselves: as the user of the connection string, the superuser, who sees every
/// row.
[[nodiscard]] std::shared_ptr<store::database> open_whole(const std::string& where);

/// Makes the tables in an empty database, on PostgreSQL with their walls, and the guilds as a host does, with
/// their first roster imported.
/// @param where  As `open_database`, with the superuser.
void make_guilds(const std::string& where, const size& how);

/// The chat server's world, as `fake_chat::to_json`.
[[nodiscard]] std::string chat_world(const size& how);

/// The instance key of all hosts.
inline constexpr std::string_view instance_key = "the instance key of the many hosts";

} // namespace patt::hosts
