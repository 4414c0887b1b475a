#include "core/provisioning/doubt.hpp"

#include <algorithm>

namespace patt::provisioning {

bool gives_role(const open_effect& e) noexcept {
    return e.key.starts_with("roles:");
}

bool was_tried(const open_effect& e) noexcept {
    return e.attempts > 0 || e.state == effect_state::sending;
}

bool may_have_given(const onboarding::session_facts& facts, role_id role) {
    const bool tried = std::any_of(facts.effects.begin(), facts.effects.end(),
                                   [](const open_effect& e) { return gives_role(e) && was_tried(e); });
    const std::optional<identity::member>& known = facts.member;
    const bool before =
        known && std::find(known->roles.begin(), known->roles.end(), role) != known->roles.end();
    return tried && !before;
}

} // namespace patt::provisioning
