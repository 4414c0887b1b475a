/// @file
/// Role grants, invites and roster entries.
#pragma once

#include "store/asked.hpp"

#include <patt/digest.hpp>
#include <patt/provisioning/grant.hpp>
#include <patt/store/db.hpp>

#include <optional>
#include <vector>

namespace patt::store {

void put(connection& db, guild_id guild, const provisioning::grant& grant);
void put(connection& db, guild_id guild, const provisioning::invite& invite);
void put(connection& db, guild_id guild, const provisioning::roster_entry& entry);

/// Those of all accounts of a person.
[[nodiscard]] asked<std::vector<provisioning::grant>> ask_grants_of(connection& db, guild_id guild,
                                                                    person_id person);
[[nodiscard]] std::vector<provisioning::grant> grants_of(connection& db, guild_id guild, member_id member);
/// The session's invite that is neither used nor revoked (it may be expired).
[[nodiscard]] asked<std::optional<provisioning::invite>> ask_live_invite(connection& db, guild_id guild,
                                                                         session_id session);
[[nodiscard]] std::optional<provisioning::invite> live_invite(connection& db, guild_id guild,
                                                              session_id session);
[[nodiscard]] std::optional<provisioning::invite> invite_by_hash(connection& db, guild_id guild,
                                                                 const digest& hash);
[[nodiscard]] std::vector<character_id> listed_characters(connection& db, guild_id guild, person_id person);
[[nodiscard]] std::vector<provisioning::roster_entry> roster_entries(connection& db, guild_id guild);

} // namespace patt::store
