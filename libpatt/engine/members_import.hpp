/// @file
/// A list of the chat server's members: a verdict first, then the rows, then who is gone.
#pragma once

#include "engine/loader.hpp"

#include <patt/engine/match_commands.hpp>

namespace patt::engine {

struct input_scope;

/// Permission is looked up by the caller.
[[nodiscard]] change_set decide_members(load_context& from, input_scope& in, const import_members& what);

} // namespace patt::engine
