// patt match: which member owns which character, with reasons; writes links and the queue unless --dry-run.

#include "../host.hpp"
#include "../output.hpp"
#include "../select.hpp"
#include "commands.hpp"

#include <patt/identity/matcher.hpp>

#include <fmt/core.h>

#include <cmath>
#include <map>
#include <memory>
#include <utility>

namespace patt::cli {

namespace {

std::int64_t percent_of(double probability) {
    return static_cast<std::int64_t>(std::lround(probability * 100));
}

/// What would be done, or with `everything` what is thought of every character that nobody has.
enum class extent : std::uint8_t { changes, unlinked };

void show(host& h, extent what, const common_options& common) {
    table t{{"character", "realm", "act", "advice", "member", "percent", "by", "why", "evidence"},
            {},
            what == extent::changes ? "Nothing would change." : "Every character is linked."};
    for (const engine::planned_match& p : h.look().match_plan(h.guild())) {
        const bool wanted =
            what == extent::changes ? p.act != identity::match_act::none : !p.character.person;
        if (wanted) {
            t.rows.push_back({p.character.name, p.character.realm_slug, std::string(to_string(p.act)),
                              std::string(to_string(p.decided.what)), p.member_name,
                              percent_of(p.decided.probability), std::string(to_string(p.decided.by)), p.why,
                              p.evidence});
        }
    }
    print(t, common.json ? form::json : form::text);
}

exit_code list(const common_options& common) {
    host h(common);
    show(h, extent::unlinked, common);
    return exit_code::done;
}

exit_code explain(const common_options& common, const std::string& typed) {
    host h(common);
    const identity::character who = value_or_refuse(select_character(h.look(), h.guild(), typed));
    const identity::match_explanation why = h.look().explain_match(h.guild(), who.id);
    fmt::print("{}\n", common.json ? engine::to_json(why) : identity::to_text(why, h.names()));
    return exit_code::done;
}

/// How often each: by a rule's name.
using counts = std::map<std::string, std::int64_t>;

/// What one run did, and why the others wait.
struct match_report {
    std::int64_t links = 0;
    std::int64_t ended = 0;
    std::int64_t waiting = 0;
    counts by_route;
    counts by_level;
    counts by_reason;
};

std::string json_of(const counts& what) {
    record out;
    for (const auto& [name, count] : what) {
        out.emplace_back(name, count);
    }
    return rendered(out, form::json);
}

std::string text_of(const counts& what) {
    std::string out;
    for (const auto& [name, count] : what) {
        out += fmt::format("{}{} {}", out.empty() ? "" : ", ", name, count);
    }
    return out;
}

void tell_report(const match_report& what, form as) {
    record out{{"links_made", what.links}, {"links_ended", what.ended}, {"waiting", what.waiting}};
    for (const auto& [name, count] :
         {std::pair{"links_by_route", &what.by_route}, std::pair{"links_by_level", &what.by_level},
          std::pair{"waiting_by_reason", &what.by_reason}}) {
        if (as == form::json) {
            out.emplace_back(name, raw_json{json_of(*count)});
        } else if (!count->empty()) {
            out.emplace_back(name, text_of(*count));
        }
    }
    print(out, as);
}

} // namespace

exit_code run_matching(const common_options& common) {
    host h(common);
    const form as = common.json ? form::json : form::text;
    if (common.dry_run) {
        show(h, extent::changes, common);
        tell(as, "Nothing was written (--dry-run).");
        return exit_code::done;
    }
    match_report report;
    for (const engine::planned_match& p : h.look().match_plan(h.guild())) {
        if (p.act == identity::match_act::link) {
            ++report.links;
            ++report.by_route[std::string(to_string(p.decided.by))];
            ++report.by_level[std::string(to_string(p.decided.level))];
        }
        report.ended += p.act == identity::match_act::unlink ? 1 : 0;
    }
    (void)h.handle_or_refuse(engine::run_matching{}, "patt match");
    for (const identity::review_item& i : h.look().review_items(h.guild())) {
        ++report.waiting;
        ++report.by_reason[i.why];
    }
    tell_report(report, as);
    tell(as, "patt review shows who waits and why.");
    return exit_code::done;
}

void add_match(program& p) {
    CLI::App* app = subcommand(
        p.app, "match", "Match characters to members by names and notes, and write links and the queue",
        "patt match --dry-run");
    add_match_evaluation(*app, p);
    CLI::App* all = subcommand(*app, "list", "What is advised for every character that nobody has",
                               "patt match list --json");
    all->callback([&p] { p.chosen = [&p] { return list(p.common); }; });
    auto character = std::make_shared<std::string>();
    CLI::App* why = subcommand(*app, "explain", "The evidence for and against",
                               "patt match explain Kestrelby-ember-vale");
    why->add_option("CHARACTER", *character, "Name or Name-realm")->required();
    why->callback([&p, character] { p.chosen = [&p, character] { return explain(p.common, *character); }; });
}

} // namespace patt::cli
