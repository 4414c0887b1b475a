#include "core/policy/action_table.hpp"

#include <patt/policy/decide.hpp>
#include <patt/policy/setting_registry.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace patt::policy {
namespace {

using detail::action_row;

constexpr auto actions = [] {
    std::array<action, static_cast<std::size_t>(action::change_owner) + 1> out{};
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<action>(i);
    }
    return out;
}();

const action_row* find_row(action what) noexcept {
    const auto rows = detail::action_rows();
    const auto index = static_cast<std::size_t>(what);
    return index < rows.size() ? &rows[index] : nullptr;
}

decision deny(reason why, std::string sentence) {
    return {outcome::deny, why, std::move(sentence), logging::yes};
}

bool is_own(const actor& who, const target& at) noexcept {
    const bool a_member = who.kind == actor_kind::member || who.kind == actor_kind::owner;
    if (!a_member) {
        return false;
    }
    return at.member ? at.member == who.member : at.person && at.person == who.person;
}

/// In which sets a capability is, as officers call them.
std::string sets_with(capability what) {
    std::string out;
    const auto names = capability_set_names();
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (contents(static_cast<capability_set>(i)).has(what)) {
            out += (out.empty() ? "" : " or ") + std::string(names[i]);
        }
    }
    return out;
}

std::string how_to_get(const actor& who, capability what) {
    if (who.kind == actor_kind::api_key) {
        return fmt::format("This key was not made for it; it needs `{}`.", to_string(what));
    }
    return fmt::format("It needs `{}`, which comes with a role that policy.roles maps to {}.",
                       to_string(what), sets_with(what));
}

/// Why the actor is permitted, or the refusal. Confirmation comes later.
decision permission(const actor& who, const action_row& row, capability needs, const target& at,
                    const guild_settings& settings) {
    const bool own = is_own(who, at);
    const logging log = row.rank == detail::privilege::privileged && !own ? logging::yes : logging::no;
    if (row.own == detail::own_rule::only && !own) {
        return deny(reason::not_own, "Only the person themselves may do that.");
    }
    const bool owners = row.own == detail::own_rule::owners;
    if (row.own != detail::own_rule::nothing && !owners && own) {
        return {outcome::allow, reason::own_thing, "It is your own.", logging::no};
    }
    switch (who.kind) {
    case actor_kind::local_operator:
        return {outcome::allow, reason::operator_access, "The database is on your machine.", log};
    case actor_kind::owner:
        return {outcome::allow, reason::owner, "You own this guild.", log};
    case actor_kind::system:
    case actor_kind::member:
    case actor_kind::api_key:
        break;
    }
    if (owners) {
        return deny(reason::not_own, "Only the guild's owner and whoever operates PATT may do that.");
    }
    if (!capabilities_of(who, settings).has(needs)) {
        return deny(reason::missing_capability, "You may not do that. " + how_to_get(who, needs));
    }
    return {outcome::allow, reason::capability, fmt::format("You have `{}`.", to_string(needs)), log};
}

bool wants_confirmation(const action_row& row, const setting_info* setting, const target& at) {
    switch (row.danger) {
    case detail::risk::always:
        return true;
    case detail::risk::of_many:
        return at.count > 1;
    case detail::risk::none:
        break;
    }
    return setting != nullptr && setting->danger == danger::confirm;
}

std::string what_is_dangerous(const action_row& row, const setting_info* setting, const target& at) {
    if (setting != nullptr) {
        return fmt::format("Changing {} takes effect on everybody. Confirm to go on.", setting->key);
    }
    if (at.count > 1) {
        return fmt::format("This concerns {} at once. Confirm to go on.", at.count);
    }
    return fmt::format("`{}` cannot simply be undone. Confirm to go on.", row.name);
}

/// What stands in the way whoever asks: guild, maintenance, features.
std::optional<decision> obstacle(const actor& who, const action_row& row, const target& at,
                                 const guild_settings& settings) {
    const bool everywhere = who.kind == actor_kind::local_operator;
    if (!at.guild || (!everywhere && who.guild != at.guild)) {
        return deny(reason::guild_mismatch, "That belongs to another guild.");
    }
    if (settings.maintenance.enabled && row.maintenance == detail::in_maintenance::waits) {
        return deny(reason::maintenance_mode,
                    "Maintenance is on (maintenance.enabled). Try again when it is over.");
    }
    const bool off = (row.onboarding_switch != nullptr && !(settings.onboarding.*row.onboarding_switch)) ||
                     (row.invite_switch != nullptr && !(settings.invite.*row.invite_switch));
    if (off) {
        return deny(reason::feature_disabled,
                    fmt::format("That is switched off ({}).",
                                row.invite_switch != nullptr ? "invite.enabled" : "onboarding.enabled"));
    }
    return std::nullopt;
}

} // namespace

