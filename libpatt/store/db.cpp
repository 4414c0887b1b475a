#include <patt/store/db.hpp>

namespace patt::store {

std::string_view to_string(sql_errc code) noexcept {
    switch (code) {
    case sql_errc::unique:
        return "unique";
    case sql_errc::foreign_key:
        return "foreign_key";
    case sql_errc::check:
        return "check";
    case sql_errc::not_null:
        return "not_null";
    case sql_errc::busy:
        return "busy";
    case sql_errc::serialization:
        return "serialization";
    case sql_errc::lost:
        return "lost";
    case sql_errc::unknown:
        return "unknown";
    case sql_errc::bad_value:
        return "bad_value";
    case sql_errc::full:
        return "full";
    case sql_errc::corrupt:
        return "corrupt";
    case sql_errc::misuse:
        return "misuse";
    case sql_errc::io:
        return "io";
    case sql_errc::other:
        break;
    }
    return "other";
}

std::int64_t connection::run(std::string_view sql, std::span<const value> parameters) {
    cursor rows = query(sql, parameters);
    while (rows->next()) {
    }
    return rows->affected();
}

void connection::post(std::string_view sql, std::span<const value> parameters) {
    static_cast<void>(run(sql, parameters));
}

void connection::run_alone(const std::string& statement) {
    run(statement);
}

void connection::enter_guild(guild_id guild) {
    static_cast<void>(guild);
}

} // namespace patt::store
