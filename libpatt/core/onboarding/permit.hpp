/// @file
/// Whether the actor may do this to a session. Refusals and privileged permissions are logged.
#pragma once

#include "core/onboarding/draft.hpp"

#include <patt/onboarding/commands.hpp>
#include <patt/policy/decide.hpp>

namespace patt::onboarding {

/// @return false when refused: the draft carries the refusal and its log entry.
[[nodiscard]] bool permit(draft& d, officer_verb verb);

/// The same for an action that is no officer's verb.
[[nodiscard]] bool permit(draft& d, policy::action what);

} // namespace patt::onboarding
