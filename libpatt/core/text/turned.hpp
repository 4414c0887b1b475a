/// @file
/// Text that stands on its head.
#pragma once

#include <string>
#include <string_view>

namespace patt::text {

/// Reads an exact key whose letters are all written upside down, from its end, into `out`; leaves `out` alone
/// if it is none: at least two letters must be such as nobody writes upright.
void append_turned(std::string& out, std::string_view exact);

} // namespace patt::text
