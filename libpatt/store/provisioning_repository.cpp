#include "store/provisioning_repository.hpp"

#include "store/binding.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace patt::store {

namespace {

constexpr std::array<std::string_view, 5> grant_states{"wanted", "given", "found", "revoked", "ending"};
constexpr std::string_view invite_columns =
    "invite_id, code_hash, session_id, person_id, generated_by, made_by,"
    " created_at, expires_at, used_at, used_by, revoked_at";

provisioning::grant_state grant_state_of(std::string_view name) {
    for (std::size_t i = 0; i < grant_states.size(); ++i) {
        if (grant_states[i] == name) {
            return static_cast<provisioning::grant_state>(i);
        }
    }
    return provisioning::grant_state::revoked;
}

std::optional<provisioning::invite> read_invite(const cursor& rows) {
    if (!rows->next()) {
        return std::nullopt;
    }
    reader r(rows);
    provisioning::invite i;
    i.id = r.id<invite_id>();
    i.code_hash = r.hash();
    i.session = r.id<session_id>();
    i.person = r.id<person_id>();
    i.generated_by = r.text();
    i.made_by = r.text();
    i.created_at = r.time();
    i.expires_at = r.time();
    i.used_at = r.time();
    i.used_by = r.text();
    i.revoked_at = r.time();
    return i;
}

provisioning::choice choice_of(bool on) {
    return on ? provisioning::choice::on : provisioning::choice::off;
}

} // namespace

void put(connection& db, guild_id guild, const provisioning::grant& g) {
    db.post(
        "INSERT INTO role_grant (guild_id, member_id, role_id, source, person_id, state, reason, since, "
        "updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        " ON CONFLICT (guild_id, member_id, role_id, source) DO UPDATE SET person_id = excluded.person_id,"
        " state = excluded.state, reason = excluded.reason, since = excluded.since,"
        " updated_at = excluded.updated_at",
        {param(guild), param(g.member), param(g.role), param(g.source), param(g.person),
         param(grant_states[static_cast<std::size_t>(g.state)]), param(g.reason), param(g.since),
         param(g.updated_at)});
}

void put(connection& db, guild_id guild, const provisioning::invite& i) {
    db.post(
        "INSERT INTO invite (guild_id, invite_id, code_hash, session_id, person_id, generated_by, made_by,"
        " created_at, expires_at, used_at, used_by, revoked_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        " ON CONFLICT (guild_id, invite_id) DO UPDATE SET used_at = excluded.used_at, used_by = "
        "excluded.used_by,"
        " revoked_at = excluded.revoked_at",
        {param(guild), param(i.id), param(i.code_hash), param(i.session), param(i.person),
         param(i.generated_by), param(i.made_by), param(i.created_at), param(i.expires_at), param(i.used_at),
         param(i.used_by), param(i.revoked_at)});
}

void put(connection& db, guild_id guild, const provisioning::roster_entry& e) {
    db.post("INSERT INTO roster_entry (guild_id, character_id, person_id, name, realm_slug, realm_name,"
            " character_class, spec, role_category, level, chat_name, is_main, auto_signup, reminders, "
            "availability,"
            " created_by, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
            " ON CONFLICT (guild_id, character_id) DO UPDATE SET person_id = excluded.person_id,"
            " is_main = excluded.is_main, auto_signup = excluded.auto_signup, reminders = excluded.reminders,"
            " availability = excluded.availability",
            {param(guild), param(e.character), param(e.person), param(e.name), param(e.realm_slug),
             param(e.realm_name), param(e.character_class), param(e.spec), param(e.role_category),
             param(e.level), param(e.chat_name), param(e.is_main), param(e.auto_signup), param(e.reminders),
             param(e.availability), param(e.created_by), param(e.created_at)});
}

