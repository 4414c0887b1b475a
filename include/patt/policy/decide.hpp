/// @file
/// Who may do what: one pure function for chat, REST, command line and jobs.
#pragma once

#include <patt/ids.hpp>
#include <patt/policy/actor.hpp>
#include <patt/policy/settings.hpp>
#include <patt/result.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace patt::policy {

/// What somebody wants to do. The names are stable: they are logged.
enum class action : std::uint8_t {
    answer,            ///< Answer a question of one's own session.
    self_service,      ///< Begin or resume one's own session.
    complete_task,     ///< Say that a task is done: one's own, or an officer for somebody.
    view_status,       ///< See where somebody stands; one's own always.
    nudge,             ///< Remind somebody.
    review,            ///< Approve or decline what waits for a review.
    resolve,           ///< Settle a session by hand.
    dismiss,           ///< Close a visitor's session. Many at once wants confirmation.
    retry,             ///< Try again.
    start,             ///< Begin a session for somebody.
    rehearse,          ///< Walk through the flow without touching anybody.
    change_link,       ///< Confirm, make or remove a link.
    create_invite,     ///< Make a website invite by hand.
    revoke_invite,     ///< Make an invite useless.
    change_setting,    ///< Change a setting; the registry says which capability that one wants.
    apply_plan,        ///< Apply a bulk change. Always wants confirmation.
    run_sync,          ///< Import the roster or run a job now.
    view_log,          ///< Read or verify the event log.
    publish_agreement, ///< Publish a version of a document.
    export_data,       ///< Export somebody's data; one's own always.
    erase_data,        ///< Erase somebody's data; one's own always. Wants confirmation.
    hand_in_data,      ///< Upload data by machine.
    change_owner,      ///< Say whose the guild is: its owner and the operator alone. Wants confirmation.
};

/// Every action, in declaration order.
[[nodiscard]] std::span<const action> all_actions() noexcept;
[[nodiscard]] std::string_view to_string(action what) noexcept;
[[nodiscard]] std::optional<action> parse_action(std::string_view name) noexcept;

/// What the action is aimed at.
struct target {
    guild_id guild;
    member_id member;         ///< Whose session or data, if it is about somebody.
    person_id person;         ///< The same, when only the person is known.
    std::string_view setting; ///< For `change_setting`: the key. Must outlive the decision.
    int count = 1;            ///< How many are affected at once.
};

enum class confirmation : std::uint8_t { missing, given };

/// What else the decision looks at.
struct policy_facts {
    const guild_settings& settings;
    confirmation confirmed = confirmation::missing;
};

enum class outcome : std::uint8_t {
    allow,
    deny,
    confirm, ///< Allowed, but only after the actor has confirmed it.
};
[[nodiscard]] std::string_view to_string(outcome value) noexcept;

/// Why. The names are stable: they appear in the API (`details.reason`) and in the log.
enum class reason : std::uint8_t {
    system,             ///< PATT itself.
    operator_access,    ///< The database is on the actor's own machine.
    owner,              ///< The guild's owner may do everything in it.
    own_thing,          ///< It is the actor's own.
    capability,         ///< The actor has what it takes.
    guild_mismatch,     ///< It belongs to another guild.
    maintenance_mode,   ///< `maintenance.enabled` is on.
    feature_disabled,   ///< A setting switches it off.
    not_own,            ///< Only the person themselves may do that, or only whose guild it is.
    missing_capability, ///< No role, rank or key of the actor gives it.
    needs_confirmation, ///< It is dangerous.
    unknown_action,     ///< There is no such action or setting.
};
[[nodiscard]] std::string_view to_string(reason value) noexcept;

enum class logging : std::uint8_t { no, yes };

/// The answer.
struct decision {
    policy::outcome outcome = outcome::deny;
    policy::reason why = reason::unknown_action;
    std::string sentence;       ///< For people: why, and what would change the answer.
    logging log = logging::yes; ///< Every refusal, every confirmation asked for and every privileged
                                ///< permission is logged.

    [[nodiscard]] bool allowed() const noexcept { return outcome == policy::outcome::allow; }
};

/// Decides.
///
/// Pure. In this order: guild boundary, maintenance, features, one's own things, capabilities, confirmation.
/// Whatever is not known is denied. A claimed rank never gives anything; a proven one does if `policy.ranks`
/// says so.
[[nodiscard]] decision decide(const actor& who, action what, const target& at, const policy_facts& facts);

/// As above by the action's name, for surfaces that take names; an unknown one is denied and logged.
[[nodiscard]] decision decide(const actor& who, std::string_view action_name, const target& at,
                              const policy_facts& facts);

/// What an actor may do in a guild with these settings.
[[nodiscard]] capabilities capabilities_of(const actor& who, const guild_settings& settings) noexcept;

/// A decision that is no permission, as an error: `not_allowed`, `disabled` or `confirm_first`.
[[nodiscard]] error as_error(const decision& refused);

} // namespace patt::policy
