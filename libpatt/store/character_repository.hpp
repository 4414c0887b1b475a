/// @file
/// Characters of the game, their former names, and the links that give them to persons.
#pragma once

#include "store/asked.hpp"

#include <patt/identity/character.hpp>
#include <patt/identity/link.hpp>
#include <patt/identity/roster.hpp>
#include <patt/store/db.hpp>

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::store {

/// The name's key column is made here (`text::folded_key`): SQL folds nothing.
void put(connection& db, guild_id guild, const identity::character& who);
void put(connection& db, guild_id guild, const identity::link& link);
/// Several rows at a time; of two with the same key the later counts.
void put_characters(connection& db, guild_id guild, const std::vector<const identity::character*>& rows);
void put_former_names(connection& db, guild_id guild, const std::vector<const identity::former_name*>& rows);

[[nodiscard]] std::optional<identity::character> find_character(connection& db, guild_id guild,
                                                                character_id who);
/// Present and absent ones of that folded name, by realm.
[[nodiscard]] std::vector<identity::character> characters_named(connection& db, guild_id guild,
                                                                std::string_view key);
/// Of any of these folded names, in no order. Give each name once.
[[nodiscard]] std::vector<identity::character> characters_named(connection& db, guild_id guild,
                                                                std::span<const std::string_view> keys);
/// Those, and perhaps others whose names lie between: cheaper where nearly all of them are wanted, as for a
/// part of a sorted roster.
[[nodiscard]] std::vector<identity::character> characters_around(connection& db, guild_id guild,
                                                                 std::span<const std::string_view> keys);
/// In no order. Give each number once.
[[nodiscard]] std::vector<identity::character> characters_of_games(connection& db, guild_id guild,
                                                                   std::span<const game_id> games);
/// By id. Give each once.
[[nodiscard]] std::vector<identity::character> find_characters(connection& db, guild_id guild,
                                                               std::span<const character_id> who);
[[nodiscard]] asked<std::vector<identity::character>> ask_characters_of(connection& db, guild_id guild,
                                                                        person_id person);
[[nodiscard]] asked<std::vector<identity::link>> ask_links_of(connection& db, guild_id guild,
                                                              person_id person);
[[nodiscard]] std::vector<identity::character> characters_of(connection& db, guild_id guild,
                                                             person_id person);
/// Calls `see` for each present character. Not for hot paths: it reads the whole roster.
void each_present_character(connection& db, guild_id guild,
                            const std::function<void(const identity::character&)>& see);
/// When the guild's first character was seen, of all there ever were; none without any. It reads all of them.
[[nodiscard]] std::optional<instant> first_seen_in(connection& db, guild_id guild);
/// Whom to look for in a new roster, in no order. It reads the whole roster.
[[nodiscard]] std::vector<identity::known_reference> present_references(connection& db, guild_id guild);
/// The present characters whose rows another sync run wrote last, by id.
[[nodiscard]] std::vector<character_id> present_not_written_by(connection& db, guild_id guild,
                                                               sync_run_id run);
[[nodiscard]] std::int64_t count_present(connection& db, guild_id guild);

/// The active link above `suggested` of a character or member.
/// Those that give several characters to persons, in no order.
[[nodiscard]] std::vector<identity::link> active_links_of(connection& db, guild_id guild,
                                                          std::span<const character_id> who);
[[nodiscard]] std::optional<identity::link> active_link(connection& db, guild_id guild,
                                                        identity::link_kind kind, std::int64_t target);
/// All active links of a person, suggested ones included.
[[nodiscard]] std::vector<identity::link> links_of(connection& db, guild_id guild, person_id person);
/// Those of several persons, in no order.
[[nodiscard]] std::vector<identity::link> links_of(connection& db, guild_id guild,
                                                   std::span<const person_id> persons);
/// What a person is or was linked to, each once.
[[nodiscard]] std::vector<std::pair<identity::link_kind, std::int64_t>>
link_targets_of(connection& db, guild_id guild, person_id person);
/// All links above `suggested`, of present and absent characters.
void each_owner_link(connection& db, guild_id guild, const std::function<void(const identity::link&)>& see);
/// Active links of level `suggested` to these characters, up to a few hundred; the oldest of each first.
[[nodiscard]] std::vector<identity::link> suggested_links_to(connection& db, guild_id guild,
                                                             std::span<const character_id> who);

} // namespace patt::store
