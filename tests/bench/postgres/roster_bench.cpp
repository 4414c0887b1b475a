// Rosters of 1,000 and 10,000 characters, new, all changed and unchanged, next to a bare upsert from arrays
// (UNNEST) into the same table, guarded so that it writes no unchanged row either. Interleaved; medians.

#include "bench/guild.hpp"
#include "bench/postgres/bare.hpp"
#include "bench/postgres/server_side.hpp"
#include "postgres/walls.hpp"
#include "store/character_repository.hpp"

#include <patt/identity/roster.hpp>
#include <patt/identity/roster_merge.hpp>
#include <patt/store/in_tx.hpp>
#include <patt/store/postgres.hpp>
#include <patt/text/name_key.hpp>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>

namespace patt::bench {
namespace {

struct choices {
    int rounds = 5;
    bool json = false;
    std::string directory;
};

constexpr std::array<const char*, 3> cases{"new", "all changed", "unchanged"};

/// The roster as the case has it: between `all changed` and the others, each character's level differs.
identity::roster_snapshot roster_of(std::int64_t size, std::size_t which) {
    identity::roster_snapshot out;
    out.guild.name = "Benchmark";
    out.guild.realm_slug = "senjin";
    out.source = "benchmark";
    for (std::int64_t n = 0; n < size; ++n) {
        identity::roster_entry& e = out.entries.emplace_back();
        e.game = game_id{1'000 + n};
        e.name = name_of(n);
        e.realm_slug = "senjin";
        e.realm_name = "Senjin";
        e.class_id = static_cast<std::int32_t>(n % 13 + 1);
        e.level = which == 0 ? 79 : 80;
        e.rank = 4;
    }
    return out;
}

/// The floor: the same columns as ours, an array for each, one statement, one transaction.
class floor_side {
public:
    explicit floor_side(const std::string& conninfo)
        : db_(conninfo) {
        db_.prepare(
            "upsert",
            "INSERT INTO game_character AS c (guild_id, character_id, person_id, game_id, name, name_key,"
            " realm_slug, realm_name, class_id, spec, level, item_level, rank_index, last_login, present,"
            " first_seen, removed_at, seen_run)"
            " SELECT * FROM UNNEST($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[],"
            " $6::text[], $7::text[], $8::text[], $9::bigint[], $10::text[], $11::bigint[], $12::bigint[],"
            " $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[])"
            " ON CONFLICT (guild_id, character_id) DO UPDATE SET person_id = excluded.person_id, game_id ="
            " excluded.game_id, name = excluded.name, name_key = excluded.name_key, realm_slug ="
            " excluded.realm_slug, realm_name = excluded.realm_name, class_id = excluded.class_id, spec ="
            " excluded.spec, level = excluded.level, item_level = excluded.item_level, rank_index ="
            " excluded.rank_index, last_login = excluded.last_login, present = excluded.present, removed_at"
            " = excluded.removed_at, seen_run = excluded.seen_run WHERE (c.game_id, c.name, c.realm_slug,"
            " c.realm_name, c.class_id, c.level, c.rank_index) IS DISTINCT FROM (excluded.game_id,"
            " excluded.name, excluded.realm_slug, excluded.realm_name, excluded.class_id, excluded.level,"
            " excluded.rank_index)");
    }

    void upsert(guild_id guild, const identity::roster_snapshot& roster) {
        std::array<std::string, 18> columns;
        std::int64_t id = 0;
        for (const identity::roster_entry& e : roster.entries) {
            const auto n = [](std::int64_t number) { return std::to_string(number); };
            const std::array<std::string, 18> row{n(guild.value()),
                                                  n(++id),
                                                  "0",
                                                  n(e.game.value()),
                                                  e.name,
                                                  text::folded_key(e.name),
                                                  e.realm_slug,
                                                  e.realm_name,
                                                  n(e.class_id),
                                                  "\"\"",
                                                  n(e.level),
                                                  "0",
                                                  n(e.rank),
                                                  "0",
                                                  "1",
                                                  "1",
                                                  "0",
                                                  "1"};
            for (std::size_t c = 0; c < row.size(); ++c) {
                columns.at(c) += columns.at(c).empty() ? '{' : ',';
                columns.at(c) += row.at(c);
            }
        }
        std::vector<const char*> values;
        for (std::string& c : columns) {
            c += '}';
            values.push_back(c.c_str());
        }
        db_.run("upsert", values);
    }

private:
    bare db_;
};

constexpr std::size_t chunk = 250;

/// What the chunks of an import do with the rows, in one transaction as the floor: the known ones are read,
/// merged, and what differs is written.
void upsert_rows(store::connection& db, guild_id guild, const identity::prepared_roster& roster) {
    store::in_tx(db, store::tx_mode::write, [&] {
        db.enter_guild(guild);
        std::int64_t next = 0;
        for (std::size_t first = 0; first < roster.items.size(); first += chunk) {
            const auto items =
                std::span(roster.items).subspan(first, std::min(chunk, roster.items.size() - first));
            std::vector<std::string_view> names;
            for (const identity::roster_item& i : items) {
                names.emplace_back(i.key.folded_name);
            }
            const auto known = store::characters_around(db, guild, names);
            auto changes = identity::merge_chunk(items, known, {instant{1}, sync_run_id{1}});
            std::vector<const identity::character*> rows;
            for (identity::character_change& c : changes) {
                if (c.kind != identity::merge_kind::unchanged) {
                    ++next;
                    c.row.id = c.row.id ? c.row.id : character_id{next};
                    rows.push_back(&c.row);
                }
            }
            store::put_characters(db, guild, rows);
        }
    });
}

struct side_of_case {
    side_rounds floor;
    side_rounds rows;
    side_rounds import;
};

class benchmark {
public:
    explicit benchmark(const choices& chosen)
        : chosen_(chosen)
        , server_(chosen.directory)
        , where_(server_.get().fresh_database())
        , to_("postgres_roster", chosen.json ? output::json : output::text) {
        postgres::raise_walls(where_);
        database_ = postgres::open_walled(where_);
        host_ = std::make_unique<host>(database_);
        db_ = database_->connect();
        whole_ = store::open_postgres(where_)->connect();
        floor_ = std::make_unique<floor_side>(where_); // No wall stands before the floor.
    }

    void run() {
        for (const std::int64_t size : {1'000, 10'000}) {
            const int rounds = size == 1'000 ? chosen_.rounds * 2 : chosen_.rounds;
            std::array<side_of_case, 3> seen;
            one_round(size, seen); // Warm: plans, caches.
            seen = {};
            for (int r = 0; r < rounds; ++r) {
                one_round(size, seen);
            }
            tell(size, seen);
        }
        to_.print();
    }

private:
    template <class Work>
    void time(side_rounds& into, Work work) {
        const both_watch watch(server_);
        work();
        into.add(watch.elapsed(), 1000); // In milliseconds.
    }

    void one_round(std::int64_t size, std::array<side_of_case, 3>& seen) {
        const guild_id bare_guild{++guilds_};
        const guild_id rows_guild{++guilds_};
        const guild_id import_guild{++guilds_};
        make_guild(*host_, import_guild, 0);
        host_->settle();
        for (std::size_t which = 0; which < cases.size(); ++which) {
            const identity::roster_snapshot roster = roster_of(size, which);
            const identity::prepared_roster prepared = identity::prepare_roster(roster);
            const auto shared = std::make_shared<const identity::roster_snapshot>(roster);
            time(seen.at(which).floor, [&] { floor_->upsert(bare_guild, roster); });
            time(seen.at(which).rows, [&] { upsert_rows(*db_, rows_guild, prepared); });
            time(seen.at(which).import, [&] {
                const reply said = host_->hand_in(import_guild, engine::import_roster{shared, {}, "manual"});
                if (said.verdict != verdict::accepted) {
                    throw failure("the roster was refused");
                }
                host_->settle();
            });
        }
        for (const guild_id g : {rows_guild, import_guild}) {
            if (store::count_present(*whole_, g) != size) {
                throw failure("a roster has the wrong size");
            }
        }
        // Not vacuumed: the gaps that it leaves go to whoever writes first, and decide whose updates touch
        // no index.
        server_.get().run("TRUNCATE game_character", where_.substr(where_.rfind('/') + 1));
    }

    void tell(std::int64_t size, const std::array<side_of_case, 3>& seen) {
        const double changed = seen[1].floor.wall();
        for (std::size_t which = 0; which < cases.size(); ++which) {
            const side_of_case& s = seen.at(which);
            const std::string name = fmt::format("{} rows, {}", size, cases.at(which));
            to_.add(name + ": bare upsert", s.floor.wall(), "ms");
            to_.add(name + ": ours, the rows", s.rows.wall(), "ms");
            to_.add(name + ": ours, the whole import", s.import.wall(), "ms");
            to_.add(name + ": rows of bare", s.rows.wall() / s.floor.wall(), "x", "1.3 x");
            to_.add(name + ": import of bare", s.import.wall() / s.floor.wall(), "x", "1.3 x");
            to_.add(name + ": rows of bare, CPU of both sides", s.rows.cpu() / s.floor.cpu(), "x", "1.3 x");
            to_.add(name + ": bare, CPU of both sides", s.floor.cpu(), "ms");
            to_.add(name + ": rows, CPU here", s.rows.client(), "ms");
            to_.add(name + ": rows, CPU of the server", s.rows.server(), "ms");
            to_.add(name + ": import, CPU here", s.import.client(), "ms");
            to_.add(name + ": import, CPU of the server", s.import.server(), "ms");
        }
        to_.add(fmt::format("{} rows: unchanged of bare's all changed, the rows", size),
                100 * seen[2].rows.wall() / changed, "%", "60 %");
        to_.add(fmt::format("{} rows: unchanged of bare's all changed, the whole import", size),
                100 * seen[2].import.wall() / changed, "%", "60 %");
    }

    choices chosen_;
    measured_server server_;
    std::string where_;
    std::shared_ptr<store::database> database_;
    report to_;
    std::unique_ptr<host> host_;
    std::unique_ptr<store::connection> db_;
    std::unique_ptr<store::connection> whole_; ///< Sees every guild.
    std::unique_ptr<floor_side> floor_;
    std::int64_t guilds_ = 0;
};

} // namespace
} // namespace patt::bench

int main(int argc, char** argv) {
    using namespace patt::bench;
    CLI::App app("Rosters on PostgreSQL, next to a bare upsert");
    choices chosen;
    app.add_flag("--json", chosen.json, "Machine-readable output");
    app.add_option("--rounds", chosen.rounds, "Interleaved rounds")->check(CLI::Range(1, 100));
    app.add_option("--directory", chosen.directory, "Where the server's data is made; default: here");
    CLI11_PARSE(app, argc, argv);
    try {
        benchmark(chosen).run();
    } catch (const std::exception& e) {
        fmt::print(stderr, "bench_postgres_roster: {}\n", e.what());
        return 1;
    }
    return 0;
}
