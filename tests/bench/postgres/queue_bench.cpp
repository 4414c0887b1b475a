// Effects claimed and acknowledged on PostgreSQL, next to job queues from npm and to a claim written by hand,
// on one server: everybody empties a backlog of the same size whose jobs do nothing. Interleaved; medians.

#include "bench/guild.hpp"
#include "bench/postgres/bare.hpp"
#include "bench/postgres/effect_backlog.hpp"
#include "bench/postgres/many_guilds.hpp"
#include "bench/postgres/server_side.hpp"
#include "postgres/walls.hpp"

#include <patt/store/postgres.hpp>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <thread>

namespace patt::bench {
namespace {

struct choices {
    int rounds = 3;
    std::int64_t jobs = 20'000;
    int workers = 4;
    bool json = false;
    bool no_peers = false;
    std::string directory;
    std::string npm = "npm";
};

/// The claim that one writes by hand: leased by an update, acknowledged by delete, 100 at a time.
class by_hand {
public:
    explicit by_hand(std::string conninfo)
        : conninfo_(std::move(conninfo)) {
        bare(conninfo_).script(
            "CREATE TABLE job (id BIGINT PRIMARY KEY, body TEXT NOT NULL, leased_until BIGINT"
            " NOT NULL); CREATE INDEX ON job (leased_until, id)");
    }
    void fill(std::int64_t jobs) {
        const std::string n = std::to_string(jobs);
        bare db(conninfo_);
        db.script(("INSERT INTO job SELECT n, repeat('x', 200), 0 FROM generate_series(1, " + n + ") AS n")
                      .c_str());
        db.script("VACUUM ANALYZE job");
    }
    void drain(int workers) {
        std::vector<std::thread> threads;
        for (int w = 0; w < workers; ++w) {
            threads.emplace_back([this] { work(); });
        }
        for (std::thread& t : threads) {
            t.join();
        }
    }

private:
    void work() {
        bare db(conninfo_);
        db.prepare("claim",
                   "UPDATE job SET leased_until = 1 WHERE id IN (SELECT id FROM job WHERE leased_until = 0"
                   " ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED) RETURNING id, body");
        db.prepare("done", "DELETE FROM job WHERE id = ANY ($1::bigint[])");
        for (;;) {
            const auto claimed = db.rows("claim", {});
            const int count = PQntuples(claimed.get());
            if (count == 0) {
                return;
            }
            std::string ids = "{";
            for (int i = 0; i < count; ++i) {
                ids += i == 0 ? "" : ",";
                ids += PQgetvalue(claimed.get(), i, 0);
            }
            ids += '}';
            db.run("done", {ids.c_str()});
        }
    }

    std::string conninfo_;
};

class benchmark {
public:
    explicit benchmark(const choices& chosen)
        : chosen_(chosen)
        , server_(chosen.directory)
        , where_(server_.get().fresh_database())
        , whole_(store::open_postgres(where_))
        , hand_(server_.get().fresh_database())
        , to_("postgres_queue", chosen.json ? output::json : output::text) {
        postgres::raise_walls(where_);
        database_ = postgres::open_walled(where_);
        make_template(database_, 1);
        copy_guilds(*whole_, 0, backlog_guilds);
        for (const char* peer : peers) {
            peers_at_[peer] = server_.get().fresh_database();
        }
    }

    void run() {
        for (int r = 0; r < chosen_.rounds; ++r) {
            ours("ours, repositories", [&] { drain_by_repositories(*database_, chosen_.workers); });
            ours(
                "ours, repositories, an old snapshot held",
                [&] { drain_by_repositories(*database_, chosen_.workers); }, snapshot::held);
            ours("ours, engine", [&] { drain_by_engine(database_, *whole_, chosen_.workers); });
            hand_.fill(chosen_.jobs);
            timed("by hand, 100 at a time", chosen_.jobs, [&] { hand_.drain(chosen_.workers); });
            if (!chosen_.no_peers) {
                for (const char* peer : peers) {
                    run_peer(peer);
                }
            }
        }
        tell();
    }

private:
    static constexpr std::array<const char*, 4> peers{"graphile", "graphile-local", "pg-boss-1",
                                                      "pg-boss-100"};
    enum class snapshot : unsigned char { none, held };

    template <class Work>
    void timed(const std::string& name, std::int64_t jobs, Work work) {
        const both_watch watch(server_);
        work();
        seen_[name].add(watch.elapsed(), static_cast<double>(jobs));
    }

