// patt jobs: long work, and what syncs found.

#include "../host.hpp"
#include "../output.hpp"
#include "../select.hpp"
#include "../time_text.hpp"
#include "commands.hpp"

#include <fmt/core.h>

#include <memory>

namespace patt::cli {

namespace {

constexpr int most_shown = 50;

exit_code list(const common_options& common) {
    host h(common);
    table t{{"job", "kind", "state", "done", "of", "begun", "changed", "sync_run"}, {}, "No jobs."};
    for (const store::job_row& j : h.look().jobs(h.guild(), most_shown)) {
        t.rows.push_back({id_text(j.id), j.kind, j.state, j.done, j.total, to_text(j.created_at),
                          to_text(j.updated_at), id_text(j.run)});
    }
    print(t, common.json ? form::json : form::text);
    return exit_code::done;
}

exit_code runs(const common_options& common) {
    host h(common);
    table t{{"sync_run", "source", "cause", "status", "found", "new", "changed", "renamed", "returned",
             "gone", "begun", "note"},
            {},
            "No sync runs."};
    for (const store::sync_run_row& r : h.look().sync_runs(h.guild(), most_shown)) {
        t.rows.push_back({id_text(r.id), r.source, r.cause, r.status, r.found, r.added, r.updated, r.renamed,
                          r.returned, r.removed, to_text(r.started_at), r.note});
    }
    print(t, common.json ? form::json : form::text);
    return exit_code::done;
}

exit_code cancel(const common_options& common, const std::string& typed) {
    const auto number = parse_id(typed);
    if (!number) {
        throw usage_error(fmt::format("\"{}\" is no job; patt jobs list shows them", typed));
    }
    host h(common);
    (void)h.handle_or_refuse(engine::cancel_job{job_id{*number}});
    const form as = common.json ? form::json : form::text;
    if (common.dry_run) {
        tell_rehearsed(as, "stop the job " + typed);
    } else {
        print(record{{"job", typed}, {"state", "cancelled"}}, as);
    }
    return exit_code::done;
}

} // namespace

void add_jobs(program& p) {
    CLI::App* app = subcommand(p.app, "jobs", "Long work, and what syncs found", "patt jobs list");
    app->require_subcommand(1);
    CLI::App* all = subcommand(*app, "list", "The latest jobs", "patt jobs list");
    all->callback([&p] { p.chosen = [&p] { return list(p.common); }; });
    CLI::App* found = subcommand(*app, "runs", "The latest sync runs with their counts", "patt jobs runs");
    found->callback([&p] { p.chosen = [&p] { return runs(p.common); }; });
    auto job = std::make_shared<std::string>();
    CLI::App* stop = subcommand(*app, "cancel", "Stop a job at its next chunk", "patt jobs cancel 123456789");
    stop->add_option("JOB", *job, "Which job")->required();
    stop->callback([&p, job] { p.chosen = [&p, job] { return cancel(p.common, *job); }; });
}

} // namespace patt::cli
