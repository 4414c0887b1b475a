// What happens around the newcomers: the game's roster, the officers, the switches, and what breaks.

#include "simulation/life.hpp"

#include <patt/engine/queries.hpp>
#include <patt/text/name_key.hpp>

#include <fmt/core.h>

#include <algorithm>

namespace patt::simulation {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const engine::origin local{policy::actor_kind::local_operator, {}};

} // namespace

void life::set(std::size_t guild, std::string key, std::string text) {
    deliver(game_.guilds()[guild].id, local, engine::change_setting{std::move(key), std::move(text)});
}

void life::plan_world() {
    for (std::size_t g = 0; g < game_.guilds().size(); ++g) {
        for (int day = 0; day < how_.days; ++day) {
            const duration morning = hours(24 * day);
            for (int quarter = 0; quarter < 4; ++quarter) {
                after(morning + chance_.span(hours(6 * quarter), hours(6 * quarter + 6)), [this, g] {
                    change_roster(g);
                    const bool broken = how_.faults != fault_level::none && chance_.chance(120);
                    static const std::vector<roster_shape> bad = {roster_shape::empty, roster_shape::cut,
                                                                  roster_shape::half};
                    import_roster(g, broken ? chance_.pick(bad) : roster_shape::whole);
                });
            }
            after(morning + chance_.span(hours(8), hours(22)), [this, g] { officers_look(g); });
            if (chance_.chance(250)) {
                after(morning + chance_.span(hours(1), hours(23)), [this, g] { turn_switch(g); });
            }
        }
    }
    if (how_.faults == fault_level::none) {
        return;
    }
    const int faults_a_day = how_.faults == fault_level::light ? 6 : 72;
    for (int i = 0; i < how_.days * faults_a_day; ++i) {
        after(chance_.span(minutes(5), hours(24 * how_.days)), [this] { something_breaks(); });
    }
}

void life::change_roster(std::size_t guild) {
    game_guild& g = game_.guilds()[guild];
    const int changes = static_cast<int>(g.characters.size()) / 80 + 1;
    for (int i = 0; i < changes; ++i) {
        const std::size_t which = 1 + chance_.below(g.characters.size() - 1); // The leader stays.
        game_character& c = g.characters[which];
        const int roll = chance_.between(0, 99);
        if (roll < 15) {
            game_.add_character(g, 4);
            to_.count("roster_new");
        } else if (roll < 55 && c.present) {
            c.rank = std::clamp(c.rank + (chance_.chance(500) ? 1 : -1), 1, 6);
            to_.count("roster_rank_changes");
            if (c.rank <= g.officer_rank) {
                to_.sometimes("promoted to officer");
            }
        } else if (roll < 65 && c.present) {
            game_.rename(c);
            to_.count("roster_renames");
        } else if (roll < 85 && c.present) {
            c.present = false;
            to_.count("roster_departures");
        } else if (roll >= 85 && !c.present) {
            c.present = true;
            to_.count("roster_returns");
        }
        note(fmt::format("game {} {} {} {} {}", g.id.value(), c.game.value(), c.plain, c.rank,
                         c.present ? "present" : "gone"));
    }
}

void life::import_roster(std::size_t guild, roster_shape shape) {
    const game_guild& g = game_.guilds()[guild];
    if (shape != roster_shape::whole) {
        to_.fault("roster incomplete");
        to_.sometimes(shape == roster_shape::empty ? "roster empty"
                      : shape == roster_shape::cut ? "roster truncated"
                                                   : "roster halved");
    }
    trust_.roster_told(g, shape, clock_.now());
    to_.count("rosters");
    deliver(g.id, local, engine::import_roster{game_.roster(g, shape), {}, "scheduled"});
}

void life::officer(std::size_t guild, onboarding::officer_verb verb, std::size_t who,
                   const std::string& character) {
    const game_guild& g = game_.guilds()[guild];
    to_.sometimes(fmt::format("officer: {}", onboarding::to_string(verb)));
    note(fmt::format("officer {} {} {} {}", onboarding::to_string(verb), g.id.value(),
                     person(who).member.value(), character));
    deliver(g.id, {policy::actor_kind::member, g.owner},
            onboarding::officer_action{verb, person(who).member, character},
            [this, guild = g.id, who, named = !character.empty()](const reply& answer) {
                if (named && answer.verdict == verdict::accepted && person(who).present) {
                    trust_.moved(guild, person(who).member, character_of(person(who)).game);
                }
            });
}

