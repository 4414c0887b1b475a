/// @file
/// A guild from nothing: the guild with its owner, the seeds' rank map, and a chat server furnished for it.
#pragma once

#include "world.hpp"

#include <patt/engine/engine.hpp>
#include <patt/result.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace patt::cli::chat {

/// Whether messages go out at once. A new guild is silent until an officer has seen that the roster is right.
enum class sending : std::uint8_t { off, on };

/// Whether the guild lives in the terminal's chat server or in one of its own.
enum class home : std::uint8_t { terminal, own_server };

struct new_guild {
    std::string name;
    std::string owner;                      ///< A name, or the number of a member.
    member_id owner_id;                     ///< None: that number, or the terminal gives the name one.
    chat::home home = chat::home::terminal; ///< In a server of its own it gets no roles and channels here.
    std::string realm;                      ///< Of characters named without one; may be empty.
    chat::sending sending = chat::sending::off;
    std::vector<std::pair<std::string, std::string>> settings; ///< On top of the usual ones.
};

/// The settings that a new guild begins with: in the terminal's server rank map, channels and
/// rights by the usual furniture.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> usual_settings(const new_guild& what);

/// The same with its texts as they are kept, or why it cannot be made: what is refused later leaves half a
/// guild.
/// @par Refusals  `invalid_input`, with the option of `patt init` that is meant.
[[nodiscard]] result<new_guild> checked(new_guild what);

/// Makes the guild, which is `checked`. The owner is in the chat server with the first role and asked
/// nothing.
/// @par Refusals  As the engine refuses the guild or a setting.
[[nodiscard]] result<guild_id> make_guild(engine::engine& engine, world& where, const new_guild& what);

} // namespace patt::cli::chat
