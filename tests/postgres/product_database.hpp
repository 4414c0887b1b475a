/// @file
/// Databases with PATT's tables for tests that need many of them: made once, then copied.
#pragma once

#include "postgres/walls.hpp"

#include <patt/store/db.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace patt::postgres {

/// A connection string, as the superuser, to a database with all migrations and nothing in it, behind
/// row-level security: whoever is to be tested opens it with `open_walled`.
[[nodiscard]] std::string migrated_database();

/// The same database as the superuser, whom no wall stops: for a test that looks at rows, or makes some,
/// beside the engine.
/// @param walled  On the tests' own server.
[[nodiscard]] std::shared_ptr<store::database> seen_whole(store::database& walled);

/// Ends its sessions and removes a database of `migrated_database`: for tests that need hundreds.
void drop_database(const std::string& where);

/// The same database for tests that turn a clock by hand: its own clock is not asked.
[[nodiscard]] std::shared_ptr<store::database> in_virtual_time(std::shared_ptr<store::database> real);

/// The same database with another clock.
/// @param query  As `dialect::clock`; a literal, it is not copied.
[[nodiscard]] std::shared_ptr<store::database> with_clock(std::shared_ptr<store::database> real,
                                                          std::string_view query);

} // namespace patt::postgres
