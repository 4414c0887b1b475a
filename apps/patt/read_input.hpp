/// @file
/// The whole of a file or of standard input, as far as a command reads at all.
#pragma once

#include <cstddef>
#include <string>

namespace patt::cli {

/// The text of `file`; `-` means standard input.
/// @throws refusal  `not_found`: there is no such file, or it cannot be read; `limit_exceeded`: it is longer
///                  than `most` bytes.
[[nodiscard]] std::string read_input(const std::string& file, std::size_t most);

/// What to call the input where its origin is recorded: the file's name without its directories.
[[nodiscard]] std::string input_name(const std::string& file);

} // namespace patt::cli
