/// @file
/// A newcomer's session in memory, for tests of the pure decisions: values in, change set out, and the change
/// set taken in again as the engine would.
#pragma once

#include <patt/onboarding/commands.hpp>
#include <patt/policy/actor.hpp>
#include <patt/provisioning/commands.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::onboarding {

/// What is where in a scene.
struct scene_ids {
    guild_id guild{1};
    member_id subject{1001};
    channel_id landing{11};
    channel_id welcome{12};
    channel_id audit{13};
    role_id gm{100};
    role_id officer{101};
    role_id veteran{102};
    role_id member{103};
    role_id initiate{104};
};

/// An effect with its state, as the outbox keeps it.
struct kept_effect {
    effect what;
    effect_state state = effect_state::pending;
    int attempts = 0;
    std::string error;
    instant not_before;
};

/// The world of one member: everything that a decision may read, and what decisions made of it.
class scene {
public:
    scene();

    scene_ids ids;
    policy::guild_settings settings;
    policy::actor actor; ///< The subject, unless a test says otherwise.
    instant now{1'800'000'000'000'000};
    std::string reason;
    const flow* path = &newcomer_flow();

    // What is stored.
    std::optional<identity::member> member; ///< The subject.
    std::vector<identity::member> others;
    std::vector<identity::person> persons;
    std::vector<identity::character> characters;
    std::vector<identity::link> links;
    std::optional<onboarding::session> session;
    std::optional<onboarding::session> former; ///< The one before, whose effects may still be under way.
    std::vector<answer> answers;
    std::vector<step_state> steps;
    std::vector<acceptance> acceptances;
    std::vector<provisioning::grant> grants;
    std::vector<provisioning::invite> invites;
    std::vector<provisioning::roster_entry> entries;
    std::vector<integrity::issue> issues; ///< Resolved ones too.
    std::vector<kept_effect> outbox;
    std::vector<std::pair<std::string, std::string>> ledger; ///< Key and `done` or `cancelled`.
    std::map<timer_purpose, instant> timers;                 ///< Of the session.
    std::optional<instant> roles_due;                        ///< The timer of the member's person.
    bool route_open = false;
    std::vector<std::string> log; ///< Kinds, in order.

    identity::character& add_character(std::string_view name, std::string_view realm, int rank,
                                       int class_id = 5);
    /// A person with a character; `owner` makes them a member of the chat server.
    identity::link& hold(character_id who, identity::assurance level, member_id owner = {},
                         identity::presence here = identity::presence::present);
    /// A session in a state, at a step.
    scene& in(session_state state, std::string_view step);
    scene& remember(std::string_view field, std::string_view value);

    /// The facts as the loader would give them.
    [[nodiscard]] session_facts facts() const;
    [[nodiscard]] lookup look_up(const std::string& query) const;
    [[nodiscard]] person_facts person(person_id who) const;

    /// Decides without keeping anything; gives the facts that the decision asks for.
    template <class Command>
    [[nodiscard]] change_set ask(const Command& command) {
        session_facts given = facts();
        return ask_with(given, command);
    }
    template <class Facts, class Command>
    [[nodiscard]] change_set ask_with(Facts& given, const Command& command) {
        for (int round = 0; round <= 3; ++round) {
            id_sequence sequence(next_id_);
            random_stream random(7);
            context ctx{ids.guild, now, sequence, random, settings, actor, reason};
            decision decided = decide(given, command, ctx);
            if (auto* out = std::get_if<change_set>(&decided)) {
                last_id_ = sequence.peek();
                return std::move(*out);
            }
            supply(given, std::get<need>(decided));
        }
        throw failure("more than three rounds");
    }
    /// Decides, and keeps what was decided.
    template <class Command>
    reply act(const Command& command) {
        change_set out = ask(command);
        reply answer = out.reply;
        take(out);
        return answer;
    }
    reply say(std::string_view text);
    reply officer(officer_verb verb, std::string_view character = {});
    reply timer(timer_purpose purpose);
    /// The timer of the person's roles falls due, where there is one.
    void reconcile();
    /// The world tells what became of an effect.
    change_set outcome_of(std::string_view key, effect_outcome outcome);
    void tried(std::string_view key, effect_outcome outcome);
    /// Performs everything that is open, until nothing is: all goes well.
    void perform_all();

    void take(const change_set& out);

    [[nodiscard]] std::string recall(std::string_view field) const;
    [[nodiscard]] kept_effect* find_effect(std::string_view key);
    /// The open effect whose key begins so; null when there is none.
    [[nodiscard]] kept_effect* effect_like(std::string_view beginning);
    [[nodiscard]] std::string key(std::string_view kind) const;
    [[nodiscard]] std::vector<integrity::issue_type> open_issues() const;
    [[nodiscard]] bool logged(std::string_view kind) const;
    [[nodiscard]] static bool is_role_effect(const kept_effect& e) {
        return std::holds_alternative<set_roles>(e.what.body);
    }

private:
    void supply(session_facts& given, const need& missing) const;
    void keep(const row& r);
    void carry_out(const operation& o);
    effect_tried attempt(kept_effect& e, effect_outcome outcome) const;

    std::int64_t next_id_ = 5'000;
    std::int64_t last_id_ = 5'000;
};

/// The rows of one kind in a change set.
template <class Row>
std::vector<Row> rows_of(const change_set& out) {
    std::vector<Row> found;
    for (const row& r : out.rows) {
        if (const auto* typed = std::get_if<Row>(&r)) {
            found.push_back(*typed);
        }
    }
    return found;
}

/// The operations of one kind in a change set.
template <class Operation>
std::vector<Operation> operations_of(const change_set& out) {
    std::vector<Operation> found;
    for (const operation& o : out.operations) {
        if (const auto* typed = std::get_if<Operation>(&o)) {
            found.push_back(*typed);
        }
    }
    return found;
}

/// A character of a scene's guild without a scene.
[[nodiscard]] identity::character character_of(std::int64_t id, std::string_view name, std::string_view realm,
                                               int rank, int class_id = 5);

} // namespace patt::onboarding
