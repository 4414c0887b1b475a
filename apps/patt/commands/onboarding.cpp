// patt onboarding: where newcomers stand, and what officers do.

#include "../host.hpp"
#include "../output.hpp"
#include "../time_text.hpp"
#include "commands.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <memory>

namespace patt::cli {

namespace {

using onboarding::officer_verb;

struct action_options {
    std::string member;
    std::string character;
    std::string reason;
    std::string as;
};

std::string answer_of(const engine::session_info& info, std::string_view field) {
    const auto found = std::find_if(info.answers.begin(), info.answers.end(),
                                    [&](const auto& a) { return a.field == field; });
    return found == info.answers.end() ? std::string() : found->value;
}

std::string name_of(const engine::session_info& info) {
    return info.member ? info.member->display_name : std::to_string(info.session.subject.value());
}

std::vector<cell> row_of(const engine::session_info& info) {
    const onboarding::session& s = info.session;
    return {name_of(info),           id_text(s.subject),    std::string(to_string(s.state)), s.step,
            answer_of(info, "main"), to_text(s.created_at), to_text(s.deadline_at),          s.outcome};
}

exit_code show_status(const common_options& common, const std::string& member) {
    host h(common);
    table t{
        {"name", "member", "state", "step", "main", "since", "deadline", "outcome"}, {}, "No open sessions."};
    if (member.empty()) {
        for (const engine::session_info& info : h.look().open_sessions(h.guild())) {
            t.rows.push_back(row_of(info));
        }
    } else {
        const auto info = h.look().session_of(h.guild(), h.member(member));
        if (!info) {
            throw refusal(
                {errc::not_found,
                 fmt::format("{} has no session; patt onboarding start {} begins one", member, member)});
        }
        t.rows.push_back(row_of(*info));
    }
    print(t, common.json ? form::json : form::text);
    return exit_code::done;
}

exit_code act(const common_options& common, officer_verb verb, const action_options& how) {
    host h(common);
    onboarding::officer_action what;
    what.verb = verb;
    what.member = h.member(how.member);
    what.character = how.character;
    const form as = common.json ? form::json : form::text;
    const auto before = h.look().session_of(h.guild(), what.member);
    std::optional<member_id> actor;
    if (!how.as.empty()) {
        actor = h.member(how.as);
    }
    const reply said = h.handle_or_refuse(what, how.reason, actor);
    if (common.dry_run) {
        tell_rehearsed(as, fmt::format("{} the session of {} ({})", to_string(verb), how.member,
                                       before ? to_string(before->session.state) : "none"));
        return exit_code::done;
    }
    const auto after = h.look().session_of(h.guild(), what.member);
    if (as == form::json) {
        print(record{{"member", id_text(what.member)},
                     {"before", before ? std::string(to_string(before->session.state)) : "none"},
                     {"after", after ? std::string(to_string(after->session.state)) : "none"}},
              as);
    } else {
        fmt::print("{}", h.words_of(said));
    }
    return exit_code::done;
}

void add_action(CLI::App& onboarding_app, program& p, officer_verb verb, const char* what,
                const char* example) {
    auto how = std::make_shared<action_options>();
    CLI::App* sub = subcommand(onboarding_app, std::string(to_string(verb)).c_str(), what, example);
    sub->add_option("MEMBER", how->member, "Whose session: a name or member id")->required();
    if (verb == officer_verb::resolve) {
        sub->add_option("CHARACTER", how->character,
                        "Their main, as Name or Name-Realm; without one the session just ends");
    }
    sub->add_option("--reason", how->reason, "Why; goes into the event log");
    sub->add_option("--as", how->as, "Act as a member, with what they may do, instead of as the operator");
    sub->callback([&p, how, verb] { p.chosen = [&p, how, verb] { return act(p.common, verb, *how); }; });
}

} // namespace

void add_onboarding(program& p) {
    CLI::App* app = subcommand(p.app, "onboarding", "Newcomers: where they stand, and what officers do",
                               "patt onboarding status");
    app->require_subcommand(1);
    auto member = std::make_shared<std::string>();
    CLI::App* status = subcommand(*app, "status", "Open sessions, or the session of one member",
                                  "patt onboarding status bob");
    status->add_option("MEMBER", *member, "A name or member id");
    status->callback([&p, member] { p.chosen = [&p, member] { return show_status(p.common, *member); }; });
    add_action(*app, p, officer_verb::resolve,
               "Settle it by hand: link the character and provision, or just close",
               "patt onboarding resolve bob Aralith-area-52 --reason \"seen in the game\"");
    add_action(*app, p, officer_verb::dismiss, "A visitor: close it, give nothing",
               "patt onboarding dismiss bob");
    add_action(*app, p, officer_verb::retry, "Look again, try failed effects again, ask again",
               "patt onboarding retry bob");
    add_action(*app, p, officer_verb::start, "Begin a session for a member who has none open",
               "patt onboarding start bob");
    add_action(*app, p, officer_verb::rehearse, "Walk through the flow without touching anybody",
               "patt onboarding rehearse odile");
    add_action(*app, p, officer_verb::approve, "Answer a review with yes", "patt onboarding approve bob");
    add_action(*app, p, officer_verb::decline, "Answer a review with no", "patt onboarding decline bob");
}

} // namespace patt::cli
