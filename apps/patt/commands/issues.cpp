// patt issues: what is wrong.

#include "../host.hpp"
#include "../output.hpp"
#include "../time_text.hpp"
#include "commands.hpp"

namespace patt::cli {

namespace {

/// One thing that officers can do about it.
std::string_view next_step(integrity::issue_type type) {
    using integrity::issue_type;
    switch (type) {
    case issue_type::unverified_new_member:
        return "patt onboarding resolve MEMBER CHARACTER, or patt onboarding dismiss MEMBER";
    case issue_type::privileged_claim:
    case issue_type::ownership_conflict:
        return "patt review accept CHARACTER MEMBER, or patt review reject CHARACTER MEMBER";
    case issue_type::effect_failed:
        return "mend the cause, then patt onboarding retry MEMBER";
    case issue_type::dm_unreachable:
        return "ask them to open their direct messages, then patt onboarding retry MEMBER";
    case issue_type::roster_incomplete:
        return "bring a whole roster in: patt import roster FILE (patt jobs runs shows what came)";
    case issue_type::unknown_rank:
        return "patt settings set ranks.roles RANK=ROLE,...";
    case issue_type::plan_stopped:
        return "look at the plan";
    case issue_type::members_incomplete:
        return "bring a whole list in: patt import members FILE --everybody";
    case issue_type::match_contradiction:
        return "patt review";
    }
    return "";
}

/// What the officers' channel is told of it.
std::string sentence_of(host& h, const integrity::issue& i) {
    reply said;
    said.text = i.summary;
    std::string words = i.summary.key.empty() ? std::string() : h.words_of(said);
    while (!words.empty() && words.back() == '\n') {
        words.pop_back();
    }
    return words.empty() ? i.about.detail : words;
}

exit_code list(const common_options& common) {
    host h(common);
    const identity::naming names = h.names();
    table t{{"severity", "type", "member", "since", "told", "hash", "character", "detail", "next"},
            {},
            "No open issues."};
    for (const integrity::issue& i : h.look().open_issues(h.guild())) {
        const auto member = h.look().member(h.guild(), i.about.member);
        t.rows.push_back({std::string(to_string(i.severity)), std::string(to_string(i.type)),
                          member ? member->display_name : id_text(i.about.member), to_text(i.first_seen),
                          to_text(i.notified_at), i.hash.substr(0, 12),
                          i.about.character ? names.character(i.about.character) : std::string(),
                          sentence_of(h, i), std::string(next_step(i.type))});
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
