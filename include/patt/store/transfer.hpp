/// @file
/// A guild as a file, and a file as a guild: moves a guild between databases of any kind, and is the backup
/// that a person can read.
///
/// The file is JSON Lines: a header (format, schema, guild, time), one line for each row with its table and
/// named columns, and a trailer with counts and the SHA-256 of every line before it (what `head -n -1 FILE |
/// sha256sum` says). Integers beyond 2^53 are written as text, because many readers lose their last digits;
/// bytes are hexadecimal. What a host holds for a moment (a claim) is written as not held.
#pragma once

#include <patt/ids.hpp>
#include <patt/result.hpp>
#include <patt/store/db.hpp>
#include <patt/time.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::store {

/// The version of the file's form. Older and newer ones are refused.
inline constexpr std::int64_t transfer_format = 1;

/// A line longer than this is no line of such a file.
inline constexpr std::size_t transfer_longest_line = std::size_t{64} * 1024 * 1024;

/// What was written or read.
struct transfer_report {
    guild_id guild;
    std::string name;
    std::int64_t schema = 0; ///< The number of the newest migration.
    std::int64_t rows = 0;
    std::vector<std::pair<std::string, std::int64_t>> tables; ///< Rows by table, in the order of the file.
    std::string checksum; ///< SHA-256 of everything but the trailer, in hexadecimal.
};

/// Takes one line, without its end. What it throws ends the export.
using line_sink = std::function<void(std::string_view)>;
/// Gives the next line without its end, valid until the next call; none at the end of the file.
using line_source = std::function<std::optional<std::string_view>()>;
/// Is told now and then how many rows are done, of how many.
using transfer_progress = std::function<void(std::int64_t done, std::int64_t total)>;

/// Writes a guild as of one moment, in memory that does not grow with it. Others go on meanwhile; `to` may
/// take its time.
/// @param now  Recorded in the header.
/// @par Refusals  `not_found`. @throws sql_error, and whatever `to` throws.
[[nodiscard]] result<transfer_report> export_guild(connection& db, guild_id guild, instant now,
                                                   const line_sink& to, const transfer_progress& progress);

/// What to do when the guild is there already.
enum class existing_guild : std::uint8_t {
    refuse,
    replace, ///< Everything of it is deleted first. Stop the hosts before: they remember its old state.
};

enum class import_mode : std::uint8_t {
    keep,
    rehearse, ///< Everything is read, checked and inserted, and then taken back.
};

struct import_options {
    existing_guild existing = existing_guild::refuse;
    import_mode mode = import_mode::keep;
};

/// Reads a guild, all of it or nothing, in one transaction and in memory that does not grow with it. `from`
/// may take its time.
///
/// @par Refusals  `already_exists` the guild is there; `wrong_state` another format or schema; `incomplete`
/// the file is cut; `conflict` the checksum or a count is wrong; `invalid_input` anything else that is no
/// such file. The detail names the line. Nothing was written.
/// @throws sql_error  `unknown` when the answer of the commit was lost: look whether the guild is there.
[[nodiscard]] result<transfer_report> import_guild(connection& db, const line_source& from,
                                                   import_options options);

} // namespace patt::store
