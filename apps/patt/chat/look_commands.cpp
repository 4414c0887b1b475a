// Looking: at what the chat server shows, and at what PATT knows.

#include "../output.hpp"
#include "../time_text.hpp"
#include "terminal.hpp"

#include <patt/identity/link.hpp>
#include <patt/testing/plain.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace patt::cli::chat {

namespace {

std::string answer_of(const engine::session_info& info, std::string_view field) {
    const auto found = std::find_if(info.answers.begin(), info.answers.end(),
                                    [&](const auto& a) { return a.field == field; });
    return found == info.answers.end() ? std::string() : found->value;
}

std::string one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

} // namespace

void terminal::inbox(std::string_view arguments) {
    if (const auto who = find(first_word(arguments))) {
        const auto& list = how_.world.chat.inbox(*who);
        how_.out.note(fmt::format("{} has {} direct message{}", how_.world.name_of(*who), list.size(),
                                  list.size() == 1 ? "" : "s"));
        for (const testing::chat_message& m : list) {
            how_.out.say(tone::bot, fmt::format("{}", to_line(m.at)),
                         plain(testing::to_plain(m.message, m.question)));
        }
    }
}

void terminal::channel(std::string_view arguments) {
    const std::string_view name = arguments.starts_with('#') ? arguments.substr(1) : arguments;
    for (const testing::chat_channel& c : how_.world.chat.channels(how_.guild)) {
        if (!name.empty() && c.name != name) {
            continue;
        }
        const auto& list = how_.world.chat.channel(how_.guild, c.id);
        how_.out.note(fmt::format("#{} has {} post{}", c.name, list.size(), list.size() == 1 ? "" : "s"));
        for (const testing::chat_message& m : list) {
            how_.out.say(tone::channel, fmt::format("{}", to_line(m.at)),
                         plain(testing::to_plain(m.message, m.question)));
        }
    }
}

void terminal::roles(std::string_view arguments) {
    for (const testing::chat_member& m : how_.world.chat.members(how_.guild)) {
        if (arguments.empty() || how_.world.find(arguments) == m.id) {
            how_.out.note(fmt::format("{}: {}", how_.world.name_of(m.id), role_list(m.roles)));
        }
    }
}

void terminal::status(std::string_view arguments) {
    if (arguments.empty()) {
        sessions({});
        return;
    }
    const auto who = find(first_word(arguments));
    if (!who) {
        return;
    }
    const auto info = look_->session_of(how_.guild, *who);
    if (!info) {
        how_.out.note(fmt::format("{} has no session", how_.world.name_of(*who)));
        return;
    }
    const onboarding::session& s = info->session;
    how_.out.note(fmt::format("{}: {}{}{}, attempt {}", how_.world.name_of(*who),
                              onboarding::to_string(s.state), s.step.empty() ? "" : " at " + s.step,
                              s.outcome.empty() ? "" : " (" + s.outcome + ")", s.attempt));
    for (const onboarding::answer& a : info->answers) {
        if (!a.value.empty() && (a.field == "in_guild" || a.field == "main" || a.field == "alts")) {
            how_.out.note(fmt::format("  {} = {}", a.field, one_line(a.value)));
        }
    }
    if (s.verification_attempts > 0) {
        how_.out.note(fmt::format("  looked for {} time{}", s.verification_attempts,
                                  s.verification_attempts == 1 ? "" : "s"));
    }
    if (s.deadline_at) {
        how_.out.note(
            fmt::format("  deadline {}{}", to_line(s.deadline_at), s.escalated_at ? ", escalated" : ""));
    }
}

void terminal::sessions(std::string_view) {
    table t{{"member", "state", "step", "main", "since", "outcome"}, {}, "No open sessions."};
    for (const engine::session_info& info : look_->open_sessions(how_.guild)) {
        const onboarding::session& s = info.session;
        t.rows.push_back({how_.world.name_of(s.subject), std::string(onboarding::to_string(s.state)), s.step,
                          answer_of(info, "main"), to_line(s.created_at), s.outcome});
    }
    how_.out.lines(rendered(t, form::text));
}

