/// @file
/// Flows of unordered tasks: which apply, which are done, and when the whole is.
#pragma once

#include "core/onboarding/draft.hpp"

#include <string_view>

namespace patt::onboarding {

/// Opens all tasks that apply; those whose predicate holds are done at once.
[[nodiscard]] bool begin_tasks(draft& d);

/// Completes one task and, with it, perhaps the session. A task that is done stays as it is.
void complete_task(draft& d, std::string_view task);

} // namespace patt::onboarding
