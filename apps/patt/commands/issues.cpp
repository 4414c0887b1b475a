// patt issues: what is wrong.

#include "../host.hpp"
#include "../output.hpp"
#include "../time_text.hpp"
#include "commands.hpp"

namespace patt::cli {

namespace {

exit_code list(const common_options& common) {
    host h(common);
    table t{{"severity", "type", "member", "since", "told", "hash", "detail"}, {}, "No open issues."};
    for (const integrity::issue& i : h.look().open_issues(h.guild())) {
        const auto member = h.look().member(h.guild(), i.about.member);
        t.rows.push_back({std::string(to_string(i.severity)), std::string(to_string(i.type)),
                          member ? member->display_name : id_text(i.about.member), to_text(i.first_seen),
                          to_text(i.notified_at), i.hash.substr(0, 12), i.about.detail});
    }
    print(t, common.json ? form::json : form::text);
    return exit_code::done;
}

} // namespace

void add_issues(program& p) {
    CLI::App* app = subcommand(p.app, "issues", "What is wrong in the guild", "patt issues list --json");
    app->require_subcommand(1);
    CLI::App* sub = subcommand(*app, "list", "Open issues, the worst first", "patt issues list");
    sub->callback([&p] { p.chosen = [&p] { return list(p.common); }; });
}

} // namespace patt::cli
