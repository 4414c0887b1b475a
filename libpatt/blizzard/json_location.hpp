/// @file
/// Where in a JSON text a byte is, for people: line, column and path.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace patt::blizzard::detail {

/// The path of the value that is being written where `prefix` ends, for example `members[17].character`.
///
/// `prefix` is JSON up to a fault; what cannot be understood is passed over. Empty at the top.
[[nodiscard]] std::string path_at_end(std::string_view prefix);

/// `byte 1042 (line 7, column 3), in members[2].character`; bytes, lines and columns from 1.
[[nodiscard]] std::string describe_location(std::string_view json, std::size_t offset);

} // namespace patt::blizzard::detail
