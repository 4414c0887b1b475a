// Start-up and memory of an instance with 100 guilds of 1,000 members, in a process of its own.

#include "bench/guild.hpp"
#include "bench/measure.hpp"

#include <patt/store/migrations.hpp>
#include <patt/store/sqlite.hpp>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <array>
#include <chrono>
#include <cstdio>

namespace patt::bench {
namespace {

struct choices {
    int guilds = 100;
    int members = 1'000;
    int rounds = 5;
    bool json = false;
    std::string child;  ///< A database file: be the process that is measured.
    double started = 0; ///< When the parent started it, `monotonic_us`.
};

void fill(const std::filesystem::path& file, const choices& chosen) {
    const auto database = store::open_sqlite(file);
    migrate(*database);
    host at(database);
    for (int g = 1; g <= chosen.guilds; ++g) {
        make_guild(at, guild_id{g}, 0);
        add_members(*database, guild_id{g}, chosen.members);
    }
}

/// What the child prints, in this order: milliseconds to ready, MB then, MB after a name was looked for in
/// each guild, milliseconds for that.
constexpr std::size_t child_figures = 4;

int be_the_child(const choices& chosen) {
    const auto database = store::open_sqlite(chosen.child);
    if (!store::migration_status(*database->connect(), store::built_in_migrations()).pending.empty()) {
        return 1;
    }
    host at(database);
    (void)at.engine.run_once(std::chrono::seconds(1));
    const double ready_ms = (monotonic_us() - chosen.started) / 1e3;
    const double ready_mb = resident_mb();
    const stopwatch watch;
    for (int g = 1; g <= chosen.guilds; ++g) {
        const guild_id guild{g};
        (void)at.engine.handle(join(guild, 0));
        at.settle();
        (void)at.engine.handle(answer(guild, 0, 0));
        at.settle();
        (void)at.engine.handle(answer(guild, 0, 1)); // Nobody's name: the nearest are looked for.
        at.settle();
    }
    const double work_ms = watch.elapsed().wall_us / 1e3;
    fmt::print("{} {} {} {}\n", ready_ms, ready_mb, resident_mb(), work_ms);
    return 0;
}

std::array<double, child_figures> run_child(const std::string& program, const std::filesystem::path& file,
                                            const choices& chosen) {
    const std::string command = fmt::format("'{}' --child '{}' --guilds {} --started {}", program,
                                            file.string(), chosen.guilds, monotonic_us());
    std::FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) {
        throw failure("cannot start the process that is to be measured");
    }
    std::array<double, child_figures> out{};
    const int read = std::fscanf(pipe, "%lf %lf %lf %lf", &out[0], &out[1], &out[2], &out[3]);
    if (::pclose(pipe) != 0 || read != static_cast<int>(child_figures)) {
        throw failure("the measured process failed");
    }
    return out;
}

void measure(const std::string& program, const choices& chosen) {
    const scratch_directory directory("");
    const std::filesystem::path base = directory.file("instance.db");
    fill(base, chosen);
    std::array<std::vector<double>, child_figures> seen;
    for (int round = 0; round < chosen.rounds; ++round) {
        const std::filesystem::path copy = directory.file("copy.db");
        std::filesystem::copy_file(base, copy, std::filesystem::copy_options::overwrite_existing);
        const auto figures = run_child(program, copy, chosen);
        for (std::size_t i = 0; i < figures.size(); ++i) {
            seen[i].push_back(figures[i]);
        }
    }
    report to("start", chosen.json ? output::json : output::text);
    const std::string name = fmt::format("{} guilds x {} members, ", chosen.guilds, chosen.members);
    to.add(name + "file", static_cast<double>(std::filesystem::file_size(base)) / 1e6, "MB");
    to.add(name + "start to ready", median(seen[0]), "ms", "100 ms");
    to.add(name + "resident when ready", median(seen[1]), "MB", "64 MB");
    to.add(name + "resident after work in all", median(seen[2]), "MB", "64 MB");
    to.add(name + "three inputs in each guild", median(seen[3]), "ms");
    to.print();
}

} // namespace
} // namespace patt::bench

int main(int argc, char** argv) {
    using namespace patt::bench;
    CLI::App app("Start-up time and memory with many guilds, measured in a fresh process");
    choices chosen;
    app.add_flag("--json", chosen.json, "Machine-readable output");
    app.add_option("--rounds", chosen.rounds, "Fresh processes; medians are printed")
        ->check(CLI::Range(1, 100));
    app.add_option("--guilds", chosen.guilds)->check(CLI::Range(1, 1'000));
    app.add_option("--members", chosen.members)->check(CLI::Range(1, 100'000));
    app.add_option("--child", chosen.child)->group("");
    app.add_option("--started", chosen.started)->group("");
    app.allow_extras();
    CLI11_PARSE(app, argc, argv);
    try {
        if (!chosen.child.empty()) {
            return be_the_child(chosen);
        }
        measure(std::filesystem::canonical("/proc/self/exe").string(), chosen);
    } catch (const std::exception& e) {
        fmt::print(stderr, "bench_start: {}\n", e.what());
        return 1;
    }
    return 0;
}
