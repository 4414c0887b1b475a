/// @file
/// One connection that carries inputs, those that wait for it, and what it keeps warm.
#pragma once

#include "engine/apply.hpp"
#include "engine/loader.hpp"
#include "engine/locked_guilds.hpp"
#include "engine/match_index.hpp"
#include "engine/parts.hpp"
#include "engine/patience.hpp"
#include "store/claim_repository.hpp"
#include "store/inbox_repository.hpp"
#include "store/outbox_repository.hpp"
#include "store/timer_repository.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <unordered_map>
#include <variant>

namespace patt::engine {

/// A timer fell due.
struct timer_fired {
    store::timer_row timer;
};
/// An effect was tried through a port.
struct effect_ended {
    store::claimed_effect claim;
    effect_outcome outcome;
};
/// An effect of class `internal` is to be performed.
struct perform_inside {
    store::claimed_effect claim;
};

/// Effects of one guild that went well and mean nothing else: `onboarding::ends_quietly`.
struct effects_done {
    std::vector<effect_ended> effects;
};

/// What becomes of an input whose guild somebody else holds for long: its caller waits, or gets it back as
/// busy.
enum class when_locked : std::uint8_t { waits, comes_back };

/// The outcome of an effect could not be decided, and would not be however often it was tried.
struct effect_undecided {
    store::claimed_effect claim;
    std::string why;
};

/// One input on its way through the engine.
struct task {
    guild_id guild;
    origin from;
    std::string reason;
    std::string key;
    std::variant<const command*, timer_fired, effect_ended, perform_inside, effects_done, effect_undecided>
        what;
    const lease* under = nullptr;
    when_locked if_locked = when_locked::waits;
    int tries = 0;     ///< How often its transaction failed before: `unwritten_outcomes`.
    int undecided = 0; ///< Of these: for a reason that time alone does not mend.

    std::uint64_t place = 0; ///< Among those that wait for the writer.
    guild_id routed;         ///< Where it was found to belong: a direct message names no guild.
    bool set_aside = false;  ///< Somebody else has locked its guild; it waits for another transaction.
    reply answer;
    std::exception_ptr failed;
    bool done = false;
};

using known_reply = std::optional<store::asked<std::optional<std::string>>>;

/// What was asked for an input before its turn came.
struct asked_ahead {
    guild_id guild;
    known_reply known;
    std::optional<member_load> member;
    std::optional<store::asked<std::optional<store::open_claim>>> claim;
    asked_owner owner;
};

/// What one input runs in.
struct input_scope {
    store::connection& db;
    store::guild_row& guild;
    const policy::guild_settings& settings;
    const policy::actor& actor;
    context ctx;
    asked_ahead ahead;
    std::optional<store::open_claim> ending; ///< The effect whose outcome this input is.
};

class writer {
public:
    explicit writer(engine_parts& parts);

    /// Runs the tasks, together with those of other threads where possible. Returns after their commit.
    void submit(std::span<task* const> tasks);

    /// Runs something on the connection while nobody else does.
    template <class Work>
    void alone(Work work) {
        std::unique_lock lock(mutex_);
        turn_.wait(lock, [&] { return !busy_; });
        busy_ = true;
        lock.unlock();
        const struct give_back {
            writer& self;
            ~give_back() {
                const std::scoped_lock again(self.mutex_);
                self.busy_ = false;
                self.turn_.notify_all();
            }
        } when_done{*this};
        if (!connection_) {
            reconnect();
        }
        work(*connection_);
    }
    /// A new connection in place of a lost one, inside `alone`.
    void reconnect();

    /// The settings of a guild, inside `alone`.
    [[nodiscard]] std::shared_ptr<const policy::guild_settings> settings_of(const store::guild_row& guild);

private:
    enum class isolation : std::uint8_t { none, savepoints };
    /// How an attempt at a transaction ended.
    enum class attempt : std::uint8_t {
        kept,
        again,
        failed,
        over, ///< The database stays away: nothing of the batch is run any more.
    };

    // writer.cpp: the transaction loop.
    [[nodiscard]] bool comes_back(const task& t, guild_id guild, locked_guilds::time_point now) const;
    std::vector<task*> next_batch();
    void hand_back(std::span<task* const> batch);
    void run_batch(std::span<task* const> batch);
    attempt run_alone(task& t, patience& patient);
    attempt try_batch(std::span<task* const> all, isolation between, patience& patient);
    attempt recover(std::span<task* const> batch, const store::sql_error& e, const std::exception_ptr& why,
                    patience& patient);
    static void fail(std::span<task* const> batch, const std::exception_ptr& why);
    std::vector<task*> begin(std::span<task* const> batch);
    void route_all(std::span<task* const> batch);
    std::vector<task*> lock_ahead(std::span<task* const> batch);
    std::vector<guild_id> find_locked(std::span<const guild_id> wanted);
    void roll_back();
    void commit();
    void tell();
    void execute_all(std::span<task* const> batch, isolation between);
    void execute_in_savepoint(task& t);
    void execute(task& t);
    void forget_warm() noexcept;

