#include <patt/store/db.hpp>

namespace patt::store {

std::int64_t connection::run(std::string_view sql, std::span<const value> parameters) {
    cursor rows = query(sql, parameters);
    while (rows->next()) {
    }
    return rows->affected();
}

} // namespace patt::store
