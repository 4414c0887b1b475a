#include "time_text.hpp"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <span>

namespace patt::cli {

namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

struct clock_face {
    year_month_day date;
    std::int64_t seconds = 0; ///< Of the day.
};

clock_face face_of(instant t) {
    const std::chrono::sys_time<duration> point{duration{t.microseconds()}};
    const auto day = std::chrono::floor<std::chrono::days>(point);
    return {year_month_day{day}, std::chrono::duration_cast<std::chrono::seconds>(point - day).count()};
}

std::string written(instant t, std::string_view between, std::string_view end) {
    const clock_face f = face_of(t);
    return fmt::format("{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}{}", static_cast<int>(f.date.year()),
                       static_cast<unsigned>(f.date.month()), static_cast<unsigned>(f.date.day()), between,
                       f.seconds / 3600, f.seconds / 60 % 60, f.seconds % 60, end);
}

/// A number of exactly `digits` digits at the front, which is taken away.
std::optional<int> take_number(std::string_view& s, std::size_t digits) {
    int value = 0;
    if (s.size() < digits) {
        return std::nullopt;
    }
    const auto read = std::from_chars(s.data(), s.data() + digits, value);
    if (read.ec != std::errc{} || read.ptr != s.data() + digits || value < 0) {
        return std::nullopt;
    }
    s.remove_prefix(digits);
    return value;
}

bool take(std::string_view& s, std::string_view any_of) {
    if (s.empty() || any_of.find(s.front()) == std::string_view::npos) {
        return false;
    }
    s.remove_prefix(1);
    return true;
}

/// The numbers of `YYYY-MM-DD[THH:MM[:SS]][Z]`; empty when it has another form.
std::optional<std::array<int, 6>> take_parts(std::string_view s) {
    constexpr std::array<std::size_t, 6> digits = {4, 2, 2, 2, 2, 2};
    constexpr std::array<std::string_view, 6> before = {"", "-", "-", "Tt ", ":", ":"};
    std::array<int, 6> parts{};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0 && !take(s, before[i])) {
            if (i == 3 || i == 5) {
                break; // the day alone, or no seconds
            }
            return std::nullopt;
        }
        const auto number = take_number(s, digits[i]);
        if (!number) {
            return std::nullopt;
        }
        parts[i] = *number;
    }
    take(s, "Zz");
    return s.empty() ? std::optional(parts) : std::nullopt;
}

} // namespace

std::string to_text(instant t) {
    return t ? written(t, "T", "Z") : "never";
}
std::string to_line(instant t) {
    return t ? written(t, " ", " UTC") : "never";
}

result<instant> parse_instant(std::string_view text) {
    const error wrong{
        errc::invalid_input,
        fmt::format("\"{}\" is no time; write it as 2026-01-05T20:00:00Z (UTC)", text.substr(0, 40))};
    const auto parts = take_parts(text);
    if (!parts) {
        return wrong;
    }
    const auto& [year, month, day, hour, minute, second] = *parts;
    const year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                              std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || year < 1970 || hour > 23 || minute > 59 || second > 59) {
        return wrong;
    }
    const std::chrono::sys_time<duration> point = sys_days{date} + std::chrono::hours(hour) +
                                                  std::chrono::minutes(minute) + std::chrono::seconds(second);
    return instant{point.time_since_epoch().count()};
}

result<duration> parse_duration(std::string_view text) {
    constexpr duration longest = std::chrono::hours(24) * 36525;
    const error wrong{
        errc::invalid_input,
        fmt::format("\"{}\" is no length of time; write it as 25h, 90s, 5m or 1d12h", text.substr(0, 40))};
    duration sum{};
    std::string_view rest = text;
    while (!rest.empty()) {
        std::int64_t number = 0;
        const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), number);
        const auto digits = static_cast<std::size_t>(read.ptr - rest.data());
        if (read.ec != std::errc{} || number < 0 || digits == rest.size() || number > 10'000'000) {
            return wrong;
        }
        std::chrono::seconds unit{};
        switch (rest[digits]) {
        case 's':
            unit = std::chrono::seconds(1);
            break;
        case 'm':
            unit = std::chrono::minutes(1);
            break;
        case 'h':
            unit = std::chrono::hours(1);
            break;
        case 'd':
            unit = std::chrono::hours(24);
            break;
        default:
            return wrong;
        }
        sum += unit * number;
        rest.remove_prefix(digits + 1);
        if (sum > longest) {
            return wrong;
        }
    }
    return text.empty() ? result<duration>(wrong) : result<duration>(sum);
}

} // namespace patt::cli
