// What became of an effect: retried, given up, or done, and what that means for its session.

#include "core/onboarding/draft.hpp"
#include "core/provisioning/doubt.hpp"
#include "core/provisioning/provision.hpp"

#include <patt/onboarding/commands.hpp>
#include <patt/onboarding/outcomes.hpp>
#include <patt/provisioning/entitlement.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <span>

namespace patt::onboarding {

namespace {

constexpr duration first_wait = std::chrono::seconds(2);
constexpr duration longest_wait = std::chrono::minutes(15);
/// About two and a half hours of trying; after that an issue is opened and the session's own retry takes
/// over.
constexpr int most_attempts = 18;
constexpr duration retry_failed_after = std::chrono::minutes(30);
/// So long a member's roles stay as they are when the chat server refused to change them.
constexpr duration plan_roles_after = std::chrono::hours(1);

/// 2 s, 4 s, 8 s … 15 min, each with up to 30 % more so that hosts do not come back in step.
duration back_off(int attempts, random_stream& random) {
    duration wait = first_wait;
    for (int i = 1; i < attempts && wait < longest_wait; ++i) {
        wait *= 2;
    }
    wait = std::min(wait, longest_wait);
    const auto extra = static_cast<std::uint64_t>(wait.count()) * 3 / 10;
    return wait + duration{static_cast<std::int64_t>(random.below(extra + 1))};
}

bool is_question(const effect_body& body) {
    const auto* dm = std::get_if<direct_message>(&body);
    return dm != nullptr && dm->question.kind != prompt_kind::none;
}

void question_delivered(draft& d, const effect_tried& tried) {
    session& s = d.current();
    const auto& dm = std::get<direct_message>(tried.body);
    if (!s.dm_sent_at) {
        s.dm_sent_at = d.ctx().now;
    }
    if (s.state == session_state::created) {
        s.state = session_state::active;
    }
    if (tried.key != d.asking_key() || s.step != dm.question.step || s.state != session_state::active) {
        return; // Answered before the delivery was known.
    }
    s.asked_at = d.ctx().now;
    d.out().operations.emplace_back(open_route{s.subject, s.id});
    const step* at = d.path().find(s.step);
    if (!s.nudged_at && at != nullptr && at->follow_up == follow_up::nudge) {
        d.set_timer(timer_purpose::nudge, d.ctx().settings.onboarding.nudge_after);
    }
    d.start_deadline();
}

/// Whether the session still stands at the question of this message and waits for it to arrive.
bool waits_for(draft& d, const effect_tried& tried) {
    const session& s = d.current();
    if (!is_question(tried.body) || s.surface != surface::direct_message) {
        return false;
    }
    const bool stands = s.state == session_state::created || s.state == session_state::active ||
                        s.state == session_state::blocked;
    return stands && tried.key == d.asking_key() &&
           s.step == std::get<direct_message>(tried.body).question.step;
}

std::vector<role_id> roles_in(std::string_view list) {
    std::vector<role_id> out;
    for (const char* at = list.data(); at < list.data() + list.size();) {
        std::int64_t value = 0;
        const auto [end, ec] = std::from_chars(at, list.data() + list.size(), value);
        if (ec != std::errc{}) {
            break;
        }
        out.emplace_back(value);
        at = end + 1;
    }
    return out;
}

/// What was given although its entitlement had ended meanwhile: PATT knows it for its own, and takes it away.
void take_back(draft& d, const person_facts& person, const set_roles& done, std::span<const role_id> given) {
    for (const provisioning::grant& g : person.grants) {
        const bool fresh = std::find(given.begin(), given.end(), g.role) != given.end();
        if (g.member != done.member || !fresh) {
            continue;
        }
        if (g.state == provisioning::grant_state::revoked) {
            provisioning::grant late = g;
            late.state = provisioning::grant_state::ending;
            late.updated_at = d.ctx().now;
            d.out().rows.emplace_back(std::move(late));
        }
        if (g.state == provisioning::grant_state::revoked || g.state == provisioning::grant_state::ending) {
            d.out().timers.push_back({person.person.id.value(), timer_purpose::roles, d.ctx().now, {}});
        }
    }
}

void roles_done(draft& d, const effect_tried& tried) {
    const auto& done = std::get<set_roles>(tried.body);
    std::vector<role_id> given = roles_in(tried.outcome.external_ref);
    if (tried.attempts > 1 && d.facts().member && d.facts().member->id == done.member) {
        // The answer to an earlier attempt may have been lost: a role that was not there when PATT last knew
        // is PATT's own, or it would never be taken away again.
        const std::vector<role_id>& known = d.facts().member->roles;
        for (const role_id r : done.add) {
            const bool before = std::find(known.begin(), known.end(), r) != known.end();
            if (!before && std::find(given.begin(), given.end(), r) == given.end()) {
                given.push_back(r);
            }
        }
    }
    for (const person_facts& p : d.facts().persons) {
        for (provisioning::grant& g : provisioning::settle_grants(p.grants, done, given, d.ctx().now)) {
            d.out().rows.emplace_back(std::move(g));
        }
        take_back(d, p, done, given);
    }
    if (d.facts().member && d.facts().member->id == done.member) {
        identity::member seen = *d.facts().member;
        std::erase_if(seen.roles, [&](role_id r) {
            return std::find(done.remove.begin(), done.remove.end(), r) != done.remove.end();
        });
        for (const role_id r : done.add) {
            if (std::find(seen.roles.begin(), seen.roles.end(), r) == seen.roles.end()) {
                seen.roles.push_back(r);
            }
        }
        std::sort(seen.roles.begin(), seen.roles.end());
        d.out().rows.emplace_back(std::move(seen));
    }
    d.out().log.push_back({"roles.set",
                           fmt::format("member:{}", done.member.value()),
                           {{"given", tried.outcome.external_ref}, {"effect", tried.key}}});
}

/// Whoever is not there gets no role, and has none that could be taken away.
void not_given(draft& d, const effect_body& body) {
    const auto* roles = std::get_if<set_roles>(&body);
    for (const person_facts& p : d.facts().persons) {
        for (const provisioning::grant& g : p.grants) {
            const bool open =
                g.state == provisioning::grant_state::wanted || g.state == provisioning::grant_state::ending;
            if (roles != nullptr && g.member == roles->member && open) {
                provisioning::grant ended = g;
                ended.state = provisioning::grant_state::revoked;
                ended.reason = "not in the chat server";
                ended.updated_at = d.ctx().now;
                d.out().rows.emplace_back(std::move(ended));
            }
        }
    }
}

void succeeded(draft& d, const effect_tried& tried) {
    d.out().operations.emplace_back(effect_done{tried.id, tried.outcome.external_ref});
    if (std::holds_alternative<set_roles>(tried.body)) {
        roles_done(d, tried);
    }
    if (!tried.owner && std::holds_alternative<set_roles>(tried.body)) {
        d.resolve_issue(integrity::issue_type::effect_failed, "auto");
    }
    if (!tried.owner || !d.facts().session) {
        return;
    }
    if (std::holds_alternative<direct_message>(tried.body)) {
        d.resolve_issue(integrity::issue_type::dm_unreachable, "auto"); // it got through
    }
    if (is_question(tried.body) && is_open(d.current().state)) {
        question_delivered(d, tried);
    }
    if (tried.need == necessity::required) {
        provisioning::settle(d, tried.id);
    }
}

/// The member takes no direct messages: somewhere else, once, and the officers see it.
void fall_back(draft& d, const effect_tried& tried) {
    session& s = d.current();
    d.out().operations.emplace_back(effect_cancelled{tried.id, "direct messages are closed"});
    const bool confirmation = tried.key.starts_with("confirm:");
    const bool question = waits_for(d, tried);
    if (is_question(tried.body) && !question) {
        return; // Answered elsewhere meanwhile.
    }
    if (question) {
        s.state = session_state::blocked;
        s.outcome = "direct messages are closed";
        d.start_deadline();
        d.cancel_timer(timer_purpose::nudge);
    }
    integrity::issue_subject about;
    about.member = s.subject;
    d.open_issue(integrity::issue_type::dm_unreachable, about,
                 {{"member", member_name(d.facts(), s.subject)}});
    const policy::dm_fallback how = d.ctx().settings.onboarding.closed_dm_fallback;
    if (how == policy::dm_fallback::none || !(confirmation || question)) {
        return;
    }
    const bool panel = how == policy::dm_fallback::panel;
    const std::string_view text = confirmation ? "landing.ready"
                                  : panel      ? "landing.panel"
                                               : "landing.channel";
    d.post(fmt::format("landing:{}:{}", s.id.value(), confirmation ? "ready" : "closed"),
           d.ctx().settings.channels.landing, d.text(text), gate::onboarding, s.subject);
}

/// No session tries these again, and what they say may be out of date by then: the change is over, the grants
/// say how things stand, and what is right is planned anew later. @return whether there is somebody to plan
/// for.
bool plan_anew(draft& d, const effect_tried& tried, const std::string& why) {
    const auto* roles = std::get_if<set_roles>(&tried.body);
    if (roles == nullptr || tried.owner || d.facts().persons.empty()) {
        return false;
    }
    d.out().operations.emplace_back(effect_cancelled{tried.id, why});
    const std::vector<role_id>* known = d.facts().member ? &d.facts().member->roles : nullptr;
    for (const person_facts& p : d.facts().persons) {
        for (const provisioning::grant& g : p.grants) {
            if (g.member != roles->member || g.state != provisioning::grant_state::wanted) {
                continue;
            }
            const bool before =
                known != nullptr && std::find(known->begin(), known->end(), g.role) != known->end();
            provisioning::grant not_there = g;
            not_there.state = tried.attempts > 1 && !before ? provisioning::grant_state::ending
                                                            : provisioning::grant_state::revoked;
            not_there.updated_at = d.ctx().now;
            d.out().rows.emplace_back(std::move(not_there));
        }
        d.out().timers.push_back(
            {p.person.id.value(), timer_purpose::roles, d.ctx().now + plan_roles_after, {}});
    }
    integrity::issue_subject about;
    about.member = roles->member;
    about.detail = fmt::format("roles:{}", roles->member.value()); // Of all attempts: told once.
    d.open_issue(integrity::issue_type::effect_failed, about,
                 {{"member", member_name(d.facts(), roles->member)}, {"what", about.detail}, {"why", why}},
                 notice::at_once);
    return true;
}

void given_up(draft& d, const effect_tried& tried) {
    const effect_outcome& outcome = tried.outcome;
    const std::string why = fmt::format("{}: {}", to_string(outcome.error), outcome.detail);
    const bool planned_anew = plan_anew(d, tried, why);
    if (!planned_anew) {
        d.out().operations.emplace_back(effect_failed{tried.id, why});
        integrity::issue_subject about;
        about.detail = tried.key;
        if (tried.owner && d.facts().session) {
            about.member = d.current().subject;
        }
        const std::string who =
            tried.owner && d.facts().session ? member_name(d.facts(), d.current().subject) : tried.key;
        d.open_issue(
            integrity::issue_type::effect_failed, about, {{"member", who}, {"what", tried.key}, {"why", why}},
            std::holds_alternative<channel_post>(tried.body) ? notice::in_the_list : notice::at_once);
    }
    d.out().log.push_back(
        {"effect.failed", fmt::format("effect:{}", tried.id.value()), {{"key", tried.key}, {"why", why}}});
    const bool waited_for = tried.owner && tried.need == necessity::required;
    if (waited_for && d.facts().session && is_open(d.current().state)) {
        d.set_timer(timer_purpose::retry, retry_failed_after);
        provisioning::settle_failed(d, tried.id);
    }
}

/// Whether nobody waits for it any more: its session has ended meanwhile, or its question was answered. What
/// a completed session says at its end is still to be said.
bool outlived(draft& d, const effect_tried& tried) {
    const session_facts& facts = d.facts();
    if (!tried.owner || !facts.session) {
        return false;
    }
    if (is_open(facts.session->state)) {
        return is_question(tried.body) && tried.key != d.asking_key();
    }
    const session_state ended = facts.session->state;
    const bool well = ended == session_state::completed || ended == session_state::resolved;
    return !well || is_question(tried.body) || std::holds_alternative<set_roles>(tried.body);
}

/// It is not tried again. A role may have been given all the same.
void end_outlived(draft& d, const effect_tried& tried) {
    d.out().operations.emplace_back(effect_cancelled{tried.id, "nobody waits for it any more"});
    const auto* roles = std::get_if<set_roles>(&tried.body);
    const bool surely_not = tried.attempts <= 1 && tried.outcome.error != effect_error::temporary;
    for (const person_facts& p : d.facts().persons) {
        for (const provisioning::grant& g : p.grants) {
            if (roles == nullptr || g.member != roles->member) {
                continue;
            }
            if (g.state == provisioning::grant_state::wanted) {
                provisioning::grant known = g;
                known.state = !surely_not && provisioning::may_have_given(d.facts(), g.role)
                                  ? provisioning::grant_state::given
                                  : provisioning::grant_state::revoked;
                known.updated_at = d.ctx().now;
                d.out().rows.emplace_back(std::move(known));
            } else if (g.state == provisioning::grant_state::ending) {
                d.out().timers.push_back({p.person.id.value(), timer_purpose::roles, d.ctx().now, {}});
            }
        }
    }
}

} // namespace

bool ends_quietly(const effect& what, const effect_outcome& outcome) noexcept {
    // As in `succeeded`: only roles, direct messages of a session and what a session needs mean more.
    const bool of_session =
        what.owner && (std::holds_alternative<direct_message>(what.body) || what.need == necessity::required);
    return outcome.error == effect_error::none && !std::holds_alternative<set_roles>(what.body) &&
           what.cls != effect_class::internal && !of_session;
}

decision decide(const session_facts& facts, const effect_tried& tried, context& ctx) {
    draft d(facts, ctx);
    const effect_outcome& outcome = tried.outcome;
    const bool there = outcome.error != effect_error::none && outcome.error != effect_error::unknown_member;
    if (there && outlived(d, tried)) {
        end_outlived(d, tried);
        return d.finish();
    }
    switch (outcome.error) {
    case effect_error::none:
        succeeded(d, tried);
        break;
    case effect_error::temporary:
        // Without a session nobody would try again: those go on for as long as it takes.
        if (tried.attempts >= most_attempts && tried.owner) {
            given_up(d, tried);
        } else {
            const duration wait = std::max(back_off(tried.attempts, ctx.random), outcome.retry_after);
            d.out().operations.emplace_back(effect_retry{tried.id, ctx.now + wait, outcome.detail});
        }
        break;
    case effect_error::dm_closed:
        if (tried.owner && facts.session) {
            fall_back(d, tried);
        } else {
            d.out().operations.emplace_back(effect_cancelled{tried.id, outcome.detail});
        }
        break;
    case effect_error::unknown_member:
        // They left; the leaving itself is told by the chat server or the next member list.
        d.out().operations.emplace_back(effect_cancelled{tried.id, "the member is not in the chat server"});
        not_given(d, tried.body);
        if (tried.need == necessity::required && facts.session) {
            provisioning::settle(d, tried.id);
        }
        break;
    case effect_error::missing_permission:
    case effect_error::role_order:
    case effect_error::dangerous_role:
    case effect_error::unknown_role:
    case effect_error::unknown_channel:
    case effect_error::rejected:
        given_up(d, tried);
        break;
    }
    return d.finish();
}

} // namespace patt::onboarding
