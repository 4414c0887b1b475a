/// @file
/// What the tests of the engine share: a world with a way to look into it, and a second one on the same
/// database.
#pragma once

#include <patt/engine/queries.hpp>
#include <patt/testing/world.hpp>

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace patt::engine_tests {

using namespace std::chrono_literals;

inline const engine::origin at_the_machine{policy::actor_kind::local_operator, {}};

inline engine::origin member_of(member_id who) {
    return {policy::actor_kind::member, who};
}

/// An empty one of the kind that this program tests on: `on_sqlite.cpp`, `on_postgres.cpp`.
std::shared_ptr<store::database> fresh_database();

/// One without even the tables.
std::shared_ptr<store::database> empty_database();

/// A connection of the test's own to the engine's database. It sees and may change every row, where the
/// engine itself has to enter a guild or the queues first.
std::unique_ptr<store::connection> beside(store::database& engine);

/// A guild on such a database.
class world : public testing::world {
public:
    explicit world(testing::world_options how = {})
        : testing::world(with_database(std::move(how))) {}

private:
    static testing::world_options with_database(testing::world_options how) {
        if (!how.database) {
            how.database = fresh_database();
        }
        return how;
    }
};

inline onboarding::member_joined joined(member_id who, instant at) {
    return {who, "user" + std::to_string(who.value()), "User " + std::to_string(who.value()),
            {},  identity::account_kind::human,        at};
}

/// Somebody joins both the fake chat and the engine, without what is due being done.
inline reply join_quietly(testing::world& w, member_id who, guild_id guild = guild_id{1}) {
    w.chat().add_member(guild, {who, "User", {}});
    return w.engine().handle({guild, {}, "", "", joined(who, w.clock().now())});
}

inline std::optional<engine::session_info> session_of(testing::world& w, member_id who,
                                                      guild_id guild = guild_id{1}) {
    return engine::queries(w.database()).session_of(guild, who);
}

inline std::vector<std::string> log_kinds(testing::world& w, guild_id guild = guild_id{1}) {
    std::vector<std::string> out;
    engine::queries(w.database()).each_event(guild, 1, [&](const log::row& r) {
        out.push_back(r.kind);
        return true;
    });
    return out;
}

/// The whole chain is as it was written.
inline void expect_whole_log(testing::world& w, guild_id guild = guild_id{1}) {
    engine::queries q(w.database());
    const auto head = q.log_head(guild);
    ASSERT_TRUE(head.has_value());
    const log::report report = q.verify_log(guild, head);
    EXPECT_FALSE(report.first.has_value()) << report.first->sentence;
    EXPECT_GT(report.rows, 0);
}

} // namespace patt::engine_tests
