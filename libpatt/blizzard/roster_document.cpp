#include "blizzard/document.hpp"
#include "blizzard/file.hpp"
#include "blizzard/foreign.hpp"
#include "blizzard/node.hpp"

#include <patt/blizzard/roster_document.hpp>

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <unordered_map>
#include <utility>

namespace patt::blizzard {
namespace {

namespace json = boost::json;
using detail::node;
using detail::read_fault;

constexpr std::size_t listed_rejections = 100;
constexpr detail::bounds any_id{0, std::numeric_limits<std::int64_t>::max()};
constexpr detail::bounds any_class{0, 1'000'000};
constexpr detail::bounds any_level{0, 1'000};
constexpr detail::bounds any_rank{0, identity::lowest_rank};

identity::game_guild read_guild(const node& top) {
    const auto guild = top.child("guild");
    const auto realm = guild.child("realm");
    identity::game_guild out;
    out.id = identity::game_guild_id{guild.number("id", any_id).value_or(0)};
    out.name = guild.text("name").value_or("");
    out.realm_slug = detail::lower_slug(realm.text("slug").value_or(""));
    out.realm_name = realm.translated("name").value_or("");
    return out;
}

/// Reads one member. What it returns counts only when no fault was noted.
identity::roster_entry read_member(const node& member, const identity::game_guild& guild) {
    identity::roster_entry out;
    const auto character = member.child("character");
    if (!character.there()) {
        member.missing("character");
        return out;
    }
    const auto realm = character.child("realm");
    const auto rank = member.number("rank", any_rank);
    const auto name = character.text("name");
    const auto slug = realm.text("slug");
    out.game = game_id{character.number("id", any_id).value_or(0)};
    out.name = name.value_or("");
    out.realm_slug = slug ? detail::lower_slug(*slug) : guild.realm_slug;
    out.realm_name = realm.translated("name").value_or("");
    out.class_id =
        static_cast<std::int32_t>(character.child("playable_class").number("id", any_class).value_or(0));
    out.level = static_cast<std::int32_t>(character.number("level", any_level).value_or(0));
    out.rank = static_cast<std::int32_t>(rank.value_or(identity::lowest_rank));
    if (!name) {
        character.missing("name");
    }
    if (out.realm_slug.empty() || (realm.there() && !slug)) { // Only a member without any realm is at home.
        realm.missing("slug");
    }
    if (!rank) {
        member.missing("rank");
    }
    return out;
}

/// Battle.net leaves a realm's name out of members, but the guild or another source's member may have it.
void fill_realm_names(identity::roster_snapshot& snapshot) {
    std::unordered_map<std::string, std::string> names;
    if (!snapshot.guild.realm_name.empty()) {
        names.emplace(snapshot.guild.realm_slug, snapshot.guild.realm_name);
    }
    for (const auto& e : snapshot.entries) {
        if (!e.realm_name.empty()) {
            names.emplace(e.realm_slug, e.realm_name);
        }
    }
    for (auto& e : snapshot.entries) {
        if (const auto found = names.find(e.realm_slug); e.realm_name.empty() && found != names.end()) {
            e.realm_name = found->second;
        }
    }
}

void read_members(identity::roster_snapshot& snapshot, const json::array& members) {
    snapshot.entries.reserve(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
        read_fault fault;
        const auto path = fmt::format("members[{}]", i);
        identity::roster_entry entry;
        if (const auto* object = members[i].if_object()) {
            entry = read_member(node{object, path, fault}, snapshot.guild);
        } else {
            fault.set(path, "must be an object");
        }
        if (!fault) {
            snapshot.entries.push_back(std::move(entry));
            continue;
        }
        ++snapshot.rejected_count;
        if (snapshot.rejected.size() < listed_rejections) {
            snapshot.rejected.push_back({i, std::move(fault.where), std::move(fault.reason)});
        }
    }
}

} // namespace

result<identity::roster_snapshot> parse_roster(std::string_view text, const document_limits& limits) {
    json::monotonic_resource memory;
    const auto document = detail::parse_object(text, "guild roster", limits, &memory);
    if (!document) {
        return document.err();
    }
    const auto* members = document->if_contains("members");
    if (members == nullptr) {
        const auto kind = detail::recognise(*document);
        return error{errc::invalid_input, kind.empty()
                                              ? "This is no guild roster: it has no \"members\". Fetch "
                                                "/data/wow/guild/{realm}/{guild}/roster."
                                              : fmt::format("This is no guild roster but {}.", kind)};
    }
    if (!members->is_array()) {
        return error{errc::invalid_input,
                     "This is no guild roster: \"members\" is not an array. Fetch it again."};
    }
    if (members->get_array().size() > limits.max_members) {
        return error{errc::limit_exceeded,
                     fmt::format("The guild roster has {} members, at most {} are read.",
                                 members->get_array().size(), limits.max_members)};
    }
    identity::roster_snapshot out;
    read_fault fault;
    out.guild = read_guild(node{&*document, "", fault});
    if (fault) {
        return error{errc::invalid_input,
                     fmt::format("The guild roster cannot be understood: {} {}. Fetch it again.", fault.where,
                                 fault.reason)};
    }
    read_members(out, members->get_array());
    fill_realm_names(out);
    out.source = "battle.net";
    return out;
}

result<identity::roster_snapshot> load_roster(const std::filesystem::path& file,
                                              const document_limits& limits) {
    const auto text = detail::read_file(file, limits);
    if (!text) {
        return text.err();
    }
    auto out = parse_roster(*text, limits);
    if (!out) {
        return detail::in_file(file, out.err());
    }
    out->source = file.filename().string();
    return out;
}

} // namespace patt::blizzard
