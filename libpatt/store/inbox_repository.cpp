#include "store/inbox_repository.hpp"

#include "store/binding.hpp"

namespace patt::store {

asked<std::optional<std::string>> ask_input(connection& db, guild_id guild, std::string_view key) {
    return {
        db.ask("SELECT reply FROM inbox WHERE guild_id = $1 AND input_key = $2", {param(guild), param(key)}),
        [](const cursor& rows) {
            return rows->next() ? std::optional(std::string(rows->text(0))) : std::nullopt;
        }};
}

std::optional<std::string> known_input(connection& db, guild_id guild, std::string_view key) {
    return ask_input(db, guild, key).get();
}

void remember_input(connection& db, guild_id guild, std::string_view key, std::string_view reply,
                    instant now) {
    db.post("INSERT INTO inbox (guild_id, input_key, reply, received_at) VALUES ($1, $2, $3, $4)",
            {param(guild), param(key), param(reply), param(now)});
}

void forget_inputs(connection& db, guild_id guild, instant before) {
    db.post("DELETE FROM inbox WHERE guild_id = $1 AND received_at < $2", {param(guild), param(before)});
}

namespace {

dm_routes read_routes(const cursor& rows) {
    dm_routes out;
    bool first_asked = false;
    while (rows->next()) {
        const guild_id guild{rows->i64(0)};
        const bool asked = rows->i64(1) != 0;
        const bool present = rows->i64(2) != 0;
        if (present && out.all.empty()) {
            out.now = guild;
        } else if (present && out.all.size() == 1 && !first_asked) {
            out.now = {}; // Two are possible, and neither ever asked.
        }
        first_asked = first_asked || asked;
        out.all.push_back(guild);
    }
    return out;
}

} // namespace

asked<dm_routes> ask_routes(connection& db, member_id member) {
    // A guild that they left asks nothing any more. One that asks comes first, then the only one.
    return {db.ask("SELECT guild_id, asked_at, present FROM dm_route WHERE member_id = $1"
                   " ORDER BY present DESC, is_open DESC, asked_at DESC, guild_id",
                   {param(member)}),
            read_routes};
}

dm_routes routes_of(connection& db, member_id member) {
    return ask_routes(db, member).get();
}

void open_route(connection& db, guild_id guild, member_id member, session_id session, instant now) {
    db.post("INSERT INTO dm_route (member_id, guild_id, session_id, asked_at, is_open, present)"
            " VALUES ($1, $2, $3, $4, 1, 1)"
            " ON CONFLICT (member_id, guild_id) DO UPDATE SET session_id = excluded.session_id,"
            " asked_at = excluded.asked_at, is_open = 1",
            {param(member), param(guild), param(session), param(now)});
}

void close_route(connection& db, guild_id guild, member_id member) {
    db.post("UPDATE dm_route SET is_open = 0 WHERE member_id = $1 AND guild_id = $2 AND is_open = 1",
            {param(member), param(guild)});
}

} // namespace patt::store
