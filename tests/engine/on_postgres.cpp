// The same tests on PostgreSQL, each in a database of its own, in the virtual time of its world, as the role
// that hosts have: what the engine forgets to enter, it does not see.

#include "engine/engine_fixture.hpp"
#include "postgres/needs_postgres.hpp"
#include "postgres/product_database.hpp"
#include "postgres/shared_server.hpp"

namespace patt::engine_tests {
namespace {

class needs_postgres : public ::testing::Environment {
    void SetUp() override { PATT_NEEDS_POSTGRES(); }
};
[[maybe_unused]] const ::testing::Environment* const needed =
    ::testing::AddGlobalTestEnvironment(new needs_postgres);

} // namespace

std::shared_ptr<store::database> fresh_database() {
    return postgres::in_virtual_time(postgres::open_walled(postgres::migrated_database()));
}

std::shared_ptr<store::database> empty_database() {
    // Whoever makes the tables is their owner: without roles one user does everything, as may be.
    return postgres::in_virtual_time(store::open_postgres(postgres::fresh_database()));
}

std::unique_ptr<store::connection> beside(store::database& engine) {
    return postgres::in_virtual_time(postgres::seen_whole(engine))->connect();
}

namespace {

std::int64_t number(store::connection& db, std::string_view sql) {
    const store::cursor rows = db.query(sql);
    return rows->next() ? rows->i64(0) : -1;
}

// Or all that these tests say about row-level security would be said about a user whom it does not stop.
TEST(OnPostgres, TheEngineSeesNoRowBeforeItEntersAGuild) {
    world w;
    constexpr std::string_view count = "SELECT COUNT(*) FROM game_character";
    EXPECT_EQ(number(*w.database().connect(), count), 0);
    EXPECT_GT(number(*beside(w.database()), count), 0);
}

} // namespace
} // namespace patt::engine_tests
