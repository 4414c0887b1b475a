/// @file
/// Provisioning a verified newcomer: the effects, when they count as done, and what the member hears.
#pragma once

#include "core/onboarding/draft.hpp"

namespace patt::provisioning {

/// Hands out what the session's person is entitled to, as effects.
/// @return true when there is something to wait for; false when the flow can go on.
[[nodiscard]] bool begin(onboarding::draft& d);

/// Looks at what is still open after an effect of the session ended: confirms to the member once everything
/// is settled, and completes the session once all required effects are done.
/// @param just_ended  The effect that ended with this decision; it does not count as open.
void settle(onboarding::draft& d, effect_id just_ended);

/// The same after an effect was given up: it stays open as failed, so the session is not completed.
void settle_failed(onboarding::draft& d, effect_id just_failed);

/// The session has ended otherwise than by being completed: its wanted roles are given up, and what it may
/// have given is taken away when nothing of it is under way any more. The invite of a dismissed newcomer is
/// revoked. Called before the session's effects are cancelled.
void give_up(onboarding::draft& d);

} // namespace patt::provisioning
