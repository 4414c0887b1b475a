// The world of the fake chat: what a test puts in and looks at. The port is in fake_chat_port.cpp.

#include "testing/chat_state.hpp"

#include <patt/testing/fake_chat.hpp>

#include <algorithm>
#include <map>

namespace patt::testing {
namespace {

template <class Map>
auto values_of(const Map& from) {
    std::vector<typename Map::mapped_type> out;
    for (const auto& [key, value] : from) {
        out.push_back(value);
    }
    return out;
}

std::vector<role_id> ascending(std::vector<role_id> roles) {
    std::sort(roles.begin(), roles.end());
    roles.erase(std::unique(roles.begin(), roles.end()), roles.end());
    return roles;
}

template <class Name>
std::vector<ledger_count> counted(const std::vector<ledger_entry>& ledger, Name name) {
    std::map<ledger_count, std::size_t> groups;
    for (const ledger_entry& e : ledger) {
        if (e.visible()) {
            ++groups[{e.guild, e.operation, e.target, name(e), 0}];
        }
    }
    std::vector<ledger_count> out;
    for (const auto& [group, times] : groups) {
        out.push_back(group);
        out.back().times = times;
    }
    return out;
}

const std::vector<chat_message>& no_messages() {
    static const std::vector<chat_message> none;
    return none;
}

} // namespace

fake_chat::fake_chat(manual_clock& clock)
    : state_(std::make_unique<state>(clock)) {
    state_->turned = &clock;
}

fake_chat::fake_chat(engine::clock& clock)
    : state_(std::make_unique<state>(clock)) {}

fake_chat::~fake_chat() = default;

chat_guild* fake_chat::state::find(guild_id guild) {
    const auto found = guilds.find(guild);
    return found == guilds.end() ? nullptr : &found->second;
}

const chat_guild* fake_chat::state::find(guild_id guild) const {
    const auto found = guilds.find(guild);
    return found == guilds.end() ? nullptr : &found->second;
}

void fake_chat::add_role(guild_id guild, chat_role role) {
    const role_id id = role.id;
    state_->guilds[guild].roles[id] = std::move(role);
}

void fake_chat::add_channel(guild_id guild, chat_channel channel) {
    const channel_id id = channel.id;
    state_->guilds[guild].channels[id] = std::move(channel);
}

void fake_chat::add_member(guild_id guild, chat_member member) {
    member.roles = ascending(std::move(member.roles));
    const member_id id = member.id;
    state_->guilds[guild].members[id] = std::move(member);
}

void fake_chat::remove_role(guild_id guild, role_id role) {
    if (chat_guild* where = state_->find(guild)) {
        where->roles.erase(role);
        for (auto& [id, member] : where->members) {
            std::erase(member.roles, role);
        }
    }
}

void fake_chat::remove_channel(guild_id guild, channel_id channel) {
    if (chat_guild* where = state_->find(guild)) {
        where->channels.erase(channel);
    }
}

void fake_chat::remove_member(guild_id guild, member_id member) {
    if (chat_guild* where = state_->find(guild)) {
        where->members.erase(member);
    }
}

void fake_chat::set_roles(guild_id guild, member_id member, std::vector<role_id> roles) {
    if (chat_guild* where = state_->find(guild)) {
        const auto found = where->members.find(member);
        if (found != where->members.end()) {
            found->second.roles = ascending(std::move(roles));
        }
    }
}

std::vector<guild_id> fake_chat::guilds() const {
    std::vector<guild_id> out;
    for (const auto& [id, guild] : state_->guilds) {
        out.push_back(id);
    }
    return out;
}

std::vector<chat_role> fake_chat::roles(guild_id guild) const {
    const chat_guild* where = state_->find(guild);
    return where == nullptr ? std::vector<chat_role>{} : values_of(where->roles);
}

std::vector<chat_channel> fake_chat::channels(guild_id guild) const {
    const chat_guild* where = state_->find(guild);
    return where == nullptr ? std::vector<chat_channel>{} : values_of(where->channels);
}

std::vector<chat_member> fake_chat::members(guild_id guild) const {
    const chat_guild* where = state_->find(guild);
    return where == nullptr ? std::vector<chat_member>{} : values_of(where->members);
}

std::optional<chat_member> fake_chat::member(guild_id guild, member_id who) const {
    const chat_guild* where = state_->find(guild);
    if (where == nullptr) {
        return std::nullopt;
    }
    const auto found = where->members.find(who);
    return found == where->members.end() ? std::nullopt : std::optional(found->second);
}

const std::vector<chat_message>& fake_chat::inbox(member_id who) const {
    const auto found = state_->inboxes.find(who);
    return found == state_->inboxes.end() ? no_messages() : found->second;
}

const std::vector<chat_message>& fake_chat::channel(guild_id guild, channel_id which) const {
    const chat_guild* where = state_->find(guild);
    if (where == nullptr) {
        return no_messages();
    }
    const auto found = where->posts.find(which);
    return found == where->posts.end() ? no_messages() : found->second;
}

const std::vector<ledger_entry>& fake_chat::ledger() const noexcept {
    return state_->ledger;
}

std::vector<ledger_count> fake_chat::counted_by_key() const {
    return counted(state_->ledger, [](const ledger_entry& e) { return e.key; });
}

std::vector<ledger_count> fake_chat::counted_by_content() const {
    return counted(state_->ledger, [](const ledger_entry& e) { return e.content; });
}

} // namespace patt::testing
