// Newcomers on PostgreSQL, from the join to the provisioned member, next to pgbench with a script of the same
// statements in the same transactions and round trips; and what a flow costs with 10 guilds and with 10,000.

#include "bench/guild.hpp"
#include "bench/postgres/many_guilds.hpp"
#include "bench/postgres/script_recorder.hpp"
#include "bench/postgres/server_side.hpp"
#include "postgres/installation.hpp"
#include "postgres/walls.hpp"

#include <patt/store/postgres.hpp>
#include <patt/store/sqlite.hpp>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <thread>

namespace patt::bench {
namespace {

struct choices {
    int rounds = 5;
    std::int64_t flows = 60; ///< For each client in each round.
    std::int64_t guilds = 10'000;
    bool json = false;
    std::string directory;
    std::string script; ///< Where the script is kept; empty: nowhere.
};

constexpr std::int64_t characters = 20;
constexpr std::int64_t inputs_of_flow = 1 + answers;

void walk(host& at, guild_id guild, std::int64_t newcomer) {
    (void)at.engine.handle(join(guild, newcomer));
    at.settle();
    for (int which = 0; which < answers; ++which) {
        (void)at.engine.handle(answer(guild, newcomer, which));
        at.settle();
    }
}

engine::options each_alone() {
    engine::options out;
    out.batch = 1;
    return out;
}

std::int64_t completed_of_all(store::database& database) {
    const auto db = database.connect();
    const store::cursor rows = db->query("SELECT COUNT(*) FROM session WHERE state = 'completed'", {});
    return rows->next() ? rows->i64(0) : 0;
}

class benchmark {
public:
    explicit benchmark(const choices& chosen)
        : chosen_(chosen)
        , server_(chosen.directory)
        , where_(server_.get().fresh_database())
        , whole_(store::open_postgres(where_))
        , to_("postgres_flow", chosen.json ? output::json : output::text)
        , files_(chosen.directory) {
        postgres::raise_walls(where_);
        database_ = postgres::open_walled(where_);
        make_template(database_, characters);
    }

    void run() {
        record();
        for (const int clients : {1, 4}) {
            next_to_pgbench(clients);
        }
        by_guilds();
        to_.print();
    }

private:
    /// A guild that nobody used yet.
    std::int64_t take_guilds(std::int64_t count) {
        const std::int64_t first = guilds_;
        guilds_ += count;
        copy_guilds(*whole_, first, guilds_);
        return first;
    }

    void record() {
        const std::int64_t first = take_guilds(2);
        const guild_id guild = copied_guild(first + 1);
        const auto written = std::make_shared<script_recorder>(database_, guild, newcomer(guild, 0));
        host at(written, each_alone());
        walk(at, copied_guild(first), 0); // Leases, flows, settings: what a host does once.
        written->forget();
        walk(at, guild, 0);
        trips_ = static_cast<double>(written->round_trips());
        to_.add("a flow alone: inputs", inputs_of_flow, "");
        to_.add("a flow alone: transactions", static_cast<double>(written->transactions()), "");
        to_.add("a flow alone: statements", static_cast<double>(written->statements()), "");
        to_.add("a flow alone: round trips, ours and pgbench's", trips_, "");
        to_.add("round trips an input, its effects included", trips_ / inputs_of_flow, "");
        script_ = files_.file("flow.sql");
        std::ofstream out(script_);
        out << "\\set patt_turn :patt_turn + 1\n"
            << "\\set patt_guild :patt_first + :client_id * :patt_each + :patt_turn\n"
            << fmt::format("\\set patt_member {} + :patt_guild * 1000000\n", newcomer(guild_id{0}, 0).value())
            << written->script();
        out.close();
        if (!chosen_.script.empty()) {
            std::filesystem::copy_file(script_, chosen_.script,
                                       std::filesystem::copy_options::overwrite_existing);
        }
    }

