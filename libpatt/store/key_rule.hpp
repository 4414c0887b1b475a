/// @file
/// The rule that lets the tables be distributed by guild (Citus): every primary and unique key starts with
/// `guild_id`, or the table is on the instance-wide list, which is here and nowhere else.
#pragma once

#include "store/catalogue.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patt::store {

/// Whether the rows that name a guild move with it to another database.
enum class with_guild : std::uint8_t { stays, moves };

/// A table that belongs to no guild.
struct instance_table {
    std::string_view name;
    with_guild rows{};
    std::string_view why;
};

/// All of them.
[[nodiscard]] std::span<const instance_table> instance_tables() noexcept;

/// The entry of a table, or null for one that belongs to guilds.
[[nodiscard]] const instance_table* find_instance_table(std::string_view table) noexcept;

/// Whether the rows of this table that name a guild are part of it: its own tables, and what moves.
[[nodiscard]] bool part_of_guild(const table_shape& table) noexcept;

/// The keys that break the rule, each as a sentence that names it and what to do. Empty is good.
[[nodiscard]] std::vector<std::string> key_offences(const std::vector<table_shape>& tables);

} // namespace patt::store
