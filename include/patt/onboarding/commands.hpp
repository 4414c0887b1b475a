/// @file
/// What can happen to a newcomer: the commands of onboarding, and the decisions that answer them.
///
/// All decisions are pure: equal arguments give an equal result. They may be called from any thread.
#pragma once

#include <patt/decision/change_set.hpp>
#include <patt/decision/context.hpp>
#include <patt/onboarding/facts.hpp>

#include <string>

namespace patt::onboarding {

/// Somebody joined the chat server.
struct member_joined {
    member_id member;
    std::string username;
    std::string display_name;
    std::vector<role_id> roles;
    identity::account_kind kind = identity::account_kind::human;
    instant joined_at; ///< As the chat server tells it; makes a repeated event known. None: now.
};

/// Somebody left the chat server.
struct member_left {
    member_id member;
};

/// A member wrote to the bot, pressed a button or sent a form.
struct message_received {
    member_id member;
    std::string text;
    /// The `prompt::id` that the button or form carries. When another question stands by now, the answer is
    /// refused (`expired`) and that question shown. Empty for typed words, which answer whatever stands.
    std::string question = {};
};

/// A member asks for themselves: begin, resume, or see where things stand (`/pattsync`).
struct self_service {
    member_id member;
};

/// What an officer may do to a session.
enum class officer_verb : std::uint8_t {
    resolve,  ///< Settle it by hand: with a character, link and provision; without, just close it.
    dismiss,  ///< A visitor: close it, give nothing.
    retry,    ///< Verify again, try failed effects again, ask again.
    start,    ///< Begin a session for a member who has none open.
    rehearse, ///< Walk the officer through the flow without touching anybody.
    approve,  ///< Answer a review with yes.
    decline,  ///< Answer a review with no.
};
[[nodiscard]] std::string_view to_string(officer_verb verb) noexcept;

struct officer_action {
    officer_verb verb{};
    member_id member;
    std::string character; ///< For `resolve`: a typed name, as `Name` or `Name-Realm`.
};

/// A task of an unordered flow was completed by somebody who may say so.
struct task_completed {
    member_id member;
    std::string task;
};

/// A timer of a session fell due.
struct session_timer {
    session_id session;
    timer_purpose purpose{};
};

/// An effect of a session was tried.
struct effect_tried {
    effect_id id;
    std::string key;
    session_id owner;
    necessity need{};
    int attempts = 0; ///< This one included.
    effect_body body;
    effect_outcome outcome;
    instant claimed_at;
};

[[nodiscard]] decision decide(const session_facts& facts, const member_joined& command, context& ctx);
[[nodiscard]] decision decide(const session_facts& facts, const member_left& command, context& ctx);
[[nodiscard]] decision decide(const session_facts& facts, const message_received& command, context& ctx);
[[nodiscard]] decision decide(const session_facts& facts, const self_service& command, context& ctx);
[[nodiscard]] decision decide(const session_facts& facts, const officer_action& command, context& ctx);
[[nodiscard]] decision decide(const session_facts& facts, const task_completed& command, context& ctx);
[[nodiscard]] decision decide(const session_facts& facts, const session_timer& command, context& ctx);
[[nodiscard]] decision decide(const session_facts& facts, const effect_tried& command, context& ctx);

} // namespace patt::onboarding
