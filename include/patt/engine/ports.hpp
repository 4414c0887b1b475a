/// @file
/// The ports: what the engine needs from the world. For authors of adapters.
///
/// A port's calls may block; the engine holds no transaction and no lock while it calls. They throw nothing:
/// what goes wrong is an outcome. Every call that changes something carries an idempotency key: the same key
/// again is the same change, and the adapter makes the repetition harmless (a nonce, a PUT, a look before
/// making).
#pragma once

#include <patt/decision/effect.hpp>
#include <patt/ids.hpp>
#include <patt/text/message.hpp>
#include <patt/time.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace patt::engine {

/// Tells the time.
/// @par Threads  Called from any thread that calls the engine.
class clock {
public:
    clock() = default;
    clock(const clock&) = delete;
    clock& operator=(const clock&) = delete;
    virtual ~clock() = default;
    [[nodiscard]] virtual instant now() = 0;
    /// Time since some moment that only goes forward, whoever sets the host's clock: how long a lease is
    /// trusted is measured with it. By default as far as `now()` tells, for clocks that are turned by hand.
    [[nodiscard]] virtual duration monotonic() { return now() - instant{}; }
    /// Told now and then what the database's clock said between two readings of `monotonic()`. By default
    /// nothing comes of it; see `database_clock`.
    virtual void observe(instant database_time, duration before, duration after) {
        static_cast<void>(database_time);
        static_cast<void>(before);
        static_cast<void>(after);
    }
};

/// Gives random bytes fit for secrets (salts, keys, seeds).
class entropy {
public:
    entropy() = default;
    entropy(const entropy&) = delete;
    entropy& operator=(const entropy&) = delete;
    virtual ~entropy() = default;
    virtual void fill(std::span<unsigned char> bytes) = 0;
};

/// A message ready to be shown, and the question that goes with it.
struct outgoing {
    text::message message;
    prompt question; ///< `prompt_kind::none` for a plain message; the adapter makes buttons, a modal, a list
                     ///< of it.
    member_id mention; ///< The only account that may be notified; none by default.
};

/// What the chat server says of a member.
struct member_state {
    std::vector<role_id> roles; ///< Ascending.
};

/// What the chat server says of a role, as far as giving it matters.
struct role_state {
    std::uint64_t permissions =
        0; ///< Discord's permission bits: https://discord.com/developers/docs/topics/permissions
    bool above_bot = false; ///< The bot cannot give it: its own highest role is not above.
};

template <class T>
using fetched = std::variant<T, effect_outcome>;

/// The chat server: Discord, or something that behaves like it.
class chat {
public:
    chat() = default;
    chat(const chat&) = delete;
    chat& operator=(const chat&) = delete;
    virtual ~chat() = default;

    /// @return `dm_closed`, `unknown_member`, `temporary`, `rejected`, or success with the message's id.
    [[nodiscard]] virtual effect_outcome send(guild_id guild, member_id to, const outgoing& what,
                                              std::string_view key) = 0;
    /// @return `unknown_channel`, `missing_permission`, `temporary`, `rejected`, or success with the
    /// message's id.
    [[nodiscard]] virtual effect_outcome post(guild_id guild, channel_id where, const outgoing& what,
                                              std::string_view key) = 0;
    /// Fresh, never from a cache. @return `unknown_member`, `temporary`.
    [[nodiscard]] virtual fetched<member_state> fetch_member(guild_id guild, member_id who) = 0;
    /// @return `unknown_role`, `temporary`.
    [[nodiscard]] virtual fetched<role_state> fetch_role(guild_id guild, role_id which) = 0;
    /// Replaces all roles of a member. @return `unknown_member`, `missing_permission`, `role_order`,
    /// `temporary`.
    [[nodiscard]] virtual effect_outcome
    replace_roles(guild_id guild, member_id who, std::span<const role_id> roles, std::string_view key) = 0;
};

} // namespace patt::engine
