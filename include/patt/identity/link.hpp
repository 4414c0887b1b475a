/// @file
/// Links: why a character or a member belongs to a person.
#pragma once

#include <patt/ids.hpp>
#include <patt/time.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patt::identity {

/// How sure a link is. Ordered: a later one beats an earlier one.
enum class assurance : std::uint8_t {
    suggested,  ///< Shown to officers; has no effect.
    matched,    ///< By names or notes.
    claimed,    ///< Self-report.
    challenged, ///< A code was seen in the game.
    proven,     ///< Battle.net login.
    confirmed,  ///< An officer.
};

enum class link_kind : std::uint8_t { character, member };
enum class link_state : std::uint8_t { active, revoked };
/// Whether a claim named the character as the main one. An alt that is only claimed never raises a rank.
enum class claim_role : std::uint8_t { main, alt };

[[nodiscard]] std::string_view to_string(assurance level) noexcept;
[[nodiscard]] std::optional<assurance> parse_assurance(std::string_view name) noexcept;

/// Person ↔ character or member. A character and a member have at most one active link each.
struct link {
    link_id id;
    person_id person;
    link_kind kind{};
    std::int64_t target = 0; ///< A `character_id` or a `member_id`, by `kind`.
    assurance level{};
    claim_role role = claim_role::alt;
    link_state state = link_state::active;
    std::string source;   ///< For example `self_report`, `officer`, `guild_note`.
    std::string evidence; ///< What it rests on, for people.
    std::string actor;    ///< Who made it.
    instant created_at;
    instant updated_at;
    friend bool operator==(const link&, const link&) = default;
};

} // namespace patt::identity
