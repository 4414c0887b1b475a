#include "hosts/guilds.hpp"

#include "postgres/walls.hpp"

#include <patt/engine/system.hpp>
#include <patt/result.hpp>
#include <patt/store/migrations.hpp>
#include <patt/store/sqlite.hpp>
#include <patt/testing/fake_chat.hpp>
#include <patt/testing/roster_text.hpp>
#include <patt/testing/world.hpp>

#include <chrono>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace patt::hosts {
namespace {

constexpr int ranks = 5;

/// Rank 4 or 3 for who play, so that no officer has to confirm them.
int rank_of_newcomer(int number) {
    return 4 - number % 2;
}

void accept(const reply& answer) {
    if (answer.verdict != verdict::accepted) {
        throw failure("a guild cannot be made: " + (answer.why ? answer.why->detail : std::string{}));
    }
}

std::vector<engine::input> beginning(guild_id guild) {
    std::vector<engine::input> out;
    const auto add = [&](engine::command what) {
        engine::input in;
        in.guild = guild;
        in.from = {policy::actor_kind::local_operator, {}};
        in.command = std::move(what);
        out.push_back(std::move(in));
    };
    const auto set = [&](std::string key, std::string text) {
        add(engine::change_setting{std::move(key), std::move(text)});
    };
    add(engine::create_guild{"Guild " + std::to_string(guild.value()), owner_of(guild)});
    std::string roles;
    for (int rank = 0; rank < ranks; ++rank) {
        roles +=
            (rank == 0 ? "" : ",") + std::to_string(rank) + "=" + std::to_string(in_guild(guild, 100 + rank));
    }
    set("ranks.roles", roles);
    set("channels.landing", std::to_string(in_guild(guild, 11)));
    set("channels.welcome", std::to_string(in_guild(guild, 12)));
    set("channels.audit", std::to_string(in_guild(guild, 13)));
    set("guild.home_realm", "Senjin");
    set("sending.announcements", "on");
    set("sending.enabled", "on");
    engine::import_roster roster;
    roster.snapshot = testing::roster_from_text(roster_of(guild, 0));
    roster.cause = "manual";
    add(std::move(roster));
    return out;
}

constexpr std::string_view file_scheme = "sqlite:";

bool is_file(const std::string& where) {
    return where.starts_with(file_scheme);
}

std::shared_ptr<store::database> open_file(const std::string& where) {
    return store::open_sqlite(where.substr(file_scheme.size()));
}

store::postgres_options time_outs() {
    store::postgres_options how;
    if (std::getenv(as_in_production) == nullptr) {
        how.deadline = std::chrono::seconds(3);
        how.statement_timeout = std::chrono::milliseconds(2500);
        how.idle_transaction_timeout = std::chrono::milliseconds(1500); // Shorter than a lease, as there.
    }
    return how;
}

} // namespace

std::int64_t in_guild(guild_id guild, std::int64_t number) {
    return guild.value() * 100'000 + number;
}

member_id owner_of(guild_id guild) {
    return member_id{in_guild(guild, 900)};
}

member_id newcomer_of(guild_id guild, int number) {
    return member_id{in_guild(guild, 1000 + number)};
}

std::string character_name(int number) {
    std::string out = "Q";
    // Each letter three times, so that a name is never taken for a slip of the pen of another.
    for (int i = 0, rest = number; i < 3; ++i, rest /= 20) {
        out += std::string(3, static_cast<char>('a' + rest % 20));
    }
    return out;
}

role_id role_of(guild_id guild, int newcomer, int) {
    return role_id{in_guild(guild, 100 + rank_of_newcomer(newcomer))};
}

int members_of_a_roster() {
    const char* told = std::getenv("PATT_HOSTS_MEMBERS");
    return told == nullptr ? size{}.members : std::atoi(told);
}

std::string roster_of(guild_id, int number) {
    std::string out;
    const int members = members_of_a_roster();
    for (int i = 0; i < members; ++i) {
        const bool plays = i < members / 2;
        const int rank = plays ? rank_of_newcomer(i) : 3 + (i + number) % 2;
        out += character_name(i) + "-Senjin, Mage, " + std::to_string(rank) + "\n";
    }
    return out;
}

std::shared_ptr<store::database> open_database(const std::string& where) {
    return is_file(where) ? open_file(where) : postgres::open_walled(where, time_outs());
}

std::shared_ptr<store::database> open_whole(const std::string& where) {
    return is_file(where) ? open_file(where) : store::open_postgres(where, time_outs());
}

void make_guilds(const std::string& where, const size& how) {
    engine::system_clock clock;
    engine::system_entropy entropy;
    testing::fake_chat nobody(static_cast<engine::clock&>(clock));
    if (is_file(where)) {
        const auto migrated =
            store::migrate(*open_file(where)->connect(), store::built_in_migrations(), clock.now());
        if (!migrated) {
            throw failure("cannot migrate: " + migrated.err().detail);
        }
    } else {
        postgres::raise_walls(where);
    }
    const auto database = open_database(where);
    engine::options options;
    options.instance_key = instance_key;
    engine::engine engine(database, {nobody, clock, entropy}, options);
    for (int g = 1; g <= how.guilds; ++g) {
        for (const reply& answer : engine.handle_all(beginning(guild_id{g}))) {
            accept(answer);
        }
    }
    testing::settle(engine);
}

std::string chat_world(const size& how) {
    testing::manual_clock clock;
    testing::fake_chat chat(clock);
    for (int g = 1; g <= how.guilds; ++g) {
        const guild_id guild{g};
        for (int rank = 0; rank < ranks; ++rank) {
            chat.add_role(guild,
                          {role_id{in_guild(guild, 100 + rank)}, "Rank " + std::to_string(rank), 0, false});
        }
        for (const int number : {11, 12, 13}) {
            chat.add_channel(guild, {channel_id{in_guild(guild, number)}, "channel"});
        }
        for (int n = 0; n < how.newcomers; ++n) {
            chat.add_member(guild, {newcomer_of(guild, n), character_name(n), {}});
        }
    }
    return chat.to_json();
}

} // namespace patt::hosts