    both_sides run_ours(int clients) {
        const std::int64_t first = take_guilds(clients * chosen_.flows);
        const std::int64_t before = completed_of_all(*whole_);
        engine::options how = each_alone();
        how.writers = clients;
        host at(database_, how);
        at.settle(); // Leases are taken once.
        const both_watch watch(server_);
        if (clients == 1) {
            for (std::int64_t n = 0; n < chosen_.flows; ++n) {
                walk(at, copied_guild(first + n), 0);
            }
        } else {
            walk_side_by_side(at, first, clients);
        }
        const both_sides out = watch.elapsed();
        if (completed_of_all(*whole_) != before + clients * chosen_.flows) {
            throw failure("not every newcomer became a provisioned member");
        }
        return out;
    }

    /// Clients that only hand in, each one input after the other, and threads that perform the effects.
    void walk_side_by_side(host& at, std::int64_t first, int clients) const {
        std::vector<std::thread> threads;
        for (int c = 0; c < clients; ++c) {
            threads.emplace_back([&, c] {
                for (std::int64_t n = 0; n < chosen_.flows; ++n) {
                    const guild_id guild = copied_guild(first + c * chosen_.flows + n);
                    (void)at.engine.handle(join(guild, 0));
                    for (int which = 0; which < answers; ++which) {
                        (void)at.engine.handle(answer(guild, 0, which));
                    }
                }
            });
        }
        std::atomic<bool> over{false};
        std::thread performing([&] {
            while (!over) {
                (void)at.engine.dispatch(std::chrono::milliseconds(2));
                (void)at.engine.keep_leases();
            }
        });
        for (std::thread& t : threads) {
            t.join();
        }
        over = true;
        performing.join();
        at.settle();
    }

    both_sides run_pgbench(int clients) {
        const std::int64_t first = take_guilds(clients * chosen_.flows);
        const double before = server_.cpu_us();
        const ended_program out =
            run_program({(postgres::installed().programs / "pgbench").string(), "-n", "-M", "prepared", "-f",
                         script_.string(), "-c", std::to_string(clients), "-j",
                         std::to_string(std::min(clients, 2)), "-t", std::to_string(chosen_.flows), "-D",
                         "patt_turn=-1", "-D", fmt::format("patt_first={}", copied_guild(first).value()),
                         "-D", fmt::format("patt_each={}", chosen_.flows), postgres::as_host(where_)},
                        {});
        const double rate = number_after(out.printed, "\ntps = ");
        return {1e6 * static_cast<double>(clients * chosen_.flows) / rate, out.cpu_us,
                server_.cpu_us() - before};
    }

    void next_to_pgbench(int clients) {
        const double flows = static_cast<double>(clients * chosen_.flows);
        side_rounds ours;
        side_rounds floor;
        (void)run_ours(clients);
        for (int r = 0; r < chosen_.rounds; ++r) {
            ours.add(run_ours(clients), flows);
            floor.add(run_pgbench(clients), flows);
        }
        const std::string name = clients == 1 ? "1 client" : fmt::format("{} clients", clients);
        to_.add(name + ": flows a second", ours.per_second(), "1/s");
        to_.add(name + ": pgbench's flows a second", floor.per_second(), "1/s");
        to_.add(name + ": rate, ours of pgbench's", 100 * floor.wall() / ours.wall(), "%", "70 %");
        to_.add(name + ": CPU here", ours.client(), "us/flow");
        to_.add(name + ": CPU of the server", ours.server(), "us/flow");
        to_.add(name + ": pgbench's CPU", floor.client(), "us/flow");
        to_.add(name + ": pgbench's CPU of the server", floor.server(), "us/flow");
        to_.add(name + ": CPU of both sides, pgbench of ours", 100 * floor.cpu() / ours.cpu(), "%");
    }

    /// One engine, newcomers in turn in each of the guilds.
    both_sides run_spread(const std::shared_ptr<store::database>& on, std::int64_t guilds,
                          std::int64_t turn) {
        host at(on, each_alone());
        at.settle();
        const std::int64_t step = std::max<std::int64_t>(guilds / chosen_.flows, 1);
        const std::int64_t each = flows_of_a_guild(chosen_.flows, guilds);
        const both_watch watch(server_);
        for (std::int64_t n = 0; n < chosen_.flows; ++n) {
            walk(at, copied_guild(n * step % guilds), turn * each + n / guilds);
        }
        return watch.elapsed();
    }

