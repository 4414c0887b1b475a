/// @file
/// Guild life in virtual time, with faults, by seed: the whole engine on in-memory storage (or a database
/// that is given), and nine invariants that are checked all along. The same seed gives the same run, byte for
/// byte.
///
/// @code
/// const patt::simulation::report seen = patt::simulation::run({.seed = 7, .days = 30, .members = 1000});
/// std::puts(patt::simulation::to_json(seen).c_str());
/// @endcode
#pragma once

#include <patt/store/db.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::simulation {

/// How much goes wrong besides what people do.
enum class fault_level : std::uint8_t {
    none,  ///< Only life itself: typos, liars, closed direct messages, leaving, switches.
    light, ///< A few faults a day.
    heavy, ///< A fault every twenty minutes.
};
[[nodiscard]] std::string_view to_string(fault_level value) noexcept;
[[nodiscard]] std::optional<fault_level> parse_fault_level(std::string_view name) noexcept;

/// A mistake put in on purpose below or beside the engine: it must turn the run red. A test of the tests.
enum class defect : std::uint8_t {
    none,
    outbox_row_lost,      ///< Some effects are never written.
    timer_lost,           ///< Some timers are never written.
    ledger_row_lost,      ///< Some effects that were done leave no trace.
    key_per_attempt,      ///< Each attempt at an effect has another idempotency key.
    effect_before_commit, ///< Messages go out when their row is written, before the commit.
    guild_swapped,        ///< A statement names another guild.
    acknowledged_dropped, ///< A commit is reported that did not take place.
    claim_raised,         ///< Every claim is stored as if an officer had confirmed it.
    repeat_runs_again,    ///< An input's reply is not remembered, so that its repetition counts again.
    lane_ignored,         ///< Effects of one target are claimed out of order.
};
inline constexpr std::array all_defects = {
    defect::outbox_row_lost,      defect::timer_lost,           defect::ledger_row_lost,
    defect::key_per_attempt,      defect::effect_before_commit, defect::guild_swapped,
    defect::acknowledged_dropped, defect::claim_raised,         defect::repeat_runs_again,
    defect::lane_ignored,
};
[[nodiscard]] std::string_view to_string(defect value) noexcept;

struct options {
    std::uint64_t seed = 1;
    int days = 30;     ///< At least 1; then the faults stop, and three more days show that all comes to rest.
    int members = 100; ///< Who join over the whole run, in three guilds; at least 6.
    fault_level faults = fault_level::light;
    defect planted = defect::none;
    std::size_t kept_events = 40; ///< How many of the last events a violation shows.
};

/// A promise that was broken. The run ends with the first.
struct violation {
    int day = 0; ///< From 0.
    std::string invariant;
    std::string what;
    std::vector<std::string> last_events; ///< The oldest first.
};

/// What happened. Everything in it follows from the options.
struct report {
    options asked;
    using tally = std::map<std::string, std::int64_t>;
    tally counts;    ///< Joins, inputs, statements, restarts, sessions by outcome, …
    tally effects;   ///< Visible ones, by kind.
    tally faults;    ///< Injected ones, by kind.
    tally sometimes; ///< Planned kinds of happening, and how often each occurred.
    tally checked;   ///< Invariants, and how often each was checked.
    std::optional<violation> broken;
    std::string trace; ///< SHA-256 over the ordered trace, in hexadecimal.
};

/// The kinds of happening that a set of seeds must have seen, in alphabetical order.
[[nodiscard]] const std::vector<std::string>& planned_happenings();
/// The names of the nine invariants.
[[nodiscard]] const std::vector<std::string>& invariants();

/// Lives through it. @throws failure when the simulation itself cannot go on.
/// @par Threads  One run uses one thread; several runs may go on side by side.
[[nodiscard]] report run(const options& how);
/// The same on a given database, in which there must be no guild. In virtual time: its own clock is not
/// asked.
///
/// @param checked  The same database for what checks the invariants, which must see the rows of all guilds.
/// By default `database`; where that is opened behind row-level security, as a user whom it does not stop.
[[nodiscard]] report run(const options& how, std::shared_ptr<store::database> database,
                         std::shared_ptr<store::database> checked = {});

/// One JSON object, two spaces a level, with a line feed at its end.
[[nodiscard]] std::string to_json(const report& what);
/// For people.
[[nodiscard]] std::string to_text(const report& what);

} // namespace patt::simulation
