#include <patt/policy/capability.hpp>

#include <algorithm>
#include <array>

namespace patt::policy {
namespace {

constexpr std::array<std::string_view, capability_count> names = {
    "own_journey", "view_status", "nudge",        "review",        "resolve",           "dismiss",
    "retry",       "start",       "link",         "invite",        "manage_settings",   "manage_roles",
    "sync",        "view_log",    "manage_flags", "manage_policy", "manage_agreements", "purge",
    "import_data"};
static_assert(static_cast<std::size_t>(capability::import_data) + 1 == capability_count);

constexpr std::array<std::string_view, 4> set_names = {"member", "veteran", "officer", "leader"};

using enum capability;
constexpr capabilities of_member = {own_journey};
constexpr capabilities of_veteran = of_member | capabilities{view_status, nudge};
constexpr capabilities of_officer =
    of_veteran | capabilities{review, resolve,         dismiss,      retry, start,   link,
                              invite, manage_settings, manage_roles, sync,  view_log};
constexpr capabilities of_leader =
    of_officer | capabilities{manage_flags, manage_policy, manage_agreements, purge, import_data};
constexpr std::array<capabilities, 4> sets = {of_member, of_veteran, of_officer, of_leader};

} // namespace

std::string_view to_string(capability what) noexcept {
    const auto index = static_cast<std::size_t>(what);
    return index < names.size() ? names[index] : "unknown";
}

std::optional<capability> parse_capability(std::string_view name) noexcept {
    const auto* found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? std::nullopt
                                : std::optional(static_cast<capability>(found - names.begin()));
}

capabilities contents(capability_set set) noexcept {
    const auto index = static_cast<std::size_t>(set);
    return index < sets.size() ? sets[index] : capabilities{};
}

std::string_view to_string(capability_set set) noexcept {
    const auto index = static_cast<std::size_t>(set);
    return index < set_names.size() ? set_names[index] : "unknown";
}

std::optional<capability_set> parse_capability_set(std::string_view name) noexcept {
    const auto* found = std::find(set_names.begin(), set_names.end(), name);
    return found == set_names.end() ? std::nullopt
                                    : std::optional(static_cast<capability_set>(found - set_names.begin()));
}

std::span<const std::string_view> capability_set_names() noexcept {
    return set_names;
}

} // namespace patt::policy
