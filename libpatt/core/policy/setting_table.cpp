#include "core/policy/setting_table.hpp"

#include "core/policy/setting_text.hpp"

#include <array>

// One line a setting. The field is named by two pointers to members: the group and the field in it.
namespace patt::policy::detail {
namespace {

using namespace std::string_view_literals;
using s = guild_settings;

constexpr std::array fallback_names = {"panel"sv, "channel"sv, "none"sv};
constexpr std::array use_names = {"link"sv, "suggest"sv, "nothing"sv};
constexpr std::array leave_names = {"keep"sv, "grace"sv, "erase"sv};

template <auto Group, auto Field>
struct place {
    static auto& of(s& settings) { return (settings.*Group).*Field; }
    static const auto& of(const s& settings) { return (settings.*Group).*Field; }
};

/// A row from a form and a field; the forms are types, so that the functions have no state.
template <class Place, class Form>
constexpr setting_row row_of(setting_info info) {
    return {info,
            [](s& into, std::string_view text) {
                auto value = Form::read(text);
                if (!value) {
                    return false;
                }
                Place::of(into) = std::move(*value);
                return true;
            },
            [](const s& from) { return Form::print(Place::of(from)); },
            [](s& into, const s& from) { Place::of(into) = Place::of(from); }};
}

struct boolean {
    static constexpr auto type = setting_type::boolean;
    static constexpr auto form = "on or off"sv;
    static auto read(std::string_view t) { return read_boolean(t); }
    static std::string print(const bool& v) { return print_boolean(v); }
};
template <int Least, int Most>
struct integer {
    static auto read(std::string_view t) { return read_integer(t, Least, Most); }
    static std::string print(const int& v) { return std::to_string(v); }
};
struct percent : integer<0, 100> {
    static constexpr auto type = setting_type::integer;
    static constexpr auto form = "a number of percent from 0 to 100"sv;
};
struct count : integer<0, 100000> {
    static constexpr auto type = setting_type::integer;
    static constexpr auto form = "a number from 0 to 100000"sv;
};
struct rank : integer<0, 9> {
    static constexpr auto type = setting_type::integer;
    static constexpr auto form = "a rank number from 0 (guild leader) to 9"sv;
};
struct maybe_rank {
    static constexpr auto type = setting_type::optional_integer;
    static constexpr auto form = "a rank number from 0 (guild leader) to 9, or auto"sv;
    static std::optional<std::optional<int>> read(std::string_view t) {
        if (t == "auto") {
            return std::optional<int>{};
        }
        const auto number = read_integer(t, 0, 9);
        return number ? std::optional<std::optional<int>>(number) : std::nullopt;
    }
    static std::string print(const std::optional<int>& v) { return v ? std::to_string(*v) : "auto"; }
};
template <std::int64_t LeastSeconds, std::int64_t MostSeconds>
struct time_between {
    static constexpr auto type = setting_type::length_of_time;
    static std::optional<duration> read(std::string_view t) {
        const auto value = read_duration(t);
        const bool fits = value && *value >= std::chrono::seconds(LeastSeconds) &&
                          *value <= std::chrono::seconds(MostSeconds);
        return fits ? value : std::nullopt;
    }
    static std::string print(const duration& v) { return print_duration(v); }
};
struct minutes_to_days : time_between<60, std::int64_t{30} * 86400> {
    static constexpr auto form = "a length of time from 1m to 30d, such as 24h or 1h30m"sv;
};
struct days : time_between<3600, std::int64_t{365} * 86400> {
    static constexpr auto form = "a length of time from 1h to 365d, such as 7d or 36h"sv;
};
template <std::size_t Most>
struct line {
    static auto read(std::string_view t) { return read_line(t, Most); }
    static std::string print(const std::string& v) { return v; }
};
struct name_line : line<100> {
    static constexpr auto type = setting_type::text;
    static constexpr auto form = "one line of at most 100 characters"sv;
};
struct schedule_line : line<300> {
    static constexpr auto type = setting_type::text;
    static constexpr auto form = "one line of at most 300 characters"sv;
};
struct realm_line : line<64> {
    static constexpr auto type = setting_type::realm;
    static constexpr auto form = "a realm's name or slug, such as Sen'jin"sv;
};
struct flow_key : line<50> {
    static constexpr auto type = setting_type::text;
    static constexpr auto form = "the key of a flow, such as newcomer"sv;
};
struct url {
    static constexpr auto type = setting_type::url;
    static constexpr auto form = "an address that begins with https://"sv;
    static auto read(std::string_view t) { return read_url(t); }
    static std::string print(const std::string& v) { return v; }
};
struct rgb {
    static constexpr auto type = setting_type::colour;
    static constexpr auto form = "a colour as #RRGGBB"sv;
    static auto read(std::string_view t) { return read_colour(t); }
    static std::string print(const policy::colour& v) { return print_colour(v); }
};
struct language {
    static constexpr auto type = setting_type::locale;
    static constexpr auto form = "a language tag, such as en or pt-BR"sv;
    static auto read(std::string_view t) { return read_locale(t); }
    static std::string print(const std::string& v) { return v; }
};
struct zone {
    static constexpr auto type = setting_type::timezone;
    static constexpr auto form = "a time zone's name, such as UTC or America/Los_Angeles"sv;
    static auto read(std::string_view t) { return read_timezone(t); }
    static std::string print(const std::string& v) { return v; }
};
struct channel {
    static constexpr auto type = setting_type::channel;
    static constexpr auto form = "a channel's id or #channel, or none"sv;
    static std::optional<channel_id> read(std::string_view t) {
        const auto number = read_snowflake(t, "<#");
        return number ? std::optional(channel_id{*number}) : std::nullopt;
    }
    static std::string print(const channel_id& v) { return v ? std::to_string(v.value()) : "none"; }
};
struct role {
    static constexpr auto type = setting_type::role;
    static constexpr auto form = "a role's id or @role, or none"sv;
    static std::optional<role_id> read(std::string_view t) {
        const auto number = read_snowflake(t, "<@&");
        return number ? std::optional(role_id{*number}) : std::nullopt;
    }
    static std::string print(const role_id& v) { return v ? std::to_string(v.value()) : "none"; }
};
struct role_list {
    static constexpr auto type = setting_type::role_list;
    static constexpr auto form = "role ids separated by commas"sv;
    static auto read(std::string_view t) { return read_roles(t); }
    static std::string print(const std::vector<role_id>& v) { return print_roles(v); }
};
struct rank_names {
    static constexpr auto type = setting_type::name_list;
    static constexpr auto form = "up to ten names separated by commas, the guild leader's rank first"sv;
    static auto read(std::string_view t) { return read_names(t); }
    static std::string print(const std::vector<std::string>& v) { return print_names(v); }
};
struct rank_map {
    static constexpr auto type = setting_type::rank_map;
    static constexpr auto form =
        "rank=role id pairs separated by commas, such as 0=123456789012345678, 1=…"sv;
    static auto read(std::string_view t) { return read_rank_map(t); }
    static std::string print(const std::map<int, role_id>& v) { return print_rank_map(v); }
};
struct role_sets {
    static constexpr auto type = setting_type::role_sets;
    static constexpr auto form =
        "role id=set pairs separated by commas; sets: member, veteran, officer, leader"sv;
    static auto read(std::string_view t) { return read_role_sets(t); }
    static std::string print(const std::map<role_id, capability_set>& v) { return print_role_sets(v); }
};
struct rank_sets {
    static constexpr auto type = setting_type::rank_sets;
    static constexpr auto form =
        "rank=set pairs separated by commas; sets: member, veteran, officer, leader"sv;
    static auto read(std::string_view t) { return read_rank_sets(t); }
    static std::string print(const std::map<int, capability_set>& v) { return print_rank_sets(v); }
};
template <class Enum, const auto& Names>
struct one_of {
    static constexpr auto type = setting_type::enumeration;
    static std::optional<Enum> read(std::string_view t) {
        const auto index = read_enumeration(t, Names);
        return index ? std::optional(static_cast<Enum>(*index)) : std::nullopt;
    }
    static std::string print(const Enum& v) { return std::string(Names[static_cast<std::size_t>(v)]); }
};
struct fallback : one_of<dm_fallback, fallback_names> {
    static constexpr auto form = "panel, channel or none"sv;
};
struct leaving : one_of<leave_policy, leave_names> {
    static constexpr auto form = "keep, grace or erase"sv;
};

struct use : one_of<identity::level_use, use_names> {
    static constexpr auto form = "link, suggest or nothing"sv;
};

template <auto Group, auto Field, class Form>
constexpr setting_row define(std::string_view key, std::string_view description,
                             capability changed_by = capability::manage_settings,
                             danger risk = danger::none) {
    return row_of<place<Group, Field>, Form>(
        {key, Form::type, Form::form, description, changed_by, risk, {}});
}

using g = s::guild_group;
using se = s::sending_group;
using o = s::onboarding_group;
using c = s::channels_group;
using m = s::matching_group;
using cap = capability;

constexpr std::array rows = {
    define<&s::guild, &g::name, name_line>("guild.name", "The guild's name, as messages say it."),
    define<&s::guild, &g::home_realm, realm_line>("guild.home_realm",
                                                  "The realm of characters named without one."),
    define<&s::guild, &g::website_url, url>("guild.website_url", "The guild's website."),
    define<&s::guild, &g::signup_url, url>("guild.signup_url", "The page where an invite code is entered."),
    define<&s::guild, &g::colour, rgb>("guild.colour", "The colour of messages."),
    define<&s::guild, &g::colour_ok, rgb>("guild.colour_ok", "The colour of good news."),
    define<&s::guild, &g::colour_warn, rgb>("guild.colour_warn", "The colour of messages that want action."),
    define<&s::guild, &g::raid_schedule, schedule_line>("guild.raid_schedule",
                                                        "When the guild raids, in words."),
    define<&s::guild, &g::locale, language>("guild.locale",
                                            "The language of messages; English where a text is missing."),
    define<&s::guild, &g::timezone, zone>("guild.timezone", "The time zone of dates that are shown."),

    define<&s::sending, &se::enabled, boolean>(
        "sending.enabled", "The master switch: while off, nothing is sent to anybody.", cap::manage_flags),
    define<&s::sending, &se::onboarding, boolean>("sending.onboarding", "Questions and answers to newcomers.",
                                                  cap::manage_flags),
    define<&s::sending, &se::invite, boolean>("sending.invite", "The confirmation with the website invite.",
                                              cap::manage_flags),
    define<&s::sending, &se::announcements, boolean>("sending.announcements",
                                                     "The public welcome of new members.", cap::manage_flags),
    define<&s::sending, &se::officers, boolean>(
        "sending.officers", "Escalations and issues in the officers' channel.", cap::manage_flags),

    define<&s::onboarding, &o::enabled, boolean>(
        "onboarding.enabled", "Whether newcomers are led through a flow.", cap::manage_flags),
    define<&s::onboarding, &o::flow, flow_key>("onboarding.flow", "The flow that newcomers are led through."),
    define<&s::onboarding, &o::silent, boolean>(
        "onboarding.silent", "Only data changes: no message, no role, no invite.", cap::manage_flags),
    define<&s::onboarding, &o::deadline, minutes_to_days>(
        "onboarding.deadline",
        "How long after the dialogue the officers are told that somebody is not verified."),
    define<&s::onboarding, &o::nudge_after, minutes_to_days>(
        "onboarding.nudge_after", "How long a question may stay unanswered before the one reminder."),
    define<&s::onboarding, &o::check_in_after, minutes_to_days>(
        "onboarding.check_in_after", "How long after \"not yet in the guild\" the bot asks again."),
    define<&s::onboarding, &o::verify_every, minutes_to_days>(
        "onboarding.verify_every", "How often a claimed character is looked for again."),
    define<&s::onboarding, &o::expire_after, days>("onboarding.expire_after",
                                                   "After how long an unfinished session is given up."),
    define<&s::onboarding, &o::closed_dm_fallback, fallback>(
        "onboarding.closed_dm_fallback",
        "What takes the place of a direct message that cannot be delivered."),

    define<&s::channels, &c::landing, channel>("channels.landing",
                                               "Where newcomers with closed direct messages are addressed."),
    define<&s::channels, &c::welcome, channel>("channels.welcome",
                                               "Where new members are welcomed in public."),
    define<&s::channels, &c::audit, channel>("channels.audit",
                                             "Where officers are told what wants their attention."),

    define<&s::trust, &s::trust_group::claim_max_rank, maybe_rank>(
        "trust.claim_max_rank",
        "The highest rank whose role somebody gets by naming a character; auto is just below officer_rank.",
        cap::manage_policy, danger::confirm),
    define<&s::trust, &s::trust_group::officer_rank, rank>(
        "trust.officer_rank", "This rank and above need proof or an officer's confirmation.",
        cap::manage_policy, danger::confirm),

    define<&s::ranks, &s::ranks_group::names, rank_names>("ranks.names",
                                                          "What the game ranks are called, from 0 on."),
    define<&s::ranks, &s::ranks_group::roles, rank_map>(
        "ranks.roles", "Which role each game rank gets; several ranks may share one.", cap::manage_roles,
        danger::confirm),
    define<&s::ranks, &s::ranks_group::default_role, role>("ranks.default_role",
                                                           "The role for a rank that is unknown or has none.",
                                                           cap::manage_roles, danger::confirm),
    define<&s::roles, &s::roles_group::managed, role_list>(
        "roles.managed", "Further roles that PATT may give and take.", cap::manage_roles, danger::confirm),

    define<&s::invite, &s::invite_group::enabled, boolean>(
        "invite.enabled", "Whether new members get a website invite.", cap::manage_flags),
    define<&s::invite, &s::invite_group::lifetime, days>("invite.lifetime", "How long an invite is valid."),

    define<&s::roster, &s::roster_group::enabled, boolean>(
        "roster.enabled", "Whether the characters of new members are listed in the roster.",
        cap::manage_flags),
    define<&s::roster, &s::roster_group::shrink_limit, percent>(
        "roster.shrink_limit",
        "How much smaller a roster may be than the last one before nobody is removed."),

    define<&s::matching, &m::enabled, boolean>(
        "matching.enabled", "Whether characters are matched to members by names and notes.",
        cap::manage_flags),
    define<&s::matching, &m::certain, use>(
        "matching.certain", "What a match that is certain (99.9 %) does: a link or a suggestion.",
        cap::manage_policy),
    define<&s::matching, &m::high, use>("matching.high", "What a match of high confidence (99 %) does.",
                                        cap::manage_policy),
    define<&s::matching, &m::medium, use>("matching.medium", "What a match of medium confidence (90 %) does.",
                                          cap::manage_policy, danger::confirm),
    define<&s::matching, &m::low, use>("matching.low", "What a match of low confidence does.",
                                       cap::manage_policy, danger::confirm),
    define<&s::matching, &m::role_members_only, boolean>(
        "matching.role_members_only",
        "Whether only members with one of the guild's roles may own characters.", cap::manage_policy),
    define<&s::members, &s::members_group::shrink_limit, percent>(
        "members.shrink_limit",
        "How much smaller a list of members may be than the last one before nobody counts as gone."),

    define<&s::brake, &s::brake_group::max_count, count>(
        "brake.max_count", "How many changes a plan may have before it waits for an officer.",
        cap::manage_policy),
    define<&s::brake, &s::brake_group::max_share, percent>(
        "brake.max_share", "Which share of the members a plan may change before it waits.",
        cap::manage_policy),
    define<&s::brake, &s::brake_group::max_per_role, count>(
        "brake.max_per_role", "How many members a plan may change in one role before it waits.",
        cap::manage_policy),
    define<&s::brake, &s::brake_group::first_report_only, boolean>(
        "brake.first_report_only", "Whether the first bulk run only reports.", cap::manage_policy),

    define<&s::leave, &s::leave_group::policy, leaving>("leave.policy",
                                                        "What happens to the data of somebody who leaves.",
                                                        cap::manage_policy, danger::confirm),
    define<&s::leave, &s::leave_group::grace, days>(
        "leave.grace", "How long the data of somebody who left is kept under grace.", cap::manage_policy),

    define<&s::policy, &s::policy_group::roles, role_sets>("policy.roles", "Which role may do what.",
                                                           cap::manage_policy, danger::confirm),
    define<&s::policy, &s::policy_group::ranks, rank_sets>("policy.ranks",
                                                           "What a proven game rank may do; empty: nothing.",
                                                           cap::manage_policy, danger::confirm),

    define<&s::maintenance, &s::maintenance_group::enabled, boolean>(
        "maintenance.enabled", "While on, nothing is published and newcomers' answers wait.",
        cap::manage_flags),
};

constexpr auto infos = [] {
    std::array<setting_info, rows.size()> out{};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        out[i] = rows[i].info;
    }
    return out;
}();

} // namespace

std::span<const setting_row> setting_rows() noexcept {
    return rows;
}

std::span<const setting_info> setting_infos() noexcept {
    return infos;
}

} // namespace patt::policy::detail
