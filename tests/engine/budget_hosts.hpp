/// @file
/// Hosts that take from one budget as fast as they can, for any database.
#pragma once

#include <patt/engine/budget.hpp>
#include <patt/store/db.hpp>

#include <memory>

namespace patt::engine_tests {

/// Three hosts of two threads each on one database, for a little more than a second of real time; one host is
/// dropped with tokens in hand, another takes its place. Expects that no interval holds more calls than the
/// limits allow, and that every guild is served.
void expect_exact_with_many_hosts(const std::shared_ptr<store::database>& database);

} // namespace patt::engine_tests
