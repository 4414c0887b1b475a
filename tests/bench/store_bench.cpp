// The SQLite driver against the bare library, in one run: the ratio is what counts, the machine may be busy.
//
// Each pair does the same work on the same settings. "bare" is what one would write by hand for one
// statement: it is prepared once, and text is bound without a copy. The ratios are printed at the end.
#include <patt/store/in_tx.hpp>
#include <patt/store/sqlite.hpp>

#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patt::store {
namespace {

constexpr std::int64_t members = 10'000;
constexpr std::string_view schema = "CREATE TABLE member (guild_id BIGINT NOT NULL, id BIGINT NOT NULL, nick "
                                    "TEXT NOT NULL, seen BIGINT NOT NULL,"
                                    " PRIMARY KEY (guild_id, id));";
constexpr std::string_view select_sql = "SELECT nick, seen FROM member WHERE guild_id = $1 AND id = $2";
constexpr std::string_view upsert_sql =
    "INSERT INTO member (guild_id, id, nick, seen) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (guild_id, id) DO UPDATE SET nick = excluded.nick, seen = excluded.seen";
constexpr std::string_view nick = "a nick of usual length";

/// One file for all benchmarks, filled once; removed at the end.
class sample {
public:
    sample() {
        std::string name = (std::filesystem::temp_directory_path() / "patt-bench-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            std::abort();
        }
        directory_ = name;
        const auto db = open_sqlite(file())->connect();
        db->script(schema);
        in_tx(*db, tx_mode::write, [&] {
            for (std::int64_t i = 0; i < members; ++i) {
                db->run(upsert_sql, {std::int64_t{1}, i, nick, std::int64_t{0}});
            }
        });
    }
    sample(const sample&) = delete;
    sample& operator=(const sample&) = delete;
    ~sample() { std::filesystem::remove_all(directory_); }
    [[nodiscard]] std::filesystem::path file() const { return directory_ / "bench.db"; }

private:
    std::filesystem::path directory_;
};

const sample& shared_sample() {
    static const sample made;
    return made;
}

/// The library by hand.
class bare {
public:
    bare() {
        sqlite3_open_v2(shared_sample().file().c_str(), &database_,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
        run("PRAGMA journal_mode=WAL");
        run("PRAGMA synchronous=FULL");
        run("PRAGMA foreign_keys=ON");
    }
    bare(const bare&) = delete;
    bare& operator=(const bare&) = delete;
    ~bare() {
        for (sqlite3_stmt* statement : statements_) {
            sqlite3_finalize(statement);
        }
        sqlite3_close(database_);
    }
    void run(const char* sql) { sqlite3_exec(database_, sql, nullptr, nullptr, nullptr); }
    sqlite3_stmt* prepare(std::string_view sql) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                               &statement, nullptr) != SQLITE_OK) {
            std::abort();
        }
        statements_.push_back(statement);
        return statement;
    }

private:
    sqlite3* database_ = nullptr;
    std::vector<sqlite3_stmt*> statements_;
};

void select_bare(bare& db, sqlite3_stmt* select, std::int64_t id) {
    static_cast<void>(db);
    sqlite3_bind_int64(select, 1, 1);
    sqlite3_bind_int64(select, 2, id);
    if (sqlite3_step(select) != SQLITE_ROW) {
        std::abort();
    }
    std::string_view text{reinterpret_cast<const char*>(sqlite3_column_text(select, 0)),
                          static_cast<std::size_t>(sqlite3_column_bytes(select, 0))};
    std::int64_t seen = sqlite3_column_int64(select, 1);
    benchmark::DoNotOptimize(text);
    benchmark::DoNotOptimize(seen);
    sqlite3_reset(select);
}

void select_driver(connection& db, std::int64_t id) {
    const cursor rows = db.query(select_sql, {std::int64_t{1}, id});
    if (!rows->next()) {
        std::abort();
    }
    std::string_view text = rows->text(0);
    std::int64_t seen = rows->i64(1);
    benchmark::DoNotOptimize(text);
    benchmark::DoNotOptimize(seen);
}

void upsert_bare(sqlite3_stmt* upsert, std::int64_t id, std::int64_t seen) {
    sqlite3_bind_int64(upsert, 1, 1);
    sqlite3_bind_int64(upsert, 2, id);
    sqlite3_bind_text(upsert, 3, nick.data(), static_cast<int>(nick.size()), SQLITE_STATIC);
    sqlite3_bind_int64(upsert, 4, seen);
    if (sqlite3_step(upsert) != SQLITE_DONE) {
        std::abort();
    }
    sqlite3_reset(upsert);
}

