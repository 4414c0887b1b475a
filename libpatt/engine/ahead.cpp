// What the inputs of several guilds will want to know, asked together: a round trip for all instead of for
// each.

#include "engine/writer.hpp"
#include "store/session_repository.hpp"

#include <set>
#include <utility>

namespace patt::engine {

namespace {

/// Whose facts are loaded first; none for what is about no member.
std::optional<member_id> subject_of(const task& t) {
    const auto* what = std::get_if<const command*>(&t.what);
    if (what == nullptr) {
        return std::nullopt;
    }
    return std::visit(
        [](const auto& c) -> std::optional<member_id> {
            using type = std::decay_t<decltype(c)>;
            if constexpr (std::is_same_v<type, onboarding::member_joined> ||
                          std::is_same_v<type, onboarding::member_left> ||
                          std::is_same_v<type, onboarding::message_received> ||
                          std::is_same_v<type, onboarding::self_service> ||
                          std::is_same_v<type, onboarding::officer_action> ||
                          std::is_same_v<type, onboarding::task_completed>) {
                return c.member;
            } else {
                return std::nullopt;
            }
        },
        **what);
}

const store::claimed_effect* claim_of(const task& t) {
    if (const auto* ended = std::get_if<effect_ended>(&t.what)) {
        return &ended->claim;
    }
    const auto* inside = std::get_if<perform_inside>(&t.what);
    return inside == nullptr ? nullptr : &inside->claim;
}

} // namespace

/// Inputs of one guild run in their order, and guilds have none among each other. Whose guild depends on what
/// ran before runs between the others: a message of somebody who is new, or whom an earlier input is about.
void writer::execute_in_waves(std::span<task* const> batch) {
    std::vector<task*> free;
    std::set<member_id> members;
    for (task* t : batch) {
        const auto known = routed_.find(t->from.member);
        const bool sure =
            t->guild || (known != routed_.end() && known->second && members.count(t->from.member) == 0);
        if (sure) {
            free.push_back(t);
            if (const auto who = subject_of(*t)) {
                members.insert(*who);
            }
            continue;
        }
        execute_free(std::exchange(free, {}));
        members.clear();
        execute(*t);
    }
    execute_free(std::move(free));
}

/// The first inputs of all guilds ask together, then the second ones, and so on.
void writer::execute_free(std::vector<task*> rest) {
    while (!rest.empty()) {
        std::vector<task*> wave;
        std::vector<task*> later;
        std::set<guild_id> guilds;
        for (task* t : rest) {
            (guilds.insert(t->routed).second ? wave : later).push_back(t);
        }
        if (wave.size() > 1) {
            ask_ahead(wave);
        }
        for (task* t : wave) {
            execute(*t);
        }
        ahead_.clear();
        rest = std::move(later);
    }
}

void writer::ask_ahead(std::span<task* const> wave) {
    for (task* t : wave) {
        if (held_.count(t->routed) == 0) {
            continue;
        }
        enter(t->routed);
        asked_ahead& of = ahead_[t];
        of.guild = t->routed;
        if (!t->key.empty()) {
            of.known.emplace(store::ask_input(*connection_, of.guild, t->key));
        }
        if (const auto who = subject_of(*t)) {
            of.member.emplace(*connection_, of.guild, *who);
        } else if (const store::claimed_effect* claim = claim_of(*t)) {
            of.claim.emplace(store::ask_claim(*connection_, of.guild, claim->what.id));
            if (claim->what.owner) {
                of.owner.emplace(store::ask_session(*connection_, of.guild, claim->what.owner));
            }
        }
    }
    for (task* t : wave) {
        const auto of = ahead_.find(t);
        if (of != ahead_.end() && of->second.member) {
            enter(t->routed);
            of->second.member->ask_more(parts_.flows);
        }
    }
}

/// What was asked for this input; nothing when it turned out to belong to another guild.
asked_ahead writer::take_ahead(const task& t, guild_id guild) {
    asked_ahead out;
    const auto found = ahead_.find(&t);
    if (found != ahead_.end() && found->second.guild == guild) {
        return std::move(found->second);
    }
    return out;
}

} // namespace patt::engine
