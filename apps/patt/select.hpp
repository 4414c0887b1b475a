/// @file
/// From what somebody typed to the guild or member that is meant.
#pragma once

#include <patt/engine/queries.hpp>
#include <patt/ids.hpp>
#include <patt/result.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace patt::cli {

/// A positive number that is an id; none for anything else.
[[nodiscard]] std::optional<std::int64_t> parse_id(std::string_view text);

/// Those that go by a name, case and accents folded.
[[nodiscard]] std::vector<engine::guild_info> guilds_named(engine::queries& look, std::string_view name);

/// By id or name, case and accents folded; the only guild when nothing was typed.
/// @par Refusals  `not_found`, `ambiguous`.
[[nodiscard]] result<guild_id> select_guild(engine::queries& look, std::string_view typed);

/// By id, user name or shown name; present members go before those who left.
/// @par Refusals  `not_found`, `ambiguous`.
[[nodiscard]] result<member_id> select_member(engine::queries& look, guild_id guild, std::string_view typed);
/// A present character by id, `Name` or `Name-realm`.
/// @par Refusals  `not_found`, `ambiguous`.
[[nodiscard]] result<identity::character> select_character(engine::queries& look, guild_id guild,
                                                           std::string_view typed);

} // namespace patt::cli
