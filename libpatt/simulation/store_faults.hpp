/// @file
/// A database that fails, or ends the process, at a chosen statement or commit. Wraps a real driver.
#pragma once

#include <patt/simulation/simulation.hpp>
#include <patt/store/db.hpp>

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>

namespace patt::simulation {

/// Thrown where the process ends. The engine may catch it; the database is dead from then on all the same.
class process_end : public std::exception {
public:
    [[nodiscard]] const char* what() const noexcept override { return "the process ended"; }
};

/// Where one host of several may be made to wait: outside of transactions alone.
enum class stop_place : std::uint8_t { before_writing, before_reading, after_commit, after_call };
enum class strike_at : std::uint8_t { statement, commit, chat_call };
enum class strike_side : std::uint8_t { before, after };
enum class strike_way : std::uint8_t { fails, ends_process };

/// One planned fault: at the `countdown`-th statement, commit or call from now.
struct strike {
    strike_at at{};
    strike_side side{};
    strike_way way{};
    store::sql_errc error = store::sql_errc::serialization; ///< Of one that fails before it was done.
    int countdown = 1;
};

/// What all connections of a run share: the plan, what the process is, and the planted defect.
struct store_script {
    std::optional<strike> next;
    bool dead = false;           ///< The process ended: nothing works any more.
    bool in_transaction = false; ///< The engine's writer is inside one.
    std::uint64_t statements = 0;
    std::uint64_t commits = 0;
    defect planted = defect::none;
    guild_id other_guild; ///< For `defect::guild_swapped`.
    /// For `defect::effect_before_commit`: sends what was just written.
    std::function<void(guild_id, std::int64_t member, std::string_view key)> send_now;
    std::function<void(const strike&)> on_strike;
    /// Called where another host may go on meanwhile: before a transaction begins and after it was committed.
    std::function<void(stop_place)> on_stop;
    std::uint64_t chances = 0; ///< How often the planted defect could have struck.

    /// The strike, when its turn has come; it is used up.
    [[nodiscard]] std::optional<strike> take(strike_at at);
    /// That it strikes now.
    void tell(const strike& what) const;
    void stop(stop_place where) const;
    /// Ends the process.
    [[noreturn]] void end();
    /// Whether the planted defect strikes this time: every `nth`.
    [[nodiscard]] bool strikes(defect which, std::uint64_t nth);
};

[[nodiscard]] std::shared_ptr<store::database> with_faults(std::shared_ptr<store::database> real,
                                                           store_script& script);

} // namespace patt::simulation
