/// @file
/// From evidence to probabilities: the prior, the competition in both directions, the calibration.
#pragma once

#include "unit/identity/reference/evidence.hpp"
#include "unit/identity/reference/ties.hpp"

#include <cstddef>
#include <vector>

namespace patt::identity::reference {

/// Everything that is worked out of a guild before it is decided.
struct workings {
    const guild* of = nullptr;
    std::vector<std::vector<pair_evidence>> candidates; ///< By character, the best first.
    std::vector<ties> tied;                             ///< By character.
    std::vector<std::size_t> group;                     ///< By character: see `groups_of`.
    bits pool = 0;                                      ///< log2 of the number of members.
    bits prior = 0; ///< log2 of the odds that an owner is here and to be seen.

    [[nodiscard]] character_id id(std::size_t i) const { return of->characters[i].record.id; }
    [[nodiscard]] const matcher_settings& settings() const { return of->told->settings; }
    /// What is added to the evidence of each pair.
    [[nodiscard]] bits ground() const noexcept { return prior - pool; }
    /// The character's candidate that is this member; null if it is none.
    [[nodiscard]] const pair_evidence* candidate(std::size_t i, member_id m) const;
};

[[nodiscard]] workings work_out(const guild& g);

/// A weight as a likelihood ratio.
[[nodiscard]] double power(bits weight) noexcept;

/// The level of a probability.
[[nodiscard]] confidence level_of(double p) noexcept;

/// The part of a character among all that use up the same name of the member.
[[nodiscard]] double share_of(const workings& w, std::size_t i, const pair_evidence& best);

/// The calibrated probability of an owner.
/// @param own    Odds of this member against "nobody who is here". @param all  Their sum over all that fit.
/// @param share  See `share_of`.
[[nodiscard]] double calibrated(double own, double all, double share) noexcept;

} // namespace patt::identity::reference
