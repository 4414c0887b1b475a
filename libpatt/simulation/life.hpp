/// @file
/// One run: the world, the engine in it, and the queue of what will happen.
#pragma once

#include "simulation/checks.hpp"
#include "simulation/claims.hpp"
#include "simulation/dice.hpp"
#include "simulation/game.hpp"
#include "simulation/store_faults.hpp"
#include "simulation/trace.hpp"
#include "simulation/trust_oracle.hpp"
#include "simulation/watched_chat.hpp"

#include <patt/engine/engine.hpp>
#include <patt/testing/clock.hpp>
#include <patt/testing/fake_chat.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace patt::simulation {

/// What somebody is like.
enum class manner : std::uint8_t {
    honest,
    careless,   ///< Honest, with typos.
    plain,      ///< Honest, without accents.
    takes_over, ///< Claims a character that somebody else has or will have.
    imposter,   ///< Claims an officer's character.
    early,      ///< In the guild next week.
    unlisted,   ///< In the guild, but no roster knows it yet.
    visitor,    ///< Not in the guild, and never will be.
    silent,     ///< Never answers.
};

struct newcomer {
    member_id member;
    std::size_t guild = 0;
    std::string name;
    simulation::manner manner{};
    std::size_t character = 0; ///< Whom they say they are; theirs unless they lie.
    std::vector<std::size_t> alts;
    bool closed = false;  ///< Takes no direct messages.
    bool present = false; ///< In the chat server.
    bool told = true;     ///< PATT was told of the last coming or going.
    int answers = 0;
    int typos = 0;
};

class life {
public:
    /// @param database  Without guilds.
    /// @param checked   The same, every row of it.
    life(const options& how, std::shared_ptr<store::database> database,
         std::shared_ptr<store::database> checked);
    [[nodiscard]] report live();

private:
    using deed = std::function<void()>;
    using on_reply = std::function<void(const reply&)>;
    struct delivery {
        engine::input what;
        on_reply then;
        int tries = 0;
        std::optional<reply> expected; ///< A repetition: the same answer must come.
    };

    // life.cpp: time, the engine, and what is handed in.
    void at(instant when, deed what);
    void after(duration wait, deed what) { at(clock_.now() + wait, std::move(what)); }
    void go_on_until(instant end);
    [[nodiscard]] instant next_stop();
    void deliver(guild_id guild, engine::origin from, engine::command what, on_reply then = {});
    void hand_in();
    void answered(delivery done, const reply& answer);
    void turn();
    void rethrow_found() const;
    void start();
    void crash(std::string_view why);
    void trouble(std::string_view what);
    void set_up();
    void note(std::string line) { to_.lines.add(clock_.now(), line); }

    // life_people.cpp: who joins, and what they say.
    void plan_people();
    void join(std::size_t who);
    void leave(std::size_t who);
    void asked_in_panel(std::size_t who, const reply& answer);
    void asked(std::size_t who, const prompt& question, bool in_panel);
    void say(std::size_t who, const prompt& question, bool in_panel);
    [[nodiscard]] std::string answer_to(newcomer& n, const prompt& question);
    [[nodiscard]] std::string named(newcomer& n);
    [[nodiscard]] std::string chosen(newcomer& n, const prompt& question);
    [[nodiscard]] std::string chosen_alt(newcomer& n, const prompt& question);
    [[nodiscard]] std::string alts_of(newcomer& n);
    void self_serve(std::size_t who);
    [[nodiscard]] std::size_t find(guild_id guild, member_id member) const;
    void done_in_chat(const testing::ledger_entry& done, const engine::outgoing* what);

    // life_world.cpp: the game, officers, switches and faults.
    void plan_world();
    void change_roster(std::size_t guild);
    void import_roster(std::size_t guild, roster_shape shape);
    void officers_look(std::size_t guild);
    void officer_does(std::size_t guild, const integrity::issue& about);
    void officer(std::size_t guild, onboarding::officer_verb verb, std::size_t who,
                 const std::string& character);
    void turn_switch(std::size_t guild);
    void set(std::size_t guild, std::string key, std::string text);
    void something_breaks();
    void break_store();
    void break_chat();

    // life_end.cpp: faults stop, and the sums.
    void come_to_rest();
    void sum_up();

    newcomer& person(std::size_t who) { return people_[who]; }
    game_guild& guild_of(const newcomer& n) { return game_.guilds()[n.guild]; }
    game_character& character_of(const newcomer& n) { return guild_of(n).characters[n.character]; }

    options how_;
    journal to_;
    dice chance_;
    testing::manual_clock clock_;
    testing::seeded_entropy entropy_;
    testing::fake_chat chat_;
    game game_;
    claims said_;
    trust_oracle trust_;
    store_script script_;
    std::shared_ptr<store::database> real_;
    std::shared_ptr<store::database> checked_;
    std::shared_ptr<store::database> faulty_;
    std::unique_ptr<checks> watch_;
    std::unique_ptr<watched_chat> seen_chat_;
    std::unique_ptr<engine::engine> engine_;

    std::map<std::pair<instant, std::uint64_t>, deed> queue_;
    std::uint64_t next_deed_ = 0;
    std::uint64_t next_key_ = 0;
    std::deque<delivery> deliveries_;
    instant engine_due_;     ///< When the engine has something to do; none when nothing.
    instant troubled_until_; ///< After a failure the engine is left alone this long.
    instant down_until_;     ///< When the next process starts.
    bool ending_ = false;    ///< No new life: everything comes to rest.
    std::vector<newcomer> people_;
    std::map<std::pair<guild_id, member_id>, std::size_t> places_;
};

} // namespace patt::simulation
