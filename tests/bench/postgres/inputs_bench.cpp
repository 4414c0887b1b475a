// Durable inputs a second on PostgreSQL with many clients, on the native disk and with 4 ms for each sync of
// the server: every input is answered after its commit, and inputs that wait share one.

#include "bench/guild.hpp"
#include "bench/postgres/bare.hpp"
#include "bench/postgres/many_guilds.hpp"
#include "bench/postgres/server_side.hpp"
#include "postgres/walls.hpp"

#include <patt/store/postgres.hpp>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <thread>
#include <vector>

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

/// The floor: an input that is one row changed and two rows for the outbox, 64 a transaction, by libpq. No
/// key that makes it safe to repeat, no log, nothing read or decided; that is all that an aim of 8,000 had in
/// mind where it was measured.
class by_hand {
public:
    static constexpr int together = 64;

    explicit by_hand(const std::string& conninfo)
        : on_(conninfo) {
        on_.script("CREATE TABLE state (id BIGINT PRIMARY KEY, n BIGINT NOT NULL);"
                   "CREATE TABLE effects (id BIGINT PRIMARY KEY, body TEXT NOT NULL);"
                   "INSERT INTO state SELECT i, 0 FROM generate_series(1, 10000) i");
        on_.prepare("begin", "BEGIN");
        on_.prepare("update", "UPDATE state SET n = n + 1 WHERE id = CAST($1 AS BIGINT)");
        on_.prepare("insert", "INSERT INTO effects VALUES (CAST($1 AS BIGINT), $2)");
        on_.prepare("commit", "COMMIT");
    }

    void transaction() {
        std::vector<bare::step> steps{{"begin", {}}};
        for (int i = 0; i < together; ++i) {
            steps.push_back({"update", {std::to_string(++inputs_ % 10'000 + 1)}});
            for (int n = 0; n < 2; ++n) {
                steps.push_back({"insert", {std::to_string(++rows_), std::string(200, 'x')}});
            }
        }
        steps.push_back({"commit", {}});
        on_.pipelined(steps);
    }

private:
    bare on_;
    std::int64_t inputs_ = 0;
    std::int64_t rows_ = 0;
};

class benchmark {
public:
    benchmark(const choices& chosen, report& to)
        : chosen_(chosen)
        , to_(to) {}

    void run(const std::string& name, const std::filesystem::path& preload) {
        measured_server server(chosen_.directory, preload);
        const std::string where = server.get().fresh_database();
        postgres::raise_walls(where);
        const auto database = postgres::open_walled(where);
        const std::int64_t names = (chosen_.clients / guilds + 1) * chosen_.newcomers * (chosen_.rounds + 1);
        make_template(database, names);
        copy_guilds(*store::open_postgres(where), 0, guilds);
        engine::options how;
        how.writers = chosen_.writers;
        how.claims = 0; // Effects are measured by themselves.
        host at(database, how);
        std::map<kind, measured> seen;
        for (int r = -1; r < chosen_.rounds; ++r) {
            for (const kind which : {kind::onboarding, kind::leaving}) {
                one_round(at, server, r + 1, which, seen[which]);
            }
            if (r < 0) {
                seen.clear(); // It warms up.
            }
        }
        const engine::engine_metrics counted = at.engine.metrics();
        to_.add(name + ": inputs a transaction",
                static_cast<double>(counted.inputs) /
                    static_cast<double>(std::max<std::int64_t>(counted.batches, 1)),
                "");
        to_.add(name + ": transactions run again", static_cast<double>(counted.retries), "");
        tell_floor(name, server);
        for (const auto& [which, of] : seen) {
            tell(name + (which == kind::onboarding ? ", joins and answers" : ", members leaving"), of,
                 preload.empty() ? "" : "8000 1/s");
        }
    }

private:
    /// What is handed in: a newcomer's join and answers, or that one of them leaves, which decides little.
    enum class kind : std::uint8_t { onboarding, leaving };
    struct measured {
        side_rounds rates;
        std::vector<double> inputs_a_sync;
        std::vector<double> sync_ms;
    };

    void one_round(host& at, const measured_server& server, std::int64_t round, kind which,
                   measured& into) const {
        const double before = server.wal_syncs();
        const double time_before = server.wal_sync_ms();
        const both_watch watch(server);
        const double inputs = hand_in(at, round, which);
        into.rates.add(watch.elapsed(), inputs);
        const double synced = std::max(server.wal_syncs() - before, 1.0);
        into.inputs_a_sync.push_back(inputs / synced);
        into.sync_ms.push_back((server.wal_sync_ms() - time_before) / synced);
    }

    /// @return how many inputs.
    double hand_in(host& at, std::int64_t round, kind which) const {
        std::vector<std::thread> threads;
        for (int c = 0; c < chosen_.clients; ++c) {
            threads.emplace_back([&, c] {
                const guild_id guild = copied_guild(c % guilds);
                const std::int64_t first =
                    (round * (chosen_.clients / guilds + 1) + c / guilds) * chosen_.newcomers;
                for (std::int64_t n = first; n < first + chosen_.newcomers; ++n) {
                    if (which == kind::leaving) {
                        (void)at.engine.handle(
                            {guild, {}, "", "", onboarding::member_left{newcomer(guild, n)}});
                        continue;
                    }
                    (void)at.engine.handle(join(guild, n));
                    for (int answered = 0; answered < answers; ++answered) {
                        (void)at.engine.handle(answer(guild, n, answered));
                    }
                }
            });
        }
        for (std::thread& t : threads) {
            t.join();
        }
        return static_cast<double>(chosen_.clients * chosen_.newcomers *
                                   (which == kind::leaving ? 1 : inputs_of_newcomer));
    }

    void tell_floor(const std::string& name, measured_server& server) {
        constexpr int transactions = 200;
        by_hand floor(server.get().fresh_database());
        side_rounds rates;
        for (int r = 0; r < chosen_.rounds; ++r) {
            const both_watch watch(server);
            for (int i = 0; i < transactions; ++i) {
                floor.transaction();
            }
            rates.add(watch.elapsed(), transactions * by_hand::together);
        }
        const std::string what = name + ", by hand, three rows an input, 64 a transaction";
        to_.add(what + ": durable inputs a second", rates.per_second(), "1/s");
        to_.add(what + ": CPU of both sides", rates.cpu(), "us/input");
    }

    void tell(const std::string& name, const measured& of, const char* aim) {
        to_.add(name + ": durable inputs a second", of.rates.per_second(), "1/s", aim);
        to_.add(name + ": CPU here", of.rates.client(), "us/input");
        to_.add(name + ": CPU of the server", of.rates.server(), "us/input");
        to_.add(name + ": inputs a sync", median(of.inputs_a_sync), "");
        to_.add(name + ": a sync, as the server saw it", median(of.sync_ms), "ms");
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
