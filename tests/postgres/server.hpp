/// @file
/// A PostgreSQL server for a test: Debian's programs on a free loopback port, in a temporary folder, as an
/// ordinary user, in the C locale. It dies with the test program, even when that is killed.
///
/// @code
/// patt::postgres::server db;
/// const std::string where = db.fresh_database(); // postgresql://patt@127.0.0.1:40123/t1
/// db.kill();  // postmaster and backends
/// db.start(); // the same port, the same data
/// @endcode
#pragma once

#include "postgres/kept_process.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::postgres {

enum class durability : std::uint8_t {
    off, ///< No fsync: fast, and safe while the machine lives. A killed server loses nothing.
    on   ///< As in production.
};

enum class access : std::uint8_t {
    trust,   ///< Nobody is asked for a password.
    password ///< scram-sha-256; `server::password` is that of `patt`, the superuser.
};

struct server_options {
    durability sync = durability::off;
    postgres::access access = postgres::access::trust;
    int max_connections = 100;
    /// More of postgresql.conf, after the defaults: `{"wal_log_hints", "on"}`.
    std::vector<std::pair<std::string, std::string>> settings;
    /// Where its folder is made; empty: the system's temporary folder.
    std::filesystem::path parent;
    /// Called with the data folder before the first start: certificates, pg_hba.conf. What it makes is to be
    /// given to the servers' account with `hand_over`.
    std::function<void(const std::filesystem::path&)> prepare;
};

/// @par Threads  One at a time, but for `conninfo` and `port`.
class server {
public:
    static constexpr std::string_view user = "patt"; ///< The superuser.
    static constexpr std::string_view password = "only-for-tests";

    /// Makes the data and starts. @throws std::runtime_error with the end of the server's log when it does
    /// not come up, or with `why_missing()`.
    explicit server(server_options how = {});
    server(const server&) = delete;
    server& operator=(const server&) = delete;
    /// Kills it and removes its folder.
    ~server();

    [[nodiscard]] int port() const noexcept { return port_; }
    /// As the superuser. `postgresql://patt@127.0.0.1:40123/t1`
    [[nodiscard]] std::string conninfo(std::string_view database = "postgres") const;
    /// A database with a name of its own, empty or a copy of another; as the superuser.
    [[nodiscard]] std::string fresh_database(const std::string& copied = "template0");
    [[nodiscard]] std::filesystem::path data() const { return folder_ / "data"; }
    [[nodiscard]] std::filesystem::path log() const { return folder_ / "log"; }
    [[nodiscard]] pid_t postmaster() const noexcept { return process_ ? process_->pid() : -1; }

    /// Starts it on its port and waits until it takes connections (a standby: reads). Nothing when it runs.
    void start();
    /// Ends the sessions, writes everything, and waits for the end (`pg_ctl stop -m fast`).
    void stop();
    /// SIGKILL to postmaster and backends, and waits for their end. Stopped ones die too.
    void kill();
    /// SIGKILL to one backend, by its process id: the server ends all sessions and recovers.
    void kill_backend(pid_t which);
    /// SIGSTOP to postmaster and backends: it hangs, and whoever connects waits.
    void hang();
    /// SIGCONT to all: it goes on as if nothing had been.
    void resume();
    void restart();
    [[nodiscard]] bool running();

    /// Runs statements as the superuser and gives the first column of the last one's rows.
    std::vector<std::string> run(const std::string& statements, std::string_view database = "postgres") const;
    std::string one(const std::string& statements, std::string_view database = "postgres") const;
    /// ALTER SYSTEM and a reload. Settings that need a restart are there after the next one.
    void set(const std::string& setting, const std::string& value) const;

private:
    friend std::unique_ptr<server> make_standby(server&, const std::string&, server_options);
    friend void rewind(server&, const server&, const std::string&);
    struct unmade {};
    server(server_options how, unmade);
    void make_folder();
    void configure() const;
    [[nodiscard]] bool is_ours() const;

    server_options how_;
    std::filesystem::path folder_;
    int port_ = 0;
    int databases_ = 0;
    std::unique_ptr<kept_process> process_;
};

} // namespace patt::postgres
