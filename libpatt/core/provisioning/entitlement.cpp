#include <patt/provisioning/entitlement.hpp>

#include <fmt/core.h>

#include <algorithm>

namespace patt::provisioning {

namespace {

constexpr std::string_view source_rank = "rank";

bool is_held(grant_state state) noexcept {
    return state != grant_state::revoked && state != grant_state::ending;
}

/// A role of PATT's that was to be taken away: it stays PATT's own, whether it is still there or not.
grant wanted_again(const grant& ending, person_id person, const std::string& because, instant now) {
    grant out = ending;
    out.person = person;
    out.state = grant_state::given;
    out.reason = because;
    out.since = now;
    out.updated_at = now;
    return out;
}

} // namespace

identity::trust_limits limits_of(const policy::guild_settings& settings) noexcept {
    return {settings.trust.officer_rank, policy::claim_max_rank(settings)};
}

std::optional<rank_basis> best_rank(std::span<const held_character> held,
                                    const identity::trust_limits& limits) {
    std::optional<int> best;
    const held_character* by = nullptr;
    for (const held_character& h : held) {
        const std::optional<int> rank = identity::effective_rank(*h.character, *h.link, limits);
        if (rank && (!best || *rank < *best)) {
            best = rank;
            by = &h;
        }
    }
    if (!best) {
        return std::nullopt;
    }
    return rank_basis{*best, fmt::format("rank {} by {}-{} ({})", by->character->rank, by->character->name,
                                         by->character->realm_slug, identity::to_string(by->link->level))};
}

role_plan plan_roles(member_id member, person_id person, std::span<const grant> grants, role_id wanted,
                     const std::string& because, instant now) {
    role_plan plan;
    plan.change.member = member;
    bool have = false;
    for (const grant& g : grants) {
        if (g.member != member || g.source != source_rank || g.state == grant_state::revoked) {
            continue;
        }
        if (wanted && g.role == wanted) {
            have = true;
            if (g.state == grant_state::ending) {
                plan.change.add.push_back(wanted); // Its removal may be under way, or be done.
                plan.grants.push_back(wanted_again(g, person, because, now));
            }
            continue;
        }
        const bool otherwise = std::any_of(grants.begin(), grants.end(), [&](const grant& other) {
            return other.member == member && other.role == g.role && other.source != g.source &&
                   is_held(other.state);
        });
        const bool there = g.state == grant_state::given || g.state == grant_state::ending;
        grant ended = g;
        ended.state = grant_state::revoked;
        if (there && !otherwise) { // Another source may give the same role.
            plan.change.remove.push_back(g.role);
            ended.state = grant_state::ending;
        }
        if (g.state != grant_state::ending) { // Else it has its reason.
            ended.reason = because.empty() ? "no character counts any more" : because;
        }
        ended.updated_at = now;
        plan.grants.push_back(std::move(ended));
    }
    if (wanted && !have) {
        grant begun;
        begun.member = member;
        begun.role = wanted;
        begun.source = source_rank;
        begun.person = person;
        begun.state = grant_state::wanted;
        begun.reason = because;
        begun.since = now;
        begun.updated_at = now;
        plan.change.add.push_back(wanted);
        plan.grants.push_back(std::move(begun));
    }
    return plan;
}

std::vector<grant> settle_grants(std::span<const grant> grants, const set_roles& done,
                                 std::span<const role_id> given, instant now) {
    const auto has = [](std::span<const role_id> list, role_id role) {
        return std::find(list.begin(), list.end(), role) != list.end();
    };
    std::vector<grant> out;
    for (const grant& g : grants) {
        const bool fresh = has(given, g.role);
        std::optional<grant_state> now_is;
        if (g.member != done.member) {
            continue;
        }
        if (has(done.add, g.role) && g.state == grant_state::wanted) {
            now_is = fresh ? grant_state::given : grant_state::found;
        } else if (has(done.add, g.role) && g.state == grant_state::ending && !fresh) {
            now_is = grant_state::revoked; // Given up meanwhile; it was there before, so it is not PATT's.
        } else if (has(done.remove, g.role) && g.state == grant_state::ending) {
            now_is = grant_state::revoked;
        }
        if (now_is) {
            grant& settled = out.emplace_back(g);
            settled.state = *now_is;
            settled.updated_at = now;
        }
    }
    return out;
}

} // namespace patt::provisioning
