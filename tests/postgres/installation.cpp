#include "postgres/installation.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace patt::postgres {
namespace {

constexpr int oldest_version = 15;

const passwd* account() {
    if (const passwd* found = ::getpwnam("postgres")) {
        return found;
    }
    return ::getpwnam("nobody");
}

} // namespace

std::optional<installation> find_installation() {
    std::optional<installation> newest;
    std::error_code none_there;
    for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", none_there)) {
        const std::string name = entry.path().filename().string();
        const int version = std::atoi(name.c_str());
        if (version >= oldest_version && std::filesystem::exists(entry.path() / "bin" / "postgres") &&
            std::filesystem::exists(entry.path() / "bin" / "initdb") &&
            (!newest || version > newest->version)) {
            newest = installation{entry.path() / "bin", version};
        }
    }
    return newest;
}

installation installed() {
    const auto found = find_installation();
    if (!found) {
        throw std::runtime_error(why_missing());
    }
    return *found;
}

std::optional<std::filesystem::path> find_bouncer() {
    for (const std::string_view place : {"/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"}) {
        if (std::filesystem::exists(place)) {
            return std::filesystem::path(place);
        }
    }
    return std::nullopt;
}

std::string why_missing() {
    if (find_installation()) {
        return {};
    }
    return "PostgreSQL 15 is not installed. Install it with: apt-get install postgresql-15";
}

std::string why_bouncer_missing() {
    if (find_bouncer()) {
        return why_missing();
    }
    return "PgBouncer is not installed. Install it with: apt-get install pgbouncer";
}

bool is_ci() {
    const char* told = std::getenv("CI");
    return told != nullptr && std::string_view(told) != "" && std::string_view(told) != "false" &&
           std::string_view(told) != "0";
}

std::string server_account() {
    if (::geteuid() != 0) {
        return {};
    }
    const passwd* found = account();
    if (found == nullptr) {
        throw std::runtime_error(
            "Servers cannot run as root, and there is neither an account postgres nor nobody");
    }
    return found->pw_name;
}

void hand_over(const std::filesystem::path& what) {
    if (::geteuid() == 0) {
        const passwd* found = account();
        if (found == nullptr || ::chown(what.c_str(), found->pw_uid, found->pw_gid) != 0) {
            throw std::runtime_error("cannot give " + what.string() + " to the servers' account");
        }
    }
}

} // namespace patt::postgres
