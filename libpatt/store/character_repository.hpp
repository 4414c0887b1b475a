/// @file
/// Characters of the game, their former names, and the links that give them to persons.
#pragma once

#include <patt/identity/character.hpp>
#include <patt/identity/link.hpp>
#include <patt/identity/roster.hpp>
#include <patt/store/db.hpp>

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace patt::store {

/// The name's key column is made here (`text::folded_key`): SQL folds nothing.
void put(connection& db, guild_id guild, const identity::character& who);
void put(connection& db, guild_id guild, const identity::former_name& name);
void put(connection& db, guild_id guild, const identity::link& link);

[[nodiscard]] std::optional<identity::character> find_character(connection& db, guild_id guild,
                                                                character_id who);
/// Present and absent ones of that folded name, by realm.
[[nodiscard]] std::vector<identity::character> characters_named(connection& db, guild_id guild,
                                                                std::string_view key);
[[nodiscard]] std::optional<identity::character> character_of_game(connection& db, guild_id guild,
                                                                   game_id game);
[[nodiscard]] std::vector<identity::character> characters_of(connection& db, guild_id guild,
                                                             person_id person);
/// Calls `see` for each present character. Not for hot paths: it reads the whole roster.
void each_present_character(connection& db, guild_id guild,
                            const std::function<void(const identity::character&)>& see);
/// Up to `most` present characters that the sync run did not see, by id.
[[nodiscard]] std::vector<identity::character> unseen_characters(connection& db, guild_id guild,
                                                                 sync_run_id run, int most);
[[nodiscard]] std::int64_t count_present(connection& db, guild_id guild);

/// The active link above `suggested` of a character or member.
[[nodiscard]] std::optional<identity::link> active_link(connection& db, guild_id guild,
                                                        identity::link_kind kind, std::int64_t target);
/// All active links of a person, suggested ones included.
[[nodiscard]] std::vector<identity::link> links_of(connection& db, guild_id guild, person_id person);

} // namespace patt::store
