/// @file
/// What the victim lives through: two guilds, from the empty file to provisioned members, a nudge, an
/// escalation, a privileged claim, a departure. Each input has a key, so that it can be handed in again.
#pragma once

#include <patt/engine/command.hpp>
#include <patt/time.hpp>

#include <optional>
#include <string>
#include <vector>

namespace patt::crash {

inline constexpr guild_id first_guild{1};
inline constexpr guild_id second_guild{2};
inline constexpr member_id zatanna{
    1001}; ///< A newcomer of the first guild who answers at once; leaves at the end.
inline constexpr member_id mito{1002}; ///< A newcomer of the second guild who is silent for an hour.
inline constexpr member_id stranger{
    1003}; ///< Of a character that comes into the roster after the escalation.
inline constexpr member_id impostor{1004}; ///< Claims the guild leader's character.

/// One step: an input, or a time to which the clock is turned.
struct step {
    std::optional<engine::input> input;
    instant turn_to;
};

/// The whole story, equal for every process.
[[nodiscard]] std::vector<step> story();

/// The beginning of it: as long as two members are provisioned. For the planted faults.
[[nodiscard]] std::vector<step> short_story();

/// The chat server's world at its beginning, as `fake_chat::to_json`.
[[nodiscard]] std::string chat_world();

} // namespace patt::crash
