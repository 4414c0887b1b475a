/// @file
/// Debian's PgBouncer in front of a server.
#pragma once

#include "postgres/kept_process.hpp"
#include "postgres/server.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::postgres {

struct bouncer_options {
    std::string pool_mode = "transaction";
    int pool_size = 4; ///< Connections to the server for each database and user.
    /// Who may connect, besides the superuser; without passwords.
    std::vector<std::string> users;
    /// More of the section [pgbouncer].
    std::vector<std::pair<std::string, std::string>> settings;
};

/// @par Threads  One at a time, but for `conninfo`.
class bouncer {
public:
    /// @throws std::runtime_error with `why_bouncer_missing()`, or the end of its log when it does not start.
    explicit bouncer(const server& behind, bouncer_options how = {});
    /// The same, in front of whatever listens on that port.
    explicit bouncer(int behind, bouncer_options how = {});
    bouncer(const bouncer&) = delete;
    bouncer& operator=(const bouncer&) = delete;
    ~bouncer();

    [[nodiscard]] int port() const noexcept { return port_; }
    /// As the superuser, to one of the server's databases. `pgbouncer` is its own console.
    [[nodiscard]] std::string conninfo(std::string_view database) const;

private:
    void configure(int behind, const bouncer_options& how) const;

    std::filesystem::path folder_;
    int port_ = 0;
    std::unique_ptr<kept_process> process_;
};

} // namespace patt::postgres
