/// @file
/// The budgets of APIs: one row each, locked while a host takes from it.
#pragma once

#include <patt/store/db.hpp>
#include <patt/time.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patt::store {

struct budget_row {
    std::string api;
    std::string state;
    instant changed;
};

/// Locks the row of an API until the end of the transaction and reads its state; makes it, with an empty
/// state, when it is not there.
[[nodiscard]] std::string lock_budget(connection& db, std::string_view api);
void save_budget(connection& db, std::string_view api, std::string_view state, instant now);
[[nodiscard]] std::vector<budget_row> all_budgets(connection& db);

} // namespace patt::store
