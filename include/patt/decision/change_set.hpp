/// @file
/// What a decision returns: a change set with a verdict, or the facts it still needs.
#pragma once

#include <patt/decision/effect.hpp>
#include <patt/decision/text.hpp>
#include <patt/decision/timer.hpp>
#include <patt/identity/character.hpp>
#include <patt/identity/chat_role.hpp>
#include <patt/identity/link.hpp>
#include <patt/identity/person.hpp>
#include <patt/identity/review.hpp>
#include <patt/ids.hpp>
#include <patt/integrity/issue.hpp>
#include <patt/onboarding/session.hpp>
#include <patt/provisioning/grant.hpp>
#include <patt/result.hpp>

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace patt {

/// A row to be written whole; its key says whether that inserts or updates.
using row =
    std::variant<identity::person, identity::member, identity::character, identity::former_name,
                 identity::link, onboarding::session, onboarding::answer, onboarding::step_state,
                 onboarding::acceptance, provisioning::grant, provisioning::invite,
                 provisioning::roster_entry, integrity::issue, identity::character_note,
                 identity::member_alias, identity::ruling, identity::review_item, identity::chat_role>;

/// Cancels the effects of a session that are not done; those being performed are left to finish.
struct cancel_effects {
    session_id owner;
};
/// Makes the failed required effects of a session due again.
struct rearm_effects {
    session_id owner;
};
/// The effect is done: into the ledger, and what waited for it (`after`) becomes due.
struct effect_done {
    effect_id id;
    std::string external_ref;
};
/// The effect is tried again, not before a time.
struct effect_retry {
    effect_id id;
    instant not_before;
    std::string error;
};
/// The effect is given up for now: it stays, but its lane goes on.
struct effect_failed {
    effect_id id;
    std::string error;
};
/// The effect is not needed any more: into the ledger as cancelled.
struct effect_cancelled {
    effect_id id;
    std::string why;
};
/// Cancels all timers of an owner.
struct cancel_timers {
    std::int64_t owner = 0;
};
/// Makes all timers of one purpose in the guild due now.
struct wake_timers {
    timer_purpose purpose{};
};
/// Remembers that a member was asked by direct message, so that the answer finds its guild.
struct open_route {
    member_id member;
    session_id session;
};
/// The question is settled.
struct close_route {
    member_id member;
};
/// Forgets the answers of a session, from `fields`; all when empty.
struct forget_answers {
    session_id session;
    std::vector<std::string> fields;
};
/// Writes a setting of the guild (already checked).
struct put_setting {
    std::string key;
    std::string value;
};
/// Makes a member the guild's owner.
struct put_owner {
    member_id owner;
};
/// Brings held and pending effects in line with the switches: holds what is off, releases what is on.
struct apply_gates {
    std::vector<gate> open;                       ///< Gates that are open now.
    effect_state publish = effect_state::pending; ///< `held` while nothing may be published at all.
};

/// Matching is to decide about everybody again. Nothing is written for it.
struct match_everybody {};

using operation = std::variant<match_everybody, cancel_effects, rearm_effects, effect_done, effect_retry,
                               effect_failed, effect_cancelled, cancel_timers, wake_timers, open_route,
                               close_route, forget_answers, put_setting, put_owner, apply_gates>;

/// One entry of the event log; sealed into the chain by the engine.
struct log_entry {
    std::string kind;                                        ///< For example `link.created`.
    std::string subject;                                     ///< For example `person:42`.
    std::vector<std::pair<std::string, std::string>> fields; ///< The payload: may be erased later.
};

enum class verdict : std::uint8_t {
    accepted, ///< It happened (or had happened already).
    refused,  ///< It did not; rows may still be written (a log entry, an attempt counted).
};

/// What the caller gets after the commit. It can be rebuilt from state, so it may be lost with the process.
struct reply {
    patt::verdict verdict = verdict::accepted;
    std::optional<error> why;     ///< Set when refused.
    std::vector<text_ref> before; ///< Texts to be shown first, in order.
    text_ref text;                ///< For the person; an empty key means nothing to say.
    prompt question;              ///< The question that goes with it, on surfaces that ask in the reply.
    std::vector<std::pair<std::string, std::string>> data; ///< For machines.
};

/// The result of a decision. Nothing of it is true before the commit.
struct change_set {
    patt::reply reply;
    std::vector<row> rows;             ///< Written in order.
    std::vector<operation> operations; ///< Carried out in order, after the rows and before the effects.
    std::vector<effect> effects;       ///< Into the outbox; a known key is skipped.
    std::vector<timer_change> timers;
    std::vector<log_entry> log;
    /// Of the characters among the rows, those whose name, realm, class, rank and presence are as before: who
    /// plays them is not asked again. By default nobody.
    std::vector<character_id> same_to_matching;
};

/// Facts that a decision found missing, by name. The engine loads them and asks again.
struct need {
    std::vector<std::string> characters; ///< Typed character queries, as in the answer.
    std::vector<person_id> persons;      ///< Their characters, links, members and grants.
};

using decision = std::variant<change_set, need>;

} // namespace patt
