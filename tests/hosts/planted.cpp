#include "hosts/planted.hpp"

#include "crash/planted.hpp"
#include "hosts/guilds.hpp"
#include "hosts/no_fence.hpp"

#include <patt/engine/system.hpp>
#include <patt/result.hpp>

#include <unistd.h>

#include <cstdlib>
#include <map>
#include <string_view>

namespace patt::hosts {

plant plant_of_environment() {
    const char* told = std::getenv("PATT_PLANT");
    const std::string_view name = told == nullptr ? "" : told;
    if (name.empty()) {
        return plant::none;
    }
    if (name == "no_fence") {
        return plant::no_fence;
    }
    if (name == "random_keys") {
        return plant::random_keys;
    }
    if (name == "inbox_left_out") {
        return plant::inbox_left_out;
    }
    throw failure("no such planted fault: " + std::string(name));
}

crash::remote_chat& remote_chats::mine() const {
    thread_local std::map<const remote_chats*, crash::remote_chat> of_this_thread;
    return of_this_thread.try_emplace(this, socket_).first->second;
}

std::string remote_chats::key_for(std::string_view key) {
    if (what_ != plant::random_keys) {
        return std::string(key);
    }
    return std::string(key) + "-" + std::to_string(::getpid()) + "-" + std::to_string(++random_);
}

effect_outcome remote_chats::send(guild_id guild, member_id to, const engine::outgoing& what,
                                  std::string_view key) {
    calls_.add(boot_id_, guild, key);
    return mine().send(guild, to, what, key_for(key));
}

effect_outcome remote_chats::post(guild_id guild, channel_id where, const engine::outgoing& what,
                                  std::string_view key) {
    calls_.add(boot_id_, guild, key);
    return mine().post(guild, where, what, key_for(key));
}

engine::fetched<engine::member_state> remote_chats::fetch_member(guild_id guild, member_id who) {
    return mine().fetch_member(guild, who);
}

engine::fetched<engine::role_state> remote_chats::fetch_role(guild_id guild, role_id which) {
    return mine().fetch_role(guild, which);
}

effect_outcome remote_chats::replace_roles(guild_id guild, member_id who, std::span<const role_id> roles,
                                           std::string_view key) {
    calls_.add(boot_id_, guild, key);
    return mine().replace_roles(guild, who, roles, key_for(key));
}

std::shared_ptr<store::database> planted_database(std::shared_ptr<store::database> sound, plant what) {
    if (what == plant::inbox_left_out) {
        return crash::planted_database(std::move(sound), crash::plant::inbox_left_out);
    }
    if (what == plant::no_fence) {
        return without_fence(std::move(sound));
    }
    return sound;
}

engine::options host_options() {
    engine::options out;
    out.instance_key = instance_key;
    out.lease_ttl = lease_ttl;
    out.heartbeat = heartbeat;
    out.writers = 4;
    out.poll = std::chrono::milliseconds(300);
    return out;
}

engine::runner_options host_runner() {
    engine::runner_options out;
    out.longest_wait = std::chrono::milliseconds(300);
    out.workers = 2;
    return out;
}

std::unique_ptr<engine::clock> host_clock() {
    return std::make_unique<engine::database_clock>();
}

std::int64_t boot_id_of(const engine::engine& host) {
    return host.boot_id();
}

} // namespace patt::hosts
