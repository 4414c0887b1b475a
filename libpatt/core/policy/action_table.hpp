/// @file
/// The actions as data: what each one takes.
#pragma once

#include <patt/policy/capability.hpp>
#include <patt/policy/decide.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace patt::policy::detail {

/// What being about oneself means for an action.
enum class own_rule : std::uint8_t {
    nothing, ///< It makes no difference.
    enough,  ///< One may always do it for oneself.
    only,    ///< Nobody may do it for somebody else.
    owners,  ///< Only whose guild it is may do it, and the operator; no capability gives it.
};

enum class in_maintenance : std::uint8_t { goes_on, waits };
enum class risk : std::uint8_t { none, of_many, always };
enum class privilege : std::uint8_t { none, privileged };

struct action_row {
    std::string_view name;
    capability needs{};
    own_rule own = own_rule::nothing;
    in_maintenance maintenance = in_maintenance::goes_on;
    risk danger = risk::none;
    privilege rank = privilege::privileged;
    bool guild_settings::onboarding_group::*onboarding_switch =
        nullptr; ///< The feature it belongs to, if any.
    bool guild_settings::invite_group::*invite_switch = nullptr;
};

/// One row an action, in the order of the enumeration.
[[nodiscard]] std::span<const action_row> action_rows() noexcept;

} // namespace patt::policy::detail
