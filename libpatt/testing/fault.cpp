#include "testing/chat_state.hpp"

#include <patt/testing/fault.hpp>

#include <algorithm>
#include <array>

namespace patt::testing {
namespace {

bool fits(const fault& rule, chat_operation operation, guild_id guild, const chat_target& target) {
    return (!rule.operation || *rule.operation == operation) && (!rule.guild || rule.guild == guild) &&
           (rule.target.index() == 0 || rule.target == target);
}

} // namespace

fault dm_closed(member_id who) {
    fault out;
    out.error = effect_error::dm_closed;
    out.operation = chat_operation::send;
    out.target = who;
    return out;
}

fault fails(int times, std::optional<chat_operation> operation) {
    fault out;
    out.operation = operation;
    out.times = times;
    return out;
}

fault loses_answer(int times, std::optional<chat_operation> operation) {
    fault out = fails(times, operation);
    out.moment = fault_moment::after;
    return out;
}

std::optional<effect_error> parse_effect_error(std::string_view name) noexcept {
    constexpr std::array all = {effect_error::none,
                                effect_error::temporary,
                                effect_error::dm_closed,
                                effect_error::missing_permission,
                                effect_error::role_order,
                                effect_error::dangerous_role,
                                effect_error::unknown_member,
                                effect_error::unknown_role,
                                effect_error::unknown_channel,
                                effect_error::rejected};
    const auto found =
        std::find_if(all.begin(), all.end(), [&](effect_error e) { return to_string(e) == name; });
    return found == all.end() ? std::nullopt : std::optional(*found);
}

std::string_view to_string(chat_operation operation) noexcept {
    switch (operation) {
    case chat_operation::send:
        return "send";
    case chat_operation::post:
        return "post";
    case chat_operation::fetch_member:
        return "fetch_member";
    case chat_operation::fetch_role:
        return "fetch_role";
    case chat_operation::replace_roles:
        return "replace_roles";
    }
    return "unknown";
}

std::optional<chat_operation> parse_chat_operation(std::string_view name) noexcept {
    constexpr std::array all = {chat_operation::send, chat_operation::post, chat_operation::fetch_member,
                                chat_operation::fetch_role, chat_operation::replace_roles};
    const auto found =
        std::find_if(all.begin(), all.end(), [&](chat_operation o) { return to_string(o) == name; });
    return found == all.end() ? std::nullopt : std::optional(*found);
}

fake_chat::state::strike fake_chat::state::called(chat_operation operation, guild_id guild,
                                                  const chat_target& target) {
    ++calls;
    if (down == outage::on) {
        return {{effect_error::temporary, "the chat server is down", "", {}}, fault_moment::before};
    }
    for (armed_fault& armed : faults) {
        const fault& rule = armed.rule;
        if (!fits(rule, operation, guild, target) || (rule.times > 0 && armed.struck >= rule.times)) {
            continue;
        }
        const int number = ++armed.asked - rule.skip;
        if (number <= 0 || (rule.every > 1 && number % rule.every != 0)) {
            continue;
        }
        ++armed.struck;
        if (turned != nullptr) {
            turned->turn(rule.latency);
        }
        if (rule.error != effect_error::none) {
            return {{rule.error, "fault " + std::to_string(armed.id.value()), "", rule.retry_after},
                    rule.moment};
        }
    }
    return {};
}

fault_id fake_chat::add_fault(fault rule) {
    const fault_id made{state_->next_fault++};
    state_->faults.push_back({made, std::move(rule), 0, 0});
    return made;
}

void fake_chat::remove_fault(fault_id which) {
    std::erase_if(state_->faults, [&](const armed_fault& f) { return f.id == which; });
}

void fake_chat::clear_faults() {
    state_->faults.clear();
    state_->down = outage::off;
}

std::vector<std::pair<fault_id, fault>> fake_chat::faults() const {
    std::vector<std::pair<fault_id, fault>> out;
    for (const armed_fault& armed : state_->faults) {
        out.emplace_back(armed.id, armed.rule);
    }
    return out;
}

void fake_chat::set_outage(outage now) {
    state_->down = now;
}
void fake_chat::set_dedupe_window(duration window) {
    state_->dedupe_window = window;
}
std::size_t fake_chat::calls() const noexcept {
    return state_->calls;
}

} // namespace patt::testing
