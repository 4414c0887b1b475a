#include "store/postgres/conninfo.hpp"

#include <patt/store/db.hpp>

#include <libpq-fe.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace patt::store::postgres {
namespace {

struct free_options {
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};
using option_list = std::unique_ptr<PQconninfoOption, free_options>;

std::vector<std::string> split(const std::string& list) {
    std::vector<std::string> parts;
    std::size_t from = 0;
    for (std::size_t comma = list.find(','); comma != std::string::npos; comma = list.find(',', from)) {
        parts.push_back(list.substr(from, comma - from));
        from = comma + 1;
    }
    parts.push_back(list.substr(from));
    return parts;
}

[[noreturn]] void refuse(const char* why) {
    throw sql_error(sql_errc::misuse, std::string{"postgres: "} + why);
}

/// What the lists of a connection string hold for host number `index`.
std::string part_for(const std::vector<std::string>& parts, std::size_t index) {
    return parts.size() == 1 ? parts.front() : parts.at(index);
}

struct lists {
    std::vector<std::string> host{""};
    std::vector<std::string> address{""};
    std::vector<std::string> port{""};
};

/// Whether a host must be looked up: not the folder of a socket, not an address.
[[nodiscard]] bool is_name(const std::string& host) {
    if (host.empty() || host.front() == '/' || host.front() == '@') {
        return false;
    }
    addrinfo only_addresses{};
    only_addresses.ai_flags = AI_NUMERICHOST;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &only_addresses, &found) != 0) {
        return true;
    }
    ::freeaddrinfo(found);
    return false;
}

target make_target(const lists& from, std::size_t index,
                   const std::vector<std::pair<std::string, std::string>>& common) {
    target made;
    made.settings = common;
    const std::string host = part_for(from.host, index);
    const std::string address = part_for(from.address, index);
    const std::string port = part_for(from.port, index);
    for (const auto& [name, text] : {std::pair{"host", &host}, {"hostaddr", &address}, {"port", &port}}) {
        if (!text->empty()) {
            made.settings.emplace_back(name, *text);
        }
    }
    // Where the environment gives the address, libpq looks nothing up.
    if (address.empty() && is_name(host) && std::getenv("PGHOSTADDR") == nullptr) {
        made.name = host;
    }
    made.shown = host.empty() ? address : host;
    made.shown = (made.shown.empty() ? "local socket" : made.shown) + (port.empty() ? "" : ":" + port);
    return made;
}

} // namespace

std::vector<target> targets_of(std::string_view conninfo) {
    const option_list options{PQconninfoParse(std::string{conninfo}.c_str(), nullptr)};
    if (options == nullptr) {
        refuse("this is no connection string; it looks like postgresql://user@host:5432/name or "
               "host=localhost dbname=name");
    }
    lists found;
    std::vector<std::pair<std::string, std::string>> common{{"application_name", "patt"}};
    for (const PQconninfoOption* each = options.get(); each->keyword != nullptr; ++each) {
        const std::string_view name = each->keyword;
        if (each->val == nullptr) {
            continue;
        }
        if (name == "host") {
            found.host = split(each->val);
        } else if (name == "hostaddr") {
            found.address = split(each->val);
        } else if (name == "port") {
            found.port = split(each->val);
        } else if (name == "target_session_attrs") {
            const std::string_view wanted = each->val;
            if (wanted == "standby" || wanted == "read-only") {
                refuse("a standby cannot be used (target_session_attrs): PATT decides on the primary only");
            }
        } else if (name == "application_name") {
            common.front().second = each->val;
        } else if (name != "connect_timeout" && name != "client_encoding") {
            common.emplace_back(name, each->val);
        }
    }
    common.emplace_back("client_encoding", "UTF8");
    const std::size_t count = std::max(found.host.size(), found.address.size());
    for (const auto* list : {&found.host, &found.address, &found.port}) {
        if (list->size() != 1 && list->size() != count) {
            refuse("the lists of hosts, addresses and ports are of different lengths");
        }
    }
    std::vector<target> targets;
    for (std::size_t i = 0; i < count; ++i) {
        targets.push_back(make_target(found, i, common));
    }
    return targets;
}

std::string milliseconds_text(std::chrono::milliseconds time) {
    return std::to_string(std::max<std::int64_t>(time.count(), 1));
}

} // namespace patt::store::postgres
