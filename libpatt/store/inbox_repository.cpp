#include "store/inbox_repository.hpp"

#include "store/binding.hpp"

namespace patt::store {

std::optional<std::string> known_input(connection& db, guild_id guild, std::string_view key) {
    cursor rows = db.query("SELECT reply FROM inbox WHERE guild_id = $1 AND input_key = $2",
                           {param(guild), param(key)});
    if (!rows->next()) {
        return std::nullopt;
    }
    return std::string(rows->text(0));
}

void remember_input(connection& db, guild_id guild, std::string_view key, std::string_view reply,
                    instant now) {
    db.run("INSERT INTO inbox (guild_id, input_key, reply, received_at) VALUES ($1, $2, $3, $4)",
           {param(guild), param(key), param(reply), param(now)});
}

void forget_inputs(connection& db, guild_id guild, instant before) {
    db.run("DELETE FROM inbox WHERE guild_id = $1 AND received_at < $2", {param(guild), param(before)});
}

guild_id route_of(connection& db, member_id member) {
    // A guild that they left asks nothing any more.
    cursor rows = db.query("SELECT r.guild_id FROM dm_route r"
                           " JOIN member m ON m.guild_id = r.guild_id AND m.member_id = r.member_id"
                           " WHERE r.member_id = $1 AND m.present = 1"
                           " ORDER BY r.is_open DESC, r.asked_at DESC LIMIT 1",
                           {param(member)});
    return rows->next() ? guild_id{rows->i64(0)} : guild_id{};
}

std::vector<guild_id> guilds_of(connection& db, member_id member) {
    std::vector<guild_id> out;
    cursor rows =
        db.query("SELECT guild_id FROM member WHERE member_id = $1 AND present = 1 ORDER BY guild_id",
                 {param(member)});
    while (rows->next()) {
        out.emplace_back(rows->i64(0));
    }
    return out;
}

void open_route(connection& db, guild_id guild, member_id member, session_id session, instant now) {
    db.run(
        "INSERT INTO dm_route (member_id, guild_id, session_id, asked_at, is_open) VALUES ($1, $2, $3, $4, 1)"
        " ON CONFLICT (member_id, guild_id) DO UPDATE SET session_id = excluded.session_id,"
        " asked_at = excluded.asked_at, is_open = 1",
        {param(member), param(guild), param(session), param(now)});
}

void close_route(connection& db, guild_id guild, member_id member) {
    db.run("UPDATE dm_route SET is_open = 0 WHERE member_id = $1 AND guild_id = $2 AND is_open = 1",
           {param(member), param(guild)});
}

} // namespace patt::store
