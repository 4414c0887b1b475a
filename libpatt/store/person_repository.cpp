#include "store/person_repository.hpp"

#include "store/binding.hpp"
#include "store/ordering.hpp"
#include "store/several_rows.hpp"

#include <charconv>
#include <string>

namespace patt::store {

namespace {

constexpr std::string_view columns =
    "member_id, person_id, username, display_name, roles, present, joined_at, left_at,"
    " first_seen, updated_at";

std::string join_roles(const std::vector<role_id>& roles) {
    std::string out;
    for (const role_id r : roles) {
        out += (out.empty() ? "" : ",") + std::to_string(r.value());
    }
    return out;
}

std::vector<role_id> split_roles(std::string_view list) {
    std::vector<role_id> out;
    const char* const end = list.data() + list.size();
    for (const char* at = list.data(); at < end;) {
        std::int64_t v = 0;
        const auto [next, ec] = std::from_chars(at, end, v);
        if (ec != std::errc{}) {
            break;
        }
        out.emplace_back(v);
        at = next + 1;
    }
    return out;
}

identity::member read_member(const cursor& rows) {
    reader r(rows);
    identity::member m;
    m.id = r.id<member_id>();
    m.person = r.id<person_id>();
    m.username = r.text();
    m.display_name = r.text();
    m.roles = split_roles(r.view());
    m.here = r.flag() ? identity::presence::present : identity::presence::absent;
    m.joined_at = r.time();
    m.left_at = r.time();
    m.first_seen = r.time();
    m.updated_at = r.time();
    return m;
}

std::vector<identity::member> read_members(const cursor& rows) {
    std::vector<identity::member> out;
    while (rows->next()) {
        out.push_back(read_member(rows));
    }
    return out;
}

} // namespace

void put(connection& db, guild_id guild, const identity::person& p) {
    db.post("INSERT INTO person (guild_id, person_id, display_name, created_at, updated_at) VALUES ($1, $2, "
            "$3, $4, $5)"
            " ON CONFLICT (guild_id, person_id) DO UPDATE SET display_name = excluded.display_name,"
            " updated_at = excluded.updated_at",
            {param(guild), param(p.id), param(p.display_name), param(p.created_at), param(p.updated_at)});
}

namespace {

std::optional<identity::person> read_person(const cursor& rows) {
    if (!rows->next()) {
        return std::nullopt;
    }
    reader r(rows);
    identity::person p;
    p.id = r.id<person_id>();
    p.display_name = r.text();
    p.created_at = r.time();
    p.updated_at = r.time();
    return p;
}

} // namespace

asked<std::optional<identity::person>> ask_person(connection& db, guild_id guild, person_id person) {
    return {db.ask("SELECT person_id, display_name, created_at, updated_at FROM person"
                   " WHERE guild_id = $1 AND person_id = $2",
                   {param(guild), param(person)}),
            read_person};
}

std::optional<identity::person> find_person(connection& db, guild_id guild, person_id person) {
    return ask_person(db, guild, person).get();
}

void put(connection& db, guild_id guild, const identity::member& m) {
    const std::string roles = join_roles(m.roles);
    db.post("INSERT INTO member (guild_id, member_id, person_id, username, display_name, roles, present, "
            "joined_at,"
            " left_at, first_seen, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
            " ON CONFLICT (guild_id, member_id) DO UPDATE SET person_id = excluded.person_id,"
            " username = excluded.username, display_name = excluded.display_name, roles = excluded.roles,"
            " present = excluded.present, joined_at = excluded.joined_at, left_at = excluded.left_at,"
            " updated_at = excluded.updated_at",
            {param(guild), param(m.id), param(m.person), param(m.username), param(m.display_name),
             param(roles), param(m.here == identity::presence::present), param(m.joined_at), param(m.left_at),
             param(m.first_seen), param(m.updated_at)});
    // A direct message names no guild: where its author is present is looked up there.
    db.post("INSERT INTO dm_route (member_id, guild_id, session_id, asked_at, is_open, present)"
            " VALUES ($1, $2, 0, 0, 0, $3)"
            " ON CONFLICT (member_id, guild_id) DO UPDATE SET present = excluded.present",
            {param(m.id), param(guild), param(m.here == identity::presence::present)});
}

asked<std::optional<identity::member>> ask_member(connection& db, guild_id guild, member_id member) {
    static const std::string sql =
        "SELECT " + std::string(columns) + " FROM member WHERE guild_id = $1 AND member_id = $2";
    return {db.ask(sql, {param(guild), param(member)}), [](const cursor& rows) {
                return rows->next() ? std::optional(read_member(rows)) : std::nullopt;
            }};
}

std::optional<identity::member> find_member(connection& db, guild_id guild, member_id member) {
    return ask_member(db, guild, member).get();
}

std::vector<identity::member> find_members(connection& db, guild_id guild, std::span<const member_id> who) {
    static const in_list sql(
        "SELECT " + std::string(columns) + " FROM member WHERE guild_id = $1 AND member_id", "");
    return sql.find(db, guild, who, read_member);
}

asked<std::vector<identity::member>> ask_members_of(connection& db, guild_id guild, person_id person) {
    static const std::string sql = "SELECT " + std::string(columns) +
                                   " FROM member WHERE guild_id = $1 AND person_id = $2 AND person_id <> 0";
    return {db.ask(sql, {param(guild), param(person)}), [](const cursor& rows) {
                return by_id(read_members(rows), [](const identity::member& m) { return m.id; });
            }};
}

std::vector<identity::member> members_of(connection& db, guild_id guild, person_id person) {
    return ask_members_of(db, guild, person).get();
}

std::vector<identity::member> members_of(connection& db, guild_id guild, std::span<const person_id> persons) {
    static const in_list sql("SELECT " + std::string(columns) +
                                 " FROM member WHERE guild_id = $1 AND person_id <> 0 AND person_id",
                             "");
    return by_id(sql.find(db, guild, persons, read_member), [](const identity::member& m) { return m.id; });
}

std::vector<identity::member> present_members(connection& db, guild_id guild) {
    static const std::string sql = "SELECT " + std::string(columns) +
                                   " FROM member WHERE guild_id = $1 AND present = 1 ORDER BY member_id";
    return read_members(db.query(sql, {param(guild)}));
}

} // namespace patt::store
