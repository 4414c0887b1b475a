/// @file
/// What the roles of the chat server are called.
#pragma once

#include <patt/identity/chat_role.hpp>
#include <patt/store/db.hpp>

#include <vector>

namespace patt::store {

void put(connection& db, guild_id guild, const identity::chat_role& role);
/// By id.
[[nodiscard]] std::vector<identity::chat_role> chat_roles(connection& db, guild_id guild);

} // namespace patt::store
