/// @file
/// What a session's changes of roles may have done already, though nobody has heard of it.
#pragma once

#include <patt/onboarding/facts.hpp>

namespace patt::provisioning {

/// Whether it is a session's change of roles.
[[nodiscard]] bool gives_role(const open_effect& e) noexcept;

/// Whether it is being tried, or was: its answer may be lost, so it may have happened.
[[nodiscard]] bool was_tried(const open_effect& e) noexcept;

/// Whether the member may have the role by the session's doing. What they had when PATT last knew is not its
/// doing.
[[nodiscard]] bool may_have_given(const onboarding::session_facts& facts, role_id role);

} // namespace patt::provisioning
