// Durable inputs a second on PostgreSQL with many clients, on the native disk and with 4 ms for each sync of
// the server: every input is answered after its commit, and inputs that wait share one.

#include "bench/guild.hpp"
#include "bench/postgres/many_guilds.hpp"
#include "bench/postgres/server_side.hpp"

#include <patt/store/postgres.hpp>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <thread>

namespace patt::bench {
namespace {

struct choices {
    int rounds = 3;
    int clients = 256;
    int writers = 4;
    std::int64_t newcomers = 8; ///< Of each client in each round.
    bool json = false;
    std::string directory;
};

constexpr std::int64_t guilds = 64;
constexpr std::int64_t inputs_of_newcomer = 1 + answers;

class benchmark {
public:
    benchmark(const choices& chosen, report& to)
        : chosen_(chosen)
        , to_(to) {}

    void run(const std::string& name, const std::filesystem::path& preload) {
        measured_server server(chosen_.directory, preload);
        const auto database = store::open_postgres(server.get().fresh_database());
        migrate(*database);
        const std::int64_t names = (chosen_.clients / guilds + 1) * chosen_.newcomers * (chosen_.rounds + 1);
        make_template(database, names);
        copy_guilds(*database, 0, guilds);
        engine::options how;
        how.writers = chosen_.writers;
        how.claims = 0; // Effects are measured by themselves.
        host at(database, how);
        side_rounds rates;
        std::vector<double> syncs;
        std::vector<double> sync_ms;
        for (int r = -1; r < chosen_.rounds; ++r) {
            const double before = server.wal_syncs();
            const double time_before = server.wal_sync_ms();
            const both_watch watch(server);
            const std::int64_t inputs = one_round(at, r + 1);
            const both_sides spent = watch.elapsed();
            if (r < 0) {
                continue; // It warms up.
            }
            rates.add(spent, static_cast<double>(inputs));
            const double synced = server.wal_syncs() - before;
            syncs.push_back(static_cast<double>(inputs) / std::max(synced, 1.0));
            sync_ms.push_back((server.wal_sync_ms() - time_before) / std::max(synced, 1.0));
        }
        to_.add(name + ": durable inputs a second", rates.per_second(), "1/s",
                preload.empty() ? "" : "8000 1/s");
        to_.add(name + ": CPU here", rates.client(), "us/input");
        to_.add(name + ": CPU of the server", rates.server(), "us/input");
        to_.add(name + ": inputs a sync", median(syncs), "");
        to_.add(name + ": a sync, as the server saw it", median(sync_ms), "ms");
    }

private:
    std::int64_t one_round(host& at, std::int64_t round) const {
        std::vector<std::thread> threads;
        for (int c = 0; c < chosen_.clients; ++c) {
            threads.emplace_back([&, c] {
                const guild_id guild = copied_guild(c % guilds);
                const std::int64_t first =
                    (round * (chosen_.clients / guilds + 1) + c / guilds) * chosen_.newcomers;
                for (std::int64_t n = first; n < first + chosen_.newcomers; ++n) {
                    (void)at.engine.handle(join(guild, n));
                    for (int which = 0; which < answers; ++which) {
                        (void)at.engine.handle(answer(guild, n, which));
                    }
                }
            });
        }
        for (std::thread& t : threads) {
            t.join();
        }
        return chosen_.clients * chosen_.newcomers * inputs_of_newcomer;
    }

    choices chosen_;
    report& to_;
};

} // namespace
} // namespace patt::bench

int main(int argc, char** argv) {
    using namespace patt::bench;
    CLI::App app("Durable inputs on PostgreSQL");
    choices chosen;
    app.add_flag("--json", chosen.json, "Machine-readable output");
    app.add_option("--rounds", chosen.rounds, "Rounds")->check(CLI::Range(1, 100));
    app.add_option("--clients", chosen.clients, "Threads that hand in")->check(CLI::Range(1, 2000));
    app.add_option("--writers", chosen.writers, "The engine's connections for inputs")
        ->check(CLI::Range(1, 64));
    app.add_option("--newcomers", chosen.newcomers, "Of each client in each round")
        ->check(CLI::Range(1, 1000));
    app.add_option("--directory", chosen.directory, "Where the server's data is made; default: here");
    CLI11_PARSE(app, argc, argv);
    try {
        report to("postgres_inputs", chosen.json ? output::json : output::text);
        benchmark each(chosen, to);
        each.run("native disk", {});
        each.run("4 ms a sync", PATT_SLOW_SYNC);
        to.print();
    } catch (const std::exception& e) {
        fmt::print(stderr, "bench_postgres_inputs: {}\n", e.what());
        return 1;
    }
    return 0;
}
