// patt outbox: what is to be done in the world, and what is done.

#include "../host.hpp"
#include "../output.hpp"
#include "../time_text.hpp"
#include "commands.hpp"

#include <memory>

namespace patt::cli {

namespace {

exit_code counts(const common_options& common) {
    host h(common);
    const store::outbox_counts c = h.look().outbox(h.guild());
    print(record{{"waiting", c.waiting},
                 {"held", c.held},
                 {"pending", c.pending},
                 {"sending", c.sending},
                 {"failed", c.failed}},
          common.json ? form::json : form::text);
    return exit_code::done;
}

exit_code ledger(const common_options& common) {
    host h(common);
    table t{{"key", "result", "attempts", "ended", "external_ref"}, {}, "Nothing was done yet."};
    for (const store::ledger_row& r : h.look().ledger(h.guild())) {
        t.rows.push_back({r.key, r.result, std::int64_t{r.attempts}, to_text(r.ended_at), r.external_ref});
    }
    print(t, common.json ? form::json : form::text);
    return exit_code::done;
}

} // namespace

void add_outbox(program& p) {
    CLI::App* app =
        subcommand(p.app, "outbox", "What is to be done in the world, by state", "patt outbox --ledger");
    auto done = std::make_shared<bool>(false);
    app->add_flag("--ledger", *done, "What is done, one line each");
    app->callback(
        [&p, done] { p.chosen = [&p, done] { return *done ? ledger(p.common) : counts(p.common); }; });
}

} // namespace patt::cli
