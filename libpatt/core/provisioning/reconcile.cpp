// After ranks or links changed: what a person's members must gain and lose.

#include <patt/provisioning/commands.hpp>
#include <patt/provisioning/entitlement.hpp>

#include <fmt/core.h>

#include <algorithm>

namespace patt::provisioning {

namespace {

constexpr duration look_again = std::chrono::minutes(1);
/// Silence lasts for days, and what changed meanwhile must not be forgotten.
constexpr duration look_again_in_silence = std::chrono::hours(1);

std::optional<rank_basis> basis_of(const onboarding::person_facts& person, const context& ctx) {
    std::vector<held_character> held;
    for (const onboarding::owned_character& o : person.characters) {
        held.push_back({&o.character, &o.link});
    }
    return best_rank(held, limits_of(ctx.settings));
}

bool by_rank(const grant& g, const identity::member& member) {
    return g.member == member.id && g.source == "rank";
}

/// Only who was given something by rank in this stay is followed; newcomers are the business of their
/// session, and so is whom it gave up.
bool followed(const onboarding::person_facts& person, const identity::member& member) {
    return std::any_of(person.grants.begin(), person.grants.end(), [&](const grant& g) {
        const bool this_stay = g.state != grant_state::revoked || g.updated_at >= member.joined_at;
        return by_rank(g, member) && this_stay && g.since;
    });
}

/// Whether a role is there, or may be, that is to be taken away.
bool has_ending(const onboarding::person_facts& person, const identity::member& member) {
    return std::any_of(person.grants.begin(), person.grants.end(),
                       [&](const grant& g) { return by_rank(g, member) && g.state == grant_state::ending; });
}

} // namespace

decision decide(const onboarding::session_facts& facts, const reconcile_roles& command, context& ctx) {
    change_set out;
    const onboarding::person_facts* person = facts.find_person(command.person);
    if (person == nullptr) {
        return out;
    }
    if (ctx.settings.onboarding.silent) {
        out.timers.push_back(
            {command.person.value(), timer_purpose::roles, ctx.now + look_again_in_silence, {}});
        return out;
    }
    const bool under_way = std::any_of(facts.effects.begin(), facts.effects.end(), [](const open_effect& e) {
        return e.state == effect_state::sending || e.state == effect_state::pending ||
               e.state == effect_state::held;
    });
    if (under_way) {
        // What is being given right now is not known to be given or found yet; decide when it is.
        out.timers.push_back({command.person.value(), timer_purpose::roles, ctx.now + look_again, {}});
        return out;
    }
    const std::optional<rank_basis> basis = basis_of(*person, ctx);
    const role_id wanted = basis ? policy::role_of_rank(ctx.settings, basis->rank) : role_id{};
    for (const identity::member& m : person->members) {
        const bool entitled = followed(*person, m);
        if (m.here == identity::presence::absent || !(entitled || has_ending(*person, m))) {
            continue;
        }
        role_plan plan = plan_roles(m.id, command.person, person->grants, entitled ? wanted : role_id{},
                                    basis && entitled ? basis->because : std::string{}, ctx.now);
        for (grant& g : plan.grants) {
            out.rows.emplace_back(std::move(g));
        }
        if (plan.empty()) {
            continue;
        }
        effect e;
        e.id = ctx.ids.next<effect_id>();
        e.key = fmt::format("roles:{}:{}", m.id.value(), e.id.value());
        e.order_key = fmt::format("roles:{}", m.id.value());
        e.body = std::move(plan.change);
        out.effects.push_back(std::move(e));
        out.log.push_back({"roles.planned",
                           fmt::format("member:{}", m.id.value()),
                           {{"because", !entitled ? "the session that gave it ended"
                                        : basis   ? basis->because
                                                  : "no character counts any more"}}});
    }
    return out;
}

} // namespace patt::provisioning
