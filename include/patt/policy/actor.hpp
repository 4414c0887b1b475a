/// @file
/// Actors: who wants something.
#pragma once

#include <patt/ids.hpp>
#include <patt/policy/capability.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::policy {

enum class actor_kind : std::uint8_t {
    system,         ///< PATT itself: timers, jobs, outcomes of effects.
    local_operator, ///< Somebody at the machine that owns the database.
    owner,          ///< The guild's owner, as `patt init` or the chat server names them.
    member,         ///< Somebody in the chat server.
    api_key,        ///< A machine with a key of this guild.
};

[[nodiscard]] std::string_view to_string(actor_kind kind) noexcept;

/// Who wants something, as far as deciding needs to know. What they claim to be is no part of it.
struct actor {
    actor_kind kind = actor_kind::system;
    guild_id guild;             ///< The guild they belong to. System and local operator belong to all: none.
    member_id member;           ///< Of an owner or member.
    person_id person;           ///< Of an owner or member, once linked.
    std::vector<role_id> roles; ///< Of a member in the chat server, as last observed.
    std::optional<int>
        proven_rank;      ///< The best game rank over links that are challenged, proven or confirmed.
    std::string key_name; ///< Of an API key.
    capabilities granted; ///< What an API key was made for; ignored for others.
};

/// How the event log names an actor: `system`, `operator`, `owner:123`, `member:123`, `key:NAME`.
[[nodiscard]] std::string to_string(const actor& who);

/// PATT itself.
[[nodiscard]] actor system_actor();
/// Somebody at the machine.
[[nodiscard]] actor local_operator();
/// A member of a guild's chat server.
[[nodiscard]] actor member_actor(guild_id guild, member_id member, std::vector<role_id> roles,
                                 person_id person = {}, std::optional<int> proven_rank = {});
/// The owner of a guild.
[[nodiscard]] actor owner_actor(guild_id guild, member_id member, person_id person = {});
/// A machine with a key.
[[nodiscard]] actor api_key_actor(guild_id guild, std::string name, capabilities granted);

} // namespace patt::policy
