#include <patt/decision/effect.hpp>

namespace patt {

std::string_view to_string(effect_error error) noexcept {
    switch (error) {
    case effect_error::none:
        return "none";
    case effect_error::temporary:
        return "temporary";
    case effect_error::dm_closed:
        return "dm_closed";
    case effect_error::missing_permission:
        return "missing_permission";
    case effect_error::role_order:
        return "role_order";
    case effect_error::dangerous_role:
        return "dangerous_role";
    case effect_error::unknown_member:
        return "unknown_member";
    case effect_error::unknown_role:
        return "unknown_role";
    case effect_error::unknown_channel:
        return "unknown_channel";
    case effect_error::rejected:
        return "rejected";
    }
    return "unknown";
}

std::string_view to_string(effect_state state) noexcept {
    switch (state) {
    case effect_state::waiting:
        return "waiting";
    case effect_state::held:
        return "held";
    case effect_state::pending:
        return "pending";
    case effect_state::sending:
        return "sending";
    case effect_state::failed:
        return "failed";
    }
    return "unknown";
}

} // namespace patt
