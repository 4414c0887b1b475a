/// @file
/// From a roster and the known characters to the rows that must be written.
#pragma once

#include <patt/identity/character.hpp>
#include <patt/identity/character_facts.hpp>
#include <patt/identity/roster.hpp>
#include <patt/identity/roster_verdict.hpp>
#include <patt/ids.hpp>
#include <patt/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace patt::identity {

/// When and in which run a merge happens.
struct merge_context {
    instant now;
    sync_run_id run;
};

/// What a merge does to one row.
enum class merge_kind : std::uint8_t {
    insert,    ///< A new row.
    update,    ///< `fields` says what changed.
    unchanged, ///< Only `seen_run` moves. Need not be written by who remembers otherwise who was seen.
};

/// How an entry found its row.
enum class match_basis : std::uint8_t {
    none,    ///< It did not; the row is new.
    game_id, ///< By the stable number.
    name,    ///< By name and realm: one side had no number, so it may be somebody else of that name.
};

/// What became of a profile.
enum class profile_use : std::uint8_t {
    none,    ///< There was none.
    used,    ///< Merged.
    foreign, ///< It is another character's; not used.
    stale,   ///< It tells of an earlier login than is known; not used.
};

/// What a merge concludes about one character.
struct character_change {
    merge_kind kind = merge_kind::unchanged;
    character row;           ///< As it must stand afterwards. `id` is none on insert: the caller gives one.
    character_fields fields; ///< What differs from the row before; on insert everything that is known.
    bool renamed = false;    ///< The name differs.
    bool moved = false;      ///< The realm differs.
    bool returned = false;   ///< It had been removed; it is the same row, with its links.
    std::optional<former_name> history; ///< Write this when a name or realm was given up.
    match_basis basis = match_basis::none;
    profile_use profile = profile_use::none;
    std::vector<character_id> name_also_held_by; ///< Other rows of this key. They stay as they are.
};

/// Merges what a roster (and a profile) says into a known character, fact by fact; absent never overwrites.
///
/// Name, realm, class, level and rank are the roster's; the profile adds specialisation, item level and last
/// login, and class, level and the realm's name where the roster is silent.
/// @param known  The row it belongs to, or none for a new one. The caller has matched them.
[[nodiscard]] character_change merge_character(const std::optional<character>& known,
                                               const roster_entry& entry,
                                               const std::optional<character_profile>& profile,
                                               const merge_context& ctx);

/// Matches a chunk of entries with known characters and merges each.
///
/// By game number first; then by exact name and realm, then by `character_key`, both only where one side has
/// no number, present rows before removed ones. A row is used once. When several rows fit equally, none is
/// guessed: the entry becomes a new row and `name_also_held_by` lists them. Merging a chunk again changes
/// nothing.
/// @param items       A chunk of `prepared_roster::items`, cut by `chunk_end`.
/// @param candidates  Every row, present or removed, that has a game number or a key of the chunk.
/// @return            One change per item, in the same order. Apply all of them or none.
[[nodiscard]] std::vector<character_change> merge_chunk(std::span<const roster_item> items,
                                                        std::span<const character> candidates,
                                                        const merge_context& ctx);

/// The departures after all chunks are merged; none unless the verdict allows them.
/// @param unseen  Present rows that the run did not see; absent ones and those of its `seen_run` are skipped.
[[nodiscard]] std::vector<character_change>
plan_departures(const roster_verdict& verdict, std::span<const character> unseen, const merge_context& ctx);

/// What a sync did, for its `sync_run`. Entries found = inserted + updated + unchanged.
struct merge_totals {
    std::size_t inserted = 0;
    std::size_t updated = 0;
    std::size_t unchanged = 0;
    std::size_t renamed = 0;
    std::size_t moved = 0;
    std::size_t returned = 0;
    std::size_t removed = 0;

    friend bool operator==(const merge_totals&, const merge_totals&) = default;
};

/// Adds the merged or departed characters of one step. A departure counts as removed, not as updated.
void add_to(merge_totals& totals, std::span<const character_change> changes);

} // namespace patt::identity
