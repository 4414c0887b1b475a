/// @file
/// Whether the actor may do this to a session. Refusals and privileged permissions are logged.
#pragma once

#include "core/onboarding/draft.hpp"

#include <patt/onboarding/commands.hpp>

namespace patt::onboarding {

/// @return false when refused: the draft carries the refusal and its log entry.
[[nodiscard]] bool permit(draft& d, officer_verb verb);

} // namespace patt::onboarding
