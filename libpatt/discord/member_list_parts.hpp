/// @file
/// The two forms of a list of members. The text is UTF-8 without a mark and within `max_bytes`.
#pragma once

#include <patt/discord/member_list.hpp>

namespace patt::discord::detail {

[[nodiscard]] result<identity::member_snapshot> parse_json(std::string_view text,
                                                           const member_list_limits& limits);
[[nodiscard]] result<identity::member_snapshot> parse_csv(std::string_view text,
                                                          const member_list_limits& limits);

/// The refusal of a list with too many members.
[[nodiscard]] error too_many(const member_list_limits& limits);

} // namespace patt::discord::detail