void terminal::issues(std::string_view) {
    table t{{"severity", "type", "member", "since", "detail"}, {}, "No open issues."};
    for (const integrity::issue& i : look_->open_issues(how_.guild)) {
        t.rows.push_back({std::string(integrity::to_string(i.severity)),
                          std::string(integrity::to_string(i.type)),
                          i.about.member ? how_.world.name_of(i.about.member) : "", to_line(i.first_seen),
                          i.about.detail});
    }
    how_.out.lines(rendered(t, form::text));
}

void terminal::links(std::string_view arguments) {
    const auto who = find(first_word(arguments));
    const auto member = who ? look_->member(how_.guild, *who) : std::nullopt;
    const auto person = member && member->person ? look_->person(how_.guild, member->person) : std::nullopt;
    if (!person) {
        if (who) {
            how_.out.note(fmt::format("{} is linked to nobody", how_.world.name_of(*who)));
        }
        return;
    }
    for (const identity::link& l : person->links) {
        std::string what = l.kind == identity::link_kind::member
                               ? "chat account " + how_.world.name_of(member_id{l.target})
                               : "character " + std::to_string(l.target);
        for (const identity::character& c : look_->characters(how_.guild)) {
            if (l.kind == identity::link_kind::character && c.id.value() == l.target) {
                what = c.name + "-" + c.realm_slug;
            }
        }
        how_.out.note(fmt::format("{}: {}, {}{}", what, identity::to_string(l.level), l.evidence,
                                  l.kind == identity::link_kind::member  ? ""
                                  : l.role == identity::claim_role::main ? " (main)"
                                                                         : " (alt)"));
    }
    for (const provisioning::grant& g : person->grants) {
        how_.out.note(fmt::format("role {}: {}, {}", how_.world.role_name(how_.guild, g.role),
                                  g.state == provisioning::grant_state::wanted   ? "wanted"
                                  : g.state == provisioning::grant_state::given  ? "given"
                                  : g.state == provisioning::grant_state::found  ? "had it before"
                                  : g.state == provisioning::grant_state::ending ? "is being taken away"
                                                                                 : "ended",
                                  g.reason));
    }
}

void terminal::roster(std::string_view) {
    const auto switched = [](provisioning::choice c) {
        return std::string(c == provisioning::choice::on ? "yes" : "no");
    };
    table t{{"character", "realm", "class", "spec", "role", "level", "chat", "main", "sign-up", "reminders"},
            {},
            "No roster entries."};
    for (const provisioning::roster_entry& e : look_->roster_entries(how_.guild)) {
        t.rows.push_back({e.name, e.realm_slug, e.character_class, e.spec, e.role_category,
                          std::int64_t{e.level}, e.chat_name, switched(e.is_main), switched(e.auto_signup),
                          switched(e.reminders)});
    }
    how_.out.lines(rendered(t, form::text));
}

void terminal::log(std::string_view arguments) {
    std::size_t most = 10;
    std::from_chars(arguments.data(), arguments.data() + arguments.size(), most);
    for (const log::row& row : look_->last_events(how_.guild, most)) {
        how_.out.note(
            fmt::format("{} {} {} by {}: {}", row.seq, to_line(row.at), row.kind, row.actor, row.subject));
    }
}

void terminal::ledger(std::string_view) {
    for (const store::ledger_row& row : look_->ledger(how_.guild)) {
        how_.out.note(fmt::format("{}: {} after {} attempt{}", row.key, row.result, row.attempts,
                                  row.attempts == 1 ? "" : "s"));
    }
    const store::outbox_counts c = look_->outbox(how_.guild);
    how_.out.note(fmt::format("not done: {} waiting, {} held, {} pending, {} sending, {} failed", c.waiting,
                              c.held, c.pending, c.sending, c.failed));
}

void terminal::timers(std::string_view) {
    for (const engine::timer_info& t : look_->timers(how_.guild)) {
        how_.out.note(fmt::format("{} {}", to_line(t.due), t.purpose));
    }
}

void terminal::help(std::string_view) {
    std::string text = "NAME: what they say        somebody writes to the bot\n";
    for (const command& c : commands()) {
        text += fmt::format("/{} {}\n    {}\n", c.name, c.arguments, c.what);
    }
    how_.out.lines(text);
}

void terminal::quit(std::string_view) {
    next_ = flow_of_lines::quit;
}

} // namespace patt::cli::chat
