// Newcomers from the join to the provisioned member, and the floor below: the same rows in the same
// transactions through SQLite's C API. Rounds of both are interleaved and medians are printed, as the machine
// may be busy.

#include "bench/guild.hpp"
#include "bench/measure.hpp"
#include "bench/recorder.hpp"
#include "bench/replay.hpp"
#include "bench/sync_delay.hpp"

#include <patt/store/sqlite.hpp>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <functional>

namespace patt::bench {
namespace {

const guild_id guild{1};
constexpr std::int64_t characters = 1'000;
constexpr std::int64_t warm_up = 16;

struct choices {
    int rounds = 5;
    std::int64_t flows = 100;
    bool json = false;
    bool statements = false;
    std::string profile;
    std::string directory;
};

/// How newcomers come.
enum class manner { alone, grouped };

/// Each input in a transaction of its own, or as many together as the engine's defaults allow.
engine::options options_of(manner how) {
    engine::options out;
    if (how == manner::alone) {
        out.batch = 1;
    }
    return out;
}

void walk_alone(host& at, std::int64_t first, std::int64_t last) {
    for (std::int64_t n = first; n < last; ++n) {
        (void)at.engine.handle(join(guild, n));
        at.settle();
        for (int which = 0; which < answers; ++which) {
            (void)at.engine.handle(answer(guild, n, which));
            at.settle();
        }
    }
}

void walk_together(host& at, std::int64_t first, std::int64_t last) {
    std::vector<engine::input> inputs;
    const auto hand_in_all = [&](const auto& make) {
        inputs.clear();
        for (std::int64_t n = first; n < last; ++n) {
            inputs.push_back(make(n));
        }
        (void)at.engine.handle_all(inputs);
        at.settle();
    };
    hand_in_all([](std::int64_t n) { return join(guild, n); });
    for (int which = 0; which < answers; ++which) {
        hand_in_all([which](std::int64_t n) { return answer(guild, n, which); });
    }
}

void walk(manner how, host& at, std::int64_t first, std::int64_t last) {
    if (how == manner::alone) {
        walk_alone(at, first, last);
    } else {
        walk_together(at, first, last);
    }
}

/// A run of the engine: warm-up flows, then those that count.
spent run_engine(manner how, std::shared_ptr<store::database> database, std::int64_t flows) {
    host at(std::move(database), options_of(how));
    walk(how, at, 0, warm_up);
    const stopwatch watch;
    walk(how, at, warm_up, warm_up + flows);
    const spent out = watch.elapsed();
    if (completed(*at.database, guild) != warm_up + flows) {
        throw failure("not every newcomer became a provisioned member");
    }
    return out;
}

/// The flows of one manner, as they are written.
struct recorded {
    recording what;
    traffic seen;          ///< Without the warm-up.
    std::size_t first = 0; ///< Transactions before are the warm-up's.
    std::uint64_t syncs = 0;
};

recorded record(manner how, const std::filesystem::path& file, std::int64_t flows) {
    const auto written = std::make_shared<recorder>(store::open_sqlite(file));
    host at(written, options_of(how));
    walk(how, at, 0, warm_up);
    recorded out;
    out.first = written->written().transactions.size();
    written->forget_traffic();
    const std::uint64_t before = syncs_done();
    walk(how, at, warm_up, warm_up + flows);
    out.syncs = syncs_done() - before;
    out.what = written->written();
    out.seen = written->seen();
    return out;
}

/// Files that all start from the same guild.
class files {
public:
    explicit files(const std::string& where)
        : directory_(where) {
        const std::filesystem::path base = directory_.file("base.db");
        const auto database = store::open_sqlite(base);
        migrate(*database);
        host at(database);
        make_guild(at, guild, characters);
    }
    [[nodiscard]] std::filesystem::path fresh() {
        std::filesystem::path out = directory_.file(fmt::format("run-{}.db", ++number_));
        std::filesystem::copy_file(directory_.file("base.db"), out);
        return out;
    }
    static void remove(const std::filesystem::path& file) {
        for (const char* suffix : {"", "-wal", "-shm"}) {
            std::filesystem::remove(file.string() + suffix);
        }
    }

private:
    scratch_directory directory_;
    int number_ = 0;
};

spent run_on_file(files& on, manner how, std::int64_t flows) {
    const std::filesystem::path file = on.fresh();
    const spent out = run_engine(how, store::open_sqlite(file), flows);
    files::remove(file);
    return out;
}

spent run_floor(files& on, const recorded& what) {
    const std::filesystem::path file = on.fresh();
    spent out;
    {
        replay floor(what.what, file);
        floor.run(0, what.first);
        const stopwatch watch;
        floor.run(what.first, what.what.transactions.size());
        out = watch.elapsed();
    }
    files::remove(file);
    return out;
}

spent run_in_memory(manner how, std::int64_t flows) {
    const auto database = store::open_memory("patt-bench-flow");
    migrate(*database);
    {
        host at(database);
        make_guild(at, guild, characters);
    }
    return run_engine(how, database, flows);
}

/// Medians of several rounds, in microseconds a flow.
class rounds {
public:
    void add(const spent& of, std::int64_t flows) {
        wall_.push_back(of.wall_us / static_cast<double>(flows));
        cpu_.push_back(of.cpu_us / static_cast<double>(flows));
    }
    [[nodiscard]] double wall() const { return median(wall_); }
    [[nodiscard]] double cpu() const { return median(cpu_); }

private:
    std::vector<double> wall_;
    std::vector<double> cpu_;
};

void print_statements(const traffic& seen, std::int64_t flows) {
    std::vector<std::pair<std::uint64_t, std::string>> sorted;
    for (const auto& [sql, times] : seen.by_text) {
        sorted.emplace_back(times, sql);
    }
    std::sort(sorted.rbegin(), sorted.rend());
    for (const auto& [times, sql] : sorted) {
        fmt::print("{:8.2f}  {}\n", static_cast<double>(times) / static_cast<double>(flows), sql);
    }
}

void report_traffic(report& to, const std::string& name, const recorded& of, std::int64_t flows) {
    const auto each = [flows](std::uint64_t n) {
        return static_cast<double>(n) / static_cast<double>(flows);
    };
    to.add(name + ": transactions", each(of.seen.transactions), "/flow");
    to.add(name + ": syncs", each(of.syncs), "/flow");
    to.add(name + ": reading statements", each(of.seen.reads), "/flow");
    to.add(name + ": writing statements", each(of.seen.writes), "/flow");
    to.add(name + ": of these, without a row", each(of.seen.empty_writes), "/flow");
    to.add(name + ": savepoint statements", each(of.seen.savepoints), "/flow");
}

void compare(report& to, const std::string& name, const rounds& ours, const rounds& floor) {
    to.add(name + ": flows a second", 1e6 / ours.wall(), "1/s");
    to.add(name + ": floor's flows a second", 1e6 / floor.wall(), "1/s");
    to.add(name + ": CPU", ours.cpu(), "us/flow");
    to.add(name + ": floor's CPU", floor.cpu(), "us/flow");
    to.add(name + ": rate, ours of the floor", 100 * floor.wall() / ours.wall(), "%", "70 %");
    to.add(name + ": CPU alone, floor of ours", 100 * floor.cpu() / ours.cpu(), "%");
}

void measure_manner(report& to, files& on, manner how, const choices& chosen) {
    const std::string name = how == manner::alone ? "alone" : "grouped";
    recorded traced = record(how, on.fresh(), chosen.flows);
    report_traffic(to, name, traced, chosen.flows);
    if (chosen.statements) {
        print_statements(traced.seen, chosen.flows);
    }
    rounds ours;
    rounds floor;
    rounds memory;
    for (int round = 0; round < chosen.rounds; ++round) {
        ours.add(run_on_file(on, how, chosen.flows), chosen.flows);
        floor.add(run_floor(on, traced), chosen.flows);
        memory.add(run_in_memory(how, chosen.flows), chosen.flows);
    }
    compare(to, name + ", native disk", ours, floor);
    to.add(name + ", in memory: flows a second", 1e6 / memory.wall(), "1/s");
    to.add(name + ", in memory: CPU", memory.cpu(), "us/flow");

    // Alone, each flow waits for dozens of syncs: fewer flows tell the same.
    const std::int64_t flows =
        how == manner::alone ? std::max<std::int64_t>(chosen.flows / 5, 4) : chosen.flows;
    if (flows != chosen.flows) {
        traced = record(how, on.fresh(), flows);
    }
    rounds slow_ours;
    rounds slow_floor;
    delay_syncs(std::chrono::milliseconds(4));
    for (int round = 0; round < std::max(chosen.rounds / 2, 1); ++round) {
        slow_ours.add(run_on_file(on, how, flows), flows);
        slow_floor.add(run_floor(on, traced), flows);
    }
    delay_syncs({});
    compare(to, name + ", 4 ms a sync", slow_ours, slow_floor);
}

/// For a profiler: our side only, without a disk that waits.
void only_run(files& on, const choices& chosen) {
    const manner how = chosen.profile == "alone" ? manner::alone : manner::grouped;
    delay_syncs(std::chrono::microseconds(1));
    for (int round = 0; round < chosen.rounds; ++round) {
        const spent s = run_on_file(on, how, chosen.flows);
        fmt::print("{:.1f} us/flow of CPU\n", s.cpu_us / static_cast<double>(chosen.flows));
    }
}

} // namespace
} // namespace patt::bench

int main(int argc, char** argv) {
    using namespace patt::bench;
    CLI::App app("Newcomers from the join to the provisioned member, against bare SQLite");
    choices chosen;
    app.add_flag("--json", chosen.json, "Machine-readable output");
    app.add_option("--rounds", chosen.rounds, "Interleaved rounds")->check(CLI::Range(1, 100));
    app.add_option("--flows", chosen.flows, "Flows in each round")->check(CLI::Range(4, 900));
    app.add_flag("--statements", chosen.statements, "List the statements of a flow");
    app.add_option("--profile", chosen.profile, "Only run ours: alone or grouped");
    app.add_option("--directory", chosen.directory, "Where the files are made; default: here");
    CLI11_PARSE(app, argc, argv);
    try {
        files on(chosen.directory);
        if (!chosen.profile.empty()) {
            only_run(on, chosen);
            return 0;
        }
        report to("flow", chosen.json ? output::json : output::text);
        measure_manner(to, on, manner::alone, chosen);
        measure_manner(to, on, manner::grouped, chosen);
        to.print();
    } catch (const std::exception& e) {
        fmt::print(stderr, "bench_flow: {}\n", e.what());
        return 1;
    }
    return 0;
}
