/// @file
/// Timers: rows, unique by owner and purpose. Those with a purpose that this program does not know are of a
/// newer version beside it: they are neither found nor waited for here.
#pragma once

#include "store/slot.hpp"

#include <patt/decision/timer.hpp>
#include <patt/store/db.hpp>

#include <span>
#include <vector>

namespace patt::store {

struct timer_row {
    guild_id guild;
    std::int64_t owner = 0;
    timer_purpose purpose{};
    instant due;
    duration grace{}; ///< As of `timer_change`, from `due` on; less than zero when it was over before that.
};

void set_timer(connection& db, guild_id guild, const timer_change& change);
/// Several, the last one of each owner and purpose.
void set_timers(connection& db, guild_id guild, std::span<const timer_change> changes);
void cancel_timers(connection& db, guild_id guild, std::int64_t owner);
/// Makes all timers of one purpose in the guild due.
void wake_timers(connection& db, guild_id guild, timer_purpose purpose, instant now);
/// The oldest due timers of the guilds in these slots.
[[nodiscard]] std::vector<timer_row> due_timers(connection& db, std::span<const slot_range> where,
                                                instant now, int most);
/// Takes a due timer away; false when somebody else did, or when it was moved.
[[nodiscard]] bool take_timer(connection& db, const timer_row& timer);
/// Makes a due timer due later, and waits for nobody; its grace ends when it would have. False when it was
/// taken or moved, or somebody is about to.
[[nodiscard]] bool postpone_timer(connection& db, const timer_row& timer, instant due);
/// All timers of a guild, the next first.
[[nodiscard]] std::vector<timer_row> timers_of(connection& db, guild_id guild);
/// When the next timer of the guilds in these slots is due; none when there is none.
[[nodiscard]] instant next_timer_due(connection& db, std::span<const slot_range> where);

} // namespace patt::store
