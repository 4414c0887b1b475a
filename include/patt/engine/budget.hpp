/// @file
/// The shared budget: how many calls of an API (Battle.net, Discord) may begin now, over all hosts of a
/// database.
///
/// @code
/// patt::engine::budget budget(database, clock, {.apis = {{"battle.net",
/// patt::budget::battle_net_limits()}}}); const auto may = budget.take("battle.net",
/// patt::budget::urgency::normal, guild, 1); if (may.tokens == 0) { ask again at may.again; } else if
/// (std::chrono::steady_clock::now() < may.use_before) { call; } else { budget.give_back(may, may.tokens); }
/// @endcode
///
/// @par What is guaranteed  If every call begins before its `use_before`, then in **any** interval as long as
/// a limit's span, wherever it begins, at most `limit::tokens` calls begin, summed over all hosts, whatever
/// of them is killed, stopped or cut off; and at most so many arrive, if their ways differ by no more than
/// `api_limits::transit`. Calls that are not urgent never use the reserve. This rests on two things: no
/// host's monotonic clock runs apart from the database's clock by more than a thousandth, and the database's
/// clock is not set forward (set back it only costs time). For this a token counts a little longer than its
/// span (its life in hand, the transit, a slot of a sixtieth): under full load somewhat less than the limit
/// is used, about six sevenths with the defaults.
/// @par Fairness  Hosts get shares by the number of their guilds that wait, guilds of one host are served in
/// turn; of those that wait all the time none gets more than a bundle ahead of another. Urgent and normal
/// calls weigh the same, four of them go for each bulk call; urgent ones have the reserve on top.
/// @par A host that dies  loses what it has in hand: at most `budget_options::most_in_hand` tokens of each
/// class, for their life in hand and a span; what it waited for is kept for it a quarter of a second.
/// @par Threads  All functions may be called from any thread; a call that needs the database holds up the
/// others of the same object for as long. No thread is started.
/// @par Errors  `store::sql_error` when the database cannot be asked; then nothing was granted. `failure` for
/// an API that is not in the options, and for a row that another version wrote and this one cannot read.
#pragma once

#include <patt/budget/limits.hpp>
#include <patt/engine/ports.hpp>
#include <patt/ids.hpp>
#include <patt/store/db.hpp>
#include <patt/time.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::engine {

struct budget_options {
    /// The limits by the API's name. All hosts of a database give the same ones; a new span counts from its
    /// first use.
    std::map<std::string, patt::budget::api_limits, std::less<>> apis;
    std::int64_t host = 0; ///< The host's random boot id; 0: one is made.
    /// How long tokens may be in hand. Doubled by itself while the database takes more than half of it to
    /// answer.
    duration in_hand = std::chrono::milliseconds(100);
    std::int64_t most_in_hand = 25; ///< Tokens of one class that are taken at once.
    /// The monotonic clock; for tests. By default `std::chrono::steady_clock::now`.
    std::function<std::chrono::steady_clock::time_point()> monotonic;
};

/// What `take` answers.
struct allowance {
    std::int64_t tokens = 0; ///< So many calls may begin; 0 to as many as were asked for.
    /// Before this. A call that has not begun then must not begin: give it back.
    std::chrono::steady_clock::time_point use_before;
    /// With fewer than asked for: ask again then, not before. Whoever comes later than a quarter of a second
    /// after it has to queue up again.
    std::chrono::steady_clock::time_point again;

    /// @name For `give_back`.
    /// @{
    std::string api;
    patt::budget::urgency cls = patt::budget::urgency::normal;
    std::int64_t generation = 0;
    instant used_until;
    /// @}
};

class budget {
public:
    /// Connects at the first call. @param time  Asked where the database has no clock of its own. Outlives
    /// this.
    budget(std::shared_ptr<store::database> database, clock& time, budget_options how);
    budget(const budget&) = delete;
    budget& operator=(const budget&) = delete;
    /// Does not ask the database: what is in hand runs out by itself. Call `settle` before for a clean end.
    ~budget();

    /// Takes tokens for calls on behalf of a guild. With fewer than it wants the guild waits for the rest.
    /// @param tokens  At least 1; less is taken for 1.
    [[nodiscard]] allowance take(std::string_view api, patt::budget::urgency cls, guild_id guild,
                                 std::int64_t tokens = 1);
    /// Gives back tokens whose calls have not begun and will not begin.
    void give_back(const allowance& what, std::int64_t tokens);
    /// The guild does not wait any more; else it is forgotten after a quarter of a second.
    void stop_waiting(std::string_view api, patt::budget::urgency cls, guild_id guild);
    /// The API answered 429: nothing more begins, on no host, before `retry_after` has passed. This host
    /// stops at once, the others when the tokens in their hands end (`budget_options::in_hand`).
    /// @param cls  The class that is frozen; all of them without one.
    void freeze(std::string_view api, std::optional<patt::budget::urgency> cls, duration retry_after);
    /// Gives everything in hand back to the other hosts: before a host ends.
    void settle();

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

/// What is used of one limit's span.
struct budget_window {
    duration span{};
    std::array<std::int64_t, patt::budget::urgencies> used{}; ///< By class; with what is in hand somewhere.
};

/// One API's budget as it stands, for `/metrics` and people.
struct budget_info {
    std::string api;
    instant changed; ///< When a host last took from it; `windows` are of that time.
    std::vector<budget_window> windows;
    std::array<instant, patt::budget::urgencies> frozen_until{}; ///< None: never was.
    std::int64_t hosts_waiting = 0;
    std::int64_t guilds_waiting = 0;
    std::int64_t tokens_wanted = 0;
    instant waiting_since; ///< Of the one that waits longest; none when nobody waits.
};

/// The budgets of a database, by the APIs' names. One that this version cannot read has no windows.
[[nodiscard]] std::vector<budget_info> budgets(store::connection& db);

} // namespace patt::engine
