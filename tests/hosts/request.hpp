/// @file
/// What the crowd asks of a host: an input as one line, and the answer as another.
#pragma once

#include <patt/engine/command.hpp>
#include <patt/ids.hpp>

#include <string>
#include <string_view>

namespace patt::hosts {

enum class deed : std::uint8_t { join, say, leave, resolve, dismiss, import };

/// An input. Each has a key, so that it can be handed to another host when the first one does not answer.
struct request {
    deed what{};
    std::string key;
    guild_id guild;
    member_id member;
    std::string text; ///< What is said, the character of `resolve`, or the number of the roster of `import`.
};

[[nodiscard]] std::string to_line(const request& what);
/// @throws failure for a line of another form.
[[nodiscard]] request from_line(std::string_view line);
[[nodiscard]] engine::input to_input(const request& what);

} // namespace patt::hosts
