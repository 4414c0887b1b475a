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
    std::uint64_t chances = 0; ///< How often the planted defect could have struck.

    /// The strike, when its turn has come; it is used up.
    [[nodiscard]] std::optional<strike> take(strike_at at);
    /// That it strikes now.
    void tell(const strike& what) const;
    /// Ends the process.
    [[noreturn]] void end();
    /// Whether the planted defect strikes this time: every `nth`.
    [[nodiscard]] bool strikes(defect which, std::uint64_t nth);
};

[[nodiscard]] std::shared_ptr<store::database> with_faults(std::shared_ptr<store::database> real,
                                                           store_script& script);

} // namespace patt::simulation
