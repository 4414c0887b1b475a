/// @file
/// Which effects may go out now: the sending switches and maintenance.
#pragma once

#include <patt/decision/change_set.hpp>
#include <patt/decision/effect.hpp>
#include <patt/policy/settings.hpp>

namespace patt::policy {

/// Whether a gate is open. `gate::none` is never closed; all others also need the master switch.
[[nodiscard]] bool is_open(gate which, const guild_settings& settings) noexcept;

/// `pending` when the effect may go out now, else `held`. Maintenance holds whatever reaches people.
[[nodiscard]] effect_state initial_state(const effect& what, const guild_settings& settings) noexcept;

/// The operation that brings effects which are there already in line with the settings.
[[nodiscard]] apply_gates gates_of(const guild_settings& settings);

} // namespace patt::policy
