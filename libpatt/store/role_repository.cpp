#include "store/role_repository.hpp"

#include "store/binding.hpp"

namespace patt::store {

void put(connection& db, guild_id guild, const identity::chat_role& r) {
    if (r.state == identity::role_state::gone) {
        db.post("DELETE FROM chat_role WHERE guild_id = $1 AND role_id = $2", {param(guild), param(r.id)});
        return;
    }
    db.post("INSERT INTO chat_role (guild_id, role_id, name, updated_at) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (guild_id, role_id) DO UPDATE SET name = excluded.name,"
            " updated_at = excluded.updated_at",
            {param(guild), param(r.id), param(r.name), param(r.updated_at)});
}

std::vector<identity::chat_role> chat_roles(connection& db, guild_id guild) {
    cursor rows =
        db.query("SELECT role_id, name, updated_at FROM chat_role WHERE guild_id = $1 ORDER BY role_id",
                 {param(guild)});
    std::vector<identity::chat_role> out;
    while (rows->next()) {
        reader r(rows);
        identity::chat_role role;
        role.id = r.id<role_id>();
        role.name = r.text();
        role.updated_at = r.time();
        out.push_back(std::move(role));
    }
    return out;
}

} // namespace patt::store
