/// @file
/// A character as PATT remembers it: one row per guild and character.
#pragma once

#include <patt/ids.hpp>
#include <patt/time.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace patt::identity {

/// The lowest rank a guild can have; 0 is the guild leader.
inline constexpr std::int32_t lowest_rank = 9;

/// Somebody in the game. A plain row; the decisions about it are in roster_merge.hpp.
///
/// An empty text, a zero id and a zero number mean "not known". `game` is unique in a guild when it is known.
/// `name` and `realm_slug` are not unique: a removed character keeps its name, and somebody else may take it.
struct character {
    character_id id;                 ///< PATT's own id; none until the row is written.
    person_id person;                ///< Who plays it; none when nobody is linked.
    game_id game;                    ///< Battle.net's stable number; none when no source gave it.
    std::string name;                ///< As the game spells it, with accents.
    std::string realm_slug;          ///< For example `area-52`.
    std::string realm_name;          ///< For example `Area 52`; may be empty, show the slug then.
    std::int32_t class_id = 0;       ///< See class_table.hpp.
    std::string spec;                ///< Active specialisation as the game names it.
    std::int32_t level = 0;          ///< 1 to the game's current maximum.
    std::int32_t item_level = 0;     ///< Equipped.
    std::int32_t rank = lowest_rank; ///< 0 (guild leader) to 9.
    instant last_login;              ///< The last login that a profile told of.
    bool present = true;             ///< In the guild, as far as PATT knows.
    instant first_seen;              ///< When PATT first saw it in a roster.
    instant removed_at;              ///< When a complete roster no longer had it; none while present.
    sync_run_id seen_run;            ///< The last sync run that saw it otherwise than it was, and wrote it.

    friend bool operator==(const character&, const character&) = default;
};

/// What two spellings of the same character have in common: the folded name, and the realm.
///
/// A fallback for sources without a game number. The game tells apart names that differ only in an accent,
/// so two characters of one guild may share a key; whoever looks up by key must expect several.
struct character_key {
    std::string folded_name; ///< `patt::text::folded_key` of the name.
    std::string realm_slug;

    friend auto operator<=>(const character_key&, const character_key&) = default;
};

/// The key of a name as it is spelled.
[[nodiscard]] character_key key_of(std::string_view name, std::string_view realm_slug);

/// A name that a character bore before; a row of its history.
struct former_name {
    character_id character; ///< Whose name it was.
    std::string name;
    std::string realm_slug;
    instant recorded_at; ///< When PATT saw that it had changed.

    friend bool operator==(const former_name&, const former_name&) = default;
};

} // namespace patt::identity

template <>
struct std::hash<patt::identity::character_key> {
    std::size_t operator()(const patt::identity::character_key& k) const noexcept {
        const std::hash<std::string> h;
        return h(k.folded_name) * 31U + h(k.realm_slug);
    }
};
