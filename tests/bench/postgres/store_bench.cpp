// The PostgreSQL driver against the bare library, and text against binary on the wire: the same prepared
// statements, one round trip each. CPU of both sides, interleaved; medians.

#include "bench/postgres/bare.hpp"
#include "bench/postgres/server_side.hpp"

#include <patt/result.hpp>
#include <patt/store/in_tx.hpp>
#include <patt/store/postgres.hpp>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <map>
#include <span>

namespace patt::bench {
namespace {

struct choices {
    int rounds = 7;
    bool json = false;
    std::string directory;
};

constexpr std::int64_t members = 10'000;
constexpr int selects = 10'000; ///< Of a round; enough for the server's clock, which ticks each 10 ms.
constexpr int upserts = 10'000; ///< Of a round, in one transaction.
constexpr int lists = 200;      ///< Of a round, of `listed` rows each.
constexpr std::int64_t listed = 1'000;
constexpr const char* schema =
    "CREATE TABLE member (guild_id BIGINT NOT NULL, id BIGINT NOT NULL, nick TEXT NOT"
    " NULL, score DOUBLE PRECISION NOT NULL, hash BYTEA NOT NULL, seen BIGINT NOT NULL,"
    " PRIMARY KEY (guild_id, id));"
    "INSERT INTO member SELECT 1, n, 'a nick of usual length', n / 7.0,"
    " decode(md5(n::text) || md5(n::text), 'hex'), 1732500000000000 + n"
    " FROM generate_series(0, 9999) AS n; ANALYZE member";
constexpr const char* one = "SELECT nick, score, hash, seen FROM member WHERE guild_id = $1 AND id = $2";
constexpr const char* many =
    "SELECT nick, score, hash, seen FROM member WHERE guild_id = $1 AND id >= $2 AND id < $3";
constexpr const char* upsert =
    "INSERT INTO member (guild_id, id, nick, score, hash, seen) VALUES ($1, $2, $3, $4, $5,"
    " $6) ON CONFLICT (guild_id, id) DO UPDATE SET nick = excluded.nick, score ="
    " excluded.score, hash = excluded.hash, seen = excluded.seen";
constexpr std::string_view nick = "another nick, about as long";

/// Adds up what was read, so that nothing is left out.
struct sum {
    double of = 0;
    void add(std::size_t text, double score, std::size_t bytes, std::int64_t seen) {
        of += static_cast<double>(text + bytes) + score + static_cast<double>(seen % 1000);
    }
};

struct side {
    virtual ~side() = default;
    virtual void select(std::int64_t id, sum& into) = 0;
    virtual void list(std::int64_t from, sum& into) = 0;
    virtual void begin() = 0;
    virtual void put(std::int64_t id, double score, std::int64_t seen) = 0;
    virtual void end() = 0;
};

class driver_side final : public side {
public:
    explicit driver_side(const std::string& conninfo)
        : db_(store::open_postgres(conninfo)->connect()) {}
    void select(std::int64_t id, sum& into) override { read(db_->query(one, {std::int64_t{1}, id}), into); }
    void list(std::int64_t from, sum& into) override {
        read(db_->query(many, {std::int64_t{1}, from, from + listed}), into);
    }
    void begin() override { db_->begin(store::tx_mode::write); }
    void put(std::int64_t id, double score, std::int64_t seen) override {
        db_->run(upsert, {std::int64_t{1}, id, nick, score, std::span<const std::byte>(hash_), seen});
    }
    void end() override { db_->commit(); }

private:
    static void read(const store::cursor& rows, sum& into) {
        while (rows->next()) {
            into.add(rows->text(0).size(), rows->f64(1), rows->bytes(2).size(), rows->i64(3));
        }
    }
    std::unique_ptr<store::connection> db_;
    std::array<std::byte, 32> hash_{};
};

/// libpq by hand, numbers and bytes as text.
class text_side final : public side {
public:
    explicit text_side(const std::string& conninfo)
        : db_(conninfo) {
        db_.prepare("one", one);
        db_.prepare("many", many);
        db_.prepare("upsert", upsert);
    }
    void select(std::int64_t id, sum& into) override {
        read(db_.rows("one", {"1", std::to_string(id).c_str()}).get(), into);
    }
    void list(std::int64_t from, sum& into) override {
        read(db_.rows("many", {"1", std::to_string(from).c_str(), std::to_string(from + listed).c_str()})
                 .get(),
             into);
    }
    void begin() override { db_.script("BEGIN"); }
    void put(std::int64_t id, double score, std::int64_t seen) override {
        std::array<char, 32> number{};
        const auto end = std::to_chars(number.data(), number.data() + number.size() - 1, score);
        *end.ptr = 0;
        std::string hash = "\\x";
        for (const unsigned char byte : hash_) {
            constexpr std::string_view digits = "0123456789abcdef";
            hash += digits[byte >> 4U];
            hash += digits[byte & 15U];
        }
        db_.run("upsert", {"1", std::to_string(id).c_str(), nick.data(), number.data(), hash.c_str(),
                           std::to_string(seen).c_str()});
    }
    void end() override { db_.script("COMMIT"); }

private:
    static void read(const PGresult* rows, sum& into) {
        for (int r = 0; r < PQntuples(rows); ++r) {
            const auto text = [&](int c) {
                return std::string_view(PQgetvalue(rows, r, c),
                                        static_cast<std::size_t>(PQgetlength(rows, r, c)));
            };
            double score = 0;
            std::from_chars(text(1).data(), text(1).data() + text(1).size(), score);
            std::int64_t seen = 0;
            std::from_chars(text(3).data(), text(3).data() + text(3).size(), seen);
            std::size_t length = 0;
            unsigned char* const bytes =
                PQunescapeBytea(reinterpret_cast<const unsigned char*>(text(2).data()), &length);
            PQfreemem(bytes);
            into.add(text(0).size(), score, length, seen);
        }
    }
    bare db_;
    std::array<unsigned char, 32> hash_{};
};

/// libpq by hand, everything binary.
class binary_side final : public side {
public:
    explicit binary_side(const std::string& conninfo)
        : connection_(PQconnectdb(conninfo.c_str()), &PQfinish) {
        constexpr std::array<const char*, 3> statements{one, many, upsert};
        for (std::size_t i = 0; i < statements.size(); ++i) {
            PQclear(PQprepare(connection_.get(), names_[i], statements[i], 0, nullptr));
        }
    }
    void select(std::int64_t id, sum& into) override {
        const std::array<std::uint64_t, 2> values{swapped(1), swapped(id)};
        run(0, {text(values[0]), text(values[1])}, {8, 8}, into);
    }
    void list(std::int64_t from, sum& into) override {
        const std::array<std::uint64_t, 3> values{swapped(1), swapped(from), swapped(from + listed)};
        run(1, {text(values[0]), text(values[1]), text(values[2])}, {8, 8, 8}, into);
    }
    void begin() override { PQclear(PQexec(connection_.get(), "BEGIN")); }
    void put(std::int64_t id, double score, std::int64_t seen) override {
        const std::array<std::uint64_t, 4> values{swapped(1), swapped(id),
                                                  swapped(std::bit_cast<std::int64_t>(score)), swapped(seen)};
        sum none;
        run(2,
            {text(values[0]), text(values[1]), nick.data(), text(values[2]), hash_.data(), text(values[3])},
            {8, 8, static_cast<int>(nick.size()), 8, 32, 8}, none);
    }
    void end() override { PQclear(PQexec(connection_.get(), "COMMIT")); }

private:
    static std::uint64_t swapped(std::int64_t n) { return __builtin_bswap64(static_cast<std::uint64_t>(n)); }
    static const char* text(const std::uint64_t& n) { return reinterpret_cast<const char*>(&n); }
    static std::int64_t number(const char* at) {
        std::uint64_t n = 0;
        std::memcpy(&n, at, sizeof n);
        return static_cast<std::int64_t>(__builtin_bswap64(n));
    }
    void run(std::size_t which, const std::vector<const char*>& values, const std::vector<int>& lengths,
             sum& into) {
        constexpr std::array<int, 6> binary{1, 1, 1, 1, 1, 1};
        const std::unique_ptr<PGresult, decltype(&PQclear)> rows(
            PQexecPrepared(connection_.get(), names_[which], static_cast<int>(values.size()), values.data(),
                           lengths.data(), binary.data(), 1),
            &PQclear);
        if (PQresultStatus(rows.get()) == PGRES_FATAL_ERROR) {
            throw failure(std::string("the floor failed: ") + PQerrorMessage(connection_.get()));
        }
        for (int r = 0; r < PQntuples(rows.get()); ++r) {
            into.add(static_cast<std::size_t>(PQgetlength(rows.get(), r, 0)),
                     std::bit_cast<double>(number(PQgetvalue(rows.get(), r, 1))),
                     static_cast<std::size_t>(PQgetlength(rows.get(), r, 2)),
                     number(PQgetvalue(rows.get(), r, 3)));
        }
    }
    static constexpr std::array<const char*, 3> names_{"one", "many", "upsert"};
    std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
    std::array<char, 32> hash_{};
};

class benchmark {
public:
    explicit benchmark(const choices& chosen)
        : chosen_(chosen)
        , server_(chosen.directory)
        , to_("postgres_store", chosen.json ? output::json : output::text) {
        const std::string where = server_.get().fresh_database();
        bare(where).script(schema);
        sides_.emplace_back("driver", std::make_unique<driver_side>(where));
        sides_.emplace_back("libpq, text", std::make_unique<text_side>(where));
        sides_.emplace_back("libpq, binary", std::make_unique<binary_side>(where));
    }

