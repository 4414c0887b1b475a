/// @file
/// Loaders: from rows to the plain facts that a decision is given.
#pragma once

#include "engine/flows.hpp"
#include "engine/match_index.hpp"
#include "engine/name_index.hpp"

#include <patt/decision/change_set.hpp>
#include <patt/onboarding/commands.hpp>
#include <patt/onboarding/facts.hpp>
#include <patt/policy/actor.hpp>
#include <patt/policy/settings.hpp>
#include <patt/store/db.hpp>

#include <string_view>

namespace patt::engine {

/// What all loaders of one input share.
struct load_context {
    store::connection& db;
    guild_id guild;
    std::int64_t log_seq;
    const policy::guild_settings& settings;
    const flow_book& flows;
    name_index& names;
    match_index& matching;
    log::head head; ///< Of the event log, as the input began.
};

/// The member's current session and everything about it.
[[nodiscard]] onboarding::session_facts load_member(load_context& from, member_id member);
/// The same for one session, current or not.
[[nodiscard]] onboarding::session_facts load_session(load_context& from, session_id session);
/// A person and the role effects of their members that are under way.
[[nodiscard]] onboarding::session_facts load_person(load_context& from, person_id person);
/// What an effect's outcome can change: little when it went well, as most do; else the whole session.
[[nodiscard]] onboarding::session_facts load_outcome(load_context& from,
                                                     const onboarding::effect_tried& tried);

/// Adds what a decision found missing.
void load_more(load_context& from, onboarding::session_facts& facts, const need& missing);

/// Who somebody is for the policy: looked up, never believed.
[[nodiscard]] policy::actor load_actor(load_context& from, policy::actor_kind kind, member_id member,
                                       member_id owner);

} // namespace patt::engine
