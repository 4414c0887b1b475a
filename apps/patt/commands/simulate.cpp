// patt simulate: guild life in virtual time, with faults, by seed.

#include "commands.hpp"

#include <patt/simulation/simulation.hpp>

#include <fmt/core.h>

#include <memory>

namespace patt::cli {

namespace {

struct simulate_options {
    simulation::options run;
    std::string faults = "light";
};

exit_code simulate(const common_options& common, const simulate_options& how) {
    simulation::options run = how.run;
    const auto level = simulation::parse_fault_level(how.faults);
    if (!level) {
        throw usage_error(
            fmt::format("\"{}\" is no level of faults; there are none, light and heavy", how.faults));
    }
    run.faults = *level;
    const simulation::report seen = simulation::run(run);
    fmt::print("{}", common.json ? simulation::to_json(seen) : simulation::to_text(seen));
    return seen.broken ? exit_code::failed : exit_code::done;
}

} // namespace

void add_simulate(program& p) {
    auto how = std::make_shared<simulate_options>();
    CLI::App* app =
        subcommand(p.app, "simulate",
                   "Live through guild life in virtual time, in memory, and check that every promise is kept",
                   "patt simulate --seed 7 --days 30 --members 1000 --json");
    app->add_option("--seed", how->run.seed, "The same seed gives the same run")->capture_default_str();
    app->add_option("--days", how->run.days, "How long")->check(CLI::Range(1, 3650))->capture_default_str();
    app->add_option("--members", how->run.members, "Who join over the whole run")
        ->check(CLI::Range(6, 1'000'000))
        ->capture_default_str();
    app->add_option("--faults", how->faults, "What goes wrong: none, light or heavy")->capture_default_str();
    app->callback([&p, how] { p.chosen = [&p, how] { return simulate(p.common, *how); }; });
}

} // namespace patt::cli
