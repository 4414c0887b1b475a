/// @file
/// Texts of setting values: one reader and one printer per form. Readers answer nothing for any other text.
#pragma once

#include <patt/policy/settings.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patt::policy::detail {

[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

[[nodiscard]] std::optional<bool> read_boolean(std::string_view text);
[[nodiscard]] std::string print_boolean(const bool& value);

[[nodiscard]] std::optional<int> read_integer(std::string_view text, int least, int most);

/// `24h`, `1h 30m`, `7 days`, `90 min`; units s m h d w and their English words.
[[nodiscard]] std::optional<duration> read_duration(std::string_view text);
/// The shortest exact form, largest unit first: `1d12h`.
[[nodiscard]] std::string print_duration(duration value);

/// One line without control and invisible characters, at most `most` characters.
[[nodiscard]] std::optional<std::string> read_line(std::string_view text, std::size_t most);
/// `https://host/path`, at most 200 characters of what a URL may hold.
[[nodiscard]] std::optional<std::string> read_url(std::string_view text);
/// `#D4A84B`, `D4A84B`, `0xD4A84B`.
[[nodiscard]] std::optional<colour> read_colour(std::string_view text);
[[nodiscard]] std::string print_colour(colour value);
/// A language tag such as `en` or `pt-BR`.
[[nodiscard]] std::optional<std::string> read_locale(std::string_view text);
/// The form of a time zone's name, such as `Europe/Berlin` or `UTC`; whether it exists is not known here.
[[nodiscard]] std::optional<std::string> read_timezone(std::string_view text);

/// A Discord id as a number, or as a mention with one of the given openings (`<#`, `<@&`); 0 and `none` are
/// none.
[[nodiscard]] std::optional<std::int64_t> read_snowflake(std::string_view text, std::string_view mention);

[[nodiscard]] std::optional<std::vector<role_id>> read_roles(std::string_view text);
[[nodiscard]] std::string print_roles(const std::vector<role_id>& roles);

/// Names separated by commas, at most ten of at most 50 characters.
[[nodiscard]] std::optional<std::vector<std::string>> read_names(std::string_view text);
[[nodiscard]] std::string print_names(const std::vector<std::string>& names);

/// `0=123456789012345678, 1=…`: game ranks 0 to 9, each at most once.
[[nodiscard]] std::optional<std::map<int, role_id>> read_rank_map(std::string_view text);
[[nodiscard]] std::string print_rank_map(const std::map<int, role_id>& map);

/// `123456789012345678=officer, …`.
[[nodiscard]] std::optional<std::map<role_id, capability_set>> read_role_sets(std::string_view text);
[[nodiscard]] std::string print_role_sets(const std::map<role_id, capability_set>& map);

/// `1=officer, …`.
[[nodiscard]] std::optional<std::map<int, capability_set>> read_rank_sets(std::string_view text);
[[nodiscard]] std::string print_rank_sets(const std::map<int, capability_set>& map);

/// The position of the text among the names, case ignored.
[[nodiscard]] std::optional<std::size_t> read_enumeration(std::string_view text,
                                                          std::span<const std::string_view> names);

} // namespace patt::policy::detail
