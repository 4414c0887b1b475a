// A program with PATT inside: a guild, somebody who joins, and the first question that they are asked.
#include <patt/engine/engine.hpp>
#include <patt/engine/system.hpp>
#include <patt/store/migrations.hpp>
#include <patt/store/sqlite.hpp>
#include <patt/testing/fake_chat.hpp> // in place of an adapter to your chat server

#include <iostream>

int main() {
    using namespace patt;
    const auto database = store::open_memory("embed"); // or open_sqlite("guild.db")
    engine::system_clock clock;
    engine::system_entropy entropy;
    testing::fake_chat chat(clock);
    (void)store::migrate(*database->connect(), store::built_in_migrations(), clock.now());

    engine::options options;
    options.instance_key = "a secret of this installation";
    engine::engine guilds(database, {chat, clock, entropy}, options);

    const guild_id guild{1};
    const member_id bob{1001};
    const engine::origin me{policy::actor_kind::local_operator, {}};
    (void)guilds.handle({guild, me, "", "", engine::create_guild{"Lantern Watch", member_id{900}}});
    (void)guilds.handle({guild, me, "", "", engine::change_setting{"sending.enabled", "on"}});

    chat.add_member(guild, {bob, "bob", {}});
    const onboarding::member_joined joined{bob, "bob", "Bob", {}, {}, {}};
    (void)guilds.handle({guild, {policy::actor_kind::member, bob}, "", "", joined});
    guilds.run_once(std::chrono::seconds(5)); // performs what was decided: here, the welcome

    for (const testing::chat_message& m : chat.inbox(bob)) {
        std::cout << text::as_lines(m.message) << '\n';
    }
    return chat.inbox(bob).size() == 1 ? 0 : 1;
}
