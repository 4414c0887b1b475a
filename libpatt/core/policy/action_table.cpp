#include "core/policy/action_table.hpp"

#include <array>

namespace patt::policy::detail {
namespace {

using enum capability;
using enum own_rule;
using enum in_maintenance;
using own = own_rule;
using level = privilege;

constexpr auto onboarding = &guild_settings::onboarding_group::enabled;
constexpr auto invites = &guild_settings::invite_group::enabled;

constexpr std::array<action_row, 23> rows = {{
    {"answer", own_journey, only, waits, risk::none, level::none, nullptr, nullptr},
    {"self_service", own_journey, only, waits, risk::none, level::none, onboarding, nullptr},
    {"complete_task", capability::resolve, enough, waits, risk::none, level::none, nullptr, nullptr},
    {"view_status", capability::view_status, enough, goes_on, risk::none, level::none, nullptr, nullptr},
    {"nudge", capability::nudge, own::nothing, waits, risk::of_many, level::privileged, onboarding, nullptr},
    {"review", capability::review, own::nothing, waits, risk::of_many, level::privileged, nullptr, nullptr},
    {"resolve", capability::resolve, own::nothing, waits, risk::of_many, level::privileged, nullptr, nullptr},
    {"dismiss", capability::dismiss, own::nothing, goes_on, risk::of_many, level::privileged, nullptr,
     nullptr},
    {"retry", capability::retry, own::nothing, waits, risk::of_many, level::privileged, nullptr, nullptr},
    {"start", capability::start, own::nothing, waits, risk::of_many, level::privileged, onboarding, nullptr},
    {"rehearse", capability::start, own::nothing, goes_on, risk::none, level::privileged, nullptr, nullptr},
    {"change_link", link, own::nothing, goes_on, risk::of_many, level::privileged, nullptr, nullptr},
    {"create_invite", invite, own::nothing, waits, risk::of_many, level::privileged, nullptr, invites},
    {"revoke_invite", invite, own::nothing, goes_on, risk::of_many, level::privileged, nullptr, nullptr},
    {"change_setting", manage_settings, own::nothing, goes_on, risk::none, level::privileged, nullptr,
     nullptr},
    {"apply_plan", manage_roles, own::nothing, waits, risk::always, level::privileged, nullptr, nullptr},
    {"run_sync", sync, own::nothing, goes_on, risk::none, level::privileged, nullptr, nullptr},
    {"view_log", capability::view_log, own::nothing, goes_on, risk::none, level::none, nullptr, nullptr},
    {"publish_agreement", manage_agreements, own::nothing, waits, risk::always, level::privileged, nullptr,
     nullptr},
    {"export_data", purge, enough, goes_on, risk::none, level::privileged, nullptr, nullptr},
    {"erase_data", purge, enough, goes_on, risk::always, level::privileged, nullptr, nullptr},
    {"hand_in_data", import_data, own::nothing, goes_on, risk::none, level::privileged, nullptr, nullptr},
    {"change_owner", manage_policy, owners, goes_on, risk::always, level::privileged, nullptr, nullptr},
}};
static_assert(rows.size() == static_cast<std::size_t>(action::change_owner) + 1);

} // namespace

std::span<const action_row> action_rows() noexcept {
    return rows;
}

} // namespace patt::policy::detail
