/// @file
/// The engine: takes inputs, decides, commits, performs effects. The one class that an embedder starts with.
///
/// @code
/// patt::engine::engine e(patt::store::open_sqlite("guild.db"), ports, options);
/// e.handle({guild, {}, "", "", patt::onboarding::member_joined{...}});
/// e.run_once(std::chrono::seconds(1)); // effects and timers
/// @endcode
///
/// Several engines, in one process or in many, may work on one database. Each holds leases on a share of the
/// guilds, performs their effects and fires their timers; one that dies is replaced within the lease's
/// length.
///
/// @par Threads  `handle` may be called from any thread; inputs that wait while another is committed share
/// one transaction. `dispatch`, `keep_leases`, `listen`, `interrupt`, `metrics` and the leases may be called
/// from any thread too, `run_once` and `run_timers` by one thread at a time. The engine starts no thread;
/// `runner` does.
/// @par Errors  Refusals are in the reply. A failure (the database is gone, an invariant is broken) is thrown
/// as `patt::failure`; nothing of that input was written. A commit whose answer was lost is looked up, so an
/// input either happened and is answered, or is run again; only when the database stays away for longer than
/// `options::patience` it fails with `outcome_unknown`.
#pragma once

#include <patt/decision/change_set.hpp>
#include <patt/engine/command.hpp>
#include <patt/engine/lease.hpp>
#include <patt/engine/metrics.hpp>
#include <patt/engine/ports.hpp>
#include <patt/log/entry.hpp>
#include <patt/policy/settings.hpp>
#include <patt/result.hpp>
#include <patt/store/db.hpp>
#include <patt/text/message.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace patt::engine {

/// What the engine works with. All outlive it.
struct ports {
    engine::chat& chat;
    engine::clock& clock;
    engine::entropy& entropy;
};

/// Whether an engine that starts waits for the leases of others to run out.
enum class takeover : std::uint8_t {
    by_database,  ///< `at_once` where the database is in this process (SQLite), else `when_expired`.
    at_once,      ///< It was the only host and takes what the one before it left. Safe, but rude to others.
    when_expired, ///< Others may be alive.
};

struct options {
    std::string
        instance_key; ///< At least 16 bytes, secret: derives invite codes. Keep it: codes depend on it.
    std::vector<std::string> flows; ///< More flow documents (JSON), besides the built-in newcomer.
    int batch = 64;                 ///< At most so many inputs share a transaction.
    /// So many connections carry inputs, each those of its share of the guilds. More than one makes sense
    /// where the database can write for several guilds at once (PostgreSQL).
    /// Beside them a host on PostgreSQL has up to three for claims, leases and timers, and one to be woken
    /// by.
    int writers = 1;
    /// Connections that the host opens besides, those of its `queries`, say. Only told to `patt doctor`.
    int other_connections = 0;
    int claims = 32; ///< At most so many effects of a guild are claimed at once. 0: this engine performs none
                     ///< and holds no lease, for programs beside the hosts that do.
    int in_flight_per_guild = 4; ///< At most so many effects of a guild are performed at once by `dispatch`.
    duration heartbeat = std::chrono::seconds(2); ///< How often leases are renewed.
    duration lease_ttl = std::chrono::seconds(6); ///< How long a host that is silent keeps its leases.
    takeover start = takeover::by_database;
    /// How often it looks for work that nobody told it of; a little more or less, by chance.
    duration poll = std::chrono::seconds(1);
    /// How long an input waits for a database that went away before it fails.
    duration patience = std::chrono::seconds(30);
    std::string host_name = {}; ///< For people, in the list of hosts.
};

/// A database that could not be asked whether a commit took place. Handing the input in again with the same
/// key finds out.
class outcome_unknown : public failure {
public:
    using failure::failure;
};

/// What a commit made due.
enum class news : std::uint8_t {
    effects, ///< Effects alone.
    timers,  ///< Timers, and maybe effects.
};

/// What one turn did.
struct run_report {
    int inputs = 0;   ///< Timers, outcomes and chunks of jobs decided.
    int effects = 0;  ///< Effects tried.
    int failed = 0;   ///< Of the inputs: those that could not be decided. See `engine::on_failure`.
    instant next_due; ///< When there is something to do again (after `run_timers`: a timer); none: nothing.
};

/// A reply as it is shown: one or more messages, the last one with the question.
struct shown_reply {
    std::vector<text::message> messages;
    prompt question;
};

class engine {
public:
    /// Opens connections, reads the flows. @throws failure (a broken flow document), `schema_outdated`.
    engine(std::shared_ptr<store::database> database, ports world, options how);
    engine(const engine&) = delete;
    engine& operator=(const engine&) = delete;
    ~engine();

    /// Decides about one input and commits. Returns after the commit.
    [[nodiscard]] reply handle(const input& what);
    /// Several at once: one transaction where possible, each with its own reply in order.
    [[nodiscard]] std::vector<reply> handle_all(std::span<const input> what);

    /// Does what is due: leases, timers, chunks of jobs, effects. Ends when nothing is due or `budget` is
    /// used up.
    run_report run_once(duration budget);
    /// The same without effects and leases, beside threads that call `dispatch` and `keep_leases`.
    run_report run_timers(duration budget);
    /// Performs effects on the calling thread: waits up to `wait` for one that is due, then goes on for some
    /// milliseconds and commits their outcomes together. @return how many.
    int dispatch(duration wait);
    /// Tells the others that this host is alive, renews its leases, takes and gives back partitions, when
    /// that is due. @return how long until it is due again.
    duration keep_leases();
    /// Waits up to `most` for other hosts to tell of work, and tells them. @return false where no host can
    /// (one process has the database for itself): do not call it again.
    bool listen(duration most);
    /// Makes waiting calls of `dispatch` and `listen` return, now and from now on.
    void interrupt() noexcept;
    /// Called after commits that made work due now, from whatever thread committed, several at once. It must
    /// not call the engine, whose thread would wait for itself, and not throw: what it throws is counted
    /// (`engine_metrics::news_failed`) and goes no further. When this returns, the one before is not running
    /// any more.
    void on_work(std::function<void(news)> what);
    /// Told about each timer and each outcome of an effect that could not be decided for a reason that time
    /// alone does not mend, from whatever thread it was; otherwise as `on_work`. A timer fires again in a
    /// minute; an outcome was tried three times, and its effect counts as failed, with an issue.
    void on_failure(std::function<void(const std::string&)> what);

    /// Takes a lease of any kind and key, such as `sync` of a guild. @return none while another host has it.
    [[nodiscard]] std::optional<lease> take_lease(const std::string& kind, std::int64_t key, duration ttl);
    /// @return false when it was lost; then it is not trusted any more.
    [[nodiscard]] bool renew_lease(lease& held, duration ttl);
    void release_lease(const lease& held);
    /// Whether a lease may still be acted under, by the monotonic clock. For acts outside the database; those
    /// inside name it in `input::under`.
    [[nodiscard]] bool trusts(const lease& held);

    [[nodiscard]] engine_metrics metrics() const;
    /// This host's random number.
    [[nodiscard]] std::int64_t boot_id() const noexcept;

    /// Renders what a reply says, in the guild's language.
    [[nodiscard]] shown_reply show(guild_id guild, const reply& what);

    [[nodiscard]] policy::guild_settings settings(guild_id guild);

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace patt::engine
