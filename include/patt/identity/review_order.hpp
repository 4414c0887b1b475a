/// @file
/// In which order officers are asked.
#pragma once

#include <patt/identity/review.hpp>

#include <vector>

namespace patt::identity {

/// Sorts what waits by what an answer is worth: how open the question is, and how many others hang on it.
/// Characters that nobody fits come behind, members whom nothing leads to last. Equal ones by age.
void most_useful_first(std::vector<review_item>& items);

} // namespace patt::identity
