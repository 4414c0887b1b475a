/// @file
/// Telling the officers about a newcomer who could not be verified (S0 Task 3).
#pragma once

#include "core/onboarding/draft.hpp"

namespace patt::onboarding {

/// Posts once in the officers' channel and opens the issue. Precondition: not escalated before.
void escalate(draft& d);

} // namespace patt::onboarding
