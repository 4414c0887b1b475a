// Timers of a session: nudge, check-in, verification, deadline, giving up (S0 Task 3).

#include "core/onboarding/draft.hpp"
#include "core/onboarding/escalate.hpp"
#include "core/onboarding/walk.hpp"

#include <patt/onboarding/commands.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace patt::onboarding {

namespace {

constexpr duration first_retry = std::chrono::minutes(30);
constexpr duration last_retry = std::chrono::hours(24);

void nudge(draft& d) {
    session& s = d.current();
    const step* at = d.path().find(s.step);
    if (s.nudged_at || at == nullptr || at->kind != step_kind::ask || s.state != session_state::active) {
        return;
    }
    s.nudged_at = d.ctx().now;
    d.say(fmt::format("nudge:{}", s.id.value()), d.text("newcomer.nudge"));
    d.log("session.nudged");
}

void check_in(draft& d) {
    const session& s = d.current();
    const step* at = d.path().find(s.step);
    if (at != nullptr && at->follow_up == follow_up::check_in) {
        d.say(fmt::format("check-in:{}", s.id.value()), d.text("newcomer.check_in"));
        d.log("session.checked_in");
    }
}

bool deadline(draft& d, need& missing) {
    // The roster may have brought the character meanwhile: look once more before the officers are called.
    if (d.current().state == session_state::verifying && !verify_and_go_on(d, missing)) {
        return false;
    }
    const session_state state = d.current().state;
    if (!d.current().escalated_at && state != session_state::provisioning && is_open(state)) {
        escalate(d);
    }
    return true;
}

void expire(draft& d) {
    session& s = d.current();
    if (s.state == session_state::provisioning) {
        // Whoever is through waits for PATT, not PATT for them. There may be questions behind it.
        d.set_timer(timer_purpose::expire, d.ctx().settings.onboarding.expire_after);
        return;
    }
    s.state = session_state::expired;
    s.outcome = "nobody could be verified in time";
    d.stop_everything();
    d.log("session.closed", {{"state", "expired"}});
}

/// Failed required effects are tried again, more and more rarely: what an officer repaired heals by itself.
void retry(draft& d) {
    const auto& open = d.facts().effects;
    const bool failed = std::any_of(open.begin(), open.end(),
                                    [](const open_effect& e) { return e.state == effect_state::failed; });
    if (!failed) {
        return;
    }
    const std::string_view before = d.recall("retries");
    int count = 0;
    std::from_chars(before.data(), before.data() + before.size(), count);
    count = std::clamp(count, 0, 100);
    duration wait = first_retry;
    for (int i = 0; i <= count && wait < last_retry; ++i) {
        wait *= 2;
    }
    count = std::min(count + 1, 100);
    d.remember("retries", std::to_string(count));
    d.out().operations.emplace_back(rearm_effects{d.current().id});
    d.set_timer(timer_purpose::retry, std::min(wait, last_retry));
}

} // namespace

decision decide(const session_facts& facts, const session_timer& command, context& ctx) {
    if (!facts.session || facts.session->id != command.session || !is_open(facts.session->state)) {
        return change_set{};
    }
    draft d(facts, ctx);
    need missing;
    switch (command.purpose) {
    case timer_purpose::nudge:
        nudge(d);
        break;
    case timer_purpose::check_in:
        check_in(d);
        break;
    case timer_purpose::verify:
        if (facts.session->state == session_state::verifying && !verify_and_go_on(d, missing)) {
            return missing;
        }
        break;
    case timer_purpose::deadline:
        if (!deadline(d, missing)) {
            return missing;
        }
        break;
    case timer_purpose::expire:
        expire(d);
        break;
    case timer_purpose::retry:
        retry(d);
        break;
    case timer_purpose::roles:
    case timer_purpose::job:
    case timer_purpose::housekeeping:
        throw failure("a session has no such timer");
    }
    return d.finish();
}

} // namespace patt::onboarding
