#include "new_guild.hpp"

#include <patt/policy/setting_registry.hpp>
#include <patt/text/plain.hpp>
#include <patt/text/utf8.hpp>

#include <fmt/core.h>

#include <charconv>

namespace patt::cli::chat {

namespace {

std::string number_of(const reply& said, std::string_view name) {
    for (const auto& [key, value] : said.data) {
        if (key == name) {
            return value;
        }
    }
    throw failure(fmt::format("the engine's reply names no {}", name));
}

engine::input by_operator(guild_id guild, engine::command what) {
    engine::input in;
    in.guild = guild;
    in.from.kind = policy::actor_kind::local_operator;
    in.reason = "set up";
    in.command = std::move(what);
    return in;
}

/// Which role each rank gets, what it may do, and where things are told.
std::vector<std::pair<std::string, std::string>> furnished_settings() {
    const furniture& f = usual_furniture();
    std::string map;
    for (std::size_t rank = 0; rank < f.roles.size(); ++rank) {
        map += fmt::format("{}{}={}", rank == 0 ? "" : ",", rank, f.roles[rank].id.value());
    }
    return {
        {"ranks.roles", map},
        {"ranks.default_role", std::to_string(f.roles.back().id.value())},
        {"policy.roles", fmt::format("{}=leader,{}=officer,{}=veteran", f.roles[0].id.value(),
                                     f.roles[1].id.value(), f.roles[2].id.value())},
        {"channels.landing", std::to_string(f.channels[0].id.value())},
        {"channels.welcome", std::to_string(f.channels[1].id.value())},
        {"channels.audit", std::to_string(f.channels[2].id.value())},
    };
}

/// The number of a member that was given for a name.
member_id number_in(const std::string& owner) {
    std::int64_t number = 0;
    const auto read = std::from_chars(owner.data(), owner.data() + owner.size(), number);
    const bool all = read.ec == std::errc{} && read.ptr == owner.data() + owner.size() && number > 0;
    return all ? member_id{number} : member_id{};
}

} // namespace

std::vector<std::pair<std::string, std::string>> usual_settings(const new_guild& what) {
    std::vector<std::pair<std::string, std::string>> out;
    if (what.home == home::terminal) {
        out = furnished_settings();
    }
    if (!what.realm.empty()) {
        out.emplace_back("guild.home_realm", what.realm);
    }
    if (what.sending == sending::on) {
        out.emplace_back("sending.enabled", "on");
        out.emplace_back("sending.announcements", "on");
    }
    out.insert(out.end(), what.settings.begin(), what.settings.end());
    return out;
}

result<new_guild> checked(new_guild what) {
    const auto name = policy::canonical("guild.name", what.name);
    if (!name || name->empty()) {
        return error{errc::invalid_input,
                     name ? fmt::format("--guild: \"{}\" cannot be a guild's name", what.name)
                          : "--guild: " + name.err().detail};
    }
    what.name = *name;
    constexpr std::size_t longest = 100;
    const bool one_line = text::is_utf8(what.owner) && what.owner.find('\n') == std::string::npos &&
                          text::count_characters(what.owner) <= longest;
    what.owner = one_line ? text::plain(what.owner, longest) : std::string();
    if (what.owner.empty()) {
        return error{errc::invalid_input,
                     "--owner: a member's name is one line of UTF-8, of at most 100 characters"};
    }
    for (const auto& [key, text] : usual_settings(what)) {
        if (const auto kept = policy::canonical(key, text); !kept) {
            return error{kept.err().code, fmt::format("{}: {}", key == "guild.home_realm" ? "--realm" : key,
                                                      kept.err().detail)};
        }
    }
    return what;
}

result<guild_id> make_guild(engine::engine& engine, world& where, const new_guild& what) {
    const bool played = what.home == home::terminal;
    const member_id given = what.owner_id ? what.owner_id : number_in(what.owner);
    const member_id owner = given ? given : where.know(what.owner);
    const std::vector<role_id> roles =
        played ? std::vector{usual_furniture().roles.front().id} : std::vector<role_id>{};
    const reply made = engine.handle(by_operator({}, engine::create_guild{what.name, owner}));
    if (made.verdict == verdict::refused) {
        return made.why.value_or(error{});
    }
    const guild_id guild{std::stoll(number_of(made, "guild"))};
    if (played) {
        where.furnish(guild);
        where.chat.add_member(guild, {owner, what.owner, roles});
    }
    onboarding::member_joined joined;
    joined.member = owner;
    joined.username = what.owner;
    joined.display_name = what.owner;
    joined.roles = roles;
    std::vector<engine::command> first = {engine::change_setting{"onboarding.enabled", "off"}, joined,
                                          engine::change_setting{"onboarding.enabled", ""}};
    for (engine::command& c : first) { // so that the owner is known and asked nothing
        const reply said = engine.handle(by_operator(guild, std::move(c)));
        if (said.verdict == verdict::refused) {
            return said.why.value_or(error{});
        }
    }
    for (const auto& [key, text] : usual_settings(what)) {
        const reply said = engine.handle(by_operator(guild, engine::change_setting{key, text}));
        if (said.verdict == verdict::refused) {
            return error{said.why->code, fmt::format("{}: {}", key, said.why->detail)};
        }
    }
    return guild;
}

} // namespace patt::cli::chat
