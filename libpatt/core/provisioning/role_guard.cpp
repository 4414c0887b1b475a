#include <patt/provisioning/role_guard.hpp>

#include <algorithm>
#include <array>

namespace patt::provisioning {

std::uint64_t dangerous_permissions() noexcept {
    // kick, ban, administrator, manage channels, manage guild, view audit log, manage messages, mention
    // everyone, mute, deafen, move members, manage nicknames, manage roles, manage webhooks, manage
    // expressions, manage events, manage threads, moderate members.
    constexpr std::array<unsigned, 18> bits{1, 2, 3, 4, 5, 7, 13, 17, 22, 23, 24, 27, 28, 29, 30, 33, 34, 40};
    std::uint64_t out = 0;
    for (const unsigned bit : bits) {
        out |= std::uint64_t{1} << bit;
    }
    return out;
}

std::optional<effect_outcome> refuse_role(std::uint64_t permissions, bool above_bot) {
    if ((permissions & dangerous_permissions()) != 0) {
        return effect_outcome{
            effect_error::dangerous_role,
            "the role may moderate or manage: PATT never gives such a role; give it by hand",
            "",
            {}};
    }
    if (above_bot) {
        return effect_outcome{
            effect_error::role_order, "the role stands above the bot's own: move the bot's role up", "", {}};
    }
    return std::nullopt;
}

role_change apply_roles(std::span<const role_id> now, const set_roles& wanted) {
    role_change out;
    out.roles.assign(now.begin(), now.end());
    for (const role_id add : wanted.add) {
        if (std::find(out.roles.begin(), out.roles.end(), add) == out.roles.end()) {
            out.roles.push_back(add);
            out.given.push_back(add);
            out.changed = true;
        }
    }
    for (const role_id remove : wanted.remove) {
        if (std::erase(out.roles, remove) != 0) {
            out.changed = true;
        }
    }
    std::sort(out.roles.begin(), out.roles.end());
    out.roles.erase(std::unique(out.roles.begin(), out.roles.end()), out.roles.end());
    return out;
}

} // namespace patt::provisioning
