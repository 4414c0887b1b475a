/// @file
/// Inputs: what happened, to which guild, by whom.
#pragma once

#include <patt/engine/lease.hpp>
#include <patt/engine/match_commands.hpp>
#include <patt/identity/roster.hpp>
#include <patt/identity/roster_verdict.hpp>
#include <patt/ids.hpp>
#include <patt/onboarding/commands.hpp>
#include <patt/policy/actor.hpp>
#include <patt/provisioning/commands.hpp>

#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace patt::engine {

/// Makes a guild. Its owner is the first officer. The name is that of the setting `guild.name` and refused
/// (`invalid_input`) where that would be.
struct create_guild {
    std::string name;
    member_id owner;
};

/// Changes a setting; the text form is checked against the registry. Empty text: back to the default.
struct change_setting {
    std::string key;
    std::string text;
};

/// Makes another member the guild's owner, who may do everything in it. Only the owner and the operator may.
/// @par Refusals  `not_allowed`; `not_found` (no such member), `wrong_state` (who left the chat server).
struct change_owner {
    member_id owner;
};

/// Brings a roster in. The import itself is a job; the reply names it.
struct import_roster {
    /// None only with `unavailable`; else it is refused (`invalid_input`).
    std::shared_ptr<const identity::roster_snapshot> snapshot;
    std::vector<identity::character_profile> profiles;
    std::string cause;            ///< What set it off, for the sync run: `manual`, `scheduled`.
    std::string unavailable = {}; ///< Why no roster came; empty when one did. An outage is never a departure.
};

/// Stops a job at its next chunk.
struct cancel_job {
    job_id job;
};

/// Everything that an adapter may hand in.
using command =
    std::variant<create_guild, change_setting, change_owner, import_roster, cancel_job,
                 onboarding::member_joined, onboarding::member_left, onboarding::message_received,
                 onboarding::self_service, onboarding::officer_action, onboarding::task_completed,
                 provisioning::create_invite, provisioning::redeem_invite, run_matching, rule_match,
                 undo_ruling, import_members, import_roles, import_notes, import_links>;

/// Who hands it in. What a member may do is looked up, never taken from here.
struct origin {
    /// `member` for everybody in the chat server. It is believed, and `system` and `local_operator` may do
    /// everything: adapters set it, and it never comes from outside.
    policy::actor_kind kind = policy::actor_kind::system;
    member_id member;
};

struct input {
    guild_id guild; ///< None for a direct message: the route decides.
    origin from;
    std::string reason; ///< For the log.
    std::string key;    ///< Makes a repetition harmless: the same key gets the same reply. Empty: none.
    engine::command command;
    std::optional<engine::lease> under = {}; ///< Refused (`conflict`) when another host has taken that lease.
};

} // namespace patt::engine
