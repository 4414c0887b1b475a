/// @file
/// Many guilds that are alike, made by copying one in SQL.
#pragma once

#include <patt/store/db.hpp>

#include <cstdint>
#include <memory>

namespace patt::bench {

/// The guild that is copied.
inline constexpr guild_id template_guild{7'000'000};
/// The n-th copy.
[[nodiscard]] constexpr guild_id copied_guild(std::int64_t n) {
    return guild_id{template_guild.value() + 1 + n};
}

/// Makes the template with so many characters.
void make_template(const std::shared_ptr<store::database>& database, std::int64_t characters);
/// Makes the copies `first` up to, and without, `last`: the guild, its settings and characters.
void copy_guilds(store::database& database, std::int64_t first, std::int64_t last);

} // namespace patt::bench
