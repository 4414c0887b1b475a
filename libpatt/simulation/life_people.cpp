// Who joins, what they are like, and what they say when they are asked.

#include "simulation/life.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace patt::simulation {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const std::vector<std::string> yes = {"yes", "Y", "yeah", "yep", "si", "sure", "👍", "Yes!"};
const std::vector<std::string> no = {"no", "nope", "not yet", "nah", "No, sorry"};
const std::vector<std::string> none = {"none", "no", "n/a", "-", "nothing"};
const std::vector<std::string> unclear = {"hm?", "what is this", "hello there"};

manner any_manner(dice& chance) {
    static const std::vector<std::pair<manner, int>> shares = {
        {manner::honest, 46},    {manner::careless, 10}, {manner::plain, 12},
        {manner::takes_over, 8}, {manner::imposter, 5},  {manner::early, 6},
        {manner::unlisted, 6},   {manner::visitor, 3},   {manner::silent, 4}};
    int roll = chance.between(0, 99);
    for (const auto& [which, share] : shares) {
        roll -= share;
        if (roll < 0) {
            return which;
        }
    }
    return manner::honest;
}

std::string capital(std::string text) {
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

duration answering_time(dice& chance) {
    const int roll = chance.between(0, 99);
    if (roll < 55) {
        return chance.span(seconds(20), minutes(10));
    }
    if (roll < 80) {
        return chance.span(minutes(10), hours(3));
    }
    return roll < 95 ? chance.span(hours(3), hours(24)) : chance.span(hours(24), hours(72));
}

} // namespace

