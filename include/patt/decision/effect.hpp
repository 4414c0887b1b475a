/// @file
/// Effects: something to be done in the world, as a value. A row of the outbox until it is done.
#pragma once

#include <patt/decision/text.hpp>
#include <patt/ids.hpp>
#include <patt/time.hpp>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace patt {

/// Whom an effect concerns, and so what may hold it back.
enum class effect_class : std::uint8_t {
    publish,  ///< Reaches people: waits for the sending switches and for maintenance.
    internal, ///< Changes PATT's own rows.
    privacy,  ///< Somebody's right (export, erasure): never held.
};

/// Which switch of the settings holds an effect of class `publish`; the master switch holds all but `none`.
enum class gate : std::uint8_t { none, onboarding, invite, announcements, officers };

/// A direct message to one member.
struct direct_message {
    member_id to;
    text_ref text;
    prompt question; ///< `prompt_kind::none` for a plain message.
    friend bool operator==(const direct_message&, const direct_message&) = default;
};

/// A post in a channel. Mentions nobody but `mention`.
struct channel_post {
    channel_id channel;
    text_ref text;
    member_id mention; ///< The one member that is notified; none by default.
    prompt question;   ///< A button, for the panel; `none` for a plain post.
    friend bool operator==(const channel_post&, const channel_post&) = default;
};

/// All role changes of one member, in one write, computed from fresh state when performed.
struct set_roles {
    member_id member;
    std::vector<role_id> add;
    std::vector<role_id> remove;
    friend bool operator==(const set_roles&, const set_roles&) = default;
};

/// Makes the website invite of a session: one live invite per session.
struct issue_invite {
    session_id session;
    person_id person;
    friend bool operator==(const issue_invite&, const issue_invite&) = default;
};

/// Lists all characters of a person in the guild's roster.
struct add_roster_entries {
    session_id session;
    person_id person;
    member_id member;
    friend bool operator==(const add_roster_entries&, const add_roster_entries&) = default;
};

using effect_body = std::variant<direct_message, channel_post, set_roles, issue_invite, add_roster_entries>;

/// Whether a session is complete without it.
enum class necessity : std::uint8_t { optional, required };

struct effect {
    effect_id id;
    std::string key;       ///< Same key, same effect, once: unique per guild over outbox and ledger.
    std::string order_key; ///< Effects with one order key are done one after the other, in order of `id`.
    std::string after;     ///< The key of an effect that must have been done before; empty for none.
    effect_class cls = effect_class::publish;
    patt::gate gate = gate::none;
    session_id owner; ///< The session it belongs to; none for others.
    necessity need = necessity::optional;
    effect_body body;
};

enum class effect_state : std::uint8_t { waiting, held, pending, sending, failed };

/// What a decision sees of an effect that is not done yet.
struct open_effect {
    effect_id id;
    std::string key;
    effect_state state{};
    necessity need{};
    std::size_t kind = 0; ///< Index into `effect_body`.
    int attempts = 0;
    std::string last_error;
    instant not_before;
};

/// Why an effect could not be done.
enum class effect_error : std::uint8_t {
    none,
    temporary,          ///< 429, 5xx, network: try again.
    dm_closed,          ///< The member takes no direct messages.
    missing_permission, ///< The bot may not do it.
    role_order,         ///< The role is above the bot's own.
    dangerous_role,     ///< The role carries permissions that PATT never hands out.
    unknown_member,     ///< The member is not in the chat server.
    unknown_role,       ///< The role does not exist, or none is configured.
    unknown_channel,    ///< The channel does not exist, or none is configured.
    rejected,           ///< The platform refuses it for another reason that will not pass.
};

/// The stable name of an error, for logs and `--json`.
[[nodiscard]] std::string_view to_string(effect_error error) noexcept;
[[nodiscard]] std::string_view to_string(effect_state state) noexcept;

/// What became of one attempt.
struct effect_outcome {
    effect_error error = effect_error::none;
    std::string detail;       ///< What the platform said; never secrets.
    std::string external_ref; ///< The platform's id of what was made.
    duration retry_after{};   ///< At least this long before the next attempt, when the platform says so.
};

} // namespace patt
