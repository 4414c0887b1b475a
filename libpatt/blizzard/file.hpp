/// @file
/// Bounded reading of files that a person named, and small helpers of both documents.
#pragma once

#include <patt/blizzard/limits.hpp>
#include <patt/result.hpp>

#include <filesystem>
#include <string>

namespace patt::blizzard::detail {

/// The whole file as text.
/// @par Errors  `not_found`; `limit_exceeded` when it is larger than `max_bytes`; `invalid_input` when it is
/// no
///              file or cannot be read.
[[nodiscard]] result<std::string> read_file(const std::filesystem::path& file, const document_limits& limits);

/// The same error with the file's name in front.
[[nodiscard]] error in_file(const std::filesystem::path& file, const error& why);

/// A realm's slug in its one spelling: ASCII lower case.
[[nodiscard]] std::string lower_slug(std::string slug);

} // namespace patt::blizzard::detail
