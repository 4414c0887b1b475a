/// @file
/// The sweep: a story is killed at the k-th call, for each k, goes on, and must come to what it comes to
/// undisturbed.
#pragma once

#include "crash/outcome.hpp"
#include "crash/processes.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace patt::crash {

/// How dense the sweep is.
struct sweep_plan {
    std::string story = "whole";
    std::string plant;     ///< A planted fault, by name; empty: none.
    int first_percent = 0; ///< Where in the story it begins.
    long stride = 1;       ///< Every so many-th point;
    long points = 0;       ///< or about so many, spread over the story.
    long closely = 0;      ///< Up to here every point in any case: while it connects each call is another.
    std::vector<std::string> modes{"before", "torn", "after", "power"}; ///< They take turns.
    /// Gives a connection string to a fresh PostgreSQL database, and is given it back; none: an SQLite file.
    std::function<std::string()> server;
    std::function<void(const std::string&)> give_back;
    std::string until;           ///< Stops at the first break that has this text;
    std::size_t most_breaks = 1; ///< or, without it, after so many breaks.
};

/// What it found.
struct sweep_report {
    std::size_t points = 0;          ///< Kills (and cuts) that were tried and came about.
    long calls = 0;                  ///< How many points the undisturbed story has.
    std::string end;                 ///< `digest_of` what the undisturbed story comes to.
    std::vector<std::string> breaks; ///< What was wrong, each with its point and mode.
};

/// Works in `folder`, which it fills. @throws failure when the undisturbed story does not come to its end.
[[nodiscard]] sweep_report sweep(const std::filesystem::path& folder, const sweep_plan& plan);

/// What a story comes to that nobody disturbs. @throws failure when it does not come to its end.
[[nodiscard]] outcome play_undisturbed(const std::filesystem::path& folder, const sweep_plan& plan);

/// Two runs of the same story that nobody disturbs, compared: what differs would make every comparison
/// worthless.
[[nodiscard]] std::vector<std::string> compare_undisturbed(const std::filesystem::path& folder,
                                                           const std::string& story);

} // namespace patt::crash
