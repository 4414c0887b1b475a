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

void apply(connection& db, const migration& step, instant now) {
    const std::string_view text = text_for(step, db.dialect());
    db.script("CREATE TABLE IF NOT EXISTS schema_migration (number BIGINT PRIMARY KEY NOT NULL, name TEXT "
              "NOT NULL, "
              "checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)");
    db.script(expand(text, db.dialect()));
    const std::string checksum = to_hex(sha256(text));
    db.run("INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
           {step.number, step.name, std::string_view{checksum}, now.microseconds()});
}

/// Applies the next pending step and returns the state before it. What is pending is read under the lock:
/// another host may have been faster.
migration_state apply_next(connection& db, std::span<const migration> known, instant now) {
    migration_state state = in_tx(db, tx_mode::write, [&] {
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
    });
    db.forget_statements();
    return state;
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
    while (!state.problem && !state.pending.empty()) {
        state = apply_next(db, known, now);
    }
    if (state.problem) {
        return *state.problem;
    }
    report.to = static_cast<std::int64_t>(state.applied.size());
    return report;
}

} // namespace patt::store
