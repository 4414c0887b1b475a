/// @file
/// Databases with PATT's tables for tests that need many of them: made once, then copied.
#pragma once

#include <patt/store/db.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace patt::postgres {

/// A connection string, as the superuser, to a database with all migrations and nothing in it.
[[nodiscard]] std::string migrated_database();

/// Ends its sessions and removes a database of `migrated_database`: for tests that need hundreds.
void drop_database(const std::string& where);

/// The same database for tests that turn a clock by hand: its own clock is not asked.
[[nodiscard]] std::shared_ptr<store::database> in_virtual_time(std::shared_ptr<store::database> real);

/// The same database with another clock.
/// @param query  As `dialect::clock`; a literal, it is not copied.
[[nodiscard]] std::shared_ptr<store::database> with_clock(std::shared_ptr<store::database> real,
                                                          std::string_view query);

} // namespace patt::postgres
