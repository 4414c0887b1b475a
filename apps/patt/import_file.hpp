/// @file
/// Brings a roster document in and waits for the end of the job.
#pragma once

#include "exit_code.hpp"
#include "host.hpp"

#include <filesystem>

namespace patt::cli {

struct import_source {
    std::filesystem::path roster;   ///< `-` is standard input.
    std::filesystem::path profiles; ///< A directory; empty: none.
};

/// What came of an import.
struct imported {
    record shown; ///< The counts and the verdict.
    exit_code code = exit_code::done;
};

/// Brings it in and waits for the end of the job. @throws refusal  nothing of it could be used.
[[nodiscard]] imported import_roster(host& h, const import_source& from);

/// Prints the counts and the verdict.
/// @return  `done` when the roster was merged, even if it was not complete enough to remove anybody; with
///          `--dry-run` nothing is written.
/// @throws refusal  nothing of it could be used.
[[nodiscard]] exit_code import_file(host& h, const import_source& from, const common_options& options);

} // namespace patt::cli
