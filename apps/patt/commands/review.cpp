// patt review: who waits to be matched and why, and what officers say.

#include "../exit_code.hpp"
#include "../host.hpp"
#include "../keys.hpp"
#include "../output.hpp"
#include "../select.hpp"
#include "../time_text.hpp"
#include "commands.hpp"

#include <fmt/core.h>

#include <cmath>
#include <memory>

namespace patt::cli {

namespace {

using identity::ruling_kind;

exit_code list(const common_options& common) {
    host h(common);
    constexpr double percent = 100.0;
    const identity::naming names = h.names();
    table t{{"kind", "name", "why", "best", "other", "percent", "since"}, {}, "Nobody waits."};
    if (common.json) { // too much for a line: for people, patt explain and the view have it
        t.columns.emplace_back("candidates");
        t.columns.emplace_back("evidence");
    }
    for (const identity::review_item& i : h.look().review_items(h.guild())) {
        const bool of_member = i.subject_kind == identity::link_kind::member;
        t.rows.push_back(
            {std::string(of_member ? "member" : "character"),
             of_member ? names.member(member_id{i.subject}) : names.character(character_id{i.subject}), i.why,
             names.member(i.member), i.other ? names.character(i.other) : std::string(),
             static_cast<std::int64_t>(std::lround(i.probability * percent)), to_text(i.created_at)});
        if (common.json) {
            t.rows.back().insert(t.rows.back().end(), {raw_json{i.candidates}, raw_json{i.evidence}});
        }
    }
    print(t, common.json ? form::json : form::text);
    return exit_code::done;
}

exit_code rulings(const common_options& common) {
    host h(common);
    constexpr int most = 200;
    const identity::naming names = h.names();
    table t{{"ruling", "kind", "character", "member", "other", "state", "by", "when", "reason", "ended_by"},
            {},
            "No officer has decided anything yet."};
    for (const identity::ruling& r : h.look().rulings(h.guild(), most)) {
        const bool active = r.state == identity::ruling_state::active;
        t.rows.push_back(
            {id_text(r.id), std::string(to_string(r.what.kind)), names.character(r.what.character),
             names.member(r.what.member), r.what.other ? names.character(r.what.other) : std::string(),
             std::string(active ? "active" : "ended"), r.actor, to_text(r.decided_at), r.reason, r.ended_by});
    }
    print(t, common.json ? form::json : form::text);
    return exit_code::done;
}

struct typed_ruling {
    ruling_kind kind{};
    std::string character;
    std::string second; ///< A member or another character, by kind.
    std::string reason;
};

exit_code decide(const common_options& common, const typed_ruling& typed) {
    host h(common);
    engine::rule_match what;
    what.kind = typed.kind;
    what.character = value_or_refuse(select_character(h.look(), h.guild(), typed.character)).id;
    if (typed.kind == ruling_kind::accepted || typed.kind == ruling_kind::rejected) {
        what.member = h.member(typed.second);
    } else if (typed.kind != ruling_kind::not_in_chat) {
        what.other = value_or_refuse(select_character(h.look(), h.guild(), typed.second)).id;
        if (what.other == what.character) {
            throw refusal(
                {errc::invalid_input,
                 fmt::format("{} and {} are one and the same; merge and split are about two characters",
                             typed.character, typed.second)});
        }
    }
    const form as = common.json ? form::json : form::text;
    const reply said = h.handle_or_refuse(what, typed.reason);
    if (common.dry_run) {
        tell_rehearsed(as,
                       fmt::format("note {}{}{} as {}", typed.character, typed.second.empty() ? "" : " and ",
                                   typed.second, to_string(typed.kind)));
        return exit_code::done;
    }
    print(record{{"ruling", said.data.empty() ? std::string() : said.data.front().second}}, as);
    tell(as, h.words_of(said));
    return exit_code::done;
}

exit_code undo(const common_options& common, const std::string& typed) {
    host h(common);
    const auto number = parse_id(typed);
    if (!number) {
        throw usage_error("name the ruling by its number, as patt review rulings lists it");
    }
    const reply said =
        h.handle_or_refuse(engine::undo_ruling{identity::ruling_id{*number}}, "patt review undo");
    if (common.dry_run) {
        tell_rehearsed(common.json ? form::json : form::text, "take the ruling " + typed + " back");
    } else if (common.json) {
        print(record{{"ruling", typed}, {"state", "ended"}}, form::json);
    } else {
        tell(form::text, h.words_of(said));
    }
    return exit_code::done;
}

void add_verb(CLI::App& app, program& p, const char* name, ruling_kind kind, const char* what,
              const char* second, const char* example) {
    auto typed = std::make_shared<typed_ruling>();
    typed->kind = kind;
    CLI::App* sub = subcommand(app, name, what, example);
    sub->add_option("CHARACTER", typed->character, "Name or Name-realm")->required();
    if (second != nullptr) {
        const bool of_member = kind == ruling_kind::accepted || kind == ruling_kind::rejected;
        sub->add_option(second, typed->second, of_member ? "Name or id" : "Name or Name-realm")->required();
    }
    sub->add_option("--reason", typed->reason, "For the log");
    sub->callback([&p, typed] { p.chosen = [&p, typed] { return decide(p.common, *typed); }; });
}

} // namespace

void add_review(program& p) {
    CLI::App* app = subcommand(p.app, "review", "Who waits to be matched and why; officers decide",
                               "patt review accept Kestrelby bob");
    app->callback([&p, app] {
        if (app->get_subcommands().empty()) {
            p.chosen = [&p] {
                const bool keys_wanted = keys::somebody_there() && !p.common.json && !p.common.dry_run;
                return keys_wanted ? view_review(p.common) : list(p.common);
            };
        }
    });
    CLI::App* one_by_one = subcommand(*app, "view", "One after the other, with keys", "patt review view");
    one_by_one->callback([&p] { p.chosen = [&p] { return view_review(p.common); }; });
    CLI::App* all = subcommand(*app, "list", "Everybody who waits", "patt review list --json");
    all->callback([&p] { p.chosen = [&p] { return list(p.common); }; });
    add_verb(*app, p, "accept", ruling_kind::accepted, "The character is the member's", "MEMBER",
             "patt review accept Kestrelby bob");
    add_verb(*app, p, "reject", ruling_kind::rejected,
             "The character is not the member's, until the name of either changes", "MEMBER",
             "patt review reject Kestrelby bob");
    add_verb(*app, p, "merge", ruling_kind::merged, "Two characters belong to one person", "OTHER",
             "patt review merge Kestrelby Brackenfell");
    add_verb(*app, p, "split", ruling_kind::split, "Two characters belong to different persons", "OTHER",
             "patt review split Kestrelby Brackenfell");
    add_verb(*app, p, "absent", ruling_kind::not_in_chat, "The owner is not in the chat server", nullptr,
             "patt review absent Kestrelby");
    CLI::App* decided = subcommand(*app, "rulings", "What officers decided", "patt review rulings");
    decided->callback([&p] { p.chosen = [&p] { return rulings(p.common); }; });
    auto which = std::make_shared<std::string>();
    CLI::App* back = subcommand(*app, "undo", "Takes a ruling back", "patt review undo 123");
    back->add_option("RULING", *which, "Its number")->required();
    back->callback([&p, which] { p.chosen = [&p, which] { return undo(p.common, *which); }; });
}

} // namespace patt::cli
