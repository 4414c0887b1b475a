#include "hosts/request.hpp"

#include "hosts/guilds.hpp"

#include <patt/result.hpp>
#include <patt/testing/roster_text.hpp>

#include <vector>

namespace patt::hosts {

std::string to_line(const request& what) {
    return std::to_string(static_cast<int>(what.what)) + '\t' + what.key + '\t' +
           std::to_string(what.guild.value()) + '\t' + std::to_string(what.member.value()) + '\t' + what.text;
}

request from_line(std::string_view line) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; parts.size() < 5;) {
        const auto tab = parts.size() == 4 ? line.npos : line.find('\t', at);
        parts.emplace_back(line.substr(at, tab == line.npos ? tab : tab - at));
        if (tab == line.npos) {
            break;
        }
        at = tab + 1;
    }
    if (parts.size() != 5) {
        throw failure("no request: " + std::string(line));
    }
    return {static_cast<deed>(std::stoi(parts[0])), parts[1], guild_id{std::stoll(parts[2])},
            member_id{std::stoll(parts[3])}, parts[4]};
}

engine::input to_input(const request& what) {
    engine::input out;
    out.guild = what.guild;
    out.key = what.key;
    const engine::origin officer{policy::actor_kind::member, owner_of(what.guild)};
    switch (what.what) {
    case deed::join: {
        onboarding::member_joined joined;
        joined.member = what.member;
        joined.username = what.text;
        joined.display_name = what.text;
        joined.joined_at = instant{what.member.value()}; // The same again is the same event.
        out.command = joined;
        break;
    }
    case deed::say:
        out.guild = {}; // A direct message names no guild.
        out.from = {policy::actor_kind::member, what.member};
        out.command = onboarding::message_received{what.member, what.text};
        break;
    case deed::leave:
        out.command = onboarding::member_left{what.member};
        break;
    case deed::resolve:
        out.from = officer;
        out.command = onboarding::officer_action{onboarding::officer_verb::resolve, what.member, what.text};
        break;
    case deed::dismiss:
        out.from = officer;
        out.command = onboarding::officer_action{onboarding::officer_verb::dismiss, what.member, {}};
        break;
    case deed::import: {
        engine::import_roster import;
        import.snapshot = testing::roster_from_text(roster_of(what.guild, std::stoi(what.text)));
        import.cause = "scheduled";
        out.from = {policy::actor_kind::local_operator, {}};
        out.command = std::move(import);
        break;
    }
    }
    return out;
}

} // namespace patt::hosts
