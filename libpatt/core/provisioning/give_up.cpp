// A session ends while it provisions: what it wanted is not given any more, what it may have given goes.

#include "core/provisioning/doubt.hpp"
#include "core/provisioning/provision.hpp"

#include <algorithm>
#include <optional>

namespace patt::provisioning {

namespace {

using onboarding::draft;
using onboarding::session;
using onboarding::session_state;

/// Whether this session is what the role rests on.
bool by_session(const draft& d, const session& s, const grant& g) {
    return g.since >= s.created_at && !g.reason.empty() && g.reason == d.recall("role.because");
}

/// An officer settled it by hand: what PATT may have given stays, and stays its own.
std::optional<grant> settled_by_hand(const draft& d, const grant& g) {
    const auto& effects = d.facts().effects;
    const bool sending = std::any_of(effects.begin(), effects.end(), [](const open_effect& e) {
        return gives_role(e) && e.state == effect_state::sending;
    });
    if (sending) {
        return std::nullopt; // Its outcome says what the grant is.
    }
    grant out = g;
    out.state = may_have_given(d.facts(), g.role) ? grant_state::given : grant_state::revoked;
    return out;
}

/// What becomes of a grant of the member; none when it stays as it is.
std::optional<grant> after_the_end(const draft& d, const session& s, const grant& g) {
    const bool dismissed = s.state == session_state::dismissed;
    const bool there = g.state == grant_state::given || g.state == grant_state::ending;
    std::optional<grant> out;
    if (g.state == grant_state::wanted && s.state == session_state::resolved) {
        out = settled_by_hand(d, g);
    } else if (g.state == grant_state::wanted) {
        out = g;
        out->state = may_have_given(d.facts(), g.role) ? grant_state::ending : grant_state::revoked;
        out->since = {};
    } else if (dismissed && there && by_session(d, s, g)) {
        // A visitor is given nothing: whether the answer to the giving came before must not matter.
        out = g;
        out->state = grant_state::ending;
        out->since = {};
    }
    return out;
}

void revoke_invite(draft& d) {
    const std::optional<invite>& live = d.facts().invite;
    if (live && d.current().state == session_state::dismissed) {
        invite revoked = *live;
        revoked.revoked_at = d.ctx().now;
        d.out().rows.emplace_back(std::move(revoked));
    }
}

} // namespace

void give_up(draft& d) {
    revoke_invite(d);
    const session s = d.current();
    const auto& effects = d.facts().effects;
    const bool under_way = std::any_of(effects.begin(), effects.end(), gives_role);
    for (const onboarding::person_facts& p : d.facts().persons) {
        for (const grant& g : p.grants) {
            // Without an effect of this session, what is wanted is somebody else's business.
            if (g.member != s.subject || (g.state == grant_state::wanted && !under_way)) {
                continue;
            }
            std::optional<grant> ended = after_the_end(d, s, g);
            const bool to_go = ended ? ended->state == grant_state::ending : g.state == grant_state::ending;
            if (ended) {
                ended->reason = "the session ended before the role was given";
                ended->updated_at = d.ctx().now;
                d.out().rows.emplace_back(std::move(*ended));
            }
            if (to_go) { // Its removal may have been part of an effect that is cancelled.
                d.out().timers.push_back({p.person.id.value(), timer_purpose::roles, d.ctx().now, {}});
            }
        }
    }
}

} // namespace patt::provisioning
