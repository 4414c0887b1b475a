// A guild that somebody else has locked for long, and the guilds that share a connection with it. PostgreSQL
// only.
#include "engine/engine_fixture.hpp"
#include "store/guild_repository.hpp"

#include <patt/store/in_tx.hpp>

#include <atomic>
#include <thread>

namespace patt::engine_tests {
namespace {

/// Two guilds that an engine with one connection serves; the first can be locked by another session.
struct LockedGuild : ::testing::Test {
    world w;
    guild_id locked{1};
    guild_id free{2};
    testing::seeded_entropy chance{78};
    engine::options how;
    std::unique_ptr<engine::engine> narrow;
    std::unique_ptr<store::connection> holder = w.database().connect();

    LockedGuild() {
        static_cast<void>(w.engine().handle(
            {free, at_the_machine, "", "", engine::create_guild{"Second", member_id{901}}}));
        how.instance_key = "an instance key for tests only";
        how.writers = 1;
        how.claims = 0;
        start();
    }
    void start() {
        const std::shared_ptr<store::database> same(&w.database(), [](store::database*) {});
        narrow = std::make_unique<engine::engine>(same, engine::ports{w.chat(), w.clock(), chance}, how);
    }
    void lock() const {
        holder->begin(store::tx_mode::write);
        holder->enter_guild(locked);
        ASSERT_TRUE(store::lock_guild(*holder, locked).has_value());
    }
    reply join(guild_id guild, std::int64_t who) {
        return narrow->handle({guild, {}, "", "", joined(member_id{who}, w.clock().now())});
    }
    /// Subjects of the log from `seq` on.
    std::vector<std::string> subjects(guild_id guild, std::int64_t seq) {
        std::vector<std::string> out;
        engine::queries(w.database()).each_event(guild, seq, [&](const log::row& r) {
            out.push_back(r.subject);
            return true;
        });
        return out;
    }
};

TEST_F(LockedGuild, HoldsUpNoOther) {
    using clock = std::chrono::steady_clock;
    lock();
    std::atomic<bool> answered{false};
    std::thread waits([&] {
        EXPECT_EQ(join(locked, 7001).verdict, verdict::accepted);
        answered = true;
    });
    std::this_thread::sleep_for(100ms); // So that the other input is under way.
    clock::duration slowest{};
    for (std::int64_t who = 7101; who < 7121; ++who) {
        const auto begun = clock::now();
        EXPECT_EQ(join(free, who).verdict, verdict::accepted);
        slowest = std::max(slowest, clock::now() - begun);
    }
    EXPECT_LT(slowest, 1s);
    EXPECT_FALSE(answered);
    holder->rollback();
    waits.join();
}

TEST_F(LockedGuild, KeepsItsOwnOrder) {
    const auto first = static_cast<std::int64_t>(log_kinds(w).size()) + 1;
    static_cast<void>(join(locked, 7001)); // From now on their direct messages belong there.
    const auto second = static_cast<std::int64_t>(log_kinds(w).size()) + 1;
    ASSERT_GT(second, first);
    lock();
    std::vector<std::thread> threads;
    threads.emplace_back([&] { static_cast<void>(join(locked, 7002)); });
    std::this_thread::sleep_for(60ms);
    threads.emplace_back([&] {
        const onboarding::message_received yes{member_id{7001}, "yes"};
        static_cast<void>(narrow->handle({{}, member_of(member_id{7001}), "", "", yes}));
    });
    std::this_thread::sleep_for(60ms);
    threads.emplace_back([&] { static_cast<void>(join(locked, 7003)); });
    std::this_thread::sleep_for(60ms);
    holder->rollback();
    for (std::thread& t : threads) {
        t.join();
    }
    const std::vector<std::string> said = subjects(locked, second);
    const auto place = [&](const std::string& subject) {
        const auto found = std::find(said.begin(), said.end(), subject);
        EXPECT_NE(found, said.end()) << subject;
        return found;
    };
    const auto session = session_of(w, member_id{7001})->session.id;
    EXPECT_LT(place("member:7002"), place("session:" + std::to_string(session.value())));
    EXPECT_LT(place("session:" + std::to_string(session.value())), place("member:7003"));
}

TEST_F(LockedGuild, IsNotWaitedForForEver) {
    how.patience = 300ms;
    start();
    lock();
    EXPECT_THROW(static_cast<void>(join(locked, 7001)), store::sql_error);
    EXPECT_EQ(join(free, 7101).verdict, verdict::accepted);
    holder->rollback();
    EXPECT_EQ(join(locked, 7001).verdict, verdict::accepted);
}

} // namespace
} // namespace patt::engine_tests
