/// @file
/// The event log: appended, read in order, never changed. Payloads stand apart and may be erased.
#pragma once

#include <patt/log/entry.hpp>
#include <patt/store/db.hpp>

#include <functional>
#include <span>

namespace patt::store {

void append_events(connection& db, guild_id guild, std::span<const log::row> rows);
/// Calls `see` for every row from `first` on, in order, until it returns false.
void each_event(connection& db, guild_id guild, std::int64_t first,
                const std::function<bool(const log::row&)>& see);
/// Whether the row of that number is there with that hash. Salts are random, so only the very same row has
/// it.
[[nodiscard]] bool has_event(connection& db, guild_id guild, const log::head& what);

} // namespace patt::store
