#include "bench/guild.hpp"

#include "store/character_repository.hpp"
#include "store/person_repository.hpp"

#include <patt/store/in_tx.hpp>
#include <patt/store/migrations.hpp>
#include <patt/testing/world.hpp>

#include <fmt/core.h>

#include <array>
#include <utility>

namespace patt::bench {
namespace {

constexpr std::int64_t first_newcomer = 500'000'000;
constexpr std::int64_t first_member = 1'000'000;
constexpr std::int64_t first_character = 10;
constexpr std::int64_t first_alt = 300'000'000;
constexpr std::int64_t first_link = 600'000'000;
constexpr int lowest = 4;
const engine::origin local_operator{policy::actor_kind::local_operator, {}};

identity::character character_of(std::int64_t id, std::string name) {
    identity::character c;
    c.id = character_id{id};
    c.game = game_id{id};
    c.name = std::move(name);
    c.realm_slug = "senjin";
    c.realm_name = "Senjin";
    c.class_id = static_cast<std::int32_t>(id % 13) + 1;
    c.level = 80;
    c.rank = lowest;
    c.first_seen = testing::first_moment;
    return c;
}

void expect_accepted(const reply& answer, std::string_view what) {
    if (answer.verdict != verdict::accepted) {
        throw failure(fmt::format("{} was refused: {}", what, answer.why ? answer.why->detail : ""));
    }
}

identity::link link_of(std::int64_t id, person_id person, identity::link_kind kind, std::int64_t target) {
    identity::link l;
    l.id = link_id{id};
    l.person = person;
    l.kind = kind;
    l.target = target;
    l.level = identity::assurance::confirmed;
    l.role = identity::claim_role::main;
    l.source = "officer";
    l.actor = "member:900";
    l.created_at = testing::first_moment;
    l.updated_at = testing::first_moment;
    return l;
}

void add_member(store::connection& db, guild_id guild, std::int64_t n) {
    const person_id person{first_member + n};
    const member_id who{first_member + n};
    store::put(db, guild, identity::person{person, name_of(n), testing::first_moment, testing::first_moment});
    identity::member m;
    m.id = who;
    m.person = person;
    m.username = name_of(n);
    m.display_name = name_of(n);
    m.roles = {role_id{104}};
    m.joined_at = m.first_seen = m.updated_at = testing::first_moment;
    store::put(db, guild, m);
    std::int64_t link = first_link + n * 3;
    store::put(db, guild, link_of(link++, person, identity::link_kind::member, who.value()));
    for (const std::int64_t id : {first_alt + n * 2, first_alt + n * 2 + 1}) {
        identity::character c = character_of(id, name_of(id));
        c.person = person;
        store::put(db, guild, c);
        store::put(db, guild, link_of(link++, person, identity::link_kind::character, id));
    }
}

} // namespace

effect_outcome quiet_chat::send(guild_id, member_id, const engine::outgoing&, std::string_view) {
    return {effect_error::none, "", "1", {}};
}
effect_outcome quiet_chat::post(guild_id, channel_id, const engine::outgoing&, std::string_view) {
    return {effect_error::none, "", "1", {}};
}
engine::fetched<engine::member_state> quiet_chat::fetch_member(guild_id, member_id) {
    return engine::member_state{};
}
engine::fetched<engine::role_state> quiet_chat::fetch_role(guild_id, role_id) {
    return engine::role_state{};
}
effect_outcome quiet_chat::replace_roles(guild_id, member_id, std::span<const role_id>, std::string_view) {
    return {effect_error::none, "", "", {}};
}

std::string name_of(std::int64_t n) {
    // Syllables of a number in base 30; multiplied so that neighbours differ in more than one of them.
    constexpr std::array<const char*, 30> syllables{
        "ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "wu", "da", "fe", "gi", "ho", "ju",
        "pa", "ze", "xi", "co", "qu", "an", "el", "ir", "os", "um", "ar", "en", "il", "or", "us"};
    auto rest =
        static_cast<std::uint64_t>(n) * 7'368'787U % 729'000'000U; // 30^6; the factor has no part in it
    std::string out;
    for (int i = 0; i < 6; ++i) {
        out += syllables[rest % syllables.size()];
        rest /= syllables.size();
    }
    out.front() = static_cast<char>(out.front() - 'a' + 'A');
    return out;
}

host::host(std::shared_ptr<store::database> on, engine::options how)
    : database(std::move(on))
    , engine(database, engine::ports{chat, clock, entropy}, [&] {
        how.instance_key = "an instance key for benchmarks only";
        return std::move(how);
    }()) {}

reply host::hand_in(guild_id guild, engine::command what) {
    return engine.handle({guild, local_operator, "", "", std::move(what)});
}

reply host::say(member_id who, std::string text) {
    return engine.handle(
        {{}, {policy::actor_kind::member, who}, "", "", onboarding::message_received{who, std::move(text)}});
}

void host::settle() {
    testing::settle(engine);
}

void migrate(store::database& database) {
    if (!store::migrate(*database.connect(), store::built_in_migrations(), testing::first_moment)) {
        throw failure("cannot migrate");
    }
}

void make_guild(host& at, guild_id guild, std::int64_t characters) {
    expect_accepted(at.hand_in(guild, engine::create_guild{"Benchmark", member_id{900}}), "the guild");
    const std::array<std::pair<const char*, const char*>, 8> settings{
        {{"ranks.roles", "0=100,1=101,2=102,3=103,4=104"},
         {"channels.landing", "11"},
         {"channels.welcome", "12"},
         {"channels.audit", "13"},
         {"guild.home_realm", "Senjin"},
         {"guild.signup_url", "https://guild.example/signup"},
         {"sending.announcements", "on"},
         {"sending.enabled", "on"}}};
    for (const auto& [key, text] : settings) {
        expect_accepted(at.hand_in(guild, engine::change_setting{key, text}), key);
    }
    const auto db = at.database->connect();
    store::in_tx(*db, store::tx_mode::write, [&] {
        db->enter_guild(guild);
        for (std::int64_t n = 0; n < characters; ++n) {
            store::put(*db, guild, character_of(first_character + n, name_of(n)));
        }
    });
}

void add_members(store::database& database, guild_id guild, std::int64_t members) {
    const auto db = database.connect();
    store::in_tx(*db, store::tx_mode::write, [&] {
        db->enter_guild(guild);
        for (std::int64_t n = 0; n < members; ++n) {
            add_member(*db, guild, n);
        }
    });
}

member_id newcomer(guild_id guild, std::int64_t n) {
    return member_id{first_newcomer + guild.value() * 1'000'000 + n};
}

engine::input join(guild_id guild, std::int64_t n) {
    onboarding::member_joined joined;
    joined.member = newcomer(guild, n);
    joined.username = name_of(n);
    joined.display_name = name_of(n);
    joined.joined_at = testing::first_moment;
    return {guild, {}, "", "", joined};
}

engine::input answer(guild_id guild, std::int64_t n, int which) {
    const std::array<std::string, answers> texts{"yes", name_of(n), "yes", "none"};
    const member_id who = newcomer(guild, n);
    return {{},
            {policy::actor_kind::member, who},
            "",
            "",
            onboarding::message_received{who, texts.at(static_cast<std::size_t>(which))}};
}

std::int64_t completed(store::database& database, guild_id guild) {
    const auto db = database.connect();
    const store::cursor rows = db->query(
        "SELECT COUNT(*) FROM session WHERE guild_id = $1 AND state = 'completed'", {guild.value()});
    return rows->next() ? rows->i64(0) : 0;
}

} // namespace patt::bench
