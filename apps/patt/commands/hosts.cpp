// patt hosts: who does the work of this database, and how it is divided.

#include "../exit_code.hpp"
#include "../open_database.hpp"
#include "../output.hpp"
#include "../time_text.hpp"
#include "commands.hpp"

#include <patt/engine/hosts.hpp>
#include <patt/engine/system.hpp>

#include <fmt/core.h>

#include <memory>
#include <optional>

namespace patt::cli {

namespace {

exit_code list_hosts(const common_options& common) {
    const form as = common.json ? form::json : form::text;
    const auto db = connect_current(common);
    engine::system_clock clock;
    const engine::hosts_overview all = engine::read_hosts(*db, clock.now());
    table t{
        {"host", "name", "version", "started", "silent_ms", "clock_ahead_ms", "partitions", "syncs", "state"},
        {},
        "No host has said that it is alive. Effects wait until one does."};
    for (const engine::host_info& h : all.hosts) {
        t.rows.push_back({std::to_string(h.boot_id), h.name, h.version, to_text(h.started_at),
                          std::chrono::duration_cast<std::chrono::milliseconds>(h.silent).count(),
                          std::chrono::duration_cast<std::chrono::milliseconds>(h.clock_skew).count(),
                          h.partitions, h.syncs, h.silent > engine::host_silent ? "silent" : "alive"});
    }
    print(t, as);
    tell(as, fmt::format("{} of {} partitions are held.", all.held_partitions, all.partitions));
    return exit_code::done;
}

exit_code divide_anew(const common_options& common, std::int64_t number) {
    const auto db = connect_current(common);
    engine::system_clock clock;
    const instant from = value_or_refuse(engine::change_partitions(*db, number, clock.now()));
    if (common.dry_run) {
        tell_rehearsed(common.json ? form::json : form::text,
                       fmt::format("divide the work into {} partitions", number));
    } else if (common.json) {
        print(record{{"partitions", number}, {"from", to_text(from)}}, form::json);
    } else {
        tell(form::text,
             fmt::format("The work is divided into {} partitions. Hosts take them from {} on; patt "
                         "hosts shows it.",
                         number, to_text(from)));
    }
    return exit_code::done;
}

} // namespace

void add_hosts(program& p) {
    CLI::App* app = subcommand(p.app, "hosts", "Who does the work of this database, and how it is divided",
                               "patt hosts\n  patt hosts --partitions 64");
    auto number = std::make_shared<std::optional<std::int64_t>>();
    app->add_option("--partitions", *number,
                    "Divide the work into so many partitions (1 to 1024), while hosts run");
    app->callback([&p, number] {
        p.chosen = [&p, number] { return *number ? divide_anew(p.common, **number) : list_hosts(p.common); };
    });
}

} // namespace patt::cli
