/// @file
/// Issues: one open per hash.
#pragma once

#include "store/asked.hpp"

#include <patt/integrity/issue.hpp>
#include <patt/store/db.hpp>

#include <optional>
#include <span>
#include <vector>

namespace patt::store {

void put(connection& db, guild_id guild, const integrity::issue& issue);
[[nodiscard]] std::vector<integrity::issue> open_issues(connection& db, guild_id guild);
[[nodiscard]] asked<std::vector<integrity::issue>> ask_issues_about(connection& db, guild_id guild,
                                                                    member_id member);
[[nodiscard]] std::vector<integrity::issue> open_issues_about(connection& db, guild_id guild,
                                                              member_id member);
[[nodiscard]] std::vector<integrity::issue> open_issues_of_guild(connection& db, guild_id guild,
                                                                 integrity::issue_type type);
/// The open one of that type about a character.
/// Open ones of a type about any of several characters, by id.
[[nodiscard]] std::vector<integrity::issue>
open_issues_of(connection& db, guild_id guild, integrity::issue_type type, std::span<const character_id> who);
[[nodiscard]] std::optional<integrity::issue> open_issue_of(connection& db, guild_id guild,
                                                            integrity::issue_type type, character_id who);

} // namespace patt::store
