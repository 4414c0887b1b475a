// The fake chat as the engine sees it: each call asks the faults, looks, does, and writes the ledger.

#include "testing/chat_state.hpp"

#include <patt/testing/fake_chat.hpp>
#include <patt/testing/plain.hpp>

#include <algorithm>
#include <iterator>

namespace patt::testing {
namespace {

effect_outcome failed(effect_error error, std::string detail) {
    return {error, std::move(detail), "", {}};
}

std::string listed(std::span<const role_id> roles) {
    std::string out = "[";
    for (const role_id role : roles) {
        out += (out.size() > 1 ? " " : "") + std::to_string(role.value());
    }
    return out + "]";
}

/// What a message says, whom it notifies included: two that differ in it are two messages.
std::string content_of(const engine::outgoing& what) {
    std::string out = to_plain(what.message, what.question);
    if (what.mention) {
        out = "<@" + std::to_string(what.mention.value()) + "> " + out;
    }
    return out;
}

/// Delivers into `box`, or finds that it was delivered before.
effect_outcome deliver(fake_chat::state& world, ledger_entry entry, const engine::outgoing& what,
                       std::vector<chat_message>& box) {
    entry.content = content_of(what);
    const dedupe_key key{entry.guild, entry.operation, entry.target, entry.key};
    if (ledger_entry* known = world.remembered(key)) {
        ++known->repeats;
        known->other_content += known->content == entry.content ? 0 : 1;
        return {effect_error::none, "", known->external_ref, {}};
    }
    entry.external_ref = std::to_string(world.next_message++);
    box.push_back(
        {entry.external_ref, entry.key, what.message, what.question, what.mention, world.clock.now()});
    return {effect_error::none, "", world.record(std::move(entry)).external_ref, {}};
}

/// Does the work unless a fault comes before it; a fault after it hides the answer.
template <class Work>
effect_outcome under_faults(const fake_chat::state::strike& strike, Work work) {
    const bool goes_wrong = strike.outcome.error != effect_error::none;
    if (goes_wrong && strike.moment == fault_moment::before) {
        return strike.outcome;
    }
    effect_outcome done = work();
    return goes_wrong && done.error == effect_error::none ? strike.outcome : done;
}

ledger_entry begun(chat_operation operation, guild_id guild, std::int64_t target, std::string_view key) {
    ledger_entry out;
    out.operation = operation;
    out.guild = guild;
    out.target = target;
    out.key = std::string(key);
    return out;
}

} // namespace

ledger_entry* fake_chat::state::remembered(const dedupe_key& key) {
    const auto found = seen.find(key);
    if (found == seen.end() || std::get<std::string>(key).empty() || dedupe_window <= duration{}) {
        return nullptr;
    }
    ledger_entry& entry = ledger[found->second];
    const bool fresh = dedupe_window == duration::max() || clock.now() - entry.at < dedupe_window;
    return fresh ? &entry : nullptr;
}

ledger_entry& fake_chat::state::record(ledger_entry entry) {
    entry.number = ledger.size() + 1;
    entry.at = clock.now();
    seen[{entry.guild, entry.operation, entry.target, entry.key}] = ledger.size();
    ledger.push_back(std::move(entry));
    return ledger.back();
}

effect_outcome fake_chat::send(guild_id guild, member_id to, const engine::outgoing& what,
                               std::string_view key) {
    return under_faults(state_->called(chat_operation::send, guild, to), [&] {
        const chat_guild* where = state_->find(guild);
        if (where == nullptr || where->members.count(to) == 0) {
            return failed(effect_error::unknown_member, "Unknown Member");
        }
        return deliver(*state_, begun(chat_operation::send, guild, to.value(), key), what,
                       state_->inboxes[to]);
    });
}

effect_outcome fake_chat::post(guild_id guild, channel_id where, const engine::outgoing& what,
                               std::string_view key) {
    return under_faults(state_->called(chat_operation::post, guild, where), [&] {
        chat_guild* home = state_->find(guild);
        if (home == nullptr || home->channels.count(where) == 0) {
            return failed(effect_error::unknown_channel, "Unknown Channel");
        }
        return deliver(*state_, begun(chat_operation::post, guild, where.value(), key), what,
                       home->posts[where]);
    });
}

engine::fetched<engine::member_state> fake_chat::fetch_member(guild_id guild, member_id who) {
    const state::strike strike = state_->called(chat_operation::fetch_member, guild, who);
    if (strike.outcome.error != effect_error::none) {
        return strike.outcome;
    }
    const auto found = member(guild, who);
    if (!found) {
        return failed(effect_error::unknown_member, "Unknown Member");
    }
    return engine::member_state{found->roles};
}

engine::fetched<engine::role_state> fake_chat::fetch_role(guild_id guild, role_id which) {
    const state::strike strike = state_->called(chat_operation::fetch_role, guild, which);
    if (strike.outcome.error != effect_error::none) {
        return strike.outcome;
    }
    const chat_guild* where = state_->find(guild);
    if (where == nullptr || where->roles.count(which) == 0) {
        return failed(effect_error::unknown_role, "Unknown Role");
    }
    const chat_role& role = where->roles.at(which);
    return engine::role_state{role.permissions, role.above_bot};
}

effect_outcome fake_chat::replace_roles(guild_id guild, member_id who, std::span<const role_id> roles,
                                        std::string_view key) {
    return under_faults(state_->called(chat_operation::replace_roles, guild, who), [&] {
        chat_guild* where = state_->find(guild);
        const auto found = where == nullptr ? decltype(where->members.begin()){} : where->members.find(who);
        if (where == nullptr || found == where->members.end()) {
            return failed(effect_error::unknown_member, "Unknown Member");
        }
        std::vector<role_id> after(roles.begin(), roles.end());
        std::sort(after.begin(), after.end());
        after.erase(std::unique(after.begin(), after.end()), after.end());
        std::vector<role_id> changed;
        std::set_symmetric_difference(after.begin(), after.end(), found->second.roles.begin(),
                                      found->second.roles.end(), std::back_inserter(changed));
        for (const role_id role : changed) {
            const auto known = where->roles.find(role);
            if (known == where->roles.end()) {
                return failed(effect_error::unknown_role, "Unknown Role");
            }
            if (known->second.above_bot) {
                return failed(effect_error::role_order, "Missing Permissions");
            }
        }
        ledger_entry entry = begun(chat_operation::replace_roles, guild, who.value(), key);
        entry.before = found->second.roles;
        entry.after = after;
        entry.content = listed(entry.before) + " -> " + listed(entry.after);
        found->second.roles = std::move(after);
        state_->record(std::move(entry));
        return effect_outcome{};
    });
}

} // namespace patt::testing
