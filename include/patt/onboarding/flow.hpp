/// @file
/// Flows: what a person is led through, as data. A new flow is a new document, not new code.
#pragma once

#include <patt/decision/text.hpp>
#include <patt/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patt::onboarding {

/// What happens at a step. The closed list that the engine knows; all else is data.
enum class step_kind : std::uint8_t {
    ask,       ///< Asks a question and waits for the answer.
    say,       ///< Says something and goes on.
    agreement, ///< Shows a version of a document and waits for accept or decline.
    review,    ///< Waits for an officer.
    task,      ///< Something to be done, in any order; completed by the person, an officer or a predicate.
    verify,    ///< Checks the claim against the roster; waits until it holds.
    provision, ///< Hands out what the person is entitled to; waits until it is done.
    end,       ///< The flow is complete.
};

/// What happens when a question stays unanswered.
enum class follow_up : std::uint8_t {
    none,
    nudge,    ///< One reminder a session, after `onboarding.nudge_after`.
    check_in, ///< A friendly question after `onboarding.check_in_after`; the deadline runs as after a
              ///< dialogue.
};

/// Where to go when a remembered value is as named.
struct branch {
    std::string field;
    std::string is;
    std::string go;
    friend bool operator==(const branch&, const branch&) = default;
};

struct step {
    std::string key;
    step_kind kind = step_kind::ask;
    prompt_kind prompt = prompt_kind::text;
    std::string text;   ///< Key in the catalogue. Arguments are the remembered values and the settings.
    std::string parser; ///< Which validator reads the answer, by name (see `parser_names`).
    std::string field;  ///< Under which name the answer is remembered.
    std::vector<std::string>
        choices;              ///< Values of a choice; empty when the parser of an earlier step offers them.
    std::string choices_from; ///< The remembered field that holds the offered choices, one a line.
    std::string unclear;      ///< Taken when a yes/no is neither: `yes`, `no` or `again`.
    std::string unclear_text; ///< Said when that happens.
    std::string pass_on;      ///< An unclear answer is also given to this step, when the flow goes there.
    std::vector<std::string> fields; ///< The fields of a form, all required.
    std::vector<branch> branches;    ///< The first that holds wins.
    std::string next;                ///< Where to go otherwise.
    std::string document;            ///< For an agreement.
    int document_version = 1;
    std::string role;      ///< For a task: only for members whose remembered `role` is this; empty for all.
    std::string predicate; ///< For a task: done when this remembered field has a value.
    patt::onboarding::follow_up follow_up = patt::onboarding::follow_up::nudge;
    friend bool operator==(const step&, const step&) = default;
};

enum class flow_order : std::uint8_t {
    ordered, ///< One step after the other.
    tasks,   ///< All tasks at once, in any order; done when all that apply are done.
};

/// How large a flow may be.
struct flow_limits {
    static constexpr std::size_t steps = 500; ///< Of one flow.
    static constexpr std::size_t hops = 60;   ///< Walked in one go, until somebody is waited for.
};

/// One version of a flow. A session keeps the version it began with.
struct flow {
    std::string key;
    int version = 1;
    flow_order order = flow_order::ordered;
    std::string start;
    std::vector<step> steps;

    /// The step of that key, or null.
    [[nodiscard]] const step* find(std::string_view step_key) const noexcept;
};

/// Reads a flow from its JSON document and checks it.
///
/// @par Refusals  `invalid_input`: not JSON, an unknown member, kind or parser, a step that is named twice or
/// not
///                at all, a target that does not exist, a step that cannot be reached, a loop without a
///                question, a question that nobody can answer, a field that PATT writes itself, more than
///                `flow_limits` allow.
[[nodiscard]] result<flow> parse_flow(std::string_view json);

/// The newcomer flow of this version of the library (S0).
[[nodiscard]] const flow& newcomer_flow();

/// The validators that a step may name.
[[nodiscard]] std::vector<std::string_view> parser_names();

} // namespace patt::onboarding
