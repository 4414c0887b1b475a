/// @file
/// The plain, slow matcher: what `patt::identity::matcher` must answer, worked out from nothing each time.
///
/// It looks at every pair and at every character again for every answer, and keeps nothing: no index, no mark
/// of what has changed, no order of arrival. It has in common with the real one what is a function of texts:
/// keys, notes, how rare a name is, and how well two spellings agree.
#pragma once

#include "unit/identity/reference/guild.hpp"

#include <vector>

namespace patt::identity::reference {

/// What the real one answers, by the functions of the same names.
struct answers {
    std::vector<match_decision> decisions;
    std::vector<match_decision> review_queue;
    std::vector<member_id> members_without_character;
};

[[nodiscard]] answers answer(const content& all);

} // namespace patt::identity::reference
