#include "core/budget/ledger.hpp"

#include <algorithm>
#include <limits>

namespace patt::budget {

namespace {

constexpr std::int64_t slots_in_span = 60;
constexpr std::int64_t clocks_apart = 1000; ///< A thousandth: several times what a disciplined clock drifts.
constexpr duration tag_kept = std::chrono::seconds(10);
constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max() / 4;

std::int64_t floor_div(std::int64_t a, std::int64_t b) noexcept {
    return a / b - (a % b < 0 ? 1 : 0);
}

std::int64_t sum(const by_urgency& used) noexcept {
    return used[0] + used[1] + used[2];
}

const window* window_of(const ledger& what, duration span) noexcept {
    const auto found = std::find_if(what.windows.begin(), what.windows.end(),
                                    [&](const window& w) { return w.span == span; });
    return found == what.windows.end() ? nullptr : &*found;
}

void need_window(ledger& what, duration span) {
    if (span > duration{0} && window_of(what, span) == nullptr && what.windows.size() < most_limits) {
        what.windows.push_back({span, {}});
    }
}

/// The rules over one window, each as "of these classes at most so many".
struct rule {
    duration span;
    std::int64_t tokens;
    std::array<bool, urgencies> counts;
};

std::vector<rule> rules_of(const api_limits& limits) {
    std::vector<rule> out;
    for (const limit& l : limits.all) {
        out.push_back({l.span, l.tokens, {true, true, true}});
        out.push_back({l.span, l.tokens - l.reserve, {false, true, true}});
    }
    for (const class_limit& l : limits.of_class) {
        rule r{l.span, l.tokens, {false, false, false}};
        r.counts[static_cast<std::size_t>(l.cls)] = true;
        out.push_back(r);
    }
    return out;
}

std::int64_t counted(const slot& s, const rule& by) noexcept {
    std::int64_t out = 0;
    for (std::size_t c = 0; c < urgencies; ++c) {
        out += by.counts[c] ? s.used[c] : 0;
    }
    return out;
}

std::int64_t counted(const ledger& what, const rule& by) noexcept {
    std::int64_t out = 0;
    if (const window* in = window_of(what, by.span)) {
        for (const slot& s : in->slots) {
            out += counted(s, by);
        }
    }
    return out;
}

void turn_back(ledger& what, duration by) {
    ++what.generation;
    for (window& w : what.windows) {
        const std::int64_t slots =
            by / grain_of(w.span); // rounded down: nothing counts less long than before
        for (slot& s : w.slots) {
            s.number -= slots;
        }
    }
    for (instant& t : what.frozen_until) {
        t = t ? t - by : t;
    }
    for (claim& c : what.claims) {
        c.since = c.since - by;
        c.until = c.until - by;
    }
}

} // namespace

duration grain_of(duration span) noexcept {
    return duration{std::max<std::int64_t>(1, (span.count() + slots_in_span - 1) / slots_in_span)};
}

duration counted_for(duration span, const api_limits& limits) noexcept {
    return span + span / clocks_apart + limits.transit;
}

instant leaves_at(const window& in, const slot& what, const api_limits& limits) noexcept {
    return instant{} + grain_of(in.span) * (what.number + 1) + counted_for(in.span, limits);
}

void advance(ledger& what, const api_limits& limits, instant now) {
    if (now < what.now) {
        turn_back(what, what.now - now);
    }
    what.now = now;
    for (window& w : what.windows) {
        std::erase_if(w.slots,
                      [&](const slot& s) { return sum(s.used) == 0 || leaves_at(w, s, limits) <= now; });
    }
    for (claim& c : what.claims) {
        if (c.until <= now) {
            c.wanted = 0;
        }
    }
    // Whoever got more than their share and leaves for a moment finds their tag again.
    std::erase_if(what.claims, [&](const claim& c) {
        return c.until <= now && (c.tag <= what.start_tag || c.until + tag_kept <= now);
    });
}

void record(ledger& what, const api_limits& limits, urgency cls, std::int64_t tokens, instant used_until) {
    for (const rule& r : rules_of(limits)) {
        need_window(what, r.span);
    }
    for (window& w : what.windows) {
        const std::int64_t number = floor_div(used_until.microseconds(), grain_of(w.span).count());
        auto at =
            std::find_if(w.slots.begin(), w.slots.end(), [&](const slot& s) { return s.number >= number; });
        if (at == w.slots.end() || at->number != number) {
            at = w.slots.insert(at, {number, {}});
        }
        at->used[static_cast<std::size_t>(cls)] += tokens;
    }
}

void take_back(ledger& what, urgency cls, std::int64_t tokens, instant used_until) {
    for (window& w : what.windows) {
        const std::int64_t number = floor_div(used_until.microseconds(), grain_of(w.span).count());
        for (slot& s : w.slots) {
            std::int64_t& used = s.used[static_cast<std::size_t>(cls)];
            used -= s.number == number ? std::min(used, tokens) : 0;
        }
    }
}

std::int64_t room::for_class(urgency cls) const noexcept {
    const std::int64_t shared = cls == urgency::urgent ? all : std::min(all, not_urgent);
    return std::max<std::int64_t>(0, std::min(shared, of_class[static_cast<std::size_t>(cls)]));
}

void room::use(urgency cls, std::int64_t tokens) noexcept {
    all -= tokens;
    not_urgent -= cls == urgency::urgent ? 0 : tokens;
    of_class[static_cast<std::size_t>(cls)] -= tokens;
}

room room_in(const ledger& what, const api_limits& limits) noexcept {
    room out{unlimited, unlimited, {unlimited, unlimited, unlimited}};
    for (const rule& r : rules_of(limits)) {
        const std::int64_t left = r.tokens - counted(what, r);
        if (r.counts[0] && r.counts[1]) {
            out.all = std::min(out.all, left);
        } else if (r.counts[1] && r.counts[2]) {
            out.not_urgent = std::min(out.not_urgent, left);
        } else {
            for (std::size_t c = 0; c < urgencies; ++c) {
                out.of_class[c] = r.counts[c] ? std::min(out.of_class[c], left) : out.of_class[c];
            }
        }
    }
    return out;
}

instant room_at(const ledger& what, const api_limits& limits, urgency cls) noexcept {
    instant out = what.now;
    for (const rule& r : rules_of(limits)) {
        std::int64_t over = counted(what, r) + 1 - r.tokens;
        if (!r.counts[static_cast<std::size_t>(cls)] || over <= 0) {
            continue;
        }
        instant fits = what.now + r.span; // a limit of nothing: ask again later, limits may change
        if (const window* in = window_of(what, r.span)) {
            for (const slot& s : in->slots) {
                over -= counted(s, r);
                if (over <= 0) {
                    fits = leaves_at(*in, s, limits);
                    break;
                }
            }
        }
        out = std::max(out, fits);
    }
    return out;
}

} // namespace patt::budget
