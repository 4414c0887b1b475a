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

/// A table as officers hand it in, of at most 64 MiB.
/// @throws refusal  as `read_input`; `invalid_input`, with the line, when it is no UTF-8 or has a NUL.
[[nodiscard]] std::string read_table(const std::string& file);

/// What to call the input where its origin is recorded: the file's name without its directories.
[[nodiscard]] std::string input_name(const std::string& file);

} // namespace patt::cli
