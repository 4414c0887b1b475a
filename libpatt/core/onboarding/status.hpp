/// @file
/// Where a session stands, said to its member in one text.
#pragma once

#include "core/onboarding/draft.hpp"

namespace patt::onboarding {

/// For a completed one the invite code is said again: it can be derived as long as the invite lives.
[[nodiscard]] text_ref status_text(draft& d);

} // namespace patt::onboarding
