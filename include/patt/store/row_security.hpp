/// @file
/// Row-level security (PostgreSQL): the second wall behind the code. A transaction sees the rows of the guild
/// that it entered (`connection::enter_guild`), or the queues of all guilds (`enter_queue`), or nothing.
///
/// Three roles, made once by an administrator (`roles_sql`): the owner of the tables, who migrates; the role
/// that hosts log in with, which owns nothing; and the role of the queues, which nobody logs in with.
#pragma once

#include <patt/store/db.hpp>
#include <patt/store/migrations.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patt::store {

/// What the roles are called.
struct role_names {
    std::string owner = "patt_owner";
    std::string run = "patt_run";
    std::string queue = "patt_queue";
};

/// What an administrator runs once in a new database: the roles and PATT's own schema. The passwords in it
/// are to be filled in.
[[nodiscard]] std::string roles_sql(const role_names& names, std::string_view database);

/// What the owner runs after each migration: the rows' policies on every table that has a `guild_id`, also on
/// those that did not exist before, and what each role may do. May be run again and again.
[[nodiscard]] std::string row_security_sql(const role_names& names);

/// A query for every table with a `guild_id` that the wall does not cover, one row each with its name and
/// what is missing. Without rows all is well.
[[nodiscard]] std::string_view row_security_gaps_sql() noexcept;

/// Whether the roles of these names exist.
[[nodiscard]] bool roles_exist(connection& db, const role_names& names);

/// The queues' role, if the rows of this database are walled and who is connected may take it on; else empty.
/// For `postgres_options::queue_role`.
[[nodiscard]] std::string usable_queue_role(connection& db, const role_names& names);

/// Runs `row_security_sql` under the migration lock, with brief waits as `migrate` has them.
/// @throws sql_error  `misuse` when the role is not the owner of the tables.
void install_row_security(connection& db, const role_names& names, const migrate_options& how = {});

} // namespace patt::store