/// The ids in an order that is neither the table's nor the same at each step.
std::int64_t next_id(std::int64_t id) {
    return (id + 7919) % members;
}

void BM_SelectBare(benchmark::State& state) {
    bare db;
    sqlite3_stmt* select = db.prepare(select_sql);
    std::int64_t id = 0;
    for (auto _ : state) {
        select_bare(db, select, id = next_id(id));
    }
}

void BM_SelectDriver(benchmark::State& state) {
    const auto db = open_sqlite(shared_sample().file())->connect();
    std::int64_t id = 0;
    for (auto _ : state) {
        select_driver(*db, id = next_id(id));
    }
}

void BM_SelectInTransactionBare(benchmark::State& state) {
    bare db;
    sqlite3_stmt* select = db.prepare(select_sql);
    db.run("BEGIN");
    std::int64_t id = 0;
    for (auto _ : state) {
        select_bare(db, select, id = next_id(id));
    }
    db.run("COMMIT");
}

void BM_SelectInTransactionDriver(benchmark::State& state) {
    const auto db = open_sqlite(shared_sample().file())->connect();
    db->begin(tx_mode::read);
    std::int64_t id = 0;
    for (auto _ : state) {
        select_driver(*db, id = next_id(id));
    }
    db->commit();
}

/// Upserts of 1000 rows in a transaction: the way a roster is written, and little of the disk in the figure.
constexpr int batch = 1000;

void BM_UpsertBare(benchmark::State& state) {
    bare db;
    sqlite3_stmt* upsert = db.prepare(upsert_sql);
    std::int64_t id = 0;
    std::int64_t seen = 0;
    for (auto _ : state) {
        db.run("BEGIN IMMEDIATE");
        for (int i = 0; i < batch; ++i) {
            upsert_bare(upsert, id = next_id(id), ++seen);
        }
        db.run("ROLLBACK");
    }
}

void BM_UpsertDriver(benchmark::State& state) {
    const auto db = open_sqlite(shared_sample().file())->connect();
    std::int64_t id = 0;
    std::int64_t seen = 0;
    for (auto _ : state) {
        db->begin(tx_mode::write);
        for (int i = 0; i < batch; ++i) {
            db->run(upsert_sql, {std::int64_t{1}, id = next_id(id), nick, ++seen});
        }
        db->rollback();
    }
}

BENCHMARK(BM_SelectBare);
BENCHMARK(BM_SelectDriver);
BENCHMARK(BM_SelectInTransactionBare);
BENCHMARK(BM_SelectInTransactionDriver);
BENCHMARK(BM_UpsertBare)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_UpsertDriver)->Unit(benchmark::kMicrosecond);

/// Prints as usual, and remembers the fastest CPU time of each benchmark: what a busy machine disturbs least.
class ratio_reporter final : public benchmark::ConsoleReporter {
public:
    void ReportRuns(const std::vector<Run>& runs) override {
        ConsoleReporter::ReportRuns(runs);
        for (const Run& run : runs) {
            if (run.run_type == Run::RT_Iteration) {
                double& best =
                    best_.try_emplace(run.run_name.function_name, run.GetAdjustedCPUTime()).first->second;
                best = std::min(best, run.GetAdjustedCPUTime());
            }
        }
    }

    void print_ratios() const {
        for (const std::string_view what : {"Select", "SelectInTransaction", "Upsert"}) {
            const auto bare_time = best_.find("BM_" + std::string{what} + "Bare");
            const auto driver_time = best_.find("BM_" + std::string{what} + "Driver");
            if (bare_time != best_.end() && driver_time != best_.end()) {
                std::printf("%-20s driver : bare = %.2f\n", std::string{what}.c_str(),
                            driver_time->second / bare_time->second);
            }
        }
    }

private:
    std::map<std::string, double> best_;
};

} // namespace
} // namespace patt::store

int main(int argc, char** argv) {
    // `--json` is the word of all programs here; Google Benchmark has another one for it.
    static char as_json[] = "--benchmark_format=json";
    for (char*& argument : std::span(argv, static_cast<std::size_t>(argc))) {
        if (std::string_view(argument) == "--json") {
            argument = as_json;
            benchmark::Initialize(&argc, argv);
            benchmark::RunSpecifiedBenchmarks();
            return 0;
        }
    }
    benchmark::Initialize(&argc, argv);
    patt::store::ratio_reporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    reporter.print_ratios();
    return 0;
}
