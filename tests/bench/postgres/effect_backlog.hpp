/// @file
/// A backlog of effects, and its end: claimed and acknowledged by the store alone, or by the whole engine.
#pragma once

#include <patt/store/db.hpp>

#include <cstdint>
#include <memory>

namespace patt::bench {

/// Guilds 0 to `backlog_guilds` of `copied_guild` share it.
inline constexpr std::int64_t backlog_guilds = 64;

/// Posts to channels, each with a lane of its own. @param turn  Makes their keys new.
void fill_outbox(store::database& database, std::int64_t effects, int turn);
[[nodiscard]] std::int64_t outbox_size(store::database& database);

/// Claims and acknowledges with the statements of the engine, each worker in its own range of slots: leases
/// checked, effects read and decoded, moved to the ledger.
void drain_by_repositories(store::database& database, int workers);
/// Dispatching threads of an engine, each effect performed through a chat that says yes at once, its outcome
/// decided and logged.
/// @param whole  The same database, every guild's rows of it.
void drain_by_engine(const std::shared_ptr<store::database>& database, store::database& whole, int workers);

} // namespace patt::bench