std::span<const action> all_actions() noexcept {
    return actions;
}

std::string_view to_string(action what) noexcept {
    const action_row* row = find_row(what);
    return row == nullptr ? "unknown" : row->name;
}

std::optional<action> parse_action(std::string_view name) noexcept {
    const auto found =
        std::find_if(actions.begin(), actions.end(), [&](action a) { return to_string(a) == name; });
    return found == actions.end() ? std::nullopt : std::optional(*found);
}

std::string_view to_string(outcome value) noexcept {
    constexpr std::array<std::string_view, 3> names = {"allow", "deny", "confirm"};
    return names[std::min(static_cast<std::size_t>(value), names.size() - 1)];
}

std::string_view to_string(reason value) noexcept {
    constexpr std::array<std::string_view, 12> names = {"SYSTEM",
                                                        "OPERATOR",
                                                        "OWNER",
                                                        "OWN_THING",
                                                        "CAPABILITY",
                                                        "GUILD_MISMATCH",
                                                        "MAINTENANCE_MODE",
                                                        "FEATURE_DISABLED",
                                                        "NOT_OWN",
                                                        "MISSING_CAPABILITY",
                                                        "NEEDS_CONFIRMATION",
                                                        "UNKNOWN_ACTION"};
    return names[std::min(static_cast<std::size_t>(value), names.size() - 1)];
}

capabilities capabilities_of(const actor& who, const guild_settings& settings) noexcept {
    if (who.kind == actor_kind::api_key) {
        return who.granted;
    }
    if (who.kind != actor_kind::member) {
        return contents(capability_set::leader);
    }
    capabilities out = contents(capability_set::member);
    for (const role_id role : who.roles) {
        if (const auto found = settings.policy.roles.find(role); found != settings.policy.roles.end()) {
            out = out | contents(found->second);
        }
    }
    if (who.proven_rank) {
        const auto found = settings.policy.ranks.find(*who.proven_rank);
        if (found != settings.policy.ranks.end()) {
            out = out | contents(found->second);
        }
    }
    return out;
}

decision decide(const actor& who, action what, const target& at, const policy_facts& facts) {
    const action_row* row = find_row(what);
    if (row == nullptr) {
        return deny(reason::unknown_action, "There is no such action.");
    }
    if (who.kind == actor_kind::system) {
        return {outcome::allow, reason::system, "PATT does this by itself.", logging::no};
    }
    const setting_info* setting = nullptr;
    capability needs = row->needs;
    if (what == action::change_setting) {
        setting = find_setting(at.setting);
        if (setting == nullptr) {
            return deny(reason::unknown_action, "There is no such setting.");
        }
        needs = setting->changed_by;
    }
    if (auto refused = obstacle(who, *row, at, facts.settings)) {
        return *std::move(refused);
    }
    decision out = permission(who, *row, needs, at, facts.settings);
    const bool unconfirmed = facts.confirmed == confirmation::missing;
    if (out.allowed() && unconfirmed && wants_confirmation(*row, setting, at)) {
        return {outcome::confirm, reason::needs_confirmation, what_is_dangerous(*row, setting, at),
                logging::yes};
    }
    return out;
}

decision decide(const actor& who, std::string_view action_name, const target& at, const policy_facts& facts) {
    const std::optional<action> what = parse_action(action_name);
    return what ? decide(who, *what, at, facts) : deny(reason::unknown_action, "There is no such action.");
}

error as_error(const decision& refused) {
    if (refused.outcome == outcome::confirm) {
        return {errc::confirm_first, refused.sentence};
    }
    const bool off = refused.why == reason::feature_disabled || refused.why == reason::maintenance_mode;
    return {off ? errc::disabled : errc::not_allowed, refused.sentence};
}

} // namespace patt::policy
