/// @file
/// A guild as the plain matcher reads it: everything in plain lists, made from nothing for every answer.
#pragma once

#include "unit/identity/reference/names.hpp"

#include <patt/identity/matcher.hpp>
#include <patt/identity/note.hpp>

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace patt::identity::reference {

/// What a matcher was told, those who are gone included.
struct content {
    matcher_settings settings;
    std::map<character_id, match_character> characters;
    std::map<member_id, match_member> members;
    std::vector<match_ruling> rulings; ///< With their facts, each thing once.
    std::vector<route_experience> experience;
};

/// A name that a note of a character gives.
struct told_name {
    pointer_kind kind = pointer_kind::mention;
    channel from = channel::guild_note;
    std::string text;
    std::string key;
    std::string singular;
};

/// A character that takes part.
struct character {
    match_character record;
    std::vector<spelling> names;
    std::vector<told_name> told;
    std::string realm; ///< Its key; empty: the guild's own.
    std::set<name_key> keys;
};

/// A character that a member named as own.
struct claimed_name {
    spelling name;
    std::string realm;
};

/// A member that takes part.
struct member {
    match_member record;
    std::vector<spelling> names;
    std::vector<claimed_name> claims;
    std::set<name_key> keys;
};

/// Those who take part, by id.
struct guild {
    const content* told = nullptr;
    std::vector<character> characters;
    std::vector<member> members;
};

/// Whom the notes of a character name, in order.
[[nodiscard]] std::vector<told_name> told_by(const match_character& record);

/// Reads everything. The content must outlive the guild.
[[nodiscard]] guild read_guild(const content& all);

/// What officers' rulings taught of one kind of evidence; the last word counts.
[[nodiscard]] bits experience_of(const guild& g, route by);

/// The member with this id; null if it takes no part.
[[nodiscard]] const member* find_member(const guild& g, member_id id);

/// The place of the character with this id; as many as there are characters if it takes no part.
[[nodiscard]] std::size_t find_character(const guild& g, character_id id);

} // namespace patt::identity::reference
