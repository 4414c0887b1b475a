/// @file
/// What every store driver must do, as tests. A driver's test program includes this file once and says:
///
///     INSTANTIATE_TEST_SUITE_P(Sqlite, StoreDriver, testing::Values(driver_case{...}), case_name);
///
/// Nothing in it may know which database it runs on; what a database cannot do is a member of `driver_case`.
#pragma once

#include "conformance/driver_fixture.hpp"

// The tests themselves, one file for each topic.
#include "conformance/driver_errors.hpp"
#include "conformance/driver_migrations.hpp"
#include "conformance/driver_posting.hpp"
#include "conformance/driver_rows.hpp"
#include "conformance/driver_sql.hpp"
#include "conformance/driver_statements.hpp"
#include "conformance/driver_transactions.hpp"
#include "conformance/driver_values.hpp"
