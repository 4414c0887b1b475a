/// @file
/// A whole guild for a unit test: the engine on in-memory SQLite, a fake chat, and a clock that the test
/// turns.
///
/// @code
/// patt::testing::world w;
/// const auto zat = w.join("Zatanna");
/// w.say(zat, "yes");
/// w.say(zat, "Zatañña");
/// w.turn(std::chrono::hours(1));
/// EXPECT_THAT(w.last(zat), HasSubstr("..."));
/// @endcode
/// @par Threads  One at a time.
#pragma once

#include <patt/engine/engine.hpp>
#include <patt/testing/clock.hpp>
#include <patt/testing/fake_chat.hpp>
#include <patt/testing/roster_text.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::testing {

/// What is in the chat server of a `world`.
struct world_ids {
    guild_id guild{1};
    member_id owner{900};
    channel_id landing{11};
    channel_id welcome{12};
    channel_id audit{13};
    role_id gm{100};
    role_id officer{101};
    role_id veteran{102};
    role_id member{103};
    role_id initiate{104};
};

/// What a `world` begins with.
struct world_options {
    /// Where everything is kept; a fresh one in memory when there is none. It is migrated.
    std::shared_ptr<store::database> database;
    std::string roster =
        std::string(small_roster); ///< As `roster_from_text` reads it; empty: none is imported.
    /// Set after the defaults of a world (all switches of sending on, the rank map, the three channels).
    std::vector<std::pair<std::string, std::string>> settings;
    std::uint64_t seed = 1;       ///< Of the entropy, and so of ids, salts and jitter.
    engine::chat* chat = nullptr; ///< In place of the fake chat, for whoever wraps it; outlives the world.
    engine::options engine;
};

class world {
public:
    /// Migrates, makes the guild with its settings, and imports the roster. @throws failure when any of it is
    /// refused.
    explicit world(world_options how = {});
    world(const world&) = delete;
    world& operator=(const world&) = delete;
    ~world();

    /// Somebody joins the chat server, and the engine does what is due.
    member_id join(std::string_view name);
    void leave(member_id who);
    /// Somebody answers in their direct messages, and the engine does what is due.
    reply say(member_id who, std::string_view text);
    /// An officer's deed, by the owner unless named.
    reply officer(onboarding::officer_verb verb, member_id about, std::string_view character = {},
                  member_id by = {});
    /// Hands in any input of this guild and does what is due.
    reply handle(engine::command command, engine::origin from = {});
    /// Brings another roster in, to the end of the job.
    void import(std::string_view roster_text);
    /// @throws failure when it is refused.
    void set(std::string_view setting, std::string_view text);

    /// Does what is due now, until nothing is. @throws failure when that never ends.
    void settle();
    /// Lets time pass: the clock stops wherever something falls due, so that it happens at its time.
    void turn(duration by);
    /// The process ends and starts again on the same database: a new engine with other random bytes.
    void restart();

    /// The direct messages of somebody, as text.
    [[nodiscard]] std::vector<std::string> inbox(member_id who) const;
    /// The last one; empty when there is none.
    [[nodiscard]] std::string last(member_id who) const;
    /// What was posted in a channel, as text.
    [[nodiscard]] std::vector<std::string> posts(channel_id where) const;
    /// The roles that somebody has now.
    [[nodiscard]] std::vector<role_id> roles(member_id who) const;

    [[nodiscard]] const world_ids& ids() const noexcept { return ids_; }
    [[nodiscard]] manual_clock& clock() noexcept { return clock_; }
    [[nodiscard]] fake_chat& chat() noexcept { return chat_; }
    [[nodiscard]] engine::engine& engine() noexcept { return *engine_; }
    [[nodiscard]] store::database& database() noexcept { return *how_.database; }

private:
    void fill_chat();
    void make_guild();
    void start();

    world_ids ids_;
    world_options how_;
    manual_clock clock_;
    seeded_entropy entropy_;
    fake_chat chat_;
    std::unique_ptr<engine::engine> engine_;
    std::int64_t next_member_ = 1001;
};

/// Runs an engine until nothing is due at the clock's time.
/// @throws failure when that never ends.
engine::run_report settle(engine::engine& engine);

/// Turns a clock to `to`, stopping wherever something falls due, and runs the engine there.
/// @throws failure when something that is due never gets done.
void turn_to(engine::engine& engine, manual_clock& clock, instant to);

} // namespace patt::testing