void life::plan_people() {
    for (int i = 0; i < how_.members; ++i) {
        newcomer n;
        n.member = member_id{10'001 + i};
        n.guild = chance_.below(10) < 5 ? 0 : chance_.below(10) < 6 ? 1 : 2;
        n.name = fmt::format("player{}", i + 1);
        n.manner = any_manner(chance_);
        n.closed = chance_.chance(60);
        game_guild& g = game_.guilds()[n.guild];
        if (n.manner == manner::early || n.manner == manner::unlisted) {
            n.character = game_.add_character(g, chance_.between(3, 4));
            g.characters[n.character].present = false;
            g.characters[n.character].owned = true;
        } else {
            const auto wanted = [&](const game_character& c) {
                switch (n.manner) {
                case manner::imposter:
                    return c.rank <= g.officer_rank;
                case manner::takes_over:
                    return c.rank > g.officer_rank;
                default:
                    return !c.owned;
                }
            };
            do {
                n.character = chance_.below(g.characters.size());
            } while (!wanted(g.characters[n.character]));
            if (n.manner != manner::imposter && n.manner != manner::takes_over) {
                g.characters[n.character].owned = true;
            }
        }
        for (int alts = chance_.between(-1, 2); alts > 0; --alts) {
            n.alts.push_back(chance_.below(g.characters.size()));
        }
        people_.push_back(std::move(n));
    }
    // One in ten is in a second guild too, under the same account.
    const std::size_t first = people_.size();
    for (std::size_t i = 0; i < first; i += 10) {
        newcomer twin = people_[i];
        twin.guild = (twin.guild + 1) % game_.guilds().size();
        twin.manner = manner::honest;
        twin.alts.clear();
        game_guild& g = game_.guilds()[twin.guild];
        twin.character = game_.add_character(g, 4);
        g.characters[twin.character].owned = true;
        people_.push_back(std::move(twin));
    }
    const duration whole = hours(24) * how_.days;
    for (std::size_t i = 0; i < people_.size(); ++i) {
        places_[{guild_of(people_[i]).id, people_[i].member}] = i;
        // More at the beginning: the guild has just begun to use it.
        const duration last = chance_.chance(500) ? whole / 4 : whole * 9 / 10;
        after(chance_.span(minutes(1), last), [this, i] { join(i); });
    }
}

std::size_t life::find(guild_id guild, member_id member) const {
    const auto found = places_.find({guild, member});
    return found == places_.end() ? people_.size() : found->second;
}

void life::join(std::size_t who) {
    newcomer& n = person(who);
    if (n.present || ending_) {
        return;
    }
    n.present = true;
    n.told = true;
    const game_guild& g = guild_of(n);
    chat_.add_member(g.id, {n.member, n.name, {}});
    if (n.closed) {
        static_cast<void>(chat_.add_fault(testing::dm_closed(n.member)));
    }
    onboarding::member_joined joined;
    joined.member = n.member;
    joined.username = n.name;
    joined.display_name = n.name;
    joined.joined_at = clock_.now();
    to_.count("joins");
    deliver(g.id, {}, joined);
    if (chance_.chance(80)) {
        after(chance_.span(minutes(5), hours(24 * 6)), [this, who] { leave(who); });
    }
    if (n.manner == manner::early || n.manner == manner::unlisted) {
        after(chance_.span(hours(2), hours(60)), [this, who] {
            character_of(person(who)).present = true;
            to_.sometimes("recruited later");
        });
    }
}

void life::leave(std::size_t who) {
    newcomer& n = person(who);
    if (!n.present || ending_) {
        return;
    }
    n.present = false;
    const game_guild& g = guild_of(n);
    chat_.remove_member(g.id, n.member);
    trust_.left(g.id, n.member);
    to_.count("leaves");
    if (chance_.chance(100)) {
        n.told = false; // The bot was not there to hear of it.
        to_.sometimes("leaving missed");
    } else {
        deliver(g.id, {}, onboarding::member_left{n.member});
    }
    if (chance_.chance(600)) {
        after(chance_.span(minutes(2), hours(72)), [this, who] {
            to_.sometimes("rejoined");
            join(who);
        });
    }
}

/// The answer to what they wrote or pressed may be the next question.
void life::asked_in_panel(std::size_t who, const reply& answer) {
    if (answer.question.kind == prompt_kind::none) {
        return;
    }
    const auto& args = answer.text.args;
    const auto main =
        std::find_if(args.begin(), args.end(), [](const text_arg& a) { return a.name == "main"; });
    said_.asked(guild_of(person(who)).id, person(who).member, answer.question,
                main == args.end() ? std::string_view{} : main->value);
    asked(who, answer.question, true);
}

/// The chat shows them a question: they answer when they get to it, if they do.
void life::asked(std::size_t who, const prompt& question, bool in_panel) {
    newcomer& n = person(who);
    if (ending_ || ++n.answers > 40 || (n.manner == manner::silent && !chance_.chance(200))) {
        return;
    }
    const duration wait = in_panel ? chance_.span(seconds(10), minutes(3)) : answering_time(chance_);
    if (wait > hours(20)) {
        to_.sometimes("answered the next day");
    }
    after(wait, [this, who, question, in_panel] { say(who, question, in_panel); });
}

void life::say(std::size_t who, const prompt& question, bool in_panel) {
    newcomer& n = person(who);
    if (!n.present || ending_) {
        return;
    }
    const std::string text = answer_to(n, question);
    note(fmt::format("say {} {} {}", n.member.value(), question.step, text));
    said_.said(n.member, text);
    // A direct message names no guild, and words no question; a panel's button does both.
    const guild_id guild = in_panel ? guild_of(n).id : guild_id{};
    deliver(guild, {policy::actor_kind::member, n.member},
            onboarding::message_received{n.member, text, in_panel ? question.id : std::string{}},
            [this, who, in_panel](const reply& answer) {
                if (answer.why && answer.why->code == errc::invalid_input) {
                    to_.sometimes("unreadable answer");
                }
                if (in_panel) {
                    asked_in_panel(who, answer);
                }
            });
}

/// How they write the name of whom they say they are.
std::string life::named(newcomer& n) {
    const game_character& c = character_of(n);
    said_.named(n.member, c.plain);
    switch (n.manner) {
    case manner::careless: {
        if (n.typos++ != 0) {
            break; // They noticed.
        }
        std::string typed = capital(c.plain);
        std::swap(typed[typed.size() - 1], typed[typed.size() - 2]);
        std::string lower = typed;
        lower[0] = c.plain[0];
        said_.named(n.member, lower);
        to_.sometimes("typo in a name");
        return typed;
    }
    case manner::plain:
        to_.sometimes("accents left out");
        return capital(c.plain);
    case manner::takes_over:
        to_.sometimes("claims somebody else's character");
        break;
    case manner::imposter:
        to_.sometimes("claims an officer's character");
        break;
    default:
        break;
    }
    return chance_.chance(250) ? fmt::format("{}-{}", c.name, c.realm) : c.name;
}

std::string life::alts_of(newcomer& n) {
    std::string out;
    for (const std::size_t alt : n.alts) {
        const game_character& c = guild_of(n).characters[alt];
        said_.mentioned(n.member, c.plain);
        out += (out.empty() ? "" : ", ") + c.name;
    }
    return out.empty() ? chance_.pick(none) : out;
}

/// Picks their own among the offered ones, by its number.
std::string life::chosen(newcomer& n, const prompt& question) {
    const game_character& c = character_of(n);
    for (std::size_t i = 0; i < question.choices.size(); ++i) {
        const std::string& label = question.choices[i];
        if (label.starts_with(c.name + " ") && label.find(c.realm) != std::string::npos) {
            said_.named(n.member, c.plain);
            to_.sometimes(question.step == "which_main" ? "picked among several" : "picked after a typo");
            return std::to_string(i + 1);
        }
    }
    return chance_.pick(none);
}

/// Picks one of their alts among the offered ones, by its number.
std::string life::chosen_alt(newcomer& n, const prompt& question) {
    for (std::size_t i = 0; i < question.choices.size(); ++i) {
        const std::string& label = question.choices[i];
        for (const std::size_t alt : n.alts) {
            const game_character& c = guild_of(n).characters[alt];
            if (label.starts_with(c.name + " ") && label.find(c.realm) != std::string::npos) {
                to_.sometimes("picked an alt among several");
                return std::to_string(i + 1);
            }
        }
    }
    return chance_.pick(none);
}

std::string life::answer_to(newcomer& n, const prompt& question) {
    const bool member = n.manner != manner::visitor && (n.manner != manner::early || character_of(n).present);
    if (question.step == "in_guild") {
        return chance_.chance(40) ? chance_.pick(unclear) : chance_.pick(member ? yes : no);
    }
    if (question.step == "wait_for_guild") {
        if (!member) {
            to_.sometimes("not in the guild yet");
            return chance_.pick(no);
        }
        return chance_.chance(500) ? std::string("yes, I am in now") : named(n);
    }
    if (question.step == "that_you") {
        return chance_.chance(30) ? chance_.pick(no) : chance_.pick(yes);
    }
    if (question.step == "which_main" || question.step == "did_you_mean") {
        return chosen(n, question);
    }
    if (question.step == "alts" || question.step == "alts_unknown") {
        return alts_of(n);
    }
    if (question.step == "which_alt" || question.step == "alt_did_you_mean") {
        return chosen_alt(n, question);
    }
    return named(n);
}

/// They press the button in the landing channel, or use the command.
void life::self_serve(std::size_t who) {
    newcomer& n = person(who);
    if (!n.present || ending_) {
        return;
    }
    to_.sometimes("self-service after closed messages");
    deliver(guild_of(n).id, {policy::actor_kind::member, n.member}, onboarding::self_service{n.member},
            [this, who](const reply& answer) { asked_in_panel(who, answer); });
}

void life::done_in_chat(const testing::ledger_entry& done, const engine::outgoing* what) {
    note(fmt::format("done {} {} {} {} {}", testing::to_string(done.operation), done.guild.value(),
                     done.target, done.key, to_hex(sha256(done.content))));
    ++to_.out.effects[std::string(testing::to_string(done.operation))];
    if (done.operation == testing::chat_operation::replace_roles) {
        const auto wrong = trust_.roles_replaced(done);
        to_.check(promise::trust, !wrong, [&] { return *wrong; });
        return;
    }
    if (done.operation == testing::chat_operation::send) {
        const std::size_t who = find(done.guild, member_id{done.target});
        if (who < people_.size() && what->question.kind != prompt_kind::none) {
            said_.asked(done.guild, member_id{done.target}, what->question, main_in(what->message.content));
            asked(who, what->question, false);
        }
        return;
    }
    const std::size_t who = what->mention ? find(done.guild, what->mention) : people_.size();
    if (who < people_.size() && done.key.starts_with("landing:")) {
        after(chance_.span(minutes(2), hours(6)), [this, who] { self_serve(who); });
    }
}

} // namespace patt::simulation
