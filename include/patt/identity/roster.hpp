/// @file
/// A guild's roster as one source delivered it, and what is made of it before a merge.
///
/// The way of a roster: an adapter parses a `roster_snapshot`; `prepare_roster` drops repetitions and sorts,
/// `attach_profiles` adds what is known of each; `count_missing` compares with what is known; `assess`
/// (roster_verdict.hpp) says what may be done with it; `merge_chunk` and `plan_departures` (roster_merge.hpp)
/// make the rows.
#pragma once

#include <patt/identity/character.hpp>
#include <patt/identity/character_facts.hpp>
#include <patt/ids.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace patt::identity {

/// Battle.net's stable number of a guild; survives a rename of the guild.
using game_guild_id = id<struct game_guild_tag>;

/// A guild as the game knows it. An empty text and a zero id mean "not known".
struct game_guild {
    game_guild_id id;
    std::string name;
    std::string realm_slug;
    std::string realm_name;

    friend bool operator==(const game_guild&, const game_guild&) = default;
};

/// Whether a source was read to its end.
enum class roster_delivery : std::uint8_t {
    whole, ///< As far as the source can tell.
    cut,   ///< It stopped early: connection lost, page missing, limit reached.
};

/// A member that a source named and that could not be used.
struct rejected_member {
    std::size_t position = 0; ///< In the source, from 0.
    std::string where;        ///< For a person to find it, for example `members[17].rank`.
    std::string reason;       ///< One sentence.

    friend bool operator==(const rejected_member&, const rejected_member&) = default;
};

/// What one source said about who is in a guild, and what it says about its own completeness.
struct roster_snapshot {
    game_guild guild;
    std::vector<roster_entry> entries;     ///< In the order of the source.
    std::vector<rejected_member> rejected; ///< The first hundred; `rejected_count` counts all.
    std::size_t rejected_count = 0;
    std::optional<std::size_t> announced; ///< How many members the source says there are, if it says so.
    roster_delivery delivery = roster_delivery::whole;
    std::string source; ///< For people: a file's name, `battle.net`, an add-on's exporter.
};

/// One entry with its key and, when one was read, its profile.
struct roster_item {
    roster_entry entry;
    character_key key;
    std::optional<character_profile> profile;
};

/// The distinct entries of a snapshot, in an order in which equal keys are neighbours.
struct prepared_roster {
    std::vector<roster_item> items;
    std::size_t repeated_ids = 0;   ///< Entries left out since their game number had come before.
    std::size_t repeated_names = 0; ///< Entries left out since their name and realm had come before.
};

/// Gives the entries their keys, leaves out repetitions (the first one stays) and sorts by key.
///
/// Names that differ only in accents are different characters in the game and both stay.
[[nodiscard]] prepared_roster prepare_roster(const roster_snapshot& snapshot);

/// What became of profiles that were handed out to entries.
struct profile_totals {
    std::size_t attached = 0;
    std::size_t unmatched = 0;  ///< Of nobody in the roster.
    std::size_t superseded = 0; ///< Another profile of the same character tells of a later login.
};

/// Gives each entry its profile: by game number, else by name and realm where one side has no number.
///
/// Also gives entries the name of their realm when any of the profiles has it.
[[nodiscard]] profile_totals attach_profiles(prepared_roster& roster,
                                             std::vector<character_profile> profiles);

/// The end of a chunk that begins at `first`: about `size` items, never parting equal keys.
///
/// Two entries that share a key must be merged in one chunk, or the first could take the row of the second.
[[nodiscard]] std::size_t chunk_end(std::span<const roster_item> items, std::size_t first, std::size_t size);

/// A present character, as far as needed to look for it in a roster.
struct known_reference {
    game_id game;
    character_key key;
};

/// Who is in a roster, for look-ups. Copies what it needs.
class roster_index {
public:
    explicit roster_index(std::span<const roster_item> items);

    /// Whether the roster has this character: by game number, else by key where one side has no number.
    [[nodiscard]] bool contains(const known_reference& known) const;

private:
    struct holders {
        bool with_id = false;
        bool without_id = false;
    };
    std::unordered_set<game_id> ids_;
    std::unordered_map<character_key, holders> keys_;
};

/// How many of the present characters the roster does not have.
[[nodiscard]] std::size_t count_missing(const roster_index& index, std::span<const known_reference> present);

} // namespace patt::identity
