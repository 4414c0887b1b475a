/// @file
/// What all hosts together have used of an API and who waits for more: the row of `api_budget` as a value.
///
/// Tokens count from the moment they are granted until the span has passed since they could be used last. So
/// the sum over the tokens of any interval is what was looked at when the last of them was granted, and no
/// two intervals can meet at a boundary.
#pragma once

#include <patt/budget/limits.hpp>
#include <patt/time.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::budget {

using by_urgency = std::array<std::int64_t, urgencies>;

/// Tokens whose last moment of use lies in one piece of time. Counted as used at the end of it.
struct slot {
    std::int64_t number = 0; ///< The piece [number, number + 1) * grain.
    by_urgency used{};
};

/// What was used within one span. Ascending, without empty slots.
struct window {
    duration span{};
    std::vector<slot> slots;
};

/// A host that waits with calls of one class.
struct claim {
    std::int64_t host = 0;
    urgency cls = urgency::normal;
    std::int64_t guilds = 1; ///< Its weight: how many guilds wait there.
    std::int64_t wanted = 0; ///< Tokens. None: it waits no more, but is remembered for its tag.
    std::int64_t tag = 0;    ///< What it has got so far for its weight; the smallest is next.
    instant since;           ///< It waits since then.
    instant until;           ///< Tokens are kept for it until then.
};

struct ledger {
    instant now;                 ///< Of the last decision.
    std::int64_t generation = 0; ///< How often the clock was turned back.
    std::int64_t start_tag = 0;  ///< Where somebody who begins to wait is put in.
    std::array<instant, urgencies> frozen_until{};
    std::vector<window> windows;
    std::vector<claim> claims;
};

/// The length of a window's slots: a sixtieth of the span.
[[nodiscard]] duration grain_of(duration span) noexcept;
/// How long a token counts: the span, a thousandth for clocks that run apart, and the API's transit.
[[nodiscard]] duration counted_for(duration span, const api_limits& limits) noexcept;
/// When the tokens of a slot count no more.
[[nodiscard]] instant leaves_at(const window& in, const slot& what, const api_limits& limits) noexcept;

/// Brings the ledger to a time: what counts no more goes, and who did not come back. A clock that was turned
/// back takes the ledger with it: everything in it counts as long as it would have.
void advance(ledger& what, const api_limits& limits, instant now);
/// Counts tokens that may be used until a moment, in all windows; makes those that the limits ask for.
void record(ledger& what, const api_limits& limits, urgency cls, std::int64_t tokens, instant used_until);
/// Takes tokens back that were not used, as far as they still count.
void take_back(ledger& what, urgency cls, std::int64_t tokens, instant used_until);

/// What may still be granted.
struct room {
    std::int64_t all = 0;
    std::int64_t not_urgent = 0;
    by_urgency of_class{};
    [[nodiscard]] std::int64_t for_class(urgency cls) const noexcept;
    void use(urgency cls, std::int64_t tokens) noexcept;
};
[[nodiscard]] room room_in(const ledger& what, const api_limits& limits) noexcept;
/// When one more token of a class fits, if nobody takes it before.
[[nodiscard]] instant room_at(const ledger& what, const api_limits& limits, urgency cls) noexcept;

/// The ledger as text and back; none when it is no text of this version.
[[nodiscard]] std::string to_text(const ledger& what);
[[nodiscard]] std::optional<ledger> parse_ledger(std::string_view text);

} // namespace patt::budget
