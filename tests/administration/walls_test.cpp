// Row-level security through the driver: what hosts do, as the roles of docs/operations.md.
#include "administration/server_fixture.hpp"
#include "postgres/walls.hpp"
#include "store/guild_repository.hpp"
#include "transfer/transfer_fixture.hpp"

#include <patt/engine/health.hpp>
#include <patt/store/row_security.hpp>

#include <gmock/gmock.h>

namespace patt::administration_tests {
namespace {

using ::testing::HasSubstr;

class Walls : public OnServer {
protected:
    void SetUp() override {
        OnServer::SetUp();
        if (IsSkipped()) {
            return;
        }
        postgres::raise_walls(where_);
        owner_ = store::open_postgres(postgres::as_owner(where_));
        run_ = postgres::open_walled(where_);
    }

    std::shared_ptr<store::database> owner_;
    std::shared_ptr<store::database> run_;
};

TEST_F(Walls, FindTheQueuesRole) {
    EXPECT_EQ(store::usable_queue_role(*run_->connect(), {}), "patt_queue");
    EXPECT_EQ(store::usable_queue_role(*owner_->connect(), {}), "");
    EXPECT_EQ(store::usable_queue_role(*store::open_postgres(postgres::fresh_database())->connect(), {}), "")
        << "a database without walls needs no role";
}

TEST_F(Walls, LetAGuildInAndOutThroughItsFile) {
    const auto from = transfer_tests::lived_in();
    const auto file = transfer_tests::file_of(*from);
    const auto read = transfer_tests::read_into(*run_, file);
    ASSERT_TRUE(read) << read.err().detail;
    EXPECT_EQ(transfer_tests::file_of(*run_).size(), file.size());
    const auto refused = transfer_tests::read_into(*run_, file);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.err().code, errc::already_exists) << "it sees that the guild is there";
}

TEST_F(Walls, LeadFromTheQueuesToAGuildInOneTransaction) {
    ASSERT_TRUE(transfer_tests::read_into(*run_, transfer_tests::file_of(*transfer_tests::lived_in())));
    const auto db = run_->connect();
    db->begin(store::tx_mode::write);
    db->enter_queue();
    EXPECT_EQ(store::lock_free_guilds(*db, std::vector{transfer_tests::guild}).size(), 1U);
    db->enter_guild(transfer_tests::guild);
    EXPECT_GT(number(*db, "SELECT COUNT(*) FROM member"), 0) << "the guild's own tables again";
    db->enter_guild(guild_id{2});
    EXPECT_EQ(number(*db, "SELECT COUNT(*) FROM member"), 0) << "another guild";
    db->commit();
}

TEST_F(Walls, AreBackForTheNextTransactionOfAConnection) {
    ASSERT_TRUE(transfer_tests::read_into(*run_, transfer_tests::file_of(*transfer_tests::lived_in())));
    const auto db = run_->connect();
    for (int round = 0; round < 3; ++round) {
        store::in_tx(*db, store::tx_mode::read, [&] {
            db->enter_guild(transfer_tests::guild);
            EXPECT_GT(number(*db, "SELECT COUNT(*) FROM member"), 0);
        });
        EXPECT_EQ(number(*db, "SELECT COUNT(*) FROM member"), 0);
        store::in_tx(*db, store::tx_mode::read, [&] {
            db->enter_queue();
            EXPECT_GT(number(*db, "SELECT COUNT(*) FROM outbox"), 0);
        });
        EXPECT_EQ(number(*db, "SELECT COUNT(*) FROM outbox"), 0);
    }
}

TEST_F(Walls, AreReadByTheQueriesOfAHost) {
    ASSERT_TRUE(transfer_tests::read_into(*run_, transfer_tests::file_of(*transfer_tests::lived_in())));
    engine::queries look(*run_);
    ASSERT_EQ(look.guilds().size(), 1U);
    EXPECT_FALSE(look.members(transfer_tests::guild).empty());
    EXPECT_FALSE(look.timers(transfer_tests::guild).empty());
    EXPECT_FALSE(look.verify_log(transfer_tests::guild, std::nullopt).first);
    EXPECT_TRUE(look.members(guild_id{2}).empty());
}

TEST_F(Walls, AreSeenByDoctor) {
    const engine::health h = engine::read_health(*run_->connect(), some_time);
    EXPECT_TRUE(h.server->walled);
    EXPECT_EQ(h.server->unwalled_tables, 0);
}

TEST_F(Walls, CarryANewcomerFromTheJoinToTheRole) {
    testing::world_options how;
    how.database = run_;
    testing::world w(how);
    const member_id newcomer = w.join("Zatanna");
    for (const char* answer : {"yes", "Zatanna", "yes", "none"}) {
        const reply said = w.say(newcomer, answer);
        EXPECT_FALSE(said.why) << answer << ": " << said.why->detail;
    }
    engine::queries look(*run_);
    const auto session = look.session_of(w.ids().guild, newcomer);
    ASSERT_TRUE(session);
    EXPECT_GT(session->answers.size(), 1U) << "direct messages found their guild";
    EXPECT_FALSE(w.inbox(newcomer).empty()) << "effects were claimed and performed";
    EXPECT_FALSE(look.verify_log(w.ids().guild, std::nullopt).first);
}

} // namespace
} // namespace patt::administration_tests
