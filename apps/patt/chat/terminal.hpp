/// @file
/// The terminal in which one plays members and officers against the engine: a line in, what happened out.
#pragma once

#include "screen.hpp"
#include "words.hpp"
#include "world.hpp"

#include <patt/engine/engine.hpp>
#include <patt/engine/queries.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace patt::cli::chat {

/// What a terminal is made of. All but `open` outlive it.
struct setup {
    std::function<std::shared_ptr<store::database>()> open; ///< Called again after each restart.
    engine::entropy& entropy;
    std::string instance_key;
    guild_id guild;
    chat::world& world;
    chat::screen& out;
};

enum class flow_of_lines : std::uint8_t { go_on, quit };

class terminal {
public:
    explicit terminal(setup how);
    terminal(const terminal&) = delete;
    terminal& operator=(const terminal&) = delete;
    ~terminal();

    /// Takes one typed line, runs the engine until it is idle and prints what happened.
    flow_of_lines take(std::string_view typed);
    /// Who is being played; empty: nobody yet.
    [[nodiscard]] std::string speaker() const;

    struct command {
        std::string_view name;
        std::string_view arguments;
        std::string_view what;
        void (terminal::*run)(std::string_view arguments);
    };
    /// Every command, in the order of the help text.
    [[nodiscard]] static std::span<const command> commands();

private:
    // People (people.cpp).
    void join(std::string_view arguments);
    void leave(std::string_view arguments);
    void bot(std::string_view arguments);
    void speak_as(std::string_view arguments);
    void say(member_id who, std::string_view text);
    void pattsync(std::string_view arguments);
    void role(std::string_view arguments);
    // Time, faults and the game (world_commands.cpp).
    void clock(std::string_view arguments);
    void fault(std::string_view arguments);
    void restart(std::string_view arguments);
    void change_game(std::string_view arguments);
    void sync(std::string_view arguments);
    void import(std::string_view arguments);
    // Officers (officer_commands.cpp).
    void officer(std::string_view arguments);
    void set(std::string_view arguments);
    void owner(std::string_view arguments);
    void invite(std::string_view arguments);
    // Looking (look_commands.cpp).
    void inbox(std::string_view arguments);
    void channel(std::string_view arguments);
    void roles(std::string_view arguments);
    void status(std::string_view arguments);
    void sessions(std::string_view arguments);
    void issues(std::string_view arguments);
    void links(std::string_view arguments);
    void roster(std::string_view arguments);
    void log(std::string_view arguments);
    void ledger(std::string_view arguments);
    void timers(std::string_view arguments);
    void help(std::string_view arguments);
    void quit(std::string_view arguments);

    void run_command(std::string_view typed);
    /// The member that a word names. Says so when there is none.
    [[nodiscard]] std::optional<member_id> find(std::string_view word);
    /// Whose command it is: the member spoken as on this line, else the operator at the machine.
    [[nodiscard]] engine::origin origin() const;
    reply hand_in(guild_id guild, engine::origin from, engine::command what);
    void show_reply(std::string_view to, const reply& what);
    void settle();
    void print_news();
    void print(const testing::ledger_entry& entry);
    void bring_in(std::shared_ptr<const identity::roster_snapshot> snapshot,
                  std::vector<identity::character_profile> profiles);
    void start_engine();
    /// Without Markdown's escapes; remembers an invite code that it shows.
    [[nodiscard]] std::string plain(std::string_view markdown);
    [[nodiscard]] std::string role_list(const std::vector<role_id>& roles) const;
    void refuse(std::string_view why) { how_.out.say(tone::refused, "!", why); }

    setup how_;
    std::shared_ptr<store::database> database_;
    std::unique_ptr<engine::engine> engine_;
    std::unique_ptr<engine::queries> look_;
    std::optional<member_id> speaker_;
    std::optional<member_id> speaker_of_line_;
    std::set<member_id> on_panel_; ///< Whose questions come in replies, not as direct messages.
    std::size_t seen_ = 0;         ///< Entries of the chat's ledger that were printed.
    instant shown_time_;
    std::string last_code_; ///< The invite code that was shown last.
    flow_of_lines next_ = flow_of_lines::go_on;
};

} // namespace patt::cli::chat
