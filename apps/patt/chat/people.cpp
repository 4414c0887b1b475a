// People of the chat server: they join, leave, speak, and have roles.

#include "terminal.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace patt::cli::chat {

namespace {

/// The role of that name, or none.
role_id role_of(const world& w, guild_id guild, std::string_view name) {
    for (const testing::chat_role& r : w.chat.roles(guild)) {
        if (lowered(r.name) == lowered(name)) {
            return r.id;
        }
    }
    return {};
}

} // namespace

void terminal::join(std::string_view arguments) {
    const std::string_view name = first_word(arguments);
    if (name.empty() || name.find(':') != std::string_view::npos) {
        refuse("name who joins: /join bob, or /join odile +Officer");
        return;
    }
    const member_id who = how_.world.know(name);
    onboarding::member_joined joined;
    if (const auto here = how_.world.chat.member(how_.guild, who)) {
        how_.out.note(fmt::format("{} is here already: the chat server tells it a second time", name));
        joined.roles = here->roles;
    } else {
        std::string_view rest = behind_first_word(arguments);
        for (; !rest.empty(); rest = behind_first_word(rest)) {
            const std::string_view role_name =
                first_word(rest).substr(first_word(rest).starts_with('+') ? 1 : 0);
            if (const role_id r = role_of(how_.world, how_.guild, role_name)) {
                joined.roles.push_back(r);
            } else {
                refuse(fmt::format("there is no role {}", role_name));
                return;
            }
        }
        std::sort(joined.roles.begin(), joined.roles.end());
        how_.world.chat.add_member(how_.guild, {who, std::string(name), joined.roles});
        joined.joined_at = how_.world.clock.now();
    }
    joined.member = who;
    joined.username = name;
    joined.display_name = name;
    if (!speaker_) {
        speaker_ = who;
    }
    hand_in(how_.guild, {policy::actor_kind::member, who}, joined);
}

void terminal::leave(std::string_view arguments) {
    if (const auto who = find(first_word(arguments))) {
        how_.world.chat.remove_member(how_.guild, *who);
        on_panel_.erase(*who);
        hand_in(how_.guild, {policy::actor_kind::member, *who}, onboarding::member_left{*who});
    }
}

void terminal::bot(std::string_view arguments) {
    const std::string_view name = first_word(arguments);
    if (name.empty()) {
        refuse("name the bot: /bot statbot");
        return;
    }
    const member_id who = how_.world.know(name);
    how_.world.chat.add_member(how_.guild, {who, std::string(name), {}});
    onboarding::member_joined joined;
    joined.member = who;
    joined.username = name;
    joined.kind = identity::account_kind::bot;
    joined.joined_at = how_.world.clock.now();
    hand_in(how_.guild, {policy::actor_kind::member, who}, joined);
}

void terminal::speak_as(std::string_view arguments) {
    if (const auto who = find(first_word(arguments))) {
        speaker_ = who;
        how_.out.note(fmt::format("you are {} now", how_.world.name_of(*who)));
    }
}

void terminal::say(member_id who, std::string_view text) {
    // A direct message names no guild; an answer to a panel does.
    const bool panel = on_panel_.contains(who);
    const reply said = hand_in(panel ? how_.guild : guild_id{}, {policy::actor_kind::member, who},
                               onboarding::message_received{who, std::string(text)});
    if (panel && said.verdict == verdict::accepted && said.question.kind == prompt_kind::none) {
        on_panel_.erase(who);
    }
    show_reply(how_.world.name_of(who), said);
}

void terminal::pattsync(std::string_view arguments) {
    const auto who =
        arguments.empty() ? (speaker_of_line_ ? speaker_of_line_ : speaker_) : find(first_word(arguments));
    if (!who) {
        if (arguments.empty()) {
            refuse("name who asks: /pattsync bob");
        }
        return;
    }
    const reply said =
        hand_in(how_.guild, {policy::actor_kind::member, *who}, onboarding::self_service{*who});
    if (said.question.kind != prompt_kind::none) {
        on_panel_.insert(*who);
    }
    show_reply(how_.world.name_of(*who), said);
}

void terminal::role(std::string_view arguments) {
    const auto who = find(first_word(arguments));
    const auto member = who ? how_.world.chat.member(how_.guild, *who) : std::nullopt;
    if (!member) {
        return;
    }
    std::vector<role_id> roles = member->roles;
    for (std::string_view rest = behind_first_word(arguments); !rest.empty();
         rest = behind_first_word(rest)) {
        const std::string_view word = first_word(rest);
        const role_id r = role_of(how_.world, how_.guild, word.substr(1));
        if (!r || (word.front() != '+' && word.front() != '-')) {
            refuse(fmt::format("\"{}\" is no change of roles; write /role bob +Veteran -Member", word));
            return;
        }
        std::erase(roles, r);
        if (word.front() == '+') {
            roles.push_back(r);
        }
    }
    std::sort(roles.begin(), roles.end());
    how_.world.chat.set_roles(how_.guild, *who, roles);
    how_.out.note(fmt::format("{} has now: {}", how_.world.name_of(*who), role_list(roles)));
}

} // namespace patt::cli::chat
