/// @file
/// Finding and claiming what is to be done in a range of slots. Every statement looks at a number of rows
/// that its arguments bound: a guild with a million effects costs others nothing.
#pragma once

#include "store/slot.hpp"

#include <patt/decision/effect.hpp>
#include <patt/store/db.hpp>

#include <span>
#include <string>
#include <vector>

namespace patt::store {

/// An effect that was claimed to be performed now.
struct claimed_effect {
    guild_id guild;
    effect what;
    int attempts = 0;       ///< This one included.
    std::int64_t epoch = 0; ///< Of the lease it was claimed under.
    /// Why its body could not be read, which is an empty one of its kind then; empty: it could.
    std::string unreadable;
};

/// A guild with pending effects.
struct guild_work {
    guild_id guild;
    instant due; ///< When the first of them fell or falls due.
};

/// Up to where a guild's pending effects were looked at. They are read as they fall due, by id where they
/// fell due together.
struct scan_mark {
    instant due;
    effect_id id;
    friend constexpr auto operator<=>(const scan_mark&, const scan_mark&) noexcept = default;
};

/// A guild with pending effects, and where to begin to look.
struct guild_scan {
    guild_id guild;
    scan_mark above; ///< Only effects behind it.
    int most = 0;    ///< So many of them.
};

/// A pending effect, as far as choosing needs it.
struct pending_effect {
    guild_id guild;
    effect_id id;
    instant not_before;
    /// Nothing stands before it in its order. Never for a kind that this program does not know: a newer host
    /// beside it does those, and what stands behind them waits for that.
    bool first_in_lane = false;
    std::int64_t settings_version = 0; ///< Of its guild.
};

/// What a look at guilds found.
struct scanned_effects {
    std::vector<pending_effect> due; ///< By guild, in the order in which they fell due.
    std::vector<guild_work> not_yet; ///< Guilds with effects that are not due, and when the first will be.
};

struct lane {
    guild_id guild;
    std::string order_key;
};

struct claim_wish {
    guild_id guild;
    effect_id id;
    std::int64_t epoch = 0;
};

/// The guilds of the range that have pending effects, by slot and id, at most so many. It steps from guild to
/// guild along the index, whatever they have.
[[nodiscard]] std::vector<guild_work> guilds_with_work(connection& db, slot_range range, int most);
/// The next effects of each guild that are due. Those that are not are not walked through, however many.
[[nodiscard]] scanned_effects scan_guilds(connection& db, std::span<const guild_scan> from, instant now);
/// The first pending effect of each lane that has one, and where this program knows its kind.
[[nodiscard]] std::vector<pending_effect> first_in_lanes(connection& db, std::span<const lane> lanes);
/// Marks effects as being performed. Those that are gone or not pending any more are left out, and
/// those that somebody has locked: a scan from the bottom finds them. By guild and id.
[[nodiscard]] std::vector<claimed_effect> claim_effects(connection& db, std::span<const claim_wish> wishes,
                                                        instant now);

} // namespace patt::store
