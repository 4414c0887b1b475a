#include "postgres/server.hpp"

#include "postgres/installation.hpp"
#include "postgres/port.hpp"
#include "postgres/session.hpp"

#include <signal.h>
#include <stdlib.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace patt::postgres {
namespace {

using namespace std::chrono_literals;

std::string program(const char* name) {
    return (installed().programs / name).string();
}

} // namespace

server::server(server_options how, unmade)
    : how_(std::move(how)) {
    make_folder();
}

server::server(server_options how)
    : server(std::move(how), unmade{}) {
    std::vector<std::string> command{
        program("initdb"), "--no-sync",        "--no-instructions", "--locale=C",
        "--encoding=UTF8", "--data-checksums", "--username=patt",   "--pgdata=" + data().string()};
    if (how_.access == access::password) {
        const std::filesystem::path file = folder_ / "password";
        std::ofstream(file) << password << '\n';
        hand_over(file);
        command.push_back("--auth=scram-sha-256");
        command.push_back("--pwfile=" + file.string());
    } else {
        command.push_back("--auth=trust");
    }
    run_kept(command, folder_, log());
    configure();
    if (how_.prepare) {
        how_.prepare(data());
    }
    start();
}

server::~server() {
    if (running()) { // In order, as far as that is quick: a killed server leaves its shared memory to the
                     // machine.
        resume();
        process_->signal(SIGQUIT);
        static_cast<void>(process_->wait(5s));
    }
    process_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void server::make_folder() {
    static_cast<void>(installed());
    const std::filesystem::path parent =
        how_.parent.empty() ? std::filesystem::temp_directory_path() : how_.parent;
    std::string name = (parent / "patt-postgres-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("cannot make " + name);
    }
    folder_ = name;
    hand_over(folder_);
}

void server::configure() const {
    std::ofstream file(data() / "postgresql.conf", std::ios::app);
    file << "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
         << "max_connections = " << how_.max_connections << '\n'
         << "fsync = " << (how_.sync == durability::on ? "on" : "off") << '\n'
         << "lc_messages = 'C'\ntimezone = 'UTC'\nlog_timezone = 'UTC'\n"
         << "shared_buffers = '64MB'\nmax_wal_size = '512MB'\nlog_line_prefix = '%m [%p] %a '\n"
         << "autovacuum_naptime = '10s'\n"
         << "dynamic_shared_memory_type = 'mmap'\n"; // In its folder, which goes with it.
    for (const auto& [setting, value] : how_.settings) {
        file << setting << " = '" << value << "'\n";
    }
}

std::string server::conninfo(std::string_view database) const {
    std::string out = "postgresql://" + std::string(user);
    if (how_.access == access::password) {
        out += ':' + std::string(password);
    }
    return out + "@127.0.0.1:" + std::to_string(port_) + '/' + std::string(database);
}

void server::start() {
    if (process_ && process_->running()) {
        return;
    }
    for (int attempt = 0; attempt < 5; ++attempt) {
        if (port_ == 0 ||
            attempt > 1) { // Who was there before keeps its port, unless somebody took it meanwhile.
            port_ = free_port();
        }
        process_ = std::make_unique<kept_process>(
            std::vector<std::string>{program("postgres"), "-D", data().string(), "-p", std::to_string(port_)},
            folder_, log());
        for (int i = 0; i < 6000 && process_->running(); ++i) {
            if (answers(conninfo()) && is_ours()) {
                return;
            }
            std::this_thread::sleep_for(10ms);
        }
    }
    throw std::runtime_error("the server does not start:\n" + end_of(log()));
}

/// Another test's server may have taken the port in between.
bool server::is_ours() const {
    try {
        return session(conninfo()).one("SHOW data_directory") == data().string();
    } catch (const std::exception&) {
        return false; // It went away just now: ours has the next turn.
    }
}

void server::stop() {
    if (process_) {
        process_->signal(SIGINT);
        if (!process_->wait(60s)) {
            throw std::runtime_error("the server does not stop:\n" + end_of(log()));
        }
    }
}

void server::kill() {
    if (process_) {
        process_->kill();
    }
}

void server::kill_backend(pid_t which) {
    if (running() && which > 1) {
        ::kill(which, SIGKILL);
    }
}

void server::hang() {
    if (process_) {
        process_->signal_all(SIGSTOP);
    }
}

void server::resume() {
    if (process_) {
        process_->signal_all(SIGCONT);
    }
}

void server::restart() {
    stop();
    start();
}

bool server::running() {
    return process_ && process_->running();
}

std::vector<std::string> server::run(const std::string& statements, std::string_view database) const {
    return session(conninfo(database)).run(statements);
}

std::string server::one(const std::string& statements, std::string_view database) const {
    return session(conninfo(database)).one(statements);
}

void server::set(const std::string& setting, const std::string& value) const {
    session admin(conninfo());
    admin.run("ALTER SYSTEM SET " + setting + " = '" + value + "'");
    admin.run("SELECT pg_reload_conf()");
}

std::string server::fresh_database(const std::string& copied) {
    const std::string name = "t" + std::to_string(++databases_);
    session(conninfo()).run("CREATE DATABASE " + name + " TEMPLATE " + copied);
    return conninfo(name);
}

} // namespace patt::postgres
