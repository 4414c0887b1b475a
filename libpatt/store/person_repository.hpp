/// @file
/// Persons and members.
#pragma once

#include "store/asked.hpp"

#include <patt/identity/person.hpp>
#include <patt/store/db.hpp>

#include <optional>
#include <span>
#include <vector>

namespace patt::store {

void put(connection& db, guild_id guild, const identity::person& person);
[[nodiscard]] asked<std::optional<identity::person>> ask_person(connection& db, guild_id guild,
                                                                person_id person);
[[nodiscard]] std::optional<identity::person> find_person(connection& db, guild_id guild, person_id person);

void put(connection& db, guild_id guild, const identity::member& member);
[[nodiscard]] asked<std::optional<identity::member>> ask_member(connection& db, guild_id guild,
                                                                member_id member);
[[nodiscard]] std::optional<identity::member> find_member(connection& db, guild_id guild, member_id member);
/// Those of them that there are, in no order.
[[nodiscard]] std::vector<identity::member> find_members(connection& db, guild_id guild,
                                                         std::span<const member_id> who);
[[nodiscard]] asked<std::vector<identity::member>> ask_members_of(connection& db, guild_id guild,
                                                                  person_id person);
[[nodiscard]] std::vector<identity::member> members_of(connection& db, guild_id guild, person_id person);
/// Those of several persons, by id.
[[nodiscard]] std::vector<identity::member> members_of(connection& db, guild_id guild,
                                                       std::span<const person_id> persons);
[[nodiscard]] std::vector<identity::member> present_members(connection& db, guild_id guild);

} // namespace patt::store
