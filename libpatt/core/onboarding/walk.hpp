/// @file
/// Walking a flow: what entering a step does, and where an answer leads.
#pragma once

#include "core/onboarding/draft.hpp"

#include <string>
#include <string_view>

namespace patt::onboarding {

/// Goes to a step and on through all that wait for nobody.
/// @return false when facts are needed first (`missing` says which).
[[nodiscard]] bool enter(draft& d, std::string_view step_key, need& missing);

/// Takes an answer to the step at which the session stands.
[[nodiscard]] bool take_answer(draft& d, const step& at, std::string_view text, need& missing);

/// Checks the claim and goes on when it holds. For timers, officers and roster imports.
[[nodiscard]] bool verify_and_go_on(draft& d, need& missing);

/// The branch that holds now; null when none does.
[[nodiscard]] const branch* branch_of(const draft& d, const step& at) noexcept;

/// Whether a branch was made for what was just remembered under `field`: only such a one goes on after a no.
[[nodiscard]] bool leads_on(const draft& d, const step& at, std::string_view field) noexcept;

/// Ends the session with a no: nothing more is asked or sent.
void close_declined(draft& d, std::string outcome);

/// Where a step leads, by its branches and the remembered values.
[[nodiscard]] std::string_view target_of(const draft& d, const step& at) noexcept;

/// Begins a session and enters its first step.
[[nodiscard]] bool begin_session(draft& d, member_id subject, surface where, int attempt, need& missing);

} // namespace patt::onboarding
