#include "bench/postgres/many_guilds.hpp"

#include "bench/guild.hpp"

#include <patt/store/in_tx.hpp>

namespace patt::bench {

void make_template(const std::shared_ptr<store::database>& database, std::int64_t characters) {
    host at(database);
    make_guild(at, template_guild, characters);
    at.settle();
}

void copy_guilds(store::database& database, std::int64_t first, std::int64_t last) {
    const auto db = database.connect();
    store::in_tx(*db, store::tx_mode::write, [&] {
        // The numbers of the copies, as both databases can count.
        const std::string copies =
            " WITH RECURSIVE n (guild) AS (SELECT CAST($2 AS BIGINT) UNION ALL SELECT guild + 1 FROM n"
            " WHERE guild + 1 < CAST($3 AS BIGINT)) SELECT n.guild, ";
        const auto copy = [&](const std::string& table, const std::string& columns) {
            db->run("INSERT INTO " + table + " (guild_id, " + columns + ")" + copies + columns + " FROM n, " +
                        table + " t WHERE t.guild_id = $1",
                    {template_guild.value(), copied_guild(first).value(), copied_guild(last).value()});
        };
        copy("guild", "name, owner_member, settings_version, log_seq, log_hash, last_id, created_at");
        copy("setting", "setting_key, value, changed_at");
        copy(
            "game_character",
            "character_id, person_id, game_id, name, name_key, realm_slug, realm_name, class_id, spec, level,"
            " item_level, rank_index, last_login, present, first_seen, removed_at, seen_run");
    });
}

} // namespace patt::bench
