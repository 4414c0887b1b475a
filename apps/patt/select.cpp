#include "select.hpp"

#include <patt/text/name_key.hpp>
#include <patt/text/realm.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string>
#include <vector>

namespace patt::cli {

namespace {

struct named {
    std::int64_t id = 0;
    std::string name;
};

/// The only one of them; else a refusal that lists them.
result<std::int64_t> only(const std::vector<named>& hits, std::string_view what, std::string_view typed) {
    if (hits.size() == 1) {
        return hits.front().id;
    }
    if (hits.empty()) {
        return error{errc::not_found, fmt::format("there is no {} {}", what, typed)};
    }
    std::string list;
    for (const named& n : hits) {
        list += fmt::format("{}{} ({})", list.empty() ? "" : ", ", n.name, n.id);
    }
    return error{errc::ambiguous, fmt::format("several fit as {}: {}; give the id", what, list)};
}

} // namespace

std::optional<std::int64_t> parse_id(std::string_view text) {
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size() && value > 0 ? std::optional(value)
                                                                                        : std::nullopt;
}

std::vector<engine::guild_info> guilds_named(engine::queries& look, std::string_view name) {
    const std::string key = text::folded_key(name);
    std::vector<engine::guild_info> all = look.guilds();
    std::vector<engine::guild_info> out;
    const auto named = [&](const engine::guild_info& g) { return text::folded_key(g.name) == key; };
    std::copy_if(all.begin(), all.end(), std::back_inserter(out), named);
    if (out.empty()) { // Older versions kept the name that a guild was made with beside the setting.
        std::copy_if(all.begin(), all.end(), std::back_inserter(out), [&](const engine::guild_info& g) {
            return text::folded_key(look.settings(g.id).guild.name) == key;
        });
    }
    return out;
}

result<guild_id> select_guild(engine::queries& look, std::string_view typed) {
    std::vector<named> hits;
    const auto number = parse_id(typed);
    for (const auto& guild : look.guilds()) {
        if (typed.empty() || (number && guild.id.value() == *number)) {
            hits.push_back({guild.id.value(), guild.name});
        }
    }
    if (hits.empty() && !typed.empty()) {
        for (const auto& guild : guilds_named(look, typed)) {
            hits.push_back({guild.id.value(), guild.name});
        }
    }
    const result<std::int64_t> chosen =
        only(hits, "guild", typed.empty() ? "yet; make one with patt init" : typed);
    return chosen ? result<guild_id>(guild_id{*chosen}) : result<guild_id>(chosen.err());
}

result<member_id> select_member(engine::queries& look, guild_id guild, std::string_view typed) {
    if (const auto number = parse_id(typed); number && look.member(guild, member_id{*number})) {
        return member_id{*number};
    }
    std::vector<named> hits;
    const std::string key = text::folded_key(typed);
    for (const auto& member : look.members(guild)) {
        if (text::folded_key(member.username) == key || text::folded_key(member.display_name) == key) {
            hits.push_back({member.id.value(), member.display_name});
        }
    }
    const result<std::int64_t> chosen = only(hits, "member", typed);
    return chosen ? result<member_id>(member_id{*chosen}) : result<member_id>(chosen.err());
}

result<identity::character> select_character(engine::queries& look, guild_id guild, std::string_view typed) {
    const auto number = parse_id(typed);
    const std::size_t hyphen = typed.find('-');
    const std::string key = text::folded_key(typed.substr(0, hyphen));
    std::vector<identity::character> fits;
    std::vector<named> hits;
    for (identity::character& c : look.characters(guild)) {
        const bool realm =
            hyphen == std::string_view::npos || text::same_realm(c.realm_slug, typed.substr(hyphen + 1));
        if ((number && c.id.value() == *number) || (realm && text::folded_key(c.name) == key)) {
            hits.push_back({c.id.value(), c.name + "-" + c.realm_slug});
            fits.push_back(std::move(c));
        }
    }
    const result<std::int64_t> chosen = only(hits, "character", typed);
    return chosen ? result<identity::character>(std::move(fits.front()))
                  : result<identity::character>(chosen.err());
}

} // namespace patt::cli
