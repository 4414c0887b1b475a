/// @file
/// The event log: appended, read in order, never changed. Payloads stand apart and may be erased.
#pragma once

#include <patt/log/entry.hpp>
#include <patt/store/db.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace patt::store {

void append_events(connection& db, guild_id guild, std::span<const log::row> rows);
/// At most so many rows from `first` on, in order.
[[nodiscard]] std::vector<log::row> events_from(connection& db, guild_id guild, std::int64_t first,
                                                std::size_t most);
/// The last rows, at most so many, in order.
[[nodiscard]] std::vector<log::row> last_events(connection& db, guild_id guild, std::size_t most);
/// Whether the row of that number is there with that hash. Salts are random, so only the very same row has
/// it.
[[nodiscard]] bool has_event(connection& db, guild_id guild, const log::head& what);

} // namespace patt::store