    void by_guilds() {
        const auto many_file = store::open_sqlite(files_.file("many.db"));
        const auto few_file = store::open_sqlite(files_.file("few.db"));
        compare("SQLite", {few_file, few_file}, {many_file, many_file});
        compare("PostgreSQL", walled_guilds(), walled_guilds());
    }

    /// A database as hosts open it, and as who copies guilds in it does.
    struct guilds_at {
        std::shared_ptr<store::database> lived;
        std::shared_ptr<store::database> whole;
    };

    guilds_at walled_guilds() {
        const std::string where = server_.get().fresh_database();
        postgres::raise_walls(where);
        return {postgres::open_walled(where), store::open_postgres(where)};
    }

    void compare(const std::string& name, const guilds_at& few, const guilds_at& many) {
        constexpr std::int64_t small = 10;
        for (const auto& [on, guilds] : {std::pair{few, small}, std::pair{many, chosen_.guilds}}) {
            migrate(*on.lived); // There is nothing left to do on the server.
            make_template(on.lived, characters_for_all(chosen_));
            copy_guilds(*on.whole, 0, guilds);
        }
        side_rounds with_few;
        side_rounds with_many;
        for (int r = -1; r < chosen_.rounds; ++r) {
            const both_sides f = run_spread(few.lived, small, r + 1);
            const both_sides m = run_spread(many.lived, chosen_.guilds, r + 1);
            if (r >= 0) { // The first one warms up.
                with_few.add(f, static_cast<double>(chosen_.flows));
                with_many.add(m, static_cast<double>(chosen_.flows));
            }
        }
        to_.add(name + ", 10 guilds: CPU of both sides", with_few.cpu(), "us/flow");
        to_.add(fmt::format("{}, {} guilds: CPU of both sides", name, chosen_.guilds), with_many.cpu(),
                "us/flow");
        to_.add(name + ", 10 guilds: time", with_few.wall(), "us/flow");
        to_.add(fmt::format("{}, {} guilds: time", name, chosen_.guilds), with_many.wall(), "us/flow");
        to_.add(name + ": CPU with many of with few", 100 * with_many.cpu() / with_few.cpu(), "%", "100 %");
    }

    static std::int64_t flows_of_a_guild(std::int64_t flows, std::int64_t guilds) {
        return (flows + guilds - 1) / guilds;
    }
    /// Each newcomer of a guild names a character of their own.
    static std::int64_t characters_for_all(const choices& chosen) {
        return (chosen.rounds + 1) * flows_of_a_guild(chosen.flows, 10);
    }

    choices chosen_;
    measured_server server_;
    std::string where_;
    std::shared_ptr<store::database> whole_;
    std::shared_ptr<store::database> database_; ///< As hosts open it.
    report to_;
    scratch_directory files_;
    std::filesystem::path script_;
    std::int64_t guilds_ = 0;
    double trips_ = 0;
};

} // namespace
} // namespace patt::bench

int main(int argc, char** argv) {
    using namespace patt::bench;
    CLI::App app("Newcomers on PostgreSQL, next to pgbench with the same statements");
    choices chosen;
    app.add_flag("--json", chosen.json, "Machine-readable output");
    app.add_option("--rounds", chosen.rounds, "Interleaved rounds")->check(CLI::Range(1, 100));
    app.add_option("--flows", chosen.flows, "Flows of each client in each round")->check(CLI::Range(4, 900));
    app.add_option("--guilds", chosen.guilds, "What is many guilds")->check(CLI::Range(20, 1'000'000));
    app.add_option("--directory", chosen.directory, "Where the server's data is made; default: here");
    app.add_option("--script", chosen.script, "Keep pgbench's script there");
    CLI11_PARSE(app, argc, argv);
    try {
        benchmark(chosen).run();
    } catch (const std::exception& e) {
        fmt::print(stderr, "bench_postgres_flow: {}\n", e.what());
        return 1;
    }
    return 0;
}
