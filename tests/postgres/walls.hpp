/// @file
/// Databases as in production: the roles of docs/operations.md, a migrating one that owns the tables, and
/// hosts that own nothing and see the guild that they entered, as row-level security lets them.
///
/// @code
/// const std::string where = server.fresh_database(); // as the superuser, who sees everything
/// raise_walls(where);
/// const auto database = open_walled(where);
/// @endcode
#pragma once

#include <patt/store/db.hpp>
#include <patt/store/postgres.hpp>
#include <patt/store/row_security.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace patt::postgres {

/// What an administrator runs once in a new database. Roles that the server has already stay as they are. The
/// superuser finds the tables by their names, too.
/// @param where  As the superuser.
void make_roles(const std::string& where);

/// The roles, the tables and the policies, each made by whoever makes them in production.
/// @param where  As the superuser; an empty database.
void raise_walls(const std::string& where);

/// The same connection string (a URI) with another user, and the password that `make_roles` gives.
[[nodiscard]] std::string as_role(const std::string& where, std::string_view role);
[[nodiscard]] inline std::string as_owner(const std::string& where) {
    return as_role(where, store::role_names{}.owner);
}
[[nodiscard]] inline std::string as_host(const std::string& where) {
    return as_role(where, store::role_names{}.run);
}

/// Opens it as hosts do: the run-time role, behind the walls.
/// @param where  With any user.
[[nodiscard]] std::shared_ptr<store::database> open_walled(const std::string& where,
                                                           store::postgres_options how = {});

} // namespace patt::postgres
