#include "store/budget_repository.hpp"

#include "store/binding.hpp"

#include <optional>

namespace patt::store {

namespace {

std::optional<std::string> locked_state(connection& db, std::string_view api) {
    const cursor rows = db.query(
        with_lock("SELECT state FROM api_budget WHERE api = $1", db.dialect().for_update), {param(api)});
    return rows->next() ? std::optional<std::string>(rows->text(0)) : std::nullopt;
}

} // namespace

std::string lock_budget(connection& db, std::string_view api) {
    if (std::optional<std::string> state = locked_state(db, api)) {
        return std::move(*state);
    }
    db.run("INSERT INTO api_budget (api, state, changed_at) VALUES ($1, '', 0) ON CONFLICT (api) DO NOTHING",
           {param(api)});
    return locked_state(db, api).value_or("");
}

void save_budget(connection& db, std::string_view api, std::string_view state, instant now) {
    db.run("UPDATE api_budget SET state = $2, changed_at = $3 WHERE api = $1",
           {param(api), param(state), param(now)});
}

std::vector<budget_row> all_budgets(connection& db) {
    std::vector<budget_row> out;
    const cursor rows = db.query("SELECT api, state, changed_at FROM api_budget ORDER BY api");
    while (rows->next()) {
        reader r(rows);
        budget_row row;
        row.api = r.text();
        row.state = r.text();
        row.changed = r.time();
        out.push_back(std::move(row));
    }
    return out;
}

} // namespace patt::store