namespace {

constexpr std::string_view grant_columns =
    "member_id, role_id, source, person_id, state, reason, since, updated_at";

std::vector<provisioning::grant> read_grants(const cursor& rows) {
    std::vector<provisioning::grant> out;
    while (rows->next()) {
        reader r(rows);
        provisioning::grant g;
        g.member = r.id<member_id>();
        g.role = r.id<role_id>();
        g.source = r.text();
        g.person = r.id<person_id>();
        g.state = grant_state_of(r.view());
        g.reason = r.text();
        g.since = r.time();
        g.updated_at = r.time();
        out.push_back(std::move(g));
    }
    return out;
}

} // namespace

asked<std::vector<provisioning::grant>> ask_grants_of(connection& db, guild_id guild, person_id person) {
    static const std::string sql =
        "SELECT " + std::string(grant_columns) +
        " FROM role_grant WHERE guild_id = $1 AND member_id IN (SELECT m.member_id FROM member m"
        " WHERE m.guild_id = $1 AND m.person_id = $2 AND m.person_id <> 0) ORDER BY member_id, role_id, "
        "source";
    return {db.ask(sql, {param(guild), param(person)}), read_grants};
}

std::vector<provisioning::grant> grants_of(connection& db, guild_id guild, member_id member) {
    static const std::string sql =
        "SELECT " + std::string(grant_columns) +
        " FROM role_grant WHERE guild_id = $1 AND member_id = $2 ORDER BY role_id, source";
    return read_grants(db.query(sql, {param(guild), param(member)}));
}

asked<std::optional<provisioning::invite>> ask_live_invite(connection& db, guild_id guild,
                                                           session_id session) {
    static const std::string sql = "SELECT " + std::string(invite_columns) +
                                   " FROM invite WHERE guild_id = $1 AND session_id = $2 AND session_id <> 0"
                                   " AND used_at = 0 AND revoked_at = 0";
    return {db.ask(sql, {param(guild), param(session)}), read_invite};
}

std::optional<provisioning::invite> live_invite(connection& db, guild_id guild, session_id session) {
    return ask_live_invite(db, guild, session).get();
}

std::optional<provisioning::invite> invite_by_hash(connection& db, guild_id guild, const digest& hash) {
    static const std::string sql =
        "SELECT " + std::string(invite_columns) + " FROM invite WHERE guild_id = $1 AND code_hash = $2";
    return read_invite(db.query(sql, {param(guild), param(hash)}));
}

std::vector<character_id> listed_characters(connection& db, guild_id guild, person_id person) {
    // A character may still be listed under the person that had it before.
    std::vector<character_id> out;
    cursor rows = db.query("SELECT c.character_id FROM game_character c"
                           " WHERE c.guild_id = $1 AND c.person_id = $2 AND c.person_id <> 0"
                           " AND (SELECT 1 FROM roster_entry e WHERE e.guild_id = c.guild_id"
                           " AND e.character_id = c.character_id AND e.person_id = c.person_id LIMIT 1)"
                           " IS NOT NULL", // Not joined: it might read all entries of the guild.
                           {param(guild), param(person)});
    while (rows->next()) {
        out.emplace_back(rows->i64(0));
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<provisioning::roster_entry> roster_entries(connection& db, guild_id guild) {
    std::vector<provisioning::roster_entry> out;
    cursor rows =
        db.query("SELECT character_id, person_id, name, realm_slug, realm_name, character_class, spec,"
                 " role_category, level, chat_name, is_main, auto_signup, reminders, availability,"
                 " created_by, created_at FROM roster_entry WHERE guild_id = $1 ORDER BY character_id",
                 {param(guild)});
    while (rows->next()) {
        reader r(rows);
        provisioning::roster_entry e;
        e.character = r.id<character_id>();
        e.person = r.id<person_id>();
        e.name = r.text();
        e.realm_slug = r.text();
        e.realm_name = r.text();
        e.character_class = r.text();
        e.spec = r.text();
        e.role_category = r.text();
        e.level = r.integer();
        e.chat_name = r.text();
        e.is_main = choice_of(r.flag());
        e.auto_signup = choice_of(r.flag());
        e.reminders = choice_of(r.flag());
        e.availability = r.text();
        e.created_by = r.text();
        e.created_at = r.time();
        out.push_back(std::move(e));
    }
    return out;
}

} // namespace patt::store
