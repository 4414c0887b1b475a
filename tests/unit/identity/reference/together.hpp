/// @file
/// What a group of alts decides together.
#pragma once

#include "unit/identity/reference/alone.hpp"

#include <vector>

namespace patt::identity::reference {

/// The decisions of a group of two or more, in the order of its characters, which is by id.
[[nodiscard]] std::vector<match_decision> decide_together(const workings& w,
                                                          const std::vector<std::size_t>& group);

} // namespace patt::identity::reference
