#include "simulation/watched_chat.hpp"

#include <fmt/core.h>

namespace patt::simulation {

using testing::chat_operation;

template <class Call>
effect_outcome watched_chat::perform(guild_id guild, chat_operation what, std::int64_t target,
                                     std::string_view key, const engine::outgoing* content, Call call) {
    if (script_.dead) {
        throw process_end();
    }
    std::string used(key);
    if (script_.planted == defect::key_per_attempt) {
        used += fmt::format("#{}", ++attempts_);
    }
    watch_.outside_transactions(script_.in_transaction ? used : std::string_view{});
    watch_.at_call(guild, what, target, used);
    const std::optional<strike> due = script_.take(strike_at::chat_call);
    if (due) {
        script_.tell(*due);
    }
    if (due && due->side == strike_side::before) {
        script_.end();
    }
    const std::size_t before = real_.ledger().size();
    effect_outcome outcome = call(used);
    if (on_call) {
        on_call(what, guild, target, used, outcome);
    }
    if (real_.ledger().size() > before) {
        watch_.after_call(real_.ledger().back());
        if (on_done) {
            on_done(real_.ledger().back(), content);
        }
    }
    if (due) {
        script_.end();
    }
    return outcome;
}

effect_outcome watched_chat::send(guild_id guild, member_id to, const engine::outgoing& what,
                                  std::string_view key) {
    return perform(guild, chat_operation::send, to.value(), key, &what,
                   [&](const std::string& used) { return real_.send(guild, to, what, used); });
}

effect_outcome watched_chat::post(guild_id guild, channel_id where, const engine::outgoing& what,
                                  std::string_view key) {
    return perform(guild, chat_operation::post, where.value(), key, &what,
                   [&](const std::string& used) { return real_.post(guild, where, what, used); });
}

effect_outcome watched_chat::replace_roles(guild_id guild, member_id who, std::span<const role_id> roles,
                                           std::string_view key) {
    return perform(guild, chat_operation::replace_roles, who.value(), key, nullptr,
                   [&](const std::string& used) { return real_.replace_roles(guild, who, roles, used); });
}

engine::fetched<engine::member_state> watched_chat::fetch_member(guild_id guild, member_id who) {
    if (script_.dead) {
        throw process_end();
    }
    return real_.fetch_member(guild, who);
}

engine::fetched<engine::role_state> watched_chat::fetch_role(guild_id guild, role_id which) {
    if (script_.dead) {
        throw process_end();
    }
    return real_.fetch_role(guild, which);
}

} // namespace patt::simulation
