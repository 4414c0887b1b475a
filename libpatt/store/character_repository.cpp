#include "store/character_repository.hpp"

#include "store/binding.hpp"
#include "store/ordering.hpp"
#include "store/several_rows.hpp"

#include <patt/text/name_key.hpp>

#include <algorithm>
#include <deque>
#include <string>

namespace patt::store {

namespace {

constexpr std::string_view columns = "character_id, person_id, game_id, name, realm_slug, realm_name, "
                                     "class_id, spec, level, item_level, rank_index,"
                                     " last_login, present, first_seen, removed_at, seen_run";
constexpr std::string_view link_columns =
    "link_id, person_id, kind, target, level, claim_role, active, source, evidence,"
    " actor, created_at, updated_at";

identity::character read_character(const cursor& rows) {
    reader r(rows);
    identity::character c;
    c.id = r.id<character_id>();
    c.person = r.id<person_id>();
    c.game = r.id<game_id>();
    c.name = r.text();
    c.realm_slug = r.text();
    c.realm_name = r.text();
    c.class_id = r.integer();
    c.spec = r.text();
    c.level = r.integer();
    c.item_level = r.integer();
    c.rank = r.integer();
    c.last_login = r.time();
    c.present = r.flag();
    c.first_seen = r.time();
    c.removed_at = r.time();
    c.seen_run = r.id<sync_run_id>();
    return c;
}

std::vector<identity::character> read_characters(const cursor& rows) {
    std::vector<identity::character> out;
    while (rows->next()) {
        out.push_back(read_character(rows));
    }
    return out;
}

std::optional<identity::character> first(std::vector<identity::character> rows) {
    return rows.empty() ? std::nullopt : std::optional<identity::character>(std::move(rows.front()));
}

std::string select_where(std::string_view where) {
    return "SELECT " + std::string(columns) + " FROM game_character WHERE " + std::string(where);
}

identity::link_kind kind_of(std::string_view name) {
    return name == "member" ? identity::link_kind::member : identity::link_kind::character;
}

identity::link read_link(const cursor& rows) {
    reader r(rows);
    identity::link l;
    l.id = r.id<link_id>();
    l.person = r.id<person_id>();
    l.kind = kind_of(r.view());
    l.target = r.number();
    l.level = r.enumerator<identity::assurance>();
    l.role = r.view() == "main" ? identity::claim_role::main : identity::claim_role::alt;
    l.state = r.flag() ? identity::link_state::active : identity::link_state::revoked;
    l.source = r.text();
    l.evidence = r.text();
    l.actor = r.text();
    l.created_at = r.time();
    l.updated_at = r.time();
    return l;
}

std::string_view name_of(identity::link_kind kind) {
    return kind == identity::link_kind::member ? "member" : "character";
}

} // namespace

void put(connection& db, guild_id guild, const identity::character& c) {
    put_characters(db, guild, {&c});
}

void put_characters(connection& db, guild_id guild, const std::vector<const identity::character*>& rows) {
    static const several_rows sql(
        "INSERT INTO game_character (guild_id, character_id, person_id, game_id, name, name_key, realm_slug,"
        " realm_name, class_id, spec, level, item_level, rank_index, last_login, present, first_seen, "
        "removed_at,"
        " seen_run) VALUES ",
        18,
        " ON CONFLICT (guild_id, character_id) DO UPDATE SET person_id = excluded.person_id,"
        " game_id = excluded.game_id, name = excluded.name, name_key = excluded.name_key,"
        " realm_slug = excluded.realm_slug, realm_name = excluded.realm_name, class_id = excluded.class_id,"
        " spec = excluded.spec, level = excluded.level, item_level = excluded.item_level,"
        " rank_index = excluded.rank_index, last_login = excluded.last_login, present = excluded.present,"
        " removed_at = excluded.removed_at, seen_run = excluded.seen_run");
    std::deque<std::string> keys; // Where they are must not change while they are parameters.
    sql.run(
        db,
        last_of_each<identity::character>(rows, [](const auto& a, const auto& b) { return a.id == b.id; }),
        [&](std::vector<value>& to, const identity::character& c) {
            const std::string& key = keys.emplace_back(text::folded_key(c.name));
            const std::initializer_list<value> columns_of{
                param(guild),        param(c.id),         param(c.person),     param(c.game),
                param(c.name),       param(key),          param(c.realm_slug), param(c.realm_name),
                param(c.class_id),   param(c.spec),       param(c.level),      param(c.item_level),
                param(c.rank),       param(c.last_login), param(c.present),    param(c.first_seen),
                param(c.removed_at), param(c.seen_run)};
            to.insert(to.end(), columns_of);
        });
}

void put_former_names(connection& db, guild_id guild, const std::vector<const identity::former_name*>& rows) {
    static const several_rows sql(
        "INSERT INTO character_name (guild_id, character_id, name, realm_slug, recorded_at) VALUES ", 5,
        " ON CONFLICT (guild_id, character_id, recorded_at) DO UPDATE SET"
        " name = excluded.name, realm_slug = excluded.realm_slug");
    sql.run(db,
            last_of_each<identity::former_name>(rows,
                                                [](const auto& a, const auto& b) {
                                                    return a.character == b.character &&
                                                           a.recorded_at == b.recorded_at;
                                                }),
            [&](std::vector<value>& to, const identity::former_name& n) {
                to.insert(to.end(), {param(guild), param(n.character), param(n.name), param(n.realm_slug),
                                     param(n.recorded_at)});
            });
}

void put(connection& db, guild_id guild, const identity::link& l) {
    db.post(
        "INSERT INTO link (guild_id, link_id, person_id, kind, target, level, claim_role, active, source, "
        "evidence,"
        " actor, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        " ON CONFLICT (guild_id, link_id) DO UPDATE SET level = excluded.level, claim_role = "
        "excluded.claim_role,"
        " active = excluded.active, source = excluded.source, evidence = excluded.evidence,"
        " updated_at = excluded.updated_at",
        {param(guild), param(l.id), param(l.person), param(name_of(l.kind)), param(l.target), param(l.level),
         param(l.role == identity::claim_role::main ? "main" : "alt"),
         param(l.state == identity::link_state::active), param(l.source), param(l.evidence), param(l.actor),
         param(l.created_at), param(l.updated_at)});
}

std::optional<identity::character> find_character(connection& db, guild_id guild, character_id who) {
    static const std::string sql = select_where("guild_id = $1 AND character_id = $2");
    return first(read_characters(db.query(sql, {param(guild), param(who)})));
}

std::vector<identity::character> characters_named(connection& db, guild_id guild, std::string_view key) {
    static const std::string sql =
        select_where("guild_id = $1 AND name_key = $2 ORDER BY realm_slug, character_id");
    return read_characters(db.query(sql, {param(guild), param(key)}));
}

std::vector<identity::character> characters_named(connection& db, guild_id guild,
                                                  std::span<const std::string_view> keys) {
    static const in_list sql(select_where("guild_id = $1 AND name_key"), "");
    return sql.find(db, guild, keys, read_character);
}

std::vector<identity::character> characters_around(connection& db, guild_id guild,
                                                   std::span<const std::string_view> keys) {
    static const text_range sql(select_where("guild_id = $1 AND name_key"));
    if (keys.empty()) {
        return {};
    }
    auto found = sql.find(db, guild, keys, read_character);
    return found ? std::move(*found) : characters_named(db, guild, keys);
}

std::vector<identity::character> characters_of_games(connection& db, guild_id guild,
                                                     std::span<const game_id> games) {
    static const in_list sql(select_where("guild_id = $1 AND game_id <> 0 AND game_id"), "");
    return sql.find(db, guild, games, read_character);
}

std::vector<identity::character> find_characters(connection& db, guild_id guild,
                                                 std::span<const character_id> who) {
    static const in_list sql(select_where("guild_id = $1 AND character_id"), "");
    return by_id(sql.find(db, guild, who, read_character), [](const identity::character& c) { return c.id; });
}

asked<std::vector<identity::character>> ask_characters_of(connection& db, guild_id guild, person_id person) {
    static const std::string sql = select_where("guild_id = $1 AND person_id = $2 AND person_id <> 0");
    return {db.ask(sql, {param(guild), param(person)}), [](const cursor& rows) {
                return by_id(read_characters(rows), [](const identity::character& c) { return c.id; });
            }};
}

std::vector<identity::character> characters_of(connection& db, guild_id guild, person_id person) {
    return ask_characters_of(db, guild, person).get();
}

void each_present_character(connection& db, guild_id guild,
                            const std::function<void(const identity::character&)>& see) {
    static const std::string sql = select_where("guild_id = $1 AND present = 1");
    cursor rows = db.query(sql, {param(guild)});
    while (rows->next()) {
        see(read_character(rows));
    }
}

std::optional<instant> first_seen_in(connection& db, guild_id guild) {
    cursor rows = db.query("SELECT MIN(first_seen) FROM game_character WHERE guild_id = $1", {param(guild)});
    return rows->next() && !rows->is_null(0) ? std::optional(reader(rows).time()) : std::nullopt;
}

std::vector<identity::known_reference> present_references(connection& db, guild_id guild) {
    std::vector<identity::known_reference> out;
    cursor rows = db.query("SELECT game_id, name_key, realm_slug FROM game_character"
                           " WHERE guild_id = $1 AND present = 1",
                           {param(guild)});
    while (rows->next()) {
        reader r(rows);
        identity::known_reference& to = out.emplace_back();
        to.game = r.id<game_id>();
        to.key.folded_name = r.text();
        to.key.realm_slug = r.text();
    }
    return out;
}

std::vector<character_id> present_not_written_by(connection& db, guild_id guild, sync_run_id run) {
    std::vector<character_id> out;
    cursor rows = db.query("SELECT character_id FROM game_character WHERE guild_id = $1 AND present = 1"
                           " AND seen_run <> $2 ORDER BY character_id",
                           {param(guild), param(run)});
    while (rows->next()) {
        out.emplace_back(rows->i64(0));
    }
    return out;
}

std::int64_t count_present(connection& db, guild_id guild) {
    cursor rows =
        db.query("SELECT COUNT(*) FROM game_character WHERE guild_id = $1 AND present = 1", {param(guild)});
    return rows->next() ? rows->i64(0) : 0;
}

std::vector<identity::link> active_links_of(connection& db, guild_id guild,
                                            std::span<const character_id> who) {
    static const in_list sql("SELECT " + std::string(link_columns) +
                                 " FROM link WHERE guild_id = $1 AND kind = 'character' AND active = 1"
                                 " AND level > 0 AND target",
                             "");
    return sql.find(db, guild, who, read_link);
}

std::optional<identity::link> active_link(connection& db, guild_id guild, identity::link_kind kind,
                                          std::int64_t target) {
    static const std::string sql =
        "SELECT " + std::string(link_columns) +
        " FROM link WHERE guild_id = $1 AND kind = $2 AND target = $3 AND active = 1"
        " AND level > 0";
    cursor rows = db.query(sql, {param(guild), param(name_of(kind)), param(target)});
    if (!rows->next()) {
        return std::nullopt;
    }
    return read_link(rows);
}

namespace {

std::vector<identity::link> read_links(const cursor& rows) {
    std::vector<identity::link> out;
    while (rows->next()) {
        out.push_back(read_link(rows));
    }
    return by_id(std::move(out), [](const identity::link& l) { return l.id; });
}

} // namespace

asked<std::vector<identity::link>> ask_links_of(connection& db, guild_id guild, person_id person) {
    static const std::string sql = "SELECT " + std::string(link_columns) +
                                   " FROM link WHERE guild_id = $1 AND person_id = $2 AND active = 1";
    return {db.ask(sql, {param(guild), param(person)}), read_links};
}

std::vector<identity::link> links_of(connection& db, guild_id guild, person_id person) {
    return ask_links_of(db, guild, person).get();
}

std::vector<identity::link> links_of(connection& db, guild_id guild, std::span<const person_id> persons) {
    static const in_list sql("SELECT " + std::string(link_columns) +
                                 " FROM link WHERE guild_id = $1 AND active = 1 AND person_id",
                             "");
    return sql.find(db, guild, persons, read_link);
}

std::vector<std::pair<identity::link_kind, std::int64_t>> link_targets_of(connection& db, guild_id guild,
                                                                          person_id person) {
    cursor rows = db.query("SELECT DISTINCT kind, target FROM link WHERE guild_id = $1 AND person_id = $2",
                           {param(guild), param(person)});
    std::vector<std::pair<identity::link_kind, std::int64_t>> out;
    while (rows->next()) {
        reader r(rows);
        const auto kind = kind_of(r.view());
        out.emplace_back(kind, r.number());
    }
    return out;
}

void each_owner_link(connection& db, guild_id guild, const std::function<void(const identity::link&)>& see) {
    static const std::string sql = "SELECT " + std::string(link_columns) +
                                   " FROM link WHERE guild_id = $1 AND kind = 'character' AND active = 1"
                                   " AND level > 0 ORDER BY target";
    cursor rows = db.query(sql, {param(guild)});
    while (rows->next()) {
        see(read_link(rows));
    }
}

std::vector<identity::link> suggested_links_to(connection& db, guild_id guild,
                                               std::span<const character_id> who) {
    static const in_list sql("SELECT " + std::string(link_columns) +
                                 " FROM link WHERE guild_id = $1 AND kind = 'character' AND active = 1"
                                 " AND level = 0 AND target",
                             "");
    std::vector<identity::link> out = sql.find(db, guild, who, read_link);
    // Not by the statement: SQLite would go through all links of the guild, as they are in that order.
    std::sort(out.begin(), out.end(),
              [](const identity::link& a, const identity::link& b) { return a.id < b.id; });
    return out;
}

} // namespace patt::store
