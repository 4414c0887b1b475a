#include <patt/decision/timer.hpp>

#include <array>
#include <utility>

namespace patt {

namespace {

constexpr std::array<std::pair<timer_purpose, std::string_view>, 9> names{{
    {timer_purpose::nudge, "nudge"},
    {timer_purpose::check_in, "check_in"},
    {timer_purpose::verify, "verify"},
    {timer_purpose::deadline, "deadline"},
    {timer_purpose::expire, "expire"},
    {timer_purpose::retry, "retry"},
    {timer_purpose::roles, "roles"},
    {timer_purpose::job, "job"},
    {timer_purpose::housekeeping, "housekeeping"},
}};

} // namespace

std::string_view to_string(timer_purpose purpose) noexcept {
    for (const auto& [value, name] : names) {
        if (value == purpose) {
            return name;
        }
    }
    return "unknown";
}

std::optional<timer_purpose> parse_timer_purpose(std::string_view text) noexcept {
    for (const auto& [value, name] : names) {
        if (name == text) {
            return value;
        }
    }
    return std::nullopt;
}

instant next_slot(instant slot, duration every, instant now) noexcept {
    const instant next = slot + every;
    if (next > now) {
        return next;
    }
    const std::int64_t missed = (now - slot).count() / every.count();
    return slot + every * (missed + 1);
}

} // namespace patt
