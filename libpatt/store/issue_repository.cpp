#include "store/issue_repository.hpp"

#include "store/binding.hpp"
#include "store/codec.hpp"
#include "store/ordering.hpp"
#include "store/several_rows.hpp"

#include <string>

namespace patt::store {

namespace {

constexpr std::string_view columns =
    "issue_id, issue_type, severity, member_id, person_id, character_id, session_id,"
    " detail, issue_hash, summary_key, summary_args, first_seen, last_seen,"
    " notified_at, resolved_at, resolved_by, note";

/// None for a type of a newer version of the program: it is left alone.
std::optional<integrity::issue> read_issue(const cursor& row) {
    reader r(row);
    integrity::issue i;
    i.id = r.id<issue_id>();
    const auto type = integrity::parse_issue_type(r.view());
    i.severity = integrity::parse_severity(r.view()).value_or(integrity::severity::warning);
    i.about.member = r.id<member_id>();
    i.about.person = r.id<person_id>();
    i.about.character = r.id<character_id>();
    i.about.session = r.id<session_id>();
    i.about.detail = r.text();
    i.hash = r.text();
    i.summary.key = r.text();
    i.summary.args = decode_args(r.view());
    i.first_seen = r.time();
    i.last_seen = r.time();
    i.notified_at = r.time();
    i.resolved_at = r.time();
    i.resolved_by = r.text();
    i.note = r.text();
    if (!type) {
        return std::nullopt;
    }
    i.type = *type;
    return i;
}

std::vector<integrity::issue> read_issues(const cursor& rows) {
    std::vector<integrity::issue> out;
    while (rows->next()) {
        if (auto one = read_issue(rows)) {
            out.push_back(std::move(*one));
        }
    }
    return out;
}

} // namespace

void put(connection& db, guild_id guild, const integrity::issue& i) {
    const std::string args = encode_args(i.summary.args);
    db.post("INSERT INTO issue (guild_id, issue_id, issue_type, severity, member_id, person_id, character_id,"
            " session_id, detail, issue_hash, summary_key, summary_args, first_seen, last_seen, notified_at,"
            " resolved_at, resolved_by, note)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
            " ON CONFLICT (guild_id, issue_id) DO UPDATE SET severity = excluded.severity,"
            " summary_args = excluded.summary_args, last_seen = excluded.last_seen,"
            " notified_at = excluded.notified_at, resolved_at = excluded.resolved_at,"
            " resolved_by = excluded.resolved_by, note = excluded.note",
            {param(guild), param(i.id), param(integrity::to_string(i.type)),
             param(integrity::to_string(i.severity)), param(i.about.member), param(i.about.person),
             param(i.about.character), param(i.about.session), param(i.about.detail), param(i.hash),
             param(i.summary.key), param(args), param(i.first_seen), param(i.last_seen), param(i.notified_at),
             param(i.resolved_at), param(i.resolved_by), param(i.note)});
}

std::vector<integrity::issue> open_issues(connection& db, guild_id guild) {
    static const std::string sql = "SELECT " + std::string(columns) +
                                   " FROM issue WHERE guild_id = $1 AND resolved_at = 0 ORDER BY issue_id";
    return read_issues(db.query(sql, {param(guild)}));
}

asked<std::vector<integrity::issue>> ask_issues_about(connection& db, guild_id guild, member_id member) {
    static const std::string sql = "SELECT " + std::string(columns) +
                                   " FROM issue WHERE guild_id = $1 AND member_id = $2 AND resolved_at = 0";
    return {db.ask(sql, {param(guild), param(member)}), [](const cursor& rows) {
                return by_id(read_issues(rows), [](const integrity::issue& i) { return i.id; });
            }};
}

std::vector<integrity::issue> open_issues_about(connection& db, guild_id guild, member_id member) {
    return ask_issues_about(db, guild, member).get();
}

std::vector<integrity::issue> open_issues_of_guild(connection& db, guild_id guild,
                                                   integrity::issue_type type) {
    static const std::string sql = "SELECT " + std::string(columns) +
                                   " FROM issue WHERE guild_id = $1 AND member_id = 0 AND issue_type = $2"
                                   " AND resolved_at = 0 ORDER BY issue_id";
    return read_issues(db.query(sql, {param(guild), param(integrity::to_string(type))}));
}

std::vector<integrity::issue> open_issues_of(connection& db, guild_id guild, integrity::issue_type type,
                                             std::span<const character_id> who) {
    static const several_rows sql(
        "SELECT " + std::string(columns) +
            " FROM issue WHERE guild_id = $1 AND issue_type = $2 AND resolved_at = 0 AND character_id <> 0"
            " AND character_id IN (",
        1, ")", 2, several_rows::list_form::each);
    std::vector<const character_id*> rows;
    for (const character_id& c : who) {
        rows.push_back(&c);
    }
    std::vector<integrity::issue> out;
    sql.query(
        db, rows, [](std::vector<value>& to, const character_id& c) { to.push_back(param(c)); },
        {param(guild), param(integrity::to_string(type))},
        [&](const cursor& row) {
            if (auto one = read_issue(row)) {
                out.push_back(std::move(*one));
            }
        });
    return by_id(std::move(out), [](const integrity::issue& i) { return i.id; });
}

std::optional<integrity::issue> open_issue_of(connection& db, guild_id guild, integrity::issue_type type,
                                              character_id who) {
    static const std::string sql =
        "SELECT " + std::string(columns) +
        " FROM issue WHERE guild_id = $1 AND character_id = $2 AND character_id <> 0"
        " AND issue_type = $3 AND resolved_at = 0 ORDER BY issue_id LIMIT 1";
    std::vector<integrity::issue> found =
        read_issues(db.query(sql, {param(guild), param(who), param(integrity::to_string(type))}));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

} // namespace patt::store
