/// @file
/// The invariants that are seen in the rows: read on a connection of its own, beside the engine.
#pragma once

#include "simulation/game.hpp"
#include "simulation/trace.hpp"

#include <patt/engine/queries.hpp>
#include <patt/log/verifier.hpp>
#include <patt/store/db.hpp>
#include <patt/testing/fake_chat.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace patt::simulation {

/// An input that was answered, and so must have been kept.
struct acknowledged_input {
    guild_id guild; ///< None for a direct message: then any guild may have it.
    std::string key;
};

class checks {
public:
    checks(store::database& database, const std::vector<game_guild>& guilds, const testing::fake_chat& chat,
           journal& to);

    /// Nothing is done in the world while a transaction is open. `key`: of what is being done inside one.
    void outside_transactions(std::string_view key);
    /// Right before something is done in the world: is it committed, claimed, in order, and this guild's?
    void at_call(guild_id guild, testing::chat_operation what, std::int64_t target, std::string_view key);
    /// Right after: the same thing never appears twice, and questions keep their order.
    void after_call(const testing::ledger_entry& done);
    void acknowledged(acknowledged_input what) { acknowledged_.push_back(std::move(what)); }

    /// Everything that must hold at any moment between two inputs.
    void sweep();
    /// When faults have stopped and time has passed.
    void at_rest(instant now);

private:
    void expect_none(std::string_view invariant, std::string_view sql, std::string_view meaning,
                     std::initializer_list<store::value> parameters = {});
    void sweep_inputs();
    void sweep_log();
    void sweep_ledgers();
    [[nodiscard]] bool known_effect(guild_id guild, std::string_view key);

    std::unique_ptr<store::connection> db_;
    engine::queries look_;
    const std::vector<game_guild>& guilds_;
    const testing::fake_chat& chat_;
    journal& to_;
    std::vector<acknowledged_input> acknowledged_;
    std::size_t inputs_seen_ = 0;
    std::size_t entries_seen_ = 0;
    std::map<guild_id, log::head> heads_;
    std::set<std::tuple<guild_id, testing::chat_operation, std::int64_t, std::string>> visible_;
    std::set<std::pair<guild_id, std::string>> shown_;
    std::map<std::string, int> questions_; ///< By guild and session: the number of the last one shown.
};

} // namespace patt::simulation
