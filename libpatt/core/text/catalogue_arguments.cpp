#include "core/text/catalogue_arguments.hpp"

#include <patt/text/plain.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace patt::text::detail {
namespace {

/// Longer than any user's words that are kept; a safety net for the layout.
constexpr std::size_t longest_word = 1500;

std::int64_t whole_hours(duration length) {
    return std::max<std::int64_t>(1, std::chrono::duration_cast<std::chrono::hours>(length).count());
}

argument_value value_of(const text_arg& arg, const surroundings& with) {
    std::int64_t number = 0;
    const char* end = arg.value.data() + arg.value.size();
    const auto read = std::from_chars(arg.value.data(), end, number);
    const bool numeric = read.ec == std::errc{} && read.ptr == end;
    switch (arg.kind) {
    case arg_kind::trusted:
        return arg.value;
    case arg_kind::number:
        if (numeric) {
            return number;
        }
        break;
    case arg_kind::invite_code:
        return with.code_of && numeric ? with.code_of(invite_id{number}) : std::string();
    case arg_kind::member:
        if (numeric) {
            return "<@" + arg.value + ">";
        }
        break;
    case arg_kind::text:
        break;
    }
    std::string words = plain(arg.value, longest_word);
    return with.markup == markup::markdown ? escape_markdown(words) : words;
}

std::string switch_text(bool on) {
    return on ? "yes" : "no";
}

} // namespace

argument_list::argument_list(const text_ref& what, const surroundings& with) {
    for (const text_arg& arg : what.args) {
        entries_.push_back({arg.name, value_of(arg, with)});
    }
    const policy::guild_settings& s = with.settings;
    entries_.push_back({"guild", s.guild.name});
    entries_.push_back({"website", s.guild.website_url});
    entries_.push_back({"signup", s.guild.signup_url});
    entries_.push_back({"schedule", s.guild.raid_schedule});
    entries_.push_back({"realm_home", s.guild.home_realm});
    entries_.push_back({"check_in_hours", whole_hours(s.onboarding.check_in_after)});
    entries_.push_back({"deadline_hours", whole_hours(s.onboarding.deadline)});
    entries_.push_back({"invite_days", std::max<std::int64_t>(1, whole_hours(s.invite.lifetime) / 24)});
    entries_.push_back({"has_invites", switch_text(s.invite.enabled)});
    entries_.push_back({"has_roster", switch_text(s.roster.enabled)});
}

const argument_list::entry* argument_list::find_entry(std::string_view name) const {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [&](const entry& e) { return e.name == name; });
    return found == entries_.end() ? nullptr : &*found;
}

std::optional<argument_value> argument_list::find(std::string_view name) const {
    if (const entry* e = find_entry(name)) {
        return e->value;
    }
    constexpr std::string_view prefix = "has_";
    if (!name.starts_with(prefix)) {
        return std::nullopt;
    }
    const entry* e = find_entry(name.substr(prefix.size()));
    const auto* words = e == nullptr ? nullptr : std::get_if<std::string>(&e->value);
    return switch_text(e != nullptr && (words == nullptr || !words->empty()));
}

} // namespace patt::text::detail
