#include "postgres/shared_server.hpp"

#include "postgres/session.hpp"

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <vector>

namespace patt::postgres {
namespace {

/// Databases on somebody else's server; dropped at the end.
class borrowed_server {
public:
    explicit borrowed_server(std::string where)
        : where_(std::move(where)) {
        if (session(where_).one("SHOW is_superuser") != "on") {
            throw std::runtime_error("PATT_TEST_POSTGRES must name a superuser: tests look behind the walls"
                                     " of row-level security");
        }
    }
    borrowed_server(const borrowed_server&) = delete;
    borrowed_server& operator=(const borrowed_server&) = delete;
    ~borrowed_server() {
        for (const std::string& name : made_) {
            try {
                session(where_).run("DROP DATABASE " + name + " WITH (FORCE)");
            } catch (
                const std::exception&) { // The server is gone: so is the database, or somebody tidies up.
            }
        }
    }
    std::string fresh_database(const std::string& copied) {
        const std::string name =
            "patt_test_" + std::to_string(::getpid()) + "_" + std::to_string(made_.size() + 1);
        session(where_).run("CREATE DATABASE " + name + " TEMPLATE " + copied);
        made_.push_back(name);
        return with_database(name);
    }

    /// postgresql://user@host:port/DATABASE?options
    [[nodiscard]] std::string with_database(const std::string& name) const {
        const auto host = where_.find("://");
        if (host == std::string::npos) {
            throw std::runtime_error(
                "PATT_TEST_POSTGRES must be a URI: postgresql://user@host:port/database");
        }
        const auto options = where_.find('?');
        const auto database = where_.find('/', host + 3);
        const std::string front = where_.substr(0, std::min(database, options));
        return front + '/' + name + (options == std::string::npos ? "" : where_.substr(options));
    }

private:
    std::string where_;
    std::vector<std::string> made_;
};

/// The one that the environment names, if it does.
borrowed_server* borrowed() {
    const char* named = std::getenv("PATT_TEST_POSTGRES");
    if (named == nullptr || *named == '\0') {
        return nullptr;
    }
    static borrowed_server only{named};
    return &only;
}

} // namespace

server& shared_server() {
    static server only;
    return only;
}

std::string fresh_database(const std::string& copied) {
    borrowed_server* from = borrowed();
    return from == nullptr ? shared_server().fresh_database(copied) : from->fresh_database(copied);
}

std::string conninfo(const std::string& database) {
    const borrowed_server* from = borrowed();
    return from == nullptr ? shared_server().conninfo(database) : from->with_database(database);
}

} // namespace patt::postgres
