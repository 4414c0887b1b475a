// patt log: the event log, its head, and whether it is as it was written.

#include "../host.hpp"
#include "../output.hpp"
#include "../time_text.hpp"
#include "commands.hpp"

#include <patt/log/verifier.hpp>

#include <fmt/core.h>

#include <memory>

namespace patt::cli {

namespace {

exit_code show_head(const common_options& common) {
    host h(common);
    const auto head = h.look().log_head(h.guild());
    if (!head) {
        throw failure("the guild has no log");
    }
    if (common.json) {
        print(record{{"head", log::to_string(*head)}, {"seq", head->seq}}, form::json);
    } else {
        fmt::print("{}\n", log::to_string(*head));
    }
    return exit_code::done;
}

exit_code verify(const common_options& common, const std::string& kept) {
    std::optional<log::head> exported;
    if (!kept.empty()) {
        exported = value_or_refuse(log::parse_head(kept));
    }
    host h(common);
    const log::report found = h.look().verify_log(h.guild(), exported);
    const bool good = !found.first;
    print(record{{"rows", found.rows},
                 {"erased_payloads", found.erased},
                 {"end", log::to_string(found.end)},
                 {"verdict", good ? "as it was written" : std::string(log::to_string(found.first->what))},
                 {"first_wrong", good ? std::int64_t{0} : found.first->seq},
                 {"why", good ? "" : found.first->sentence}},
          common.json ? form::json : form::text);
    return good ? exit_code::done : exit_code::failed;
}

exit_code show(const common_options& common, std::size_t most) {
    host h(common);
    table t{{"seq", "at", "kind", "actor", "subject", "payload"}, {}, "The log is empty."};
    for (const log::row& row : h.look().last_events(h.guild(), most)) {
        t.rows.push_back(
            {row.seq, to_text(row.at), row.kind, row.actor, row.subject, row.payload.value_or("(erased)")});
    }
    print(t, common.json ? form::json : form::text);
    return exit_code::done;
}

} // namespace

void add_log(program& p) {
    CLI::App* app = subcommand(p.app, "log", "Who did what and why", "patt log verify --head 42:9f86d0…");
    app->require_subcommand(1);
    CLI::App* head =
        subcommand(*app, "head", "The end of the log, to be kept elsewhere", "patt log head > head.txt");
    head->callback([&p] { p.chosen = [&p] { return show_head(p.common); }; });
    auto kept = std::make_shared<std::string>();
    CLI::App* check =
        subcommand(*app, "verify", "Whether every entry is as it was written; names the first that is not",
                   "patt log verify --head \"$(cat head.txt)\"");
    check->add_option("--head", *kept, "A head that was kept: shows a tail that was cut off");
    check->callback([&p, kept] { p.chosen = [&p, kept] { return verify(p.common, *kept); }; });
    auto most = std::make_shared<std::size_t>(20);
    CLI::App* entries = subcommand(*app, "show", "The last entries", "patt log show --last 50");
    entries->add_option("--last", *most, "How many")->capture_default_str();
    entries->callback([&p, most] { p.chosen = [&p, most] { return show(p.common, *most); }; });
}

} // namespace patt::cli
