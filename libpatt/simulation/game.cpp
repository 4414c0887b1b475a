#include "simulation/game.hpp"

#include <patt/text/realm.hpp>

#include <algorithm>
#include <array>
#include <cctype>

namespace patt::simulation {

namespace {

constexpr std::array syllables = {"ka",  "ro", "mi", "the", "lu", "san",  "dor", "ve", "na",   "gri", "zo",
                                  "pel", "ta", "ur", "il",  "bo", "quen", "fa",  "ni", "shar", "wo",  "ge"};
const std::vector<std::string> realms = {"Senjin", "Quel'Thalas", "Area 52", "Durotan"};

/// Classes of the game that a roster document names by these numbers.
constexpr int classes = 13;

std::string capital(std::string text) {
    text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return text;
}

/// The spelling with one accent, where there is a letter for it.
std::string accented(const std::string& plain, std::size_t from) {
    constexpr std::array<std::pair<char, const char*>, 5> accents{
        {{'a', "á"}, {'e', "é"}, {'i', "í"}, {'o', "ö"}, {'u', "û"}}};
    const std::string shown = capital(plain);
    for (std::size_t i = std::max<std::size_t>(from, 1); i < shown.size(); ++i) {
        for (const auto& [letter, accent] : accents) {
            if (shown[i] == letter) {
                return shown.substr(0, i) + accent + shown.substr(i + 1);
            }
        }
    }
    return shown;
}

int any_rank(dice& chance) {
    const int roll = chance.between(0, 99);
    return roll < 4 ? 1 : roll < 20 ? 2 : roll < 60 ? 3 : roll < 90 ? 4 : 6;
}

} // namespace

game::game(dice& chance, int members)
    : chance_(chance) {
    const std::array shares = {50, 30, 20};
    const std::array names = {"Amber Oath", "Cobalt Vigil", "Umber Circle"};
    for (std::size_t i = 0; i < shares.size(); ++i) {
        game_guild g;
        const auto base = static_cast<std::int64_t>(i + 1);
        g.id = guild_id{base};
        g.name = names[i];
        g.owner = member_id{9000 + base};
        g.landing = channel_id{base * 10 + 1};
        g.welcome = channel_id{base * 10 + 2};
        g.audit = channel_id{base * 10 + 3};
        for (int rank = 0; rank < 5; ++rank) {
            g.rank_roles.emplace_back(base * 100 + rank);
        }
        g.claim_max_rank = i == 1 ? 4 : 2; // The second guild is strict: a claim gives its lowest role.
        add_character(g, 0);
        for (int n = 0; n < 30 + members * shares[i] / 100 * 6 / 5; ++n) {
            add_character(g, any_rank(chance_));
        }
        guilds_.push_back(std::move(g));
    }
}

std::string game::fresh_plain() {
    for (;;) {
        std::string out;
        const int parts = chance_.between(2, 4);
        for (int i = 0; i < parts; ++i) {
            out += syllables[chance_.below(syllables.size())];
        }
        if (out.size() >= 4 && out.size() <= 12 && taken_.insert(out).second) {
            return out;
        }
    }
}

void game::spell(game_character& who) {
    who.name = chance_.chance(200) ? accented(who.plain, chance_.below(3)) : capital(who.plain);
}

std::size_t game::add_character(game_guild& to, int rank) {
    game_character c;
    c.game = game_id{next_game_++};
    const game_character* namesake =
        to.characters.size() > 10 && chance_.chance(40) ? &chance_.pick(to.characters) : nullptr;
    c.plain = namesake != nullptr ? namesake->plain : fresh_plain();
    c.realm = chance_.pick(realms);
    if (namesake != nullptr) { // Another realm, so that the two are told apart.
        c.realm = namesake->realm == realms[0] ? realms[1] : realms[0];
    }
    const auto same = [&](const game_character& o) { return o.plain == c.plain && o.realm == c.realm; };
    if (std::any_of(to.characters.begin(), to.characters.end(), same)) {
        c.plain = fresh_plain();
    }
    spell(c);
    c.slug = text::realm_slug(c.realm);
    c.class_id = chance_.between(1, classes);
    c.level = chance_.between(10, 80);
    c.rank = rank;
    to.characters.push_back(std::move(c));
    return to.characters.size() - 1;
}

void game::rename(game_character& who) {
    who.plain = fresh_plain();
    spell(who);
}

std::shared_ptr<const identity::roster_snapshot> game::roster(const game_guild& of,
                                                              roster_shape shape) const {
    auto out = std::make_shared<identity::roster_snapshot>();
    out->source = "simulation";
    std::vector<const game_character*> present;
    for (const game_character& c : of.characters) {
        if (c.present) {
            present.push_back(&c);
        }
    }
    std::size_t count = present.size();
    if (shape == roster_shape::empty) {
        count = 0;
    } else if (shape != roster_shape::whole) {
        count /= 2;
    }
    for (std::size_t i = 0; i < count; ++i) {
        const game_character& c = *present[i];
        identity::roster_entry e;
        e.game = c.game;
        e.name = c.name;
        e.realm_slug = c.slug;
        e.realm_name = c.realm;
        e.class_id = c.class_id;
        e.level = c.level;
        e.rank = c.rank;
        out->entries.push_back(std::move(e));
    }
    if (shape == roster_shape::cut) {
        out->delivery = identity::roster_delivery::cut;
        out->announced = present.size();
    } else {
        out->announced = count; // Half a roster that says it is whole: the hardest one to see through.
    }
    return out;
}

void build_chat(const game_guild& guild, testing::fake_chat& chat) {
    constexpr std::array names = {"Guild Leader", "Officer", "Veteran", "Member", "Initiate"};
    for (std::size_t i = 0; i < guild.rank_roles.size(); ++i) {
        // In the third guild the leader's role may administrate: PATT must never give it.
        const bool dangerous = guild.id.value() == 3 && i == 0;
        chat.add_role(guild.id, {guild.rank_roles[i], names[i], dangerous ? 8U : 0U, false});
    }
    chat.add_role(guild.id, {role_id{guild.id.value() * 100 + 50}, "Friend", 0, false});
    for (const channel_id where : {guild.landing, guild.welcome, guild.audit}) {
        chat.add_channel(guild.id, {where, "channel-" + std::to_string(where.value())});
    }
    chat.add_member(guild.id, {guild.owner, "owner", {}});
}

} // namespace patt::simulation