void life::officer_does(std::size_t guild, const integrity::issue& about) {
    using integrity::issue_type;
    using onboarding::officer_verb;
    const std::size_t who = find(game_.guilds()[guild].id, about.about.member);
    if (who >= people_.size() || !person(who).present || chance_.chance(200)) {
        return;
    }
    const newcomer& n = person(who);
    const bool liar = n.manner == manner::takes_over || n.manner == manner::imposter;
    const game_character& c = character_of(n);
    switch (about.type) {
    case issue_type::privileged_claim:
    case issue_type::ownership_conflict:
        if (!liar && c.present) {
            trust_.confirmed(game_.guilds()[guild].id, n.member, c.game);
            officer(guild, officer_verb::resolve, who, fmt::format("{}-{}", c.name, c.realm));
        } else {
            officer(guild, officer_verb::dismiss, who, "");
        }
        break;
    case issue_type::unverified_new_member: {
        const int roll = chance_.between(0, 9);
        if (roll < 3) {
            officer(guild, officer_verb::resolve, who, "");
        } else if (roll < 5) {
            officer(guild, officer_verb::dismiss, who, "");
        } else if (roll < 8) {
            officer(guild, officer_verb::retry, who, "");
        }
        break;
    }
    case issue_type::effect_failed:
    case issue_type::dm_unreachable:
        officer(guild, officer_verb::retry, who, "");
        break;
    default:
        break;
    }
}

void life::officers_look(std::size_t guild) {
    if (ending_) {
        return;
    }
    engine::queries look(*real_);
    const guild_id id = game_.guilds()[guild].id;
    for (const integrity::issue& i : look.open_issues(id)) {
        officer_does(guild, i);
    }
    const std::size_t anybody = chance_.below(people_.size());
    if (person(anybody).guild == guild && person(anybody).present) {
        officer(guild, onboarding::officer_verb::start, anybody, "");
    }
}

void life::turn_switch(std::size_t guild) {
    static const std::vector<std::string> switches = {"sending.enabled", "sending.invite",
                                                      "sending.onboarding", "sending.announcements",
                                                      "sending.officers"};
    const bool all = chance_.chance(200);
    const std::string which = all ? "maintenance.enabled" : chance_.pick(switches);
    to_.sometimes(all ? "maintenance" : "switch turned off");
    set(guild, which, all ? "on" : "off");
    after(chance_.span(minutes(10), hours(12)),
          [this, guild, which, all] { set(guild, which, all ? "off" : "on"); });
}

void life::something_breaks() {
    if (ending_) {
        return;
    }
    const int roll = chance_.between(0, 99);
    if (roll < 55) {
        break_store();
    } else if (roll < 65) {
        if (engine_) {
            to_.fault("process dropped");
            crash("without warning");
        }
    } else {
        break_chat();
    }
}

void life::break_store() {
    strike s;
    const int where = chance_.between(0, 9);
    s.at = where < 4 ? strike_at::statement : where < 8 ? strike_at::commit : strike_at::chat_call;
    s.side = chance_.chance(500) ? strike_side::before : strike_side::after;
    s.way =
        s.at == strike_at::chat_call || chance_.chance(500) ? strike_way::ends_process : strike_way::fails;
    static const std::vector<store::sql_errc> errors = {store::sql_errc::serialization, store::sql_errc::lost,
                                                        store::sql_errc::io, store::sql_errc::full};
    s.error = chance_.pick(errors);
    s.countdown = s.at == strike_at::statement ? chance_.between(1, 80)
                  : s.at == strike_at::commit  ? chance_.between(1, 8)
                                               : chance_.between(1, 3);
    script_.next = s;
}

void life::break_chat() {
    const int roll = chance_.between(0, 99);
    if (roll < 40) {
        to_.fault("chat call fails");
        to_.sometimes("chat call fails");
        static_cast<void>(chat_.add_fault(testing::fails(chance_.between(1, 4))));
    } else if (roll < 80) {
        to_.fault("chat answer lost");
        to_.sometimes("chat answer lost");
        static const std::vector<testing::chat_operation> calls = {testing::chat_operation::send,
                                                                   testing::chat_operation::post,
                                                                   testing::chat_operation::replace_roles};
        // One throw a statement: in which order arguments are evaluated is up to the compiler.
        const int times = chance_.between(1, 2);
        static_cast<void>(chat_.add_fault(testing::loses_answer(times, chance_.pick(calls))));
    } else {
        to_.fault("chat outage");
        to_.sometimes("chat outage");
        chat_.set_outage(testing::outage::on);
        after(chance_.chance(150) ? chance_.span(hours(2), hours(9)) : chance_.span(minutes(1), hours(1)),
              [this] { chat_.set_outage(testing::outage::off); });
    }
}

} // namespace patt::simulation
