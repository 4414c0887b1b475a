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
        : where_(std::move(where)) {}
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

private:
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

    std::string where_;
    std::vector<std::string> made_;
};

} // namespace

server& shared_server() {
    static server only;
    return only;
}

std::string fresh_database(const std::string& copied) {
    const char* named = std::getenv("PATT_TEST_POSTGRES");
    if (named == nullptr || *named == '\0') {
        return shared_server().fresh_database(copied);
    }
    static borrowed_server borrowed{named};
    return borrowed.fresh_database(copied);
}

} // namespace patt::postgres
