/// @file
/// Trust: what a claim is worth. A claim is not a proof.
#pragma once

#include <patt/identity/character.hpp>
#include <patt/identity/link.hpp>
#include <patt/ids.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace patt::identity {

/// The two ranks that decide what a claim may give. Ranks count from 0 (guild leader) down to 9.
struct trust_limits {
    int officer_rank = 1;   ///< This rank and above are privileged: only proof or an officer gives them.
    int claim_max_rank = 2; ///< A claim gives this rank's role at most. Default: just below Officer.
};

/// What is known of a character that somebody names.
struct claim {
    int rank = lowest_rank;
    std::optional<link> held;  ///< Its active link above `suggested`.
    member_id held_by_present; ///< A present member of the person that holds it; none when nobody is there.
    assurance level = assurance::claimed;
};

enum class finding : std::uint8_t {
    free,       ///< Nobody's, or held by a weaker link of somebody who is gone: it may be linked.
    own,        ///< Linked to the claimant already.
    privileged, ///< Free, but its rank needs proof or an officer: suggested only.
    taken, ///< Somebody present owns it, or a stronger link holds it: nothing happens, officers are told.
};

[[nodiscard]] std::string_view to_string(finding value) noexcept;

/// The table of DESIGN's "Trust", for one character and one claimant.
///
/// Pure. @param claimant  The person who claims; none when not known yet.
[[nodiscard]] finding judge(const claim& what, person_id claimant, const trust_limits& limits) noexcept;

/// The rank that a linked character is good for, if any.
///
/// A link below `challenged` counts only for the main character, never for a privileged rank, and never above
/// `claim_max_rank`; an absent character counts for nothing.
[[nodiscard]] std::optional<int> effective_rank(const character& who, const link& why,
                                                const trust_limits& limits) noexcept;

} // namespace patt::identity
