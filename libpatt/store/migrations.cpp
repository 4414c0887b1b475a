#include "store/concurrent_step.hpp"
#include "store/migration_text.hpp"

#include <patt/digest.hpp>
#include <patt/store/in_tx.hpp>
#include <patt/store/migrations.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace patt::store {
namespace {

constexpr std::string_view table = "schema_migration";

void check_numbers(std::span<const migration> known) {
    std::int64_t expected = 0;
    for (const migration& step : known) {
        if (step.number != ++expected) {
            throw failure(fmt::format("migration {} {} stands where number {} belongs", step.number,
                                      step.name, expected));
        }
    }
}

std::vector<applied_migration> read_applied(connection& db) {
    {
        const cursor found = db.query(db.dialect().table_exists, {table});
        if (!found->next()) {
            return {};
        }
    }
    std::vector<applied_migration> applied;
    const cursor rows =
        db.query("SELECT number, name, checksum, applied_at FROM schema_migration ORDER BY number");
    while (rows->next()) {
        applied.push_back(
            {rows->i64(0), std::string{rows->text(1)}, std::string{rows->text(2)}, instant{rows->i64(3)}});
    }
    return applied;
}

std::optional<error> find_problem(const std::vector<applied_migration>& applied,
                                  std::span<const migration> known, const dialect& database) {
    std::int64_t expected = 0;
    for (const applied_migration& done : applied) {
        if (done.number != ++expected) {
            return error{
                errc::conflict,
                fmt::format("the database has migration {} {} but not number {}; its schema was not made by "
                            "PATT alone. Restore a backup",
                            done.number, done.name, expected)};
        }
    }
    if (applied.size() > known.size()) {
        const applied_migration& last = applied.back();
        return error{
            errc::wrong_state,
            fmt::format("the database is newer than this program: it has migration {} {}, this program knows "
                        "{}. Use a newer version of PATT",
                        last.number, last.name, known.size())};
    }
    for (std::size_t i = 0; i < applied.size(); ++i) {
        if (applied[i].checksum != to_hex(sha256(text_for(known[i], database)))) {
            return error{
                errc::conflict,
                fmt::format("migration {} {} was applied with another text (then named {}). A migration must "
                            "not change once it was released: use the version of PATT that made the "
                            "database, or restore a backup",
                            known[i].number, known[i].name, applied[i].name)};
        }
    }
    return std::nullopt;
}

migration_state read_state(connection& db, std::span<const migration> known) {
    migration_state state;
    state.applied = read_applied(db);
    state.problem = find_problem(state.applied, known, db.dialect());
    if (!state.problem) {
        const auto pending = known.subspan(state.applied.size());
        state.pending.assign(pending.begin(), pending.end());
    }
    return state;
}

/// What `references::not_followed` has left to be checked.
void check_references(connection& db) {
    if (db.dialect().name == "sqlite") {
        const cursor broken = db.query("PRAGMA foreign_key_check");
        if (broken->next()) {
            throw sql_error(sql_errc::foreign_key,
                            fmt::format("a row of table {} refers to a row of {} that is not there",
                                        broken->text(0), broken->text(2)));
        }
    }
}

void record(connection& db, const migration& step, instant now) {
    const std::string checksum = to_hex(sha256(text_for(step, db.dialect())));
    db.run("INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
           {step.number, step.name, std::string_view{checksum}, now.microseconds()});
}

void apply(connection& db, const migration& step, const std::string& sql, instant now) {
    db.script("CREATE TABLE IF NOT EXISTS schema_migration (number BIGINT PRIMARY KEY NOT NULL,"
              " name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)");
    db.script(sql);
    check_references(db);
    record(db, step, now);
}

bool runs_concurrently(const migration& step, const dialect& database) {
    return is_concurrent(text_for(step, database));
}

/// Whether the state was read and the step, if any, was run; else it has to run outside of the transaction.
struct step_result {
    migration_state before;
    bool left_to_do = false;
};

/// Runs the next pending step, if there is one, and returns the state before it. What is pending is read
/// under the lock: another host may have been faster.
step_result run_next(connection& db, std::span<const migration> known, instant now,
                     const migrate_options& how) {
    if (const std::string_view lock = db.dialect().migration_lock; !lock.empty()) {
        // First of all: a migration that waits for another must not wait long inside its transaction either,
        // as the other may be building an index, which waits for every transaction there is.
        // The owner sees all guilds only where it says so (row-level security is forced on it too).
        db.script(fmt::format("SET LOCAL lock_timeout = {}; SET LOCAL statement_timeout = 0;"
                              " SET LOCAL patt.maintenance = 'on';",
                              how.lock_wait.count()));
        db.run(lock);
    }
    step_result found{read_state(db, known), false};
    if (!found.before.problem && !found.before.pending.empty()) {
        const migration& next = found.before.pending.front();
        std::string sql = sql_of(next, db.dialect());
        if (runs_concurrently(next, db.dialect())) {
            const concurrent_index index = parse_concurrent(sql);
            if (!is_quick(db, index, how.small_table)) {
                found.left_to_do = true;
                return found;
            }
            sql = in_transaction(index);
        }
        apply(db, next, sql, now);
    }
    return found;
}

/// Builds what cannot be built in a transaction, and records it when nobody was faster.
void run_concurrently(connection& db, const migration& step, std::span<const migration> known, instant now) {
    if (!db.has_session()) {
        throw sql_error(sql_errc::misuse,
                        "it builds an index while others write, for which it needs a session of its own; "
                        "migrate over a direct connection to the server, not through a PgBouncer");
    }
    const session_migration_lock lock(db);
    if (!lock.taken()) {
        throw sql_error(sql_errc::busy, "another program is migrating this database");
    }
    const auto is_next = [&] {
        const migration_state state = read_state(db, known);
        return !state.problem && !state.pending.empty() && state.pending.front().number == step.number;
    };
    if (!is_next()) {
        return;
    }
    const concurrent_index index = parse_concurrent(sql_of(step, db.dialect()));
    build_concurrently(db, index, lock);
    in_tx(db, tx_mode::write, [&] {
        if (!is_next()) {
            return;
        }
        // The session may have been lost and the lock with it, and somebody else may have begun anew.
        if (!is_built(db, index)) {
            throw sql_error(sql_errc::busy, "another program is migrating this database");
        }
        record(db, step, now);
    });
}

/// The next step, tried as often as it may be.
class stepper {
public:
    stepper(connection& db, std::span<const migration> known, instant now, const migrate_options& how)
        : db_(db)
        , known_(known)
        , now_(now)
        , how_(how)
        , postgres_(!db.dialect().migration_lock.empty()) {}

