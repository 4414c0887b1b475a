/// @file
/// Where the bundled sample guild is on this machine.
#pragma once

#include <filesystem>

namespace patt::cli {

/// `PATT_SAMPLE_DIR`, else `sample` in the current directory, else beside the program: `../share/patt/sample`
/// of an installation, `../../../sample` of a build folder.
/// @throws refusal  `not_found`, saying where it looked.
[[nodiscard]] std::filesystem::path sample_directory();

} // namespace patt::cli
