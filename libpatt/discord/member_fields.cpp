#include "discord/member_fields.hpp"

#include <patt/text/utf8.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace patt::discord::detail {

namespace {

constexpr std::size_t told_faults = 5;
constexpr std::size_t longest_name = 100;

error wrong(std::string why) {
    return {errc::invalid_input, std::move(why)};
}

bool take(std::string_view& text, char c) {
    const bool there = !text.empty() && text.front() == c;
    text.remove_prefix(there ? 1 : 0);
    return there;
}

constexpr int no_number = -1;

/// Takes a number of exactly so many digits from the front, or nothing and gives `no_number`.
int take_digits(std::string_view& text, std::size_t digits) {
    int out = 0;
    if (text.size() < digits) {
        return no_number;
    }
    const char* const end = text.data() + digits;
    const auto read = std::from_chars(text.data(), end, out);
    if (read.ec != std::errc{} || read.ptr != end || out < 0) {
        return no_number;
    }
    text.remove_prefix(digits);
    return out;
}

/// The same behind a sign.
int take_digits_after(std::string_view& text, char sign, std::size_t digits) {
    return take(text, sign) ? take_digits(text, digits) : no_number;
}

/// The part after the day: `T05:06:07.123000+00:00`.
std::optional<std::chrono::microseconds> take_time_of_day(std::string_view& text) {
    namespace ch = std::chrono;
    const int hour = take_digits(text, 2);
    const int minute = take_digits_after(text, ':', 2);
    const int second = take_digits_after(text, ':', 2);
    if (hour == no_number || minute == no_number || second == no_number || hour > 23 || minute > 59 ||
        second > 60) {
        return std::nullopt;
    }
    ch::microseconds out = ch::hours(hour) + ch::minutes(minute) + ch::seconds(second);
    if (take(text, '.')) {
        std::int64_t unit = 100'000;
        if (text.empty() || text.front() < '0' || text.front() > '9') {
            return std::nullopt;
        }
        for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; unit /= 10) {
            out += ch::microseconds(unit * (text.front() - '0'));
            text.remove_prefix(1);
        }
    }
    if (take(text, 'Z') || text.empty()) {
        return out;
    }
    const bool west = text.front() == '-';
    if (!take(text, west ? '-' : '+')) {
        return std::nullopt;
    }
    const int hours = take_digits(text, 2);
    (void)take(text, ':');
    const int minutes = take_digits(text, 2);
    if (hours == no_number || minutes == no_number || hours > 23 || minutes > 59) {
        return std::nullopt;
    }
    const ch::microseconds offset = ch::hours(hours) + ch::minutes(minutes);
    return west ? out + offset : out - offset;
}

} // namespace

void fault_list::add(std::string where, std::string_view why) {
    ++count_;
    if (first_.size() < told_faults) {
        first_.push_back(std::move(where) + ": " + std::string(why));
    }
}

error fault_list::as_error() const {
    std::string out;
    for (const std::string& f : first_) {
        out += (out.empty() ? "" : "; ") + f;
    }
    if (count_ > first_.size()) {
        out += fmt::format("; and {} more", count_ - first_.size());
    }
    return {errc::invalid_input, out + ". Nothing was taken from the list."};
}

result<std::int64_t> read_id(std::string_view text) {
    std::int64_t out = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, out);
    if (!text.empty() && read.ec == std::errc{} && read.ptr == end && out > 0) {
        return out;
    }
    if (text.find_first_of("eE") != std::string_view::npos &&
        text.find_first_not_of("0123456789.,eE+") == std::string_view::npos) {
        return wrong(
            "a spreadsheet has rounded the id; give the column the format \"text\" and export again");
    }
    return wrong(text.empty() ? "is missing" : "is no id of Discord: digits only, at most 19");
}

result<std::string> read_name(std::string_view text) {
    if (std::any_of(text.begin(), text.end(), [](char c) {
            const auto byte = static_cast<unsigned char>(c);
            return byte < 0x20 || byte == 0x7F;
        })) {
        return wrong("has control characters");
    }
    if (text::count_characters(text) > longest_name) {
        return wrong(fmt::format("has more than {} characters", longest_name));
    }
    return std::string(text);
}

result<instant> read_time(std::string_view text) {
    namespace ch = std::chrono;
    constexpr std::string_view form = "is no time; write it as 2026-01-05T20:00:00Z";
    const int year = take_digits(text, 4);
    const int month = take_digits_after(text, '-', 2);
    const int day = take_digits_after(text, '-', 2);
    if (year == no_number || month == no_number || day == no_number) {
        return wrong(std::string(form));
    }
    const ch::year_month_day date(ch::year(year), ch::month(static_cast<unsigned>(month)),
                                  ch::day(static_cast<unsigned>(day)));
    if (!date.ok()) {
        return wrong(std::string(form));
    }
    ch::microseconds at = ch::sys_days(date).time_since_epoch();
    if (!text.empty()) {
        const bool separated = take(text, 'T') || take(text, ' ');
        const auto time = separated ? take_time_of_day(text) : std::nullopt;
        if (!time || !text.empty()) {
            return wrong(std::string(form));
        }
        at += *time;
    }
    if (at.count() <= 0) {
        return wrong("is before 1970");
    }
    return instant{at.count()};
}

std::string seen_ids::note(std::int64_t id, const std::string& where) {
    const auto [at, fresh] = places_.emplace(id, where);
    return fresh ? std::string{} : at->second;
}

} // namespace patt::discord::detail
