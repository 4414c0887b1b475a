/// @file
/// From an entitled person to role changes: which rank counts, which role it gives, what is to be added or
/// taken.
#pragma once

#include <patt/decision/context.hpp>
#include <patt/decision/effect.hpp>
#include <patt/identity/character.hpp>
#include <patt/identity/link.hpp>
#include <patt/identity/trust.hpp>
#include <patt/policy/settings.hpp>
#include <patt/provisioning/grant.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace patt::provisioning {

/// The trust limits that a guild's settings mean.
[[nodiscard]] identity::trust_limits limits_of(const policy::guild_settings& settings) noexcept;

/// A character with the link that gives it to the person.
struct held_character {
    const identity::character* character;
    const identity::link* link;
};

/// The rank that counts for a person, and what it rests on.
struct rank_basis {
    int rank = 0;
    std::string because; ///< For people: `rank 2 by Aralith-senjin (claimed)`.
};

/// The highest effective rank over the person's characters; none when no character counts.
[[nodiscard]] std::optional<rank_basis> best_rank(std::span<const held_character> held,
                                                  const identity::trust_limits& limits);

/// What must change so that a member has the role they are entitled to.
struct role_plan {
    std::vector<grant> grants; ///< Rows to write.
    set_roles change;          ///< One write for the member; `add` and `remove` may both be empty.
    [[nodiscard]] bool empty() const noexcept { return change.add.empty() && change.remove.empty(); }
};

/// Compares entitlement and grants.
///
/// Only a role that PATT gave is taken away, and a role that a human took away is not given again until the
/// entitlement changes. What is taken away is `ending` until that is done, so a removal that fails, or is
/// cancelled with its session, is planned anew.
/// @param wanted  The role that the entitlement gives; none when there is no entitlement.
[[nodiscard]] role_plan plan_roles(member_id member, person_id person, std::span<const grant> grants,
                                   role_id wanted, const std::string& because, instant now);

/// The grants after an attempt succeeded: what was newly given is `given`, what the member had already is
/// `found`, what was taken away is `revoked`.
/// @param given  The roles that the member did not have before.
[[nodiscard]] std::vector<grant> settle_grants(std::span<const grant> grants, const set_roles& done,
                                               std::span<const role_id> given, instant now);

} // namespace patt::provisioning
