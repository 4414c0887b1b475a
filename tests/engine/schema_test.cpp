// On which schemas an engine starts.

#include "engine/engine_fixture.hpp"

#include <patt/engine/schema_outdated.hpp>
#include <patt/store/migrations.hpp>
#include <patt/testing/fake_chat.hpp>

namespace patt::engine_tests {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const std::span<const store::migration> steps = store::built_in_migrations();
const auto wanted = static_cast<std::int64_t>(steps.size());

/// An engine alone; what else it needs is as it should be.
class Schema : public ::testing::Test {
protected:
    void migrate(std::size_t first) {
        ASSERT_TRUE(store::migrate(*database_->connect(), steps.first(first), testing::first_moment));
    }
    void run(std::string_view sql, std::initializer_list<store::value> with) {
        database_->connect()->run(sql, with);
    }
    std::unique_ptr<engine::engine> start() {
        engine::options how;
        how.instance_key = "an instance key for tests only";
        return std::make_unique<engine::engine>(database_, engine::ports{chat_, clock_, chance_}, how);
    }
    void expect_refused(std::int64_t found) {
        try {
            start();
            ADD_FAILURE() << "an engine started on schema " << found;
        } catch (const engine::schema_outdated& e) {
            EXPECT_EQ(e.found(), found);
            EXPECT_EQ(e.wanted(), wanted);
            EXPECT_THAT(e.what(), AllOf(HasSubstr("version " + std::to_string(found)),
                                        HasSubstr("with " + std::to_string(wanted)),
                                        HasSubstr("patt migrate"), HasSubstr("store::migrate")));
        }
    }

    testing::manual_clock clock_;
    testing::fake_chat chat_{clock_};
    testing::seeded_entropy chance_{1};
    std::shared_ptr<store::database> database_ = empty_database();
};

TEST_F(Schema, AnEngineDoesNotStartWithoutOne) {
    expect_refused(0);
}

TEST_F(Schema, AnEngineDoesNotStartOnAnOlderOne) {
    migrate(steps.size() - 1);
    expect_refused(wanted - 1);
    migrate(steps.size());
    EXPECT_NE(start(), nullptr) << "as the message says";
}

// The hosts of the version before, while an upgrade is under way.
TEST_F(Schema, AnEngineStartsAndWorksOnANewerOne) {
    migrate(steps.size());
    run("INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES ($1, 'newer', 'x', 1)",
        {wanted + 1});
    const reply made = start()->handle(
        {guild_id{1}, at_the_machine, "", "", engine::create_guild{"Patt Testing", member_id{900}}});
    EXPECT_EQ(made.verdict, verdict::accepted);
}

TEST_F(Schema, AnEngineDoesNotStartOnOneThatPattDidNotMake) {
    migrate(steps.size());
    run("UPDATE schema_migration SET checksum = 'another' WHERE number = $1", {wanted});
    EXPECT_THROW(start(), failure);
}

} // namespace
} // namespace patt::engine_tests
