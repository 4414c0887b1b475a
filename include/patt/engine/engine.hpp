/// @file
/// The engine: takes inputs, decides, commits, performs effects. The one class that an embedder starts with.
///
/// @code
/// patt::engine::engine e(patt::store::open_sqlite("guild.db"), ports, options);
/// e.handle({guild, {}, "", "", patt::onboarding::member_joined{...}});
/// e.run_once(std::chrono::seconds(1)); // effects and timers
/// @endcode
///
/// @par Threads  `handle` may be called from any thread; inputs that wait while another is committed share
/// one transaction. `run_once` and the queries are called by one thread at a time. The engine starts no
/// thread.
/// @par Errors  Refusals are in the reply. A failure (the database is gone, an invariant is broken) is thrown
/// as `patt::failure`; nothing of that input was written.
#pragma once

#include <patt/decision/change_set.hpp>
#include <patt/engine/command.hpp>
#include <patt/engine/ports.hpp>
#include <patt/log/entry.hpp>
#include <patt/policy/settings.hpp>
#include <patt/result.hpp>
#include <patt/store/db.hpp>
#include <patt/text/message.hpp>

#include <chrono>
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

struct options {
    std::string
        instance_key; ///< At least 16 bytes, secret: derives invite codes. Keep it: codes depend on it.
    std::vector<std::string> flows; ///< More flow documents (JSON), besides the built-in newcomer.
    int batch = 64;                 ///< At most so many inputs share a transaction.
    int claims = 32; ///< At most so many effects are claimed at once. 0: this engine performs none, for
                     ///< programs beside the one host of a SQLite database that does.
    duration claim_timeout = std::chrono::minutes(2); ///< A claim older than this is taken for lost.
};

/// What one turn did.
struct run_report {
    int inputs = 0;   ///< Timers, outcomes and chunks of jobs decided.
    int effects = 0;  ///< Effects tried.
    instant next_due; ///< When there is something to do again; none when nothing is planned.
};

/// A reply as it is shown: one or more messages, the last one with the question.
struct shown_reply {
    std::vector<text::message> messages;
    prompt question;
};

class engine {
public:
    /// Opens connections and reads the flows. @throws failure when a flow document is broken.
    engine(std::shared_ptr<store::database> database, ports world, options how);
    engine(const engine&) = delete;
    engine& operator=(const engine&) = delete;
    ~engine();

    /// Decides about one input and commits. Returns after the commit.
    [[nodiscard]] reply handle(const input& what);
    /// Several at once: one transaction where possible, each with its own reply in order.
    [[nodiscard]] std::vector<reply> handle_all(std::span<const input> what);

    /// Does what is due: timers, chunks of jobs, effects. Ends when nothing is due or `budget` is used up.
    run_report run_once(duration budget);

    /// Renders what a reply says, in the guild's language.
    [[nodiscard]] shown_reply show(guild_id guild, const reply& what);

    [[nodiscard]] policy::guild_settings settings(guild_id guild);

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace patt::engine
