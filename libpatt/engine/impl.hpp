/// @file
/// The engine's inside: one writer connection, the inputs that wait for it, and what is kept warm.
#pragma once

#include "engine/apply.hpp"
#include "engine/flows.hpp"
#include "engine/loader.hpp"
#include "engine/match_index.hpp"
#include "engine/name_index.hpp"
#include "store/outbox_repository.hpp"
#include "store/timer_repository.hpp"

#include <patt/engine/engine.hpp>
#include <patt/text/catalogue.hpp>

#include <condition_variable>
#include <deque>
#include <exception>
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

/// One input on its way through the engine.
struct task {
    guild_id guild;
    origin from;
    std::string reason;
    std::string key;
    std::variant<const command*, timer_fired, effect_ended, perform_inside> what;

    reply answer;
    std::exception_ptr failed;
    bool done = false;
};

/// What one input runs in.
struct input_scope {
    store::connection& db;
    store::guild_row& guild;
    const policy::guild_settings& settings;
    const policy::actor& actor;
    context ctx;
    std::optional<store::open_claim> ending; ///< The effect whose outcome this input is.
};

class engine::impl {
public:
    impl(std::shared_ptr<store::database> database, ports world, options how);

    /// Runs the tasks, together with those of other threads where possible.
    void submit(std::span<task> tasks);
    run_report run_once(duration budget);
    shown_reply show(guild_id guild, const reply& what);
    policy::guild_settings settings(guild_id guild);

private:
    /// Runs something on the writer connection while nobody else does.
    template <class Work>
    void with_writer(Work work) {
        std::unique_lock lock(mutex_);
        turn_.wait(lock, [&] { return !busy_; });
        busy_ = true;
        lock.unlock();
        const struct give_back {
            impl& self;
            ~give_back() {
                const std::scoped_lock again(self.mutex_);
                self.busy_ = false;
                self.turn_.notify_all();
            }
        } when_done{*this};
        work();
    }

    // engine.cpp: the transaction loop.
    void run_batch(std::span<task* const> batch);
    enum class isolation : std::uint8_t { none, savepoints };
    bool try_batch(std::span<task* const> batch, isolation between);
    void roll_back();
    void commit();
    void run_alone(task& t);
    void execute_in_savepoint(task& t);
    void execute(task& t);
    /// After a rollback: what is kept warm may rest on rows that never came to be.
    void forget_warm() noexcept {
        settings_.clear();
        names_.forget();
        matching_.forget();
    }

    // execute.cpp: from a task to its decision.
    reply run_command(task& t, const command& what);
    reply run_timer(task& t, const timer_fired& what);
    reply run_effect(task& t, const store::claimed_effect& claim, const effect_outcome* outcome);
    reply refuse_unknown_guild(const task& t) const;
    guild_id route(const task& t);
    store::guild_row* hold(guild_id guild);
    void save_held();
    template <class Run>
    reply in_guild(task& t, Run run);
    template <class Facts, class Command>
    change_set decide_with(load_context& from, Facts& facts, const Command& command, context& ctx);
    change_set decide_command(load_context& from, input_scope& in, const command& what);
    std::optional<change_set> decide_matching(load_context& from, input_scope& in, const command& what);
    template <class Write>
    void write_matched(load_context& from, input_scope& in, const change_set& changes, Write write);

    // roster_import.cpp: the import as a job.
    change_set begin_import(load_context& from, input_scope& in, const import_roster& what);
    change_set run_job_chunk(load_context& from, input_scope& in, job_id job);

    // dispatch.cpp: effects.
    std::vector<store::claimed_effect> claim_due(instant now);
    bool held_back(const store::claimed_effect& claim);
    const policy::guild_settings& settings_at_claim(guild_id guild);
    void postpone(std::span<const task> tasks, instant now);
    instant next_due();
    effect_outcome perform(const store::claimed_effect& claim);
    effect_outcome change_roles(guild_id guild, const set_roles& what, const std::string& key);
    outgoing render(guild_id guild, const text_ref& what, const prompt& question, member_id mention);
    text::surroundings surroundings_of(guild_id guild, const policy::guild_settings& settings);

    std::shared_ptr<const policy::guild_settings> settings_of(store::connection& db,
                                                              const store::guild_row& guild);
    static id_sequence next_ids(instant now, std::int64_t last);

    std::shared_ptr<store::database> database_;
    ports world_;
    options how_;
    flow_book flows_;
    text::catalogue catalogue_;
    std::mutex catalogue_mutex_; ///< Formatting fills its cache.
    std::unique_ptr<store::connection> writer_;
    name_index names_;
    match_index matching_;
    salt_source salts_;
    std::uint64_t seed_ = 0;
    bool released_ = false;

    /// The rows of the guilds that the running transaction has locked; written back once, at its end.
    struct held_guild {
        store::guild_row row;
        progress since_read = progress::none;
    };
    std::unordered_map<guild_id, held_guild> held_;

    struct known_settings {
        std::int64_t version = -1;
        std::shared_ptr<const policy::guild_settings> values;
    };
    std::unordered_map<guild_id, known_settings> settings_;
    /// As they were when the effects that are being performed were claimed.
    std::unordered_map<guild_id, std::shared_ptr<const policy::guild_settings>> claimed_under_;

    std::mutex mutex_;
    std::condition_variable turn_;
    std::deque<task*> waiting_;
    bool busy_ = false;
};

} // namespace patt::engine
