/// @file
/// The members of a Discord server as a file has them: JSON as the API gives it, or CSV from a table.
///
/// JSON is an array of guild member objects (`GET /guilds/{id}/members`) or an object with such an array as
/// `members`: `user` (`id`, `username`, `global_name`, `bot`), `nick`, `roles`, `joined_at`. CSV has a first
/// line with the columns' names: `id` and `username`, and any of `global_name`, `nick`, `roles` (ids with
/// spaces between them), `joined_at`, `bot`; separated by commas, semicolons or tabs.
#pragma once

#include <patt/identity/member_snapshot.hpp>
#include <patt/result.hpp>

#include <cstddef>
#include <string_view>

namespace patt::discord {

/// Bounds for files from outside. What is above one of them is refused with `limit_exceeded`.
struct member_list_limits {
    std::size_t max_bytes =
        256U * 1024U * 1024U;          ///< Default 256 MiB; a member takes about 700 bytes of JSON.
    std::size_t max_members = 250'000; ///< Default 250,000.
    std::size_t max_roles = 500;       ///< Default 500 roles of one member; Discord allows 250.
};

/// Reads a list. All of it or nothing: one member that cannot be used refuses the list.
///
/// Bots are in the result, marked. A JSON list of exactly 1,000 is marked as cut: that is a full page of the
/// API, and others may follow.
/// @par Errors  `invalid_input`, with the row and the field of the first faults; `incomplete` when the text
/// is
///              empty or ends too early; `limit_exceeded` above a limit.
/// @par Threads Safe to call concurrently.
[[nodiscard]] result<identity::member_snapshot> parse_members(std::string_view text,
                                                              const member_list_limits& limits = {});

} // namespace patt::discord
