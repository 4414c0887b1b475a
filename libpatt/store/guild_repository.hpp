/// @file
/// Guilds and their settings.
#pragma once

#include "store/asked.hpp"

#include <patt/log/entry.hpp>
#include <patt/store/db.hpp>

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace patt::store {

/// The tenant's own row: lock of the guild, head of its log, version of its settings.
struct guild_row {
    guild_id id;
    std::string name;
    member_id owner;
    std::int64_t settings_version = 0;
    log::head head;
    std::int64_t last_id =
        0; ///< The highest id that was made in this guild: ids only go up, whatever the clocks say.
    instant created_at;
};

/// @return false when there is such a guild already.
bool insert_guild(connection& db, const guild_row& guild);
/// As `lock_guild`; the lock is held from the answer on.
[[nodiscard]] asked<std::optional<guild_row>> ask_guild_lock(connection& db, guild_id guild);
/// Reads the guild's row and locks it until the end of the transaction: inputs of one guild run one by one.
[[nodiscard]] std::optional<guild_row> lock_guild(connection& db, guild_id guild);
/// The same for several at once, without those that somebody else has locked: it waits for nobody.
[[nodiscard]] std::vector<guild_row> lock_free_guilds(connection& db, std::span<const guild_id> guilds);
/// Those of them that there are.
[[nodiscard]] std::vector<guild_id> existing_guilds(connection& db, std::span<const guild_id> guilds);
[[nodiscard]] std::optional<guild_row> find_guild(connection& db, guild_id guild);
[[nodiscard]] std::vector<guild_row> all_guilds(connection& db);
/// Writes head and last id.
void save_progress(connection& db, const guild_row& guild);
/// Writes the guild's row as it is, so that the transaction has something to commit.
void touch_guild(connection& db, guild_id guild);

using setting_rows = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] setting_rows load_settings(connection& db, guild_id guild);
void change_owner(connection& db, guild_id guild, member_id owner);
/// A guild goes by the name that `guild.name` says.
void rename_guild(connection& db, guild_id guild, std::string_view name);
void put_setting(connection& db, guild_id guild, std::string_view key, std::string_view text, instant now);

} // namespace patt::store
