/// @file
/// How many typing errors apart two keys are.
#pragma once

#include <cstdint>
#include <string_view>

namespace patt::text {

/// The optimal string alignment distance: the least number of inserted, deleted, replaced or swapped
/// neighbouring code points, no part edited twice.
///
/// Compare keys, not names: `osa_distance(folded_key(a), folded_key(b), 2)`.
/// @param limit  Distances above it are not computed further.
/// @return       The distance if it is at most `limit`, else `limit + 1`.
[[nodiscard]] std::uint32_t osa_distance(std::string_view a, std::string_view b, std::uint32_t limit);

/// 1 for equal texts, 0 for nothing in common: `1 - distance / length of the longer one`, in code points.
/// Two empty texts are 0: nothing is known of them.
[[nodiscard]] double osa_similarity(std::string_view a, std::string_view b);

} // namespace patt::text
