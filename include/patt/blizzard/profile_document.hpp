/// @file
/// Battle.net's character profile document, /profile/wow/character/{realm}/{name}, as a `character_profile`.
#pragma once

#include <patt/blizzard/limits.hpp>
#include <patt/identity/character_facts.hpp>
#include <patt/result.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace patt::blizzard {

/// Reads a profile document. What is absent or null stays absent.
///
/// A profile names its character by number or by name and realm. A fact of a wrong type refuses the whole
/// profile: what is half broken must not overwrite what is known.
/// @par Errors  As `parse_roster`.
/// @par Threads Safe to call concurrently.
[[nodiscard]] result<identity::character_profile> parse_profile(std::string_view json,
                                                                const document_limits& limits = {});

/// A profile that could not be read. Its character keeps what is known of it.
struct failed_profile {
    std::string file; ///< Its name in the directory.
    error why;
};

/// What a directory of profiles gave.
struct profile_set {
    std::vector<identity::character_profile> profiles; ///< In the order of the files' names.
    std::vector<failed_profile> failed;                ///< In the same order.
};

/// Reads every `*.json` of a directory as one profile each; other files and subdirectories are left alone.
/// @par Errors  `not_found` when there is no such directory; `limit_exceeded` when it has too many files. A
/// file
///              that fails is listed in `failed` and stops nothing.
[[nodiscard]] result<profile_set> load_profiles(const std::filesystem::path& directory,
                                                const document_limits& limits = {});

} // namespace patt::blizzard
