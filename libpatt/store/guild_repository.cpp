#include "store/guild_repository.hpp"

#include "store/binding.hpp"
#include "store/several_rows.hpp"

#include <algorithm>
#include <string>

namespace patt::store {

namespace {

constexpr std::string_view select_guild = "SELECT guild_id, name, owner_member, settings_version, log_seq, "
                                          "log_hash, last_id, created_at FROM guild";

guild_row read_guild(const cursor& rows) {
    reader r(rows);
    guild_row g;
    g.id = r.id<guild_id>();
    g.name = r.text();
    g.owner = r.id<member_id>();
    g.settings_version = r.number();
    g.head.seq = r.number();
    g.head.hash = r.hash();
    g.last_id = r.number();
    g.created_at = r.time();
    return g;
}

asked<std::optional<guild_row>> one(connection& db, const std::string& sql, guild_id guild) {
    return {db.ask(sql, {param(guild)}),
            [](const cursor& rows) { return rows->next() ? std::optional(read_guild(rows)) : std::nullopt; }};
}

} // namespace

bool insert_guild(connection& db, const guild_row& g) {
    return db.run("INSERT INTO guild (guild_id, name, owner_member, settings_version, log_seq, log_hash, "
                  "last_id,"
                  " created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (guild_id) DO NOTHING",
                  {param(g.id), param(g.name), param(g.owner), param(g.settings_version), param(g.head.seq),
                   param(g.head.hash), param(g.last_id), param(g.created_at)}) == 1;
}

asked<std::optional<guild_row>> ask_guild_lock(connection& db, guild_id guild) {
    static const std::string sql = std::string(select_guild) + " WHERE guild_id = $1";
    return one(db, with_lock(sql, db.dialect().for_update), guild);
}

std::optional<guild_row> lock_guild(connection& db, guild_id guild) {
    return ask_guild_lock(db, guild).get();
}

std::vector<guild_row> lock_free_guilds(connection& db, std::span<const guild_id> guilds) {
    static const several_rows sql(std::string(select_guild) + " WHERE guild_id IN (", 1,
                                  ") ORDER BY guild_id");
    std::vector<guild_id> ascending(guilds.begin(), guilds.end());
    std::sort(ascending.begin(), ascending.end());
    ascending.erase(std::unique(ascending.begin(), ascending.end()), ascending.end());
    std::vector<const guild_id*> rows;
    for (const guild_id& g : ascending) {
        rows.push_back(&g);
    }
    std::vector<guild_row> out;
    sql.query(
        db, rows, [](std::vector<value>& to, const guild_id& g) { to.push_back(param(g)); }, {},
        [&](const cursor& row) { out.push_back(read_guild(row)); }, db.dialect().skip_locked);
    return out;
}

std::vector<guild_id> existing_guilds(connection& db, std::span<const guild_id> guilds) {
    static const several_rows sql("SELECT guild_id FROM guild WHERE guild_id IN (", 1, ")");
    std::vector<const guild_id*> rows;
    for (const guild_id& g : guilds) {
        rows.push_back(&g);
    }
    std::vector<guild_id> out;
    sql.query(
        db, rows, [](std::vector<value>& to, const guild_id& g) { to.push_back(param(g)); }, {},
        [&](const cursor& row) { out.emplace_back(row->i64(0)); });
    return out;
}

std::optional<guild_row> find_guild(connection& db, guild_id guild) {
    static const std::string sql = std::string(select_guild) + " WHERE guild_id = $1";
    return one(db, sql, guild).get();
}

std::vector<guild_row> all_guilds(connection& db) {
    static const std::string sql = std::string(select_guild) + " ORDER BY guild_id";
    std::vector<guild_row> out;
    cursor rows = db.query(sql);
    while (rows->next()) {
        out.push_back(read_guild(rows));
    }
    return out;
}

void save_progress(connection& db, const guild_row& g) {
    db.post("UPDATE guild SET log_seq = $2, log_hash = $3, last_id = $4 WHERE guild_id = $1",
            {param(g.id), param(g.head.seq), param(g.head.hash), param(g.last_id)});
}

void touch_guild(connection& db, guild_id guild) {
    db.post("UPDATE guild SET last_id = last_id WHERE guild_id = $1", {param(guild)});
}

setting_rows load_settings(connection& db, guild_id guild) {
    setting_rows out;
    cursor rows = db.query("SELECT setting_key, value FROM setting WHERE guild_id = $1 ORDER BY setting_key",
                           {param(guild)});
    while (rows->next()) {
        reader r(rows);
        std::string key = r.text();
        out.emplace_back(std::move(key), r.text());
    }
    return out;
}

void change_owner(connection& db, guild_id guild, member_id owner) {
    db.post("UPDATE guild SET owner_member = $2 WHERE guild_id = $1", {param(guild), param(owner)});
}

void rename_guild(connection& db, guild_id guild, std::string_view name) {
    db.post("UPDATE guild SET name = $2 WHERE guild_id = $1", {param(guild), param(name)});
}

void put_setting(connection& db, guild_id guild, std::string_view key, std::string_view text, instant now) {
    db.post("INSERT INTO setting (guild_id, setting_key, value, changed_at) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (guild_id, setting_key) DO UPDATE SET value = excluded.value, changed_at = "
            "excluded.changed_at",
            {param(guild), param(key), param(text), param(now)});
    db.post("UPDATE guild SET settings_version = settings_version + 1 WHERE guild_id = $1", {param(guild)});
}

} // namespace patt::store
