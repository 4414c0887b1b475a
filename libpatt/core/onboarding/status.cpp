#include "core/onboarding/status.hpp"

#include <string_view>

namespace patt::onboarding {

namespace {

std::string_view verifying_text(std::string_view claim) {
    if (claim == "privileged") {
        return "newcomer.privileged";
    }
    return claim == "taken" ? "newcomer.taken" : "status.verifying";
}

} // namespace

text_ref status_text(draft& d) {
    const session& s = d.current();
    switch (s.state) {
    case session_state::created:
    case session_state::active:
    case session_state::blocked:
        return d.text("status.active");
    case session_state::verifying:
        return d.text(verifying_text(d.recall("claim")));
    case session_state::reviewing:
        return d.text("status.reviewing");
    case session_state::provisioning:
        return d.text("status.provisioning");
    case session_state::completed:
    case session_state::resolved: {
        text_ref text = d.text("status.completed");
        const bool live = d.facts().invite && d.facts().invite->expires_at > d.ctx().now;
        text.with("has_invite", live ? "yes" : "no", arg_kind::trusted);
        if (live) {
            text.with("invite", std::to_string(d.facts().invite->id.value()), arg_kind::invite_code);
        }
        return text;
    }
    case session_state::declined:
    case session_state::dismissed:
    case session_state::expired:
    case session_state::cancelled:
        break;
    }
    return d.text("status.closed");
}

} // namespace patt::onboarding