    template <class Work>
    void ours(const std::string& name, Work work, snapshot old = snapshot::none) {
        std::unique_ptr<bare> holder;
        if (old == snapshot::held) {
            holder = std::make_unique<bare>(where_);
            holder->script("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT COUNT(*) FROM outbox");
        }
        fill_outbox(*whole_, chosen_.jobs, ++filled_);
        bare(where_).script("VACUUM ANALYZE outbox");
        timed(name, chosen_.jobs, work);
        if (outbox_size(*whole_) != 0) {
            throw failure(name + " left effects behind");
        }
    }

    void run_peer(const std::string& peer) {
        const std::string& at = peers_at_.at(peer);
        // One at a time takes too long for a backlog of the same size; its rate does not depend on it.
        const std::int64_t jobs = peer == "pg-boss-1"  ? std::max<std::int64_t>(chosen_.jobs / 50, 100)
                                  : peer == "graphile" ? std::max<std::int64_t>(chosen_.jobs / 4, 100)
                                                       : chosen_.jobs;
        const std::vector<std::string> environment{"NODE_PATH=" + chosen_.npm + "/node_modules"};
        const auto node = [&](const char* what) {
            return run_program({"node", PATT_QUEUE_PEERS, what, peer, at, std::to_string(jobs)}, environment);
        };
        (void)node("fill");
        const double before = server_.cpu_us();
        const ended_program out = node("drain");
        seen_[peer].add({1e6 * number_after(out.printed, "seconds"), number_after(out.printed, "cpu_us"),
                         server_.cpu_us() - before},
                        static_cast<double>(jobs));
    }

    void tell() {
        for (const auto& [name, rounds] : seen_) {
            to_.add(name + ": jobs a second", rounds.per_second(), "1/s",
                    name == "ours, repositories" ? "20000 1/s" : "");
            to_.add(name + ": CPU of the client", rounds.client(), "us/job");
            to_.add(name + ": CPU of the server", rounds.server(), "us/job");
        }
        const side_rounds& mine = seen_.at("ours, repositories");
        const side_rounds& whole = seen_.at("ours, engine");
        if (!chosen_.no_peers) {
            const side_rounds& graphile = seen_.at("graphile-local");
            const side_rounds& boss = seen_.at("pg-boss-100");
            to_.add("repositories of graphile's fastest", graphile.wall() / mine.wall(), "x", "2 x");
            to_.add("repositories of pg-boss in batches", boss.wall() / mine.wall(), "x", "3.5 x");
            to_.add("engine of graphile's fastest", graphile.wall() / whole.wall(), "x");
            to_.add("engine of pg-boss in batches", boss.wall() / whole.wall(), "x");
            to_.add("CPU of both sides, graphile's fastest of repositories", graphile.cpu() / mine.cpu(),
                    "x");
            to_.add("CPU of both sides, pg-boss in batches of repositories", boss.cpu() / mine.cpu(), "x");
        }
        to_.add("with an old snapshot held, of the rate without",
                100 * mine.wall() / seen_.at("ours, repositories, an old snapshot held").wall(), "%", "70 %");
        to_.print();
    }

    choices chosen_;
    measured_server server_;
    std::string where_;
    std::shared_ptr<store::database> whole_;
    std::shared_ptr<store::database> database_; ///< As hosts open it.
    by_hand hand_;
    report to_;
    std::map<std::string, std::string> peers_at_;
    std::map<std::string, side_rounds> seen_;
    int filled_ = 0;
};

} // namespace
} // namespace patt::bench

int main(int argc, char** argv) {
    using namespace patt::bench;
    CLI::App app("Effects claimed and acknowledged on PostgreSQL, next to job queues from npm");
    choices chosen;
    app.add_flag("--json", chosen.json, "Machine-readable output");
    app.add_flag("--no-peers", chosen.no_peers, "Without the queues from npm");
    app.add_option("--rounds", chosen.rounds, "Interleaved rounds")->check(CLI::Range(1, 100));
    app.add_option("--jobs", chosen.jobs, "The backlog")->check(CLI::Range(1'000, 1'000'000));
    app.add_option("--workers", chosen.workers, "Threads and connections of ours")->check(CLI::Range(1, 64));
    app.add_option("--npm", chosen.npm, "Where the packages are installed; default: npm, here");
    app.add_option("--directory", chosen.directory, "Where the server's data is made; default: here");
    CLI11_PARSE(app, argc, argv);
    try {
        chosen.npm = std::filesystem::absolute(chosen.npm).string();
        benchmark(chosen).run();
    } catch (const std::exception& e) {
        fmt::print(stderr, "bench_postgres_queue: {}\n", e.what());
        return 1;
    }
    return 0;
}
