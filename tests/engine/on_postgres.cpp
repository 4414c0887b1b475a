// The same tests on PostgreSQL, each in a database of its own, in the virtual time of its world.

#include "engine/engine_fixture.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/product_database.hpp"
#include "postgres/shared_server.hpp"

#include <patt/store/postgres.hpp>

namespace patt::engine_tests {
namespace {

class needs_postgres : public ::testing::Environment {
    void SetUp() override { PATT_NEEDS_POSTGRES(); }
};
[[maybe_unused]] const ::testing::Environment* const needed =
    ::testing::AddGlobalTestEnvironment(new needs_postgres);

} // namespace

std::shared_ptr<store::database> fresh_database() {
    return postgres::in_virtual_time(store::open_postgres(postgres::migrated_database()));
}

std::shared_ptr<store::database> empty_database() {
    return postgres::in_virtual_time(store::open_postgres(postgres::fresh_database()));
}

} // namespace patt::engine_tests