    /// The state before the step.
    migration_state apply_next() {
        const int tries = postgres_ ? std::max(how_.tries, 1) : 4;
        std::chrono::milliseconds pause = how_.pause;
        for (int failed = 0;;) {
            try {
                migration_state state = try_once();
                db_.forget_statements();
                return state;
            } catch (const sql_error& problem) {
                ++failed;
                if (!problem.retryable() || failed >= tries) {
                    throw told(problem, failed);
                }
            }
            if (postgres_) {
                wait(failed, pause);
            }
        }
    }

private:
    migration_state try_once() {
        const auto run = [&] { return run_next(db_, known_, now_, how_); };
        step_result found = in_tx(db_, tx_mode::write, run, 1);
        if (found.left_to_do) {
            run_concurrently(db_, found.before.pending.front(), known_, now_);
        }
        return std::move(found.before);
    }

    void wait(int failed, std::chrono::milliseconds& pause) {
        if (const migration* step = pending(); how_.waiting && step != nullptr) {
            how_.waiting(*step, failed);
        }
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, std::chrono::milliseconds{2000});
    }

    /// The step that is being tried; null when even that cannot be read.
    const migration* pending() {
        try {
            const std::size_t done = read_applied(db_).size();
            return done < known_.size() ? &known_[done] : nullptr;
        } catch (const sql_error&) {
            return nullptr;
        }
    }

    sql_error told(const sql_error& problem, int failed) {
        const migration* step = pending();
        const std::string what =
            step == nullptr ? "migrating" : fmt::format("migration {} {}", step->number, step->name);
        if (problem.code() == sql_errc::busy && postgres_) {
            return {
                sql_errc::busy,
                fmt::format("{}: others held a lock it needs through {} tries of {} ms each, so that nobody "
                            "waited longer than that. Nothing of it was kept. Run patt migrate again when it "
                            "is quiet; pg_stat_activity shows who has long transactions ({})",
                            what, failed, how_.lock_wait.count(), problem.what())};
        }
        return {problem.code(), fmt::format("{}: {}", what, problem.what())};
    }

    connection& db_;
    std::span<const migration> known_;
    instant now_;
    const migrate_options& how_;
    bool postgres_;
};

/// SQLite changes a table by making a new one and dropping the old one, and dropping it deletes what refers
/// to its rows. So references are not followed during a step, but checked at its end (the way that
/// https://www.sqlite.org/lang_altertable.html section 7 describes).
enum class references : std::uint8_t { followed, not_followed };

void set_references(connection& db, references wanted) {
    if (db.dialect().name == "sqlite") {
        db.forget_statements(); // This PRAGMA works when it is prepared, and only then.
        db.run(wanted == references::followed ? "PRAGMA foreign_keys=ON" : "PRAGMA foreign_keys=OFF");
    }
}

/// Applies what is pending and returns the state after it.
migration_state apply_pending(connection& db, std::span<const migration> known, instant now,
                              const migrate_options& how) {
    stepper steps(db, known, now, how);
    set_references(db, references::not_followed);
    try {
        migration_state state = steps.apply_next();
        while (!state.problem && !state.pending.empty()) {
            state = steps.apply_next();
        }
        set_references(db, references::followed);
        return state;
    } catch (...) {
        set_references(db, references::followed);
        throw;
    }
}

} // namespace

migration_state migration_status(connection& db, std::span<const migration> known) {
    check_numbers(known);
    return in_tx(db, tx_mode::read, [&] { return read_state(db, known); });
}

result<migration_report> migrate(connection& db, std::span<const migration> known, instant now,
                                 const migrate_options& how) {
    migration_state state = migration_status(db, known);
    migration_report report;
    report.from = static_cast<std::int64_t>(state.applied.size());
    if (!state.problem && !state.pending.empty()) {
        state = apply_pending(db, known, now, how);
    }
    if (state.problem) {
        return *state.problem;
    }
    report.to = static_cast<std::int64_t>(state.applied.size());
    return report;
}

} // namespace patt::store
