/// @file
/// Outcomes of effects that mean nothing but that the effect is done: they can be written together.
#pragma once

#include <patt/decision/effect.hpp>

namespace patt::onboarding {

/// Whether all that can be decided about an outcome is that the effect is done, whatever its session is.
[[nodiscard]] bool ends_quietly(const effect& what, const effect_outcome& outcome) noexcept;

} // namespace patt::onboarding
