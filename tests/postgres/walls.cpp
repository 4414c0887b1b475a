#include "postgres/walls.hpp"

#include "postgres/session.hpp"

#include <patt/store/migrations.hpp>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace patt::postgres {
namespace {

constexpr instant migrated_at{1'767'643'200'000'000};

std::string name_in(const std::string& where) {
    const std::string path = where.substr(0, where.find('?'));
    return path.substr(path.rfind('/') + 1);
}

} // namespace

void make_roles(const std::string& where) {
    const std::string name = name_in(where);
    std::istringstream lines(store::roles_sql({}, name));
    std::string sql;
    for (std::string line; std::getline(lines, line);) {
        // Roles belong to the server: another database of it, or another program meanwhile, has made them.
        const bool of_server = line.starts_with("CREATE ROLE") || line.starts_with("GRANT \"patt_queue\"");
        sql += of_server ? "DO $$ BEGIN " + line +
                               " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;\n"
                         : line + "\n";
    }
    session(where).run(sql + "ALTER DATABASE \"" + name + "\" SET search_path = patt");
}

void raise_walls(const std::string& where) {
    make_roles(where);
    const auto owner = store::open_postgres(as_owner(where))->connect();
    const auto done = store::migrate(*owner, store::built_in_migrations(), migrated_at);
    if (!done) {
        throw std::runtime_error("the database cannot be migrated: " + done.err().detail);
    }
    store::install_row_security(*owner, {});
}

std::string as_role(const std::string& where, std::string_view role) {
    const auto scheme = where.find("://");
    if (scheme == std::string::npos) {
        throw std::runtime_error("a connection string of a test is a URI");
    }
    const auto from = scheme + 3;
    const auto user_end = where.find('@', from);
    const auto host = user_end < where.find('/', from) ? user_end + 1 : from;
    return where.substr(0, from) + std::string(role) + ":fill%20in@" + where.substr(host);
}

std::shared_ptr<store::database> open_walled(const std::string& where, store::postgres_options how) {
    how.queue_role = store::role_names{}.queue;
    return store::open_postgres(as_host(where), std::move(how));
}

} // namespace patt::postgres
