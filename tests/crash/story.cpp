#include "crash/story.hpp"

#include <patt/testing/fake_chat.hpp>
#include <patt/testing/roster_text.hpp>

#include <chrono>
#include <string_view>
#include <utility>

namespace patt::crash {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view later_roster = R"(
Zatañña-Senjin, Priest, 4
Zatalt-Senjin, Mage, 4
Mito-Senjin, Druid, 3
Trogmoon-Senjin, Warrior, 2
Trogmoon-Quelthalas, Hunter, 4
Boss-Senjin, Paladin, 0
Qwertzuiop-Senjin, Rogue, 3
)";

constexpr member_id owner{900};

/// Ids in the chat server differ from guild to guild.
std::int64_t in_guild(guild_id guild, std::int64_t number) {
    return guild.value() * 10'000 + number;
}

/// Collects steps; each input gets the next key.
class author {
public:
    void input(guild_id guild, engine::origin from, engine::command what) {
        engine::input in;
        in.guild = guild;
        in.from = from;
        in.key = "input-" + std::to_string(++inputs_);
        in.command = std::move(what);
        steps_.push_back({std::move(in), {}});
    }
    void turn(duration by) {
        now_ = now_ + by;
        steps_.push_back({std::nullopt, now_});
    }
    void set(guild_id guild, std::string key, std::string text) {
        input(guild, {policy::actor_kind::local_operator, {}},
              engine::change_setting{std::move(key), std::move(text)});
    }
    void join(guild_id guild, member_id who, std::string name) {
        onboarding::member_joined joined;
        joined.member = who;
        joined.username = name;
        joined.display_name = std::move(name);
        joined.joined_at = now_;
        input(guild, {}, joined);
    }
    void say(member_id who, std::string text) {
        input({}, {policy::actor_kind::member, who}, onboarding::message_received{who, std::move(text)});
    }
    void import(guild_id guild, std::string_view roster) {
        engine::import_roster what;
        what.snapshot = testing::roster_from_text(roster);
        what.cause = "manual";
        input(guild, {policy::actor_kind::local_operator, {}}, std::move(what));
        turn(1min);
    }
    void make_guild(guild_id guild) {
        input(guild, {policy::actor_kind::local_operator, {}},
              engine::create_guild{"Guild " + std::to_string(guild.value()), owner});
        std::string ranks;
        for (int rank = 0; rank < 5; ++rank) {
            ranks += (rank == 0 ? "" : ",") + std::to_string(rank) + "=" +
                     std::to_string(in_guild(guild, 100 + rank));
        }
        set(guild, "ranks.roles", ranks);
        set(guild, "channels.landing", std::to_string(in_guild(guild, 11)));
        set(guild, "channels.welcome", std::to_string(in_guild(guild, 12)));
        set(guild, "channels.audit", std::to_string(in_guild(guild, 13)));
        set(guild, "guild.home_realm", "Senjin");
        set(guild, "onboarding.verify_every", "8h");
        set(guild, "sending.announcements", "on");
        set(guild, "sending.enabled", "on");
        import(guild, testing::small_roster);
    }
    std::vector<step> take() { return std::move(steps_); }

private:
    std::vector<step> steps_;
    instant now_ = testing::first_moment;
    int inputs_ = 0;
};

author beginning() {
    author a;
    a.make_guild(first_guild);
    a.join(first_guild, zatanna, "Zatanna");
    a.turn(1min);
    a.say(zatanna, "yes");
    a.turn(1min);
    a.say(zatanna, "Zatañña");
    a.say(zatanna, "yep");
    a.turn(1min);
    a.say(zatanna, "Zatalt");
    a.turn(5min);
    return a;
}

} // namespace

std::vector<step> short_story() {
    author a = beginning();
    a.join(first_guild, mito, "Mito");
    a.turn(61min); // Silent: one nudge.
    a.say(mito, "yes");
    a.turn(1min);
    a.say(mito, "mito-senjin");
    a.turn(1min);
    a.say(mito, "yes");
    a.turn(1min);
    a.say(mito, "none");
    a.turn(2h);
    return a.take();
}

std::vector<step> story() {
    author a = beginning();
    a.make_guild(second_guild);
    a.join(second_guild, mito, "Mito");
    a.join(first_guild, stranger, "Stranger");
    a.join(first_guild, impostor, "Impostor");
    a.turn(61min);
    a.say(mito, "yes");
    a.say(stranger, "yes");
    a.turn(1min);
    a.say(mito, "mito-senjin");
    a.say(stranger, "Qwertzuiop");
    a.turn(1min);
    a.say(mito, "yes");
    a.say(stranger, "none");
    a.say(impostor, "yes");
    a.turn(1min);
    a.say(mito, "none");
    a.say(impostor, "Boss");
    a.say(impostor, "yes");
    a.say(impostor, "none");
    a.turn(25h); // The officers are told.
    a.import(first_guild, later_roster);
    a.turn(1h);
    a.input(first_guild, {}, onboarding::member_left{zatanna});
    a.turn(1h);
    return a.take();
}

std::string chat_world() {
    testing::manual_clock clock;
    testing::fake_chat chat(clock);
    for (const guild_id guild : {first_guild, second_guild}) {
        for (int rank = 0; rank < 5; ++rank) {
            chat.add_role(guild,
                          {role_id{in_guild(guild, 100 + rank)}, "Rank " + std::to_string(rank), 0, false});
        }
        for (const int number : {11, 12, 13}) {
            chat.add_channel(guild,
                             {channel_id{in_guild(guild, number)}, "channel " + std::to_string(number)});
        }
        for (const member_id member : {zatanna, mito, stranger, impostor}) {
            chat.add_member(guild, {member, "member " + std::to_string(member.value()), {}});
        }
    }
    return chat.to_json();
}

} // namespace patt::crash
