/// @file
/// A planted fault: a database that lets a host believe that whatever lease it took is still its own, under
/// the epoch that it had. Whoever was paused goes on acting when it wakes up.
#pragma once

#include <patt/store/db.hpp>

#include <memory>

namespace patt::hosts {

[[nodiscard]] std::shared_ptr<store::database> without_fence(std::shared_ptr<store::database> sound);

} // namespace patt::hosts
