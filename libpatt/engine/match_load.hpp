/// @file
/// From rows to what the matcher is given.
#pragma once

#include "engine/match_rows.hpp"
#include "store/match_repository.hpp"

#include <patt/identity/character.hpp>
#include <patt/identity/character_facts.hpp>
#include <patt/identity/match_plan.hpp>
#include <patt/identity/matcher.hpp>
#include <patt/identity/person.hpp>
#include <patt/policy/settings.hpp>
#include <patt/store/db.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace patt::engine {

/// What of the settings the matcher's content depends on.
struct match_setup {
    identity::match_rules rules;
    std::vector<role_id> roles; ///< Only members with one of these may own characters; empty: all may.
    friend bool operator==(const match_setup&, const match_setup&) = default;
};
[[nodiscard]] match_setup setup_of(const policy::guild_settings& settings);

/// Whether the member is here and may own characters.
[[nodiscard]] bool takes_part(const match_setup& setup, const identity::member& who);

/// A guild's matcher with what must be known to keep it in step with the rows.
struct loaded_matcher {
    identity::matcher matcher;
    match_setup setup;
    /// The rulings that were given to it, by character, in the order in which they were given.
    std::map<character_id, std::vector<identity::match_ruling>> rulings;
    /// When PATT saw the guild's first roster. Whoever was in it came at some time before.
    std::optional<instant> first_roster = std::nullopt;
    /// Whether the guild may have rulings of humans: most have none, and nobody need ask for them.
    bool ruled = false;
    /// The names of roles that say something of their members: `identity::reads_role`.
    std::map<role_id, std::string> role_names = {};
};

/// Whether who plays a character may depend on one of these facts of it.
[[nodiscard]] bool matters_to_matching(identity::character_fields changed) noexcept;

/// Everything present, with all rulings, settled.
[[nodiscard]] loaded_matcher load_matcher(store::connection& db, guild_id guild, match_setup setup);

/// The names of present characters, to be looked up; nothing is decided.
[[nodiscard]] loaded_matcher load_names(store::connection& db, guild_id guild);

/// Active rulings by the characters that they name on either side, the oldest of each first.
using rulings_by_character = std::map<character_id, std::vector<identity::ruling>>;
[[nodiscard]] rulings_by_character load_rulings(store::connection& db, guild_id guild,
                                                std::span<const character_id> who);

/// Brings records in line with their rows. A few questions for all of them.
void reload(loaded_matcher& into, match_rows& rows, std::span<const character_id> who);
void reload(loaded_matcher& into, match_rows& rows, std::span<const member_id> who);
/// Reads the names of roles anew. @return the present members of whose roles one says something else now:
/// their records are to be brought in line.
[[nodiscard]] std::vector<member_id> reload_role_names(loaded_matcher& into, match_rows& rows);
/// Brings the rulings about characters in line: those of humans, then who has them by a claim or better.
void reload_rulings(loaded_matcher& into, match_rows& rows, std::span<const character_id> who);

/// Brings everything in line that these changes are about, and settles.
void catch_up(loaded_matcher& into, store::connection& db, guild_id guild,
              const store::match_changes& changes);

/// The fingerprint that a ruling has with the rows as they are now.
[[nodiscard]] std::uint64_t facts_now(store::connection& db, guild_id guild, identity::match_ruling what);

} // namespace patt::engine
