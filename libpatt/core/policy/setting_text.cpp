#include "core/policy/setting_text.hpp"

#include <patt/text/plain.hpp>
#include <patt/text/utf8.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace patt::policy::detail {
namespace {

using namespace std::string_view_literals;

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
    return out;
}

bool digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

template <class Number>
std::optional<Number> whole_number(std::string_view text, int base = 10) {
    Number out{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out, base);
    const bool all = read.ec == std::errc{} && read.ptr == text.data() + text.size() && !text.empty();
    return all ? std::optional(out) : std::nullopt;
}

struct unit {
    char letter;
    std::int64_t seconds;
};
constexpr std::array<unit, 5> units = {{{'w', 604800}, {'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}}};
constexpr std::array unit_words = {"w"sv,    "week"sv,   "weeks"sv,  "d"sv,       "day"sv,   "days"sv,
                                   "h"sv,    "hr"sv,     "hrs"sv,    "hour"sv,    "hours"sv, "m"sv,
                                   "min"sv,  "mins"sv,   "minute"sv, "minutes"sv, "s"sv,     "sec"sv,
                                   "secs"sv, "second"sv, "seconds"sv};
constexpr std::int64_t longest_seconds = std::int64_t{400} * 86400;

std::optional<std::int64_t> seconds_of_unit(std::string_view word) {
    if (std::find(unit_words.begin(), unit_words.end(), word) == unit_words.end()) {
        return std::nullopt;
    }
    const auto* found =
        std::find_if(units.begin(), units.end(), [&](unit u) { return u.letter == word.front(); });
    return found->seconds;
}

/// The parts between commas, trimmed, empty ones left out.
std::vector<std::string_view> parts_of(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        if (const std::string_view part = trimmed(text.substr(0, comma)); !part.empty()) {
            out.push_back(part);
        }
        text.remove_prefix(std::min(text.size(), comma + 1));
    }
    return out;
}

/// Reads `left=right, …` with a reader for each side; a side that cannot be read or a left side twice is
/// refused.
template <class Map, class Left, class Right>
std::optional<Map> read_map(std::string_view text, Left left, Right right) {
    Map out;
    for (const std::string_view part : parts_of(text)) {
        const std::size_t equals = part.find('=');
        if (equals == std::string_view::npos) {
            return std::nullopt;
        }
        const auto key = left(trimmed(part.substr(0, equals)));
        const auto value = right(trimmed(part.substr(equals + 1)));
        if (!key || !value || !out.emplace(*key, *value).second) {
            return std::nullopt;
        }
    }
    return out;
}

template <class Map, class Print>
std::string print_map(const Map& map, Print print) {
    std::string out;
    for (const auto& [key, value] : map) {
        out += (out.empty() ? "" : ", ") + print(key, value);
    }
    return out;
}

std::optional<int> read_rank(std::string_view text) {
    return read_integer(text, 0, 9);
}

std::optional<role_id> read_role(std::string_view text) {
    const auto number = read_snowflake(text, "<@&");
    return number && *number != 0 ? std::optional(role_id{*number}) : std::nullopt;
}

std::optional<capability_set> read_set(std::string_view text) {
    return parse_capability_set(lowered(text));
}

} // namespace

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view white = " \t\r\n";
    const std::size_t first = text.find_first_not_of(white);
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(white) - first + 1);
}

std::optional<bool> read_boolean(std::string_view text) {
    const std::string word = lowered(text);
    if (word == "on" || word == "true" || word == "yes" || word == "1") {
        return true;
    }
    if (word == "off" || word == "false" || word == "no" || word == "0") {
        return false;
    }
    return std::nullopt;
}

std::string print_boolean(const bool& value) {
    return value ? "on" : "off";
}

std::optional<int> read_integer(std::string_view text, int least, int most) {
    const auto number = whole_number<int>(text);
    return number && *number >= least && *number <= most ? number : std::nullopt;
}

std::optional<duration> read_duration(std::string_view text) {
    const std::string word = lowered(text);
    std::int64_t total = 0;
    std::size_t at = 0;
    if (word.empty()) {
        return std::nullopt;
    }
    while (at < word.size()) {
        std::size_t end = at;
        while (end < word.size() && digit(word[end])) {
            ++end;
        }
        const auto count = whole_number<std::int64_t>(std::string_view(word).substr(at, end - at));
        at = std::min(word.find_first_not_of(' ', end), word.size());
        end = at;
        while (end < word.size() && letter(word[end])) {
            ++end;
        }
        const auto seconds = seconds_of_unit(std::string_view(word).substr(at, end - at));
        if (!count || !seconds || *count > longest_seconds / *seconds) {
            return std::nullopt;
        }
        total += *count * *seconds;
        if (total > longest_seconds) {
            return std::nullopt;
        }
        at = std::min(word.find_first_not_of(' ', end), word.size());
    }
    return std::chrono::seconds(total);
}

std::string print_duration(duration value) {
    std::int64_t left = std::chrono::duration_cast<std::chrono::seconds>(value).count();
    std::string out;
    for (const unit& u : units) {
        if (u.letter != 'w' && left >= u.seconds) {
            out += fmt::format("{}{}", left / u.seconds, u.letter);
            left %= u.seconds;
        }
    }
    return out.empty() ? "0s" : out;
}

