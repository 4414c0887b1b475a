// What officers do from the terminal.

#include "terminal.hpp"

#include <patt/policy/setting_registry.hpp>

#include <fmt/core.h>

#include <array>
#include <utility>

namespace patt::cli::chat {

namespace {

using onboarding::officer_verb;

constexpr std::array verbs = {officer_verb::resolve, officer_verb::dismiss,  officer_verb::retry,
                              officer_verb::start,   officer_verb::rehearse, officer_verb::approve,
                              officer_verb::decline};

std::optional<officer_verb> parse_verb(std::string_view word) {
    for (const officer_verb v : verbs) {
        if (onboarding::to_string(v) == word) {
            return v;
        }
    }
    return std::nullopt;
}

} // namespace

void terminal::officer(std::string_view arguments) {
    const auto verb = parse_verb(lowered(first_word(arguments)));
    if (!verb) {
        refuse("an officer may: resolve, dismiss, retry, start, rehearse, approve, decline");
        return;
    }
    const std::string_view rest = behind_first_word(arguments);
    const auto who = find(first_word(rest));
    if (!who) {
        return;
    }
    onboarding::officer_action what;
    what.verb = *verb;
    what.member = *who;
    what.character = behind_first_word(rest);
    const engine::origin from = origin();
    const reply said = hand_in(how_.guild, from, what);
    if (*verb == officer_verb::rehearse && said.verdict == verdict::accepted) {
        on_panel_.insert(*who);
    }
    show_reply(from.member ? how_.world.name_of(from.member) : "you", said);
}

void terminal::set(std::string_view arguments) {
    const std::string_view key = first_word(arguments);
    const std::string_view value = behind_first_word(arguments);
    if (key.empty()) {
        for (const policy::setting_info& info : policy::all_settings()) {
            const auto text = policy::print(engine_->settings(how_.guild), info.key);
            how_.out.note(fmt::format("{} = {}", info.key, policy::shown(info, text ? *text : "")));
        }
        return;
    }
    const reply said =
        hand_in(how_.guild, origin(), engine::change_setting{std::string(key), std::string(value)});
    if (said.verdict == verdict::refused) {
        show_reply("you", said);
        return;
    }
    const auto text = policy::print(engine_->settings(how_.guild), key);
    how_.out.note(fmt::format("{} = {}", key, text ? *text : ""));
    for (const auto& [name, warning] : said.data) {
        if (name == "warning") {
            how_.out.note("mind: " + warning);
        }
    }
}

void terminal::owner(std::string_view arguments) {
    const auto who = find(first_word(arguments));
    if (who) {
        const engine::origin from = origin();
        show_reply(from.member ? how_.world.name_of(from.member) : "you",
                   hand_in(how_.guild, from, engine::change_owner{*who}));
    }
}

void terminal::invite(std::string_view arguments) {
    const std::string_view first = first_word(arguments);
    const std::string_view rest = behind_first_word(arguments);
    if (first == "create") {
        show_reply("you", hand_in(how_.guild, origin(), provisioning::create_invite{}));
    } else if (first == "redeem" && !rest.empty()) {
        const std::string code = first_word(rest) == "last" ? last_code_ : std::string(first_word(rest));
        provisioning::redeem_invite what{code, std::string(behind_first_word(rest))};
        show_reply("the website", hand_in(how_.guild, {policy::actor_kind::system, {}}, std::move(what)));
    } else {
        refuse("/invite create, or /invite redeem CODE BY");
    }
}

} // namespace patt::cli::chat
