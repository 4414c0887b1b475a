#include "core/budget/ledger.hpp"
#include "store/budget_repository.hpp"

#include <patt/engine/budget.hpp>

#include <utility>

namespace patt::engine {

std::vector<budget_info> budgets(store::connection& db) {
    std::vector<budget_info> out;
    for (store::budget_row& row : store::all_budgets(db)) {
        budget_info info;
        info.api = std::move(row.api);
        info.changed = row.changed;
        const patt::budget::ledger state =
            patt::budget::parse_ledger(row.state).value_or(patt::budget::ledger{});
        for (const patt::budget::window& w : state.windows) {
            budget_window used{w.span, {}};
            for (const patt::budget::slot& s : w.slots) {
                for (std::size_t c = 0; c < used.used.size(); ++c) {
                    used.used[c] += s.used[c];
                }
            }
            info.windows.push_back(used);
        }
        info.frozen_until = state.frozen_until;
        for (const patt::budget::claim& c : state.claims) {
            if (c.wanted > 0) {
                ++info.hosts_waiting;
                info.guilds_waiting += c.guilds;
                info.tokens_wanted += c.wanted;
                info.waiting_since =
                    !info.waiting_since || c.since < info.waiting_since ? c.since : info.waiting_since;
            }
        }
        out.push_back(std::move(info));
    }
    return out;
}

} // namespace patt::engine