std::optional<std::string> read_line(std::string_view text, std::size_t most) {
    if (!text::is_utf8(text) || text::count_characters(text) > most ||
        text.find('\n') != std::string_view::npos) {
        return std::nullopt;
    }
    return text::plain(text, most);
}

std::optional<std::string> read_url(std::string_view text) {
    constexpr std::string_view scheme = "https://";
    constexpr std::string_view others = "-._~:/?#@!$&+,;=%";
    if (!text.starts_with(scheme) || text.size() > 200) {
        return std::nullopt;
    }
    const std::string_view rest = text.substr(scheme.size());
    const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
    const bool host_fits = !host.empty() && letter(host.back()) && host.find('.') != std::string_view::npos &&
                           std::all_of(host.begin(), host.end(),
                                       [](char c) { return letter(c) || digit(c) || c == '-' || c == '.'; });
    const bool rest_fits = std::all_of(rest.begin(), rest.end(), [&](char c) {
        return letter(c) || digit(c) || others.find(c) != std::string_view::npos;
    });
    return host_fits && rest_fits ? std::optional(std::string(text)) : std::nullopt;
}

std::optional<colour> read_colour(std::string_view text) {
    if (text.starts_with('#')) {
        text.remove_prefix(1);
    } else if (text.starts_with("0x") || text.starts_with("0X")) {
        text.remove_prefix(2);
    }
    const auto number = text.size() == 6 ? whole_number<std::uint32_t>(text, 16) : std::nullopt;
    return number ? std::optional(colour{*number}) : std::nullopt;
}

std::string print_colour(colour value) {
    return fmt::format("#{:06X}", value.rgb & 0xFFFFFFU);
}

std::optional<std::string> read_locale(std::string_view text) {
    const bool fits =
        text.size() >= 2 && text.size() <= 16 && letter(text[0]) && letter(text[1]) && text.back() != '-' &&
        text.find("--") == std::string_view::npos &&
        std::all_of(text.begin(), text.end(), [](char c) { return letter(c) || digit(c) || c == '-'; }) &&
        (text.size() == 2 || text[2] == '-' || (letter(text[2]) && (text.size() == 3 || text[3] == '-')));
    return fits ? std::optional(std::string(text)) : std::nullopt;
}

std::optional<std::string> read_timezone(std::string_view text) {
    const bool fits = !text.empty() && text.size() <= 64 && letter(text.front()) && text.back() != '/' &&
                      text.find("//") == std::string_view::npos &&
                      std::all_of(text.begin(), text.end(), [](char c) {
                          return letter(c) || digit(c) || "/_+-"sv.find(c) != std::string_view::npos;
                      });
    return fits ? std::optional(std::string(text)) : std::nullopt;
}

std::optional<std::int64_t> read_snowflake(std::string_view text, std::string_view mention) {
    if (text == "0" || lowered(text) == "none") {
        return 0;
    }
    if (text.starts_with(mention) && text.ends_with('>')) {
        text = text.substr(mention.size(), text.size() - mention.size() - 1);
    }
    const auto number = whole_number<std::int64_t>(text);
    return number && *number > 0 ? number : std::nullopt;
}

std::optional<std::vector<role_id>> read_roles(std::string_view text) {
    std::vector<role_id> out;
    for (const std::string_view part : parts_of(text)) {
        const auto role = read_role(part);
        if (!role || out.size() == 250) { // A server has at most 250 roles.
            return std::nullopt;
        }
        out.push_back(*role);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

std::string print_roles(const std::vector<role_id>& roles) {
    std::string out;
    for (const role_id role : roles) {
        out += (out.empty() ? "" : ", ") + std::to_string(role.value());
    }
    return out;
}

std::optional<std::vector<std::string>> read_names(std::string_view text) {
    std::vector<std::string> out;
    for (const std::string_view part : parts_of(text)) {
        auto name = read_line(part, 50);
        if (!name || name->empty() || out.size() == 10) {
            return std::nullopt;
        }
        out.push_back(std::move(*name));
    }
    return out;
}

std::string print_names(const std::vector<std::string>& names) {
    return fmt::format("{}", fmt::join(names, ", "));
}

std::optional<std::map<int, role_id>> read_rank_map(std::string_view text) {
    return read_map<std::map<int, role_id>>(text, read_rank, read_role);
}

std::string print_rank_map(const std::map<int, role_id>& map) {
    return print_map(map, [](int rank, role_id role) { return fmt::format("{}={}", rank, role.value()); });
}

std::optional<std::map<role_id, capability_set>> read_role_sets(std::string_view text) {
    return read_map<std::map<role_id, capability_set>>(text, read_role, read_set);
}

std::string print_role_sets(const std::map<role_id, capability_set>& map) {
    return print_map(map, [](role_id role, capability_set set) {
        return fmt::format("{}={}", role.value(), to_string(set));
    });
}

std::optional<std::map<int, capability_set>> read_rank_sets(std::string_view text) {
    return read_map<std::map<int, capability_set>>(text, read_rank, read_set);
}

std::string print_rank_sets(const std::map<int, capability_set>& map) {
    return print_map(map,
                     [](int rank, capability_set set) { return fmt::format("{}={}", rank, to_string(set)); });
}

std::optional<std::size_t> read_enumeration(std::string_view text, std::span<const std::string_view> names) {
    const auto found = std::find(names.begin(), names.end(), lowered(text));
    return found == names.end() ? std::nullopt
                                : std::optional(static_cast<std::size_t>(found - names.begin()));
}

} // namespace patt::policy::detail
