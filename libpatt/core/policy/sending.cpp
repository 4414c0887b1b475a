#include <patt/policy/sending.hpp>

namespace patt::policy {

bool is_open(gate which, const guild_settings& settings) noexcept {
    const guild_settings::sending_group& sending = settings.sending;
    switch (which) {
    case gate::none:
        return true;
    case gate::onboarding:
        return sending.enabled && sending.onboarding;
    case gate::invite:
        return sending.enabled && sending.invite;
    case gate::announcements:
        return sending.enabled && sending.announcements;
    case gate::officers:
        return sending.enabled && sending.officers;
    }
    return false;
}

effect_state initial_state(const effect& what, const guild_settings& settings) noexcept {
    if (what.cls != effect_class::publish) {
        return effect_state::pending;
    }
    const bool goes_out = !settings.maintenance.enabled && is_open(what.gate, settings);
    return goes_out ? effect_state::pending : effect_state::held;
}

apply_gates gates_of(const guild_settings& settings) {
    apply_gates out;
    for (const gate g : {gate::none, gate::onboarding, gate::invite, gate::announcements, gate::officers}) {
        if (is_open(g, settings)) {
            out.open.push_back(g);
        }
    }
    out.publish = settings.maintenance.enabled ? effect_state::held : effect_state::pending;
    return out;
}

} // namespace patt::policy
