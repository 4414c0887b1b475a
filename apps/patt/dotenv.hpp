/// @file
/// `.env` files: lines of NAME=value that become environment variables unless they are set already.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::cli {

/// Reads `NAME=value` lines. `#` begins a comment line, `export` in front is allowed, quotes around a value
/// are taken away. Lines of another form are left out.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> parse_dotenv(std::string_view text);

/// Sets what the file names and the environment does not have yet. No file is no error.
void load_dotenv(const std::filesystem::path& file);

} // namespace patt::cli
