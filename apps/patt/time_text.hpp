/// @file
/// Times and lengths of time as people write them on a command line.
#pragma once

#include <patt/result.hpp>
#include <patt/time.hpp>

#include <string>
#include <string_view>

namespace patt::cli {

/// `2026-01-05T20:00:00Z`, to the second; `never` for none.
[[nodiscard]] std::string to_text(instant t);

/// `2026-01-05 20:00:00 UTC`, for transcripts.
[[nodiscard]] std::string to_line(instant t);

/// Reads `2026-01-05T20:00:00Z`; the time may stop after the day or the minute.
/// @par Refusals  `invalid_input`.
[[nodiscard]] result<instant> parse_instant(std::string_view text);

/// Reads `25h`, `90s`, `1d12h`, `5m`.
/// @par Refusals  `invalid_input`: another form, or more than a hundred years.
[[nodiscard]] result<duration> parse_duration(std::string_view text);

} // namespace patt::cli
