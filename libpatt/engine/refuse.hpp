/// @file
/// Refusals that the engine makes itself.
#pragma once

#include <patt/decision/change_set.hpp>
#include <patt/policy/decide.hpp>
#include <patt/result.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace patt::engine {

struct input_scope;

[[nodiscard]] change_set refused(errc code, std::string detail, std::string_view text_key);

/// A command that brings a list, without one.
[[nodiscard]] change_set refuse_no_snapshot();

/// The policy's answer to a command without a session, as a refusal when it is no.
[[nodiscard]] std::optional<change_set> forbidden(const input_scope& in, policy::action what,
                                                  std::string_view setting = {});

} // namespace patt::engine
