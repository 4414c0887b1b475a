// The conformance suite on PostgreSQL: prepared, unnamed, and unnamed through a PgBouncer that gives every
// transaction another session.
#include "conformance/driver_suite.hpp"
#include "postgres/bouncer.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/shared_server.hpp"

#include <patt/store/postgres.hpp>

#include <gtest/gtest.h>

#include <string>

namespace patt::store {
namespace {

/// Skips everything, with its reason, where there is no server.
class server_is_needed final : public testing::Environment {
public:
    void SetUp() override {
        PATT_NEEDS_POSTGRES();
        PATT_NEEDS_BOUNCER();
    }
};
[[maybe_unused]] const auto* const environment = testing::AddGlobalTestEnvironment(new server_is_needed);

/// One database, emptied for each test: making a new one takes longer than most tests.
std::string emptied(std::string& made) {
    if (made.empty()) {
        made = ::patt::postgres::fresh_database();
    }
    open_postgres(made)->connect()->script("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    return made;
}

std::shared_ptr<database> prepared() {
    static std::string made;
    return open_postgres(emptied(made));
}

postgres_options unnamed_options() {
    postgres_options options;
    options.statements = statement_mode::unnamed;
    return options;
}

std::shared_ptr<database> unnamed() {
    static std::string made;
    return open_postgres(emptied(made), unnamed_options());
}

std::shared_ptr<database> pooled() {
    static ::patt::postgres::bouncer pool{::patt::postgres::shared_server()};
    static std::string made = ::patt::postgres::shared_server().fresh_database();
    emptied(made);
    return open_postgres(pool.conninfo(made.substr(made.rfind('/') + 1)), unnamed_options());
}

INSTANTIATE_TEST_SUITE_P(Postgres, StoreDriver,
                         testing::Values(driver_case{"Prepared", prepared, isolation::snapshot},
                                         driver_case{"Unnamed", unnamed, isolation::snapshot},
                                         driver_case{"PgBouncer", pooled, isolation::snapshot}),
                         case_name);

} // namespace
} // namespace patt::store