    void run() {
        for (int r = 0; r <= chosen_.rounds; ++r) { // The first one warms up.
            std::array<double, 3> read{};
            for (std::size_t s = 0; s < sides_.size(); ++s) {
                read[s] = reads(sides_[s].first, *sides_[s].second, r);
            }
            if (read[0] != read[1] || read[0] != read[2]) {
                throw failure("the sides read different rows");
            }
            for (const auto& [name, by] : sides_) {
                writes(name, *by, r);
            }
        }
        for (const char* what : {"select of a row", "upsert of a row", "list of 1,000 rows"}) {
            for (const auto& [name, ignored] : sides_) {
                const side_rounds& seen = seen_.at({what, name});
                to_.add(fmt::format("{}, {}: CPU of the client", what, name), seen.client(), "us");
                to_.add(fmt::format("{}, {}: CPU of the server", what, name), seen.server(), "us");
            }
            to_.add(fmt::format("{}: driver of bare libpq, CPU of the client", what),
                    seen_.at({what, "driver"}).client() / seen_.at({what, "libpq, binary"}).client(), "x",
                    "1.25 x");
            const auto ratio = [&](const char* title, const char* above, const char* below) {
                to_.add(fmt::format("{}: {}", what, title),
                        seen_.at({what, above}).cpu() / seen_.at({what, below}).cpu(), "x");
            };
            ratio("driver of bare libpq, CPU of both sides", "driver", "libpq, binary");
            ratio("text of binary, CPU of both sides", "libpq, text", "libpq, binary");
        }
        to_.print();
    }

private:
    double reads(const std::string& name, side& by, int round) {
        sum read;
        std::int64_t id = 0;
        measured("select of a row", name, round, selects, [&] {
            for (int i = 0; i < selects; ++i) {
                by.select(id = (id + 7919) % members, read);
            }
        });
        measured("list of 1,000 rows", name, round, lists, [&] {
            for (int i = 0; i < lists; ++i) {
                by.list(i * 40, read);
            }
        });
        return read.of;
    }
    void writes(const std::string& name, side& by, int round) {
        std::int64_t id = round * upserts;
        measured("upsert of a row", name, round, upserts, [&] {
            by.begin();
            for (int i = 0; i < upserts; ++i) {
                by.put(id = (id + 7919) % members, i / 3.0, 1'732'500'000'000'000 + i);
            }
            by.end();
        });
    }
    template <class Work>
    void measured(const char* what, const std::string& name, int round, std::int64_t operations, Work work) {
        const both_watch watch(server_);
        work();
        if (round > 0) {
            seen_[{what, name}].add(watch.elapsed(), static_cast<double>(operations));
        }
    }

    choices chosen_;
    measured_server server_;
    report to_;
    std::vector<std::pair<std::string, std::unique_ptr<side>>> sides_;
    std::map<std::pair<std::string, std::string>, side_rounds> seen_;
};

} // namespace
} // namespace patt::bench

int main(int argc, char** argv) {
    using namespace patt::bench;
    CLI::App app("The PostgreSQL driver next to the bare library, and text next to binary");
    choices chosen;
    app.add_flag("--json", chosen.json, "Machine-readable output");
    app.add_option("--rounds", chosen.rounds, "Interleaved rounds")->check(CLI::Range(1, 100));
    app.add_option("--directory", chosen.directory, "Where the server's data is made; default: here");
    CLI11_PARSE(app, argc, argv);
    try {
        benchmark(chosen).run();
    } catch (const std::exception& e) {
        fmt::print(stderr, "bench_postgres_store: {}\n", e.what());
        return 1;
    }
    return 0;
}
