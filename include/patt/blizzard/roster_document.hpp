/// @file
/// Battle.net's guild roster document, /data/wow/guild/{realm}/{guild}/roster, as a `roster_snapshot`.
#pragma once

#include <patt/blizzard/limits.hpp>
#include <patt/identity/roster.hpp>
#include <patt/result.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace patt::blizzard {

/// Reads a roster document.
///
/// A member that cannot be used (no name, a rank that is not 0 to 9, a wrong type) is left out and listed in
/// `rejected`; the verdict on the snapshot is then "incomplete". An unknown class, a missing game number and
/// a missing realm name are no faults; a missing realm is the guild's own.
/// @par Errors  `incomplete` when the text ends too early; `limit_exceeded` above a limit; `invalid_input`
/// for
///              everything that is no roster: broken JSON, an error answer, a web page, another document. The
///              detail says what it is, where (byte, line, JSON path) and what to do.
/// @par Threads Safe to call concurrently.
[[nodiscard]] result<identity::roster_snapshot> parse_roster(std::string_view json,
                                                             const document_limits& limits = {});

/// Reads a roster document from a file; `source` becomes the file's name.
/// @par Errors  As `parse_roster`, with the file's name in front; `not_found` when there is no such file.
[[nodiscard]] result<identity::roster_snapshot> load_roster(const std::filesystem::path& file,
                                                            const document_limits& limits = {});

} // namespace patt::blizzard
