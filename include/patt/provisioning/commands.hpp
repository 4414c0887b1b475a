/// @file
/// Commands of provisioning: internal effects, role reconciliation, invites made and used by hand.
#pragma once

#include <patt/decision/change_set.hpp>
#include <patt/decision/context.hpp>
#include <patt/onboarding/commands.hpp>
#include <patt/onboarding/facts.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::provisioning {

/// What an internal effect needs to know besides its session.
struct internal_facts {
    onboarding::session_facts session;
    std::vector<character_id> listed; ///< Characters that have a roster entry already.
    std::string_view instance_key;    ///< Derives invite codes; never stored or logged.
};

/// Performs an effect of class `internal` and takes in its outcome, in one decision.
[[nodiscard]] decision perform(const internal_facts& facts, const onboarding::effect_tried& tried,
                               context& ctx);

/// Brings the roles of a person's members in line with what they are entitled to now.
struct reconcile_roles {
    person_id person;
};
/// @param facts  `persons` has the person; `effects` has the role effects of these members that are not done.
[[nodiscard]] decision decide(const onboarding::session_facts& facts, const reconcile_roles& command,
                              context& ctx);

/// An officer makes an invite for somebody.
struct create_invite {
    person_id person; ///< None: for nobody in particular.
};
struct create_invite_facts {
    std::string_view instance_key;
};
[[nodiscard]] decision decide(const create_invite_facts& facts, const create_invite& command, context& ctx);

/// Somebody uses a code to sign up.
struct redeem_invite {
    std::string code;
    std::string by; ///< Who signs up, as the website knows them.
};
struct redeem_facts {
    std::optional<invite> found; ///< The invite whose stored hash is the code's.
};
[[nodiscard]] decision decide(const redeem_facts& facts, const redeem_invite& command, context& ctx);

} // namespace patt::provisioning
