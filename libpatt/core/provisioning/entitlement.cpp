#include <patt/provisioning/entitlement.hpp>

#include <fmt/core.h>

#include <algorithm>

namespace patt::provisioning {

namespace {

constexpr std::string_view source_rank = "rank";

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
            continue;
        }
        grant ended = g;
        ended.state = grant_state::revoked;
        ended.updated_at = now;
        ended.reason = because.empty() ? "no character counts any more" : because;
        const bool otherwise = std::any_of(grants.begin(), grants.end(), [&](const grant& other) {
            return other.member == member && other.role == g.role && other.source != g.source &&
                   other.state != grant_state::revoked;
        });
        if (g.state == grant_state::given && !otherwise) { // Another source may give the same role.
            plan.change.remove.push_back(g.role);
        }
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
    std::vector<grant> out;
    for (const grant& g : grants) {
        const bool asked = std::find(done.add.begin(), done.add.end(), g.role) != done.add.end();
        if (g.member != done.member || !asked || g.state != grant_state::wanted) {
            continue;
        }
        grant settled = g;
        const bool fresh = std::find(given.begin(), given.end(), g.role) != given.end();
        settled.state = fresh ? grant_state::given : grant_state::found;
        settled.updated_at = now;
        out.push_back(std::move(settled));
    }
    return out;
}

} // namespace patt::provisioning
