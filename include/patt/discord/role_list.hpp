/// @file
/// The roles of a Discord server as a file has them: JSON as the API gives it.
///
/// An array of role objects (`GET /guilds/{id}/roles`) or an object with such an array as `roles`, as a guild
/// is (`GET /guilds/{id}`). Of each role `id` and `name` are read.
#pragma once

#include <patt/identity/chat_role.hpp>
#include <patt/result.hpp>

#include <cstddef>
#include <string_view>

namespace patt::discord {

/// Bounds for files from outside. What is above one of them is refused with `limit_exceeded`.
struct role_list_limits {
    std::size_t max_bytes = std::size_t{16} * 1024 * 1024; ///< Default 16 MiB; a role takes about 500 bytes.
    std::size_t max_roles = 1'000;                         ///< Default 1,000; Discord allows 250 in a server.
};

/// Reads a list. All of it or nothing: one role that cannot be used refuses the list.
///
/// Every server has the role `@everyone`: a list with it has all roles, one without it is a part.
/// @par Errors  `invalid_input`, with the place and the field of the first faults; `incomplete` when the text
///              is empty or ends too early, or no role is in it; `limit_exceeded` above a limit.
/// @par Threads Safe to call concurrently.
[[nodiscard]] result<identity::role_snapshot> parse_roles(std::string_view text,
                                                          const role_list_limits& limits = {});

} // namespace patt::discord
