#include "store/migration_text.hpp"

#include <patt/digest.hpp>
#include <patt/store/in_tx.hpp>
#include <patt/store/migrations.hpp>

#include <fmt/format.h>

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

void apply(connection& db, const migration& step, instant now) {
    const std::string_view text = text_for(step, db.dialect());
    db.script("CREATE TABLE IF NOT EXISTS schema_migration (number BIGINT PRIMARY KEY NOT NULL,"
              " name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)");
    db.script(expand(text, db.dialect()));
    check_references(db);
    const std::string checksum = to_hex(sha256(text));
    db.run("INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
           {step.number, step.name, std::string_view{checksum}, now.microseconds()});
}

/// Runs the next pending step, if there is one, and returns the state before it. What is pending is read
/// under the lock: another host may have been faster.
migration_state run_next(connection& db, std::span<const migration> known, instant now) {
    if (const std::string_view lock = db.dialect().migration_lock; !lock.empty()) {
        db.run(lock);
    }
    migration_state found = read_state(db, known);
    if (!found.problem && !found.pending.empty()) {
        const migration& next = found.pending.front();
        try {
            apply(db, next, now);
        } catch (const sql_error& problem) {
            throw sql_error(problem.code(),
                            fmt::format("migration {} {}: {}", next.number, next.name, problem.what()));
        }
    }
    return found;
}

/// The next step in a transaction of its own.
migration_state apply_next(connection& db, std::span<const migration> known, instant now) {
    migration_state state = in_tx(db, tx_mode::write, [&] { return run_next(db, known, now); });
    db.forget_statements();
    return state;
}

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
migration_state apply_pending(connection& db, std::span<const migration> known, instant now) {
    set_references(db, references::not_followed);
    try {
        migration_state state = apply_next(db, known, now);
        while (!state.problem && !state.pending.empty()) {
            state = apply_next(db, known, now);
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

result<migration_report> migrate(connection& db, std::span<const migration> known, instant now) {
    migration_state state = migration_status(db, known);
    migration_report report;
    report.from = static_cast<std::int64_t>(state.applied.size());
    if (!state.problem && !state.pending.empty()) {
        state = apply_pending(db, known, now);
    }
    if (state.problem) {
        return *state.problem;
    }
    report.to = static_cast<std::int64_t>(state.applied.size());
    return report;
}

} // namespace patt::store
