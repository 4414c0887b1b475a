/// @file
/// The last look before roles are changed: from fresh state, when the effect is performed.
#pragma once

#include <patt/decision/effect.hpp>
#include <patt/ids.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace patt::provisioning {

/// Permissions that PATT never hands out, whatever a rank map says: administrator, everything that manages,
/// kick, ban, moderate, mention everyone, view the audit log. Bits as in
/// https://discord.com/developers/docs/topics/permissions
[[nodiscard]] std::uint64_t dangerous_permissions() noexcept;

/// Why a role cannot be given, or nothing.
[[nodiscard]] std::optional<effect_outcome> refuse_role(std::uint64_t permissions, bool above_bot);

/// All roles of a member after a change.
struct role_change {
    std::vector<role_id> roles; ///< Ascending, without repetition.
    std::vector<role_id> given; ///< Those that the member did not have before.
    bool changed = false;       ///< False: nothing is to be done.
};
[[nodiscard]] role_change apply_roles(std::span<const role_id> now, const set_roles& wanted);

} // namespace patt::provisioning
