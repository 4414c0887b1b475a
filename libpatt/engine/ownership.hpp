/// @file
/// Whose the guild is.
#pragma once

#include <patt/decision/change_set.hpp>
#include <patt/engine/command.hpp>
#include <patt/identity/person.hpp>

#include <optional>

namespace patt::engine {

struct input_scope;

/// @param found  The member who is to be the owner, as the guild knows them.
[[nodiscard]] change_set decide(const std::optional<identity::member>& found, const change_owner& what,
                                const input_scope& in);

} // namespace patt::engine
