#include "core/provisioning/provision.hpp"

#include "core/onboarding/verify.hpp"
#include "core/onboarding/walk.hpp"
#include "core/provisioning/doubt.hpp"

#include <patt/policy/sending.hpp>
#include <patt/provisioning/entitlement.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <type_traits>
#include <variant>

namespace patt::provisioning {

namespace {

using onboarding::draft;
using onboarding::owned_character;

/// What the member would get, for a rehearsal: said, not done.
void rehearse(draft& d) {
    d.say("", d.text("rehearsal.provisioned"));
}

std::vector<grant> grants_of(const draft& d, person_id person) {
    const onboarding::person_facts* known = d.facts().find_person(person);
    return known == nullptr ? std::vector<grant>{} : known->grants;
}

/// The person's grants. What was tried may have been given though nobody heard of it: unless the member had
/// it when PATT last knew, it counts as given, or it would never be taken away.
std::vector<grant> grants_for(draft& d) {
    std::vector<grant> grants = grants_of(d, d.current().person);
    for (grant& g : grants) {
        const bool theirs = g.member == d.current().subject && g.state == grant_state::wanted;
        g.state = theirs && may_have_given(d.facts(), g.role) ? grant_state::given : g.state;
    }
    return grants;
}

/// Another role was decided on: the one that is on its way is not given any more. What is being sent right
/// now ends first, as it is in the same lane.
void take_back_role_effects(draft& d) {
    for (const open_effect& e : d.facts().effects) {
        if (gives_role(e) && e.state != effect_state::sending) {
            d.out().operations.emplace_back(effect_cancelled{e.id, "another role was decided on"});
        }
    }
}

void require(effect& e, effect_class cls) {
    e.need = necessity::required;
    e.cls = cls;
}

void give_role(draft& d) {
    const onboarding::session& s = d.current();
    const std::vector<owned_character> owned = onboarding::owned_after(d);
    std::vector<held_character> held;
    for (const owned_character& o : owned) {
        held.push_back({&o.character, &o.link});
    }
    const std::optional<rank_basis> basis = best_rank(held, limits_of(d.ctx().settings));
    if (!basis) {
        return;
    }
    const role_id wanted = policy::role_of_rank(d.ctx().settings, basis->rank);
    // An officer's word may come after the claim's role was planned, or given.
    const bool again = !d.recall("role.because").empty();
    d.remember("role.because", basis->because);
    set_roles change;
    change.member = s.subject;
    if (wanted) {
        role_plan plan = plan_roles(s.subject, s.person, grants_for(d), wanted, basis->because, d.ctx().now);
        for (grant& g : plan.grants) {
            d.out().rows.emplace_back(std::move(g));
        }
        if (plan.empty()) {
            return;
        }
        change = std::move(plan.change);
        take_back_role_effects(d);
    } else {
        // No role is configured for this rank. The effect is made all the same: it fails, and the officers
        // see it. What was planned or given before is taken away when it is known to be there.
        change.add.emplace_back();
        d.out().timers.push_back({s.person.value(), timer_purpose::roles, d.ctx().now, {}});
    }
    effect& e = d.add_effect(fmt::format("roles:{}", s.id.value()),
                             fmt::format("roles:{}", s.subject.value()), std::move(change));
    if (again) { // The first one's key is known, and would be skipped.
        e.key += fmt::format(":{}", e.id.value());
    }
    require(e, effect_class::publish);
}

/// Whether the session waits for this effect: a question from before is no part of provisioning.
bool provides(const open_effect& e) {
    constexpr std::size_t message = 0; // `direct_message` in `effect_body`.
    static_assert(std::is_same_v<std::variant_alternative_t<message, effect_body>, direct_message>);
    return e.need == necessity::required && e.kind != message;
}

bool any_open_required(const draft& d, effect_id just_ended) {
    const auto& open = d.facts().effects;
    return std::any_of(open.begin(), open.end(), [&](const open_effect& e) {
        return e.id != just_ended && provides(e) && e.state != effect_state::failed;
    });
}

bool any_failed_required(const draft& d, effect_id just_ended) {
    const auto& open = d.facts().effects;
    return std::any_of(open.begin(), open.end(), [&](const open_effect& e) {
        return e.id != just_ended && provides(e) && e.state == effect_state::failed;
    });
}

bool any_failed(const draft& d, effect_id just_ended) {
    const auto& open = d.facts().effects;
    return std::any_of(open.begin(), open.end(), [&](const open_effect& e) {
        return e.id != just_ended && e.state == effect_state::failed;
    });
}

void confirm(draft& d, std::string_view role_status) {
    onboarding::session& s = d.current();
    const policy::guild_settings& set = d.ctx().settings;
    text_ref text = d.text("newcomer.provisioned");
    text.with("role_status", role_status, arg_kind::trusted);
    const std::string_view invite = d.recall("invite");
    text.with("has_invite", invite.empty() ? "no" : "yes", arg_kind::trusted);
    text.with("has_schedule", set.guild.raid_schedule.empty() ? "no" : "yes", arg_kind::trusted);
    if (!invite.empty()) {
        text.with("invite", invite, arg_kind::invite_code);
    }
    d.remember("confirmed", role_status);
    d.say(fmt::format("confirm:{}", s.id.value()), std::move(text), gate::invite);
}

/// Only while the switch is on: a welcome that comes weeks later, when somebody turns it on, welcomes nobody.
void welcome_in_public(draft& d) {
    if (!policy::is_open(gate::announcements, d.ctx().settings)) {
        return;
    }
    const onboarding::session& s = d.current();
    d.post(fmt::format("welcome:{}", s.id.value()), d.ctx().settings.channels.welcome,
           d.text("public.welcome"), gate::announcements, s.subject);
}

/// The confirmation once, and one more line when the role comes later.
void tell(draft& d, std::string_view role_status) {
    const std::string said(d.recall("confirmed"));
    if (said.empty()) {
        confirm(d, role_status);
    } else if (said == "pending" && role_status != "pending") {
        d.remember("confirmed", role_status);
        d.say(fmt::format("role-done:{}", d.current().id.value()), d.text("newcomer.role_done"));
    }
}

} // namespace

bool begin(draft& d) {
    onboarding::session& s = d.current();
    if (!d.for_real()) {
        rehearse(d);
        return false;
    }
    const policy::guild_settings& set = d.ctx().settings;
    s.state = onboarding::session_state::provisioning;
    if (d.may_send()) {
        give_role(d);
        if (set.invite.enabled) {
            effect& e = d.add_effect(fmt::format("invite:{}", s.id.value()),
                                     fmt::format("invite:{}", s.id.value()), issue_invite{s.id, s.person});
            require(e, effect_class::internal);
        }
    }
    if (set.roster.enabled) {
        effect& e =
            d.add_effect(fmt::format("roster:{}", s.id.value()), fmt::format("roster:{}", s.id.value()),
                         add_roster_entries{s.id, s.person, s.subject});
        require(e, effect_class::internal);
    }
    const auto& effects = d.out().effects;
    const bool waits = std::any_of(effects.begin(), effects.end(), [](const effect& e) {
        return e.need == necessity::required && !std::holds_alternative<direct_message>(e.body);
    });
    if (!waits) {
        confirm(d, "none");
        welcome_in_public(d);
    }
    return waits;
}

void settle(draft& d, effect_id just_ended) {
    if (d.current().state != onboarding::session_state::provisioning || any_open_required(d, just_ended)) {
        return;
    }
    if (any_failed_required(d, just_ended)) {
        tell(d, "pending");
        return;
    }
    tell(d, d.recall("role.because").empty() ? "none" : "done");
    onboarding::session& s = d.current();
    s.outcome = "provisioned";
    if (!any_failed(d, just_ended)) { // What else was given up keeps its issue: an officer can still see it.
        d.resolve_issue(integrity::issue_type::effect_failed, "auto");
    }
    welcome_in_public(d);
    need nothing;
    const onboarding::step* at = d.path().find(s.step);
    static_cast<void>(onboarding::enter(d, onboarding::target_of(d, *at), nothing));
}

void settle_failed(draft& d, effect_id just_failed) {
    onboarding::session& s = d.current();
    if (s.state == onboarding::session_state::provisioning) {
        s.outcome = "a required step failed; see the issues";
        if (!any_open_required(d, just_failed)) {
            tell(d, "pending");
        }
    }
}

} // namespace patt::provisioning
