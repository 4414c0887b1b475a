// Looking from several threads, with a bounded number of connections.
#include "engine/engine_fixture.hpp"

#include <thread>

namespace patt::engine_tests {
namespace {

TEST(Queries, AreAskedByManyThreadsAtOnce) {
    world w;
    const member_id zat = w.join("Zat");
    engine::queries q(w.database(), {.most = 2, .patience = 60s, .connections = {}});
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 20; ++n) {
                EXPECT_EQ(q.session_of(w.ids().guild, zat)->session.step, "in_guild");
                EXPECT_FALSE(q.guilds().empty());
            }
        });
    }
}

TEST(Queries, SayWhenAllConnectionsAreInUse) {
    world w;
    engine::queries q(w.database(), {.most = 1, .patience = 10ms, .connections = {}});
    q.each_event(w.ids().guild, 1, [&](const log::row&) {
        EXPECT_THROW(static_cast<void>(q.guilds()), store::sql_error) << "the walk has the only one";
        return false;
    });
    EXPECT_EQ(q.guilds().size(), 1U);
}

} // namespace
} // namespace patt::engine_tests
