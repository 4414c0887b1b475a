/// @file
/// The settings of a guild as plain, typed fields. Decisions read fields; text and rows are the business of
/// `setting_registry.hpp`. The initial values here are the defaults.
#pragma once

#include <patt/identity/level_use.hpp>
#include <patt/ids.hpp>
#include <patt/policy/capability.hpp>
#include <patt/time.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace patt::policy {

/// A colour as 0xRRGGBB.
struct colour {
    std::uint32_t rgb = 0;
    friend bool operator==(const colour&, const colour&) = default;
};

/// What takes the place of a direct message to somebody who takes none.
enum class dm_fallback : std::uint8_t {
    panel,   ///< A post with a button in the landing channel; answers are seen by the presser alone.
    channel, ///< A post in the landing channel that names the self-service command.
    none,    ///< Nothing; officers see it.
};

/// What happens to somebody's data when they leave.
enum class leave_policy : std::uint8_t {
    keep,  ///< It stays.
    grace, ///< It is erased after `leave.grace`.
    erase, ///< It is erased at once.
};

/// All settings of one guild, grouped as their keys are: `settings.onboarding.deadline` is
/// `onboarding.deadline`.
struct guild_settings {
    struct guild_group {
        std::string name;
        std::string home_realm;
        std::string website_url;
        std::string signup_url;
        policy::colour colour{0xD4A84B};      ///< S0: PATT gold.
        policy::colour colour_ok{0x4ADE80};   ///< S0: green.
        policy::colour colour_warn{0xFFA500}; ///< S0: orange.
        std::string raid_schedule;
        std::string locale = "en";
        std::string timezone = "UTC";
        friend bool operator==(const guild_group&, const guild_group&) = default;
    } guild;

    /// Which messages go out. The master is off in a new guild, so that syncing is proven before anybody is
    /// messaged; what reaches one person is on below it, so that one switch starts the flow; the public
    /// welcome is off until somebody wants it.
    struct sending_group {
        bool enabled = false;
        bool onboarding = true;
        bool invite = true;
        bool announcements = false;
        bool officers = true;
        friend bool operator==(const sending_group&, const sending_group&) = default;
    } sending;

    struct onboarding_group {
        bool enabled = true;
        std::string flow = "newcomer";
        bool silent = false;
        duration deadline = std::chrono::hours(24);
        duration nudge_after = std::chrono::hours(1);
        duration check_in_after = std::chrono::hours(24);
        duration verify_every = std::chrono::minutes(30);
        duration expire_after = std::chrono::hours(24 * 30);
        dm_fallback closed_dm_fallback = dm_fallback::panel;
        friend bool operator==(const onboarding_group&, const onboarding_group&) = default;
    } onboarding;

    struct channels_group {
        channel_id landing;
        channel_id welcome;
        channel_id audit;
        friend bool operator==(const channels_group&, const channels_group&) = default;
    } channels;

    struct trust_group {
        std::optional<int> claim_max_rank; ///< None: just below Officer (see `claim_max_rank()`).
        int officer_rank = 1;
        friend bool operator==(const trust_group&, const trust_group&) = default;
    } trust;

    struct ranks_group {
        std::vector<std::string> names = {"Guild Leader", "Officer", "Veteran", "Member", "Initiate"};
        std::map<int, role_id> roles; ///< Game rank → role; several ranks may share one.
        role_id default_role;         ///< For a rank that is unknown or has none.
        friend bool operator==(const ranks_group&, const ranks_group&) = default;
    } ranks;

    struct roles_group {
        std::vector<role_id>
            managed; ///< Roles that PATT may give and take, ascending; those of `ranks` always count.
        friend bool operator==(const roles_group&, const roles_group&) = default;
    } roles;

    struct invite_group {
        bool enabled = true;
        duration lifetime = std::chrono::hours(24 * 7);
        friend bool operator==(const invite_group&, const invite_group&) = default;
    } invite;

    struct roster_group {
        bool enabled = true; ///< Whether roster entries are made.
        int shrink_limit =
            20; ///< Percent of the roster that may be missing before a snapshot counts as incomplete.
        friend bool operator==(const roster_group&, const roster_group&) = default;
    } roster;

    /// What matching names and notes may do by itself.
    struct matching_group {
        bool enabled = true;
        identity::level_use certain = identity::level_use::link;
        identity::level_use high = identity::level_use::link;
        identity::level_use medium = identity::level_use::suggest;
        identity::level_use low = identity::level_use::suggest;
        bool role_members_only = false; ///< Only members with one of PATT's roles may own characters.
        friend bool operator==(const matching_group&, const matching_group&) = default;
    } matching;

    struct members_group {
        int shrink_limit = 20; ///< Percent of the members that may be missing before a list is incomplete.
        friend bool operator==(const members_group&, const members_group&) = default;
    } members;

    struct brake_group {
        int max_count = 10;   ///< Changes in one plan.
        int max_share = 10;   ///< Percent of the members.
        int max_per_role = 5; ///< Members that lose or gain one role.
        bool first_report_only = true;
        friend bool operator==(const brake_group&, const brake_group&) = default;
    } brake;

    struct leave_group {
        leave_policy policy = leave_policy::grace;
        duration grace = std::chrono::hours(24 * 30);
        friend bool operator==(const leave_group&, const leave_group&) = default;
    } leave;

    struct policy_group {
        std::map<role_id, capability_set> roles; ///< Chat role → capability set.
        std::map<int, capability_set>
            ranks; ///< Proven game rank → capability set; empty: ranks give nothing.
        friend bool operator==(const policy_group&, const policy_group&) = default;
    } policy;

    struct maintenance_group {
        bool enabled = false;
        friend bool operator==(const maintenance_group&, const maintenance_group&) = default;
    } maintenance;

    friend bool operator==(const guild_settings&, const guild_settings&) = default;
};

/// The highest rank whose role a claim may give: the setting, but never a privileged one. Default: just below
/// Officer.
[[nodiscard]] int claim_max_rank(const guild_settings& settings) noexcept;

/// What a game rank is called in this guild: its name, else `Rank n`.
[[nodiscard]] std::string rank_name(const guild_settings& settings, int rank);

/// The role of a game rank: the mapped one, else the default role, which may be none.
[[nodiscard]] role_id role_of_rank(const guild_settings& settings, int rank) noexcept;

} // namespace patt::policy