    // ahead.cpp: what several inputs will want, asked together.
    void execute_in_waves(std::span<task* const> batch);
    void execute_free(std::vector<task*> rest);
    void ask_ahead(std::span<task* const> wave);
    [[nodiscard]] asked_ahead take_ahead(const task& t, guild_id guild);

    // recovery.cpp: lost connections, and commits whose answer was lost.
    struct evidence {
        guild_id guild;
        std::optional<log::head> head; ///< Of the log, as the transaction would have left it.
        std::string key;               ///< Of an input that it would have remembered.
    };
    void reconnect(patience& patient);
    [[nodiscard]] bool happened(const evidence& proof, patience& patient);
    [[nodiscard]] bool look_up(const evidence& proof);
    [[nodiscard]] evidence collect_evidence() const;

    // execute.cpp: from a task to its decision.
    reply run_command(task& t, const command& what);
    reply create(task& t, const create_guild& what);
    reply run_timer(task& t, const timer_fired& what);
    reply run_effect(task& t, const store::claimed_effect& claim, const effect_outcome* outcome);
    reply run_done(task& t, const effects_done& what);
    reply run_undecided(task& t, const effect_undecided& what);
    // outcomes.cpp
    change_set end(load_context& from, input_scope& in, const store::claimed_effect& claim,
                   const effect_outcome* outcome);
    change_set end_quietly(load_context& from, input_scope& in, const effects_done& what);
    change_set end_undecided(load_context& from, input_scope& in, const effect_undecided& what);
    reply refuse_unknown_guild(const task& t) const;
    guild_id route(const task& t);
    std::optional<guild_id> seen_before(const task& t, const store::dm_routes& routes);
    void enter(guild_id guild);
    store::guild_row* hold(guild_id guild, const task& t, known_reply& known);
    void save_held();
    template <class Run>
    reply in_guild(task& t, Run run);
    void note_work(guild_id guild, const change_set& changes, const std::optional<store::open_claim>& ending,
                   instant now);
    void remember(task& t, guild_id guild, const change_set& changes, instant now);
    change_set decide_command(load_context& from, input_scope& in, const command& what);

    // writer_matching.cpp
    std::optional<change_set> decide_matching(load_context& from, input_scope& in, const command& what);
    void write_matched(load_context& from, input_scope& in, const change_set& changes,
                       const std::function<void(const change_set&)>& write);

    // roster_import.cpp: the import as a job.
    change_set begin_import(load_context& from, input_scope& in, const import_roster& what);
    change_set run_job_chunk(load_context& from, input_scope& in, job_id job);

    static id_sequence next_ids(instant now, std::int64_t last);

    engine_parts& parts_;
    bool begun_ = false;           ///< The transaction of the running attempt.
    std::exception_ptr not_begun_; ///< Why the last attempt could not even begin.
    std::unique_ptr<store::connection> connection_;
    match_index matching_;
    salt_source salts_;

    /// The rows of the guilds that the running transaction has locked; written back once, at its end.
    struct held_guild {
        store::guild_row row;
        std::int64_t read_seq = 0; ///< The head of its log as it was read.
        progress since_read = progress::none;
    };
    std::map<guild_id, held_guild> held_;
    std::unordered_map<member_id, guild_id> routed_; ///< Where direct messages of the batch belong.
    std::unordered_map<const task*, asked_ahead> ahead_;
    guild_id entered_;                   ///< The guild that row-level security lets through.
    evidence remembered_;                ///< An input that the running transaction remembers.
    std::map<guild_id, made_work> made_; ///< What the running transaction will have made.

    struct known_settings {
        std::int64_t version = -1;
        std::shared_ptr<const policy::guild_settings> values;
    };
    std::unordered_map<guild_id, known_settings> settings_;

    std::mutex mutex_;
    std::condition_variable turn_;
    std::deque<task*> waiting_; ///< By their places.
    std::uint64_t last_place_ = 0;
    bool busy_ = false;
    locked_guilds locked_; ///< Belongs to whoever carries inputs, and to nobody else while `busy_`.
};

} // namespace patt::engine
