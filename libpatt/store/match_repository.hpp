/// @file
/// What matching keeps: notes, aliases, rulings, the queue.
#pragma once

#include <patt/identity/character.hpp>
#include <patt/identity/link.hpp>
#include <patt/identity/review.hpp>
#include <patt/store/db.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace patt::store {

void put(connection& db, guild_id guild, const identity::character_note& note);
void put(connection& db, guild_id guild, const identity::member_alias& alias);
void put(connection& db, guild_id guild, const identity::ruling& ruling);
void put_items(connection& db, guild_id guild, std::span<const identity::review_item* const> items);

[[nodiscard]] std::optional<identity::character_note> note_of(connection& db, guild_id guild,
                                                              character_id who);
void each_note(connection& db, guild_id guild,
               const std::function<void(const identity::character_note&)>& see);

/// By source and name.
[[nodiscard]] std::vector<identity::member_alias> aliases_of(connection& db, guild_id guild, member_id who);
[[nodiscard]] std::vector<identity::member_alias> aliases_learned_from(connection& db, guild_id guild,
                                                                       identity::ruling_id ruling);
/// The same of several members, up to a few hundred; those of one member in that order.
[[nodiscard]] std::vector<identity::member_alias> aliases_of(connection& db, guild_id guild,
                                                             std::span<const member_id> who);
void each_alias(connection& db, guild_id guild,
                const std::function<void(const identity::member_alias&)>& see);

/// Of several characters, up to a few hundred; the former names of one by age.
[[nodiscard]] std::vector<identity::character_note> notes_of(connection& db, guild_id guild,
                                                             std::span<const character_id> who);
[[nodiscard]] std::vector<identity::former_name> former_names_of(connection& db, guild_id guild,
                                                                 std::span<const character_id> who);
[[nodiscard]] std::vector<identity::ruling> rulings_of(connection& db, guild_id guild,
                                                       std::span<const character_id> who);
void each_former_name(connection& db, guild_id guild,
                      const std::function<void(const identity::former_name&)>& see);

/// Active ones that name the character on either side, the oldest first.
[[nodiscard]] std::vector<identity::ruling> rulings_of(connection& db, guild_id guild, character_id who);
[[nodiscard]] std::vector<identity::ruling> rulings_about(connection& db, guild_id guild, member_id who);
/// Active ones, the oldest first.
[[nodiscard]] std::vector<identity::ruling> active_rulings(connection& db, guild_id guild);
/// What the rulings teach: all but those that were taken back or replaced.
[[nodiscard]] std::vector<identity::route_experience> experience_of(connection& db, guild_id guild);
/// All, ended ones too, the newest first.
[[nodiscard]] std::vector<identity::ruling> recent_rulings(connection& db, guild_id guild, int most);
[[nodiscard]] std::optional<identity::ruling> find_ruling(connection& db, guild_id guild,
                                                          identity::ruling_id which);

/// The open items about several characters or members, in no order.
[[nodiscard]] std::vector<identity::review_item> open_items_of(connection& db, guild_id guild,
                                                               std::span<const character_id> who);
[[nodiscard]] std::vector<identity::review_item> open_items_of(connection& db, guild_id guild,
                                                               std::span<const member_id> who);
[[nodiscard]] std::vector<identity::review_item> open_items(connection& db, guild_id guild);

/// What was written after a point of the log of all that the matcher knows.
struct match_changes {
    enum class extent : std::uint8_t { nothing, some, everything } how_much = extent::nothing;
    std::vector<member_id> members; ///< Who came, went or changed.
    std::vector<person_id> persons; ///< Whose links were made, changed or ended.
    bool role_names = false;        ///< What roles are called may have changed.
};
/// @param most  Of more than so many members and persons it says `everything`.
[[nodiscard]] match_changes match_changes_since(connection& db, guild_id guild, std::int64_t seq, int most);

} // namespace patt::store
