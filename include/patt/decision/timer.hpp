/// @file
/// Timers: something to be decided at a time. Rows, unique by owner and purpose.
#pragma once

#include <patt/time.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace patt {

/// What is to be decided. Names are stored; do not rename.
enum class timer_purpose : std::uint8_t {
    nudge,        ///< Owner session: the member went silent.
    check_in,     ///< Owner session: they were not in the guild yet.
    verify,       ///< Owner session: look for the claimed character again.
    deadline,     ///< Owner session: tell the officers.
    expire,       ///< Owner session: give up.
    retry,        ///< Owner session: re-arm its failed required effects.
    roles,        ///< Owner person: bring the member's roles in line with the grants.
    job,          ///< Owner job: run its next chunk.
    housekeeping, ///< Owner guild: what is done once a day.
};

[[nodiscard]] std::string_view to_string(timer_purpose purpose) noexcept;
[[nodiscard]] std::optional<timer_purpose> parse_timer_purpose(std::string_view name) noexcept;

/// The slot after `slot` of something that recurs every `every`, later than `now`: what was missed while no
/// host ran is not made up for slot by slot.
///
/// Pure. Precondition: `every` is positive.
[[nodiscard]] instant next_slot(instant slot, duration every, instant now) noexcept;

/// Sets a timer, moving the one with the same owner and purpose; without `due` it is cancelled.
struct timer_change {
    std::int64_t owner = 0;
    timer_purpose purpose{};
    instant due;
    duration grace{}; ///< How late it may still run; zero means any time.
};

} // namespace patt
