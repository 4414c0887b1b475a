/// @file
/// Loaders: from rows to the plain facts that a decision is given.
#pragma once

#include "engine/flows.hpp"
#include "engine/match_index.hpp"
#include "store/asked.hpp"

#include <patt/decision/change_set.hpp>
#include <patt/onboarding/commands.hpp>
#include <patt/onboarding/facts.hpp>
#include <patt/policy/actor.hpp>
#include <patt/policy/settings.hpp>
#include <patt/store/db.hpp>

#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace patt::engine {

/// What all loaders of one input share.
struct load_context {
    store::connection& db;
    guild_id guild;
    const policy::guild_settings& settings;
    const flow_book& flows;
    match_index& matching;
    log::head head; ///< Of the event log, as the input began.
};

/// The member's current session and everything about it.
[[nodiscard]] onboarding::session_facts load_member(load_context& from, member_id member);
/// The same in two rounds of questions, so that those of several inputs travel together.
class member_load {
public:
    /// Asks the first ones.
    member_load(store::connection& db, guild_id guild, member_id member);
    member_load(member_load&&) noexcept;
    ~member_load();
    /// Reads their answers and asks about what was found.
    void ask_more(const flow_book& flows);
    /// Once, after `ask_more`.
    [[nodiscard]] onboarding::session_facts finish(load_context& from);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};
/// The same for one session, current or not.
[[nodiscard]] onboarding::session_facts load_session(load_context& from, session_id session);
/// A person and the role effects of their members that are under way.
[[nodiscard]] onboarding::session_facts load_person(load_context& from, person_id person);
using asked_owner = std::optional<store::asked<std::optional<onboarding::session>>>;
/// What an effect's outcome can change: little when it went well, as most do; else the whole session.
/// @param owner  The session that the effect belongs to, asked for already.
[[nodiscard]] onboarding::session_facts
load_outcome(load_context& from, const onboarding::effect_tried& tried, asked_owner owner);

/// Adds what a decision found missing.
void load_more(load_context& from, onboarding::session_facts& facts, const need& missing);

/// Decides, and adds what is missing until it can be decided.
template <class Facts, class Command>
[[nodiscard]] change_set decide_with(load_context& from, Facts& facts, const Command& what, context& ctx) {
    constexpr int most_rounds = 3;
    for (int round = 0; round <= most_rounds; ++round) {
        decision decided = decide(facts, what, ctx);
        if (auto* changes = std::get_if<change_set>(&decided)) {
            return std::move(*changes);
        }
        load_more(from, facts, std::get<need>(decided));
    }
    throw failure("a decision wanted more facts after three rounds");
}

/// Who somebody is for the policy: looked up, never believed.
[[nodiscard]] policy::actor load_actor(load_context& from, policy::actor_kind kind, member_id member,
                                       member_id owner);

} // namespace patt::engine
