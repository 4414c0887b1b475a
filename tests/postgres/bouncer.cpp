#include "postgres/bouncer.hpp"

#include "postgres/installation.hpp"
#include "postgres/port.hpp"

#include <stdlib.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace patt::postgres {

using namespace std::chrono_literals;

bouncer::bouncer(const server& behind, bouncer_options how)
    : bouncer(behind.port(), std::move(how)) {}

bouncer::bouncer(int behind, bouncer_options how) {
    const auto program = find_bouncer();
    if (!program) {
        throw std::runtime_error(why_bouncer_missing());
    }
    std::string name = (std::filesystem::temp_directory_path() / "patt-bouncer-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("cannot make " + name);
    }
    folder_ = name;
    hand_over(folder_);
    for (int attempt = 0; attempt < 5; ++attempt) {
        port_ = free_port();
        configure(behind, how);
        process_ = std::make_unique<kept_process>(
            std::vector<std::string>{program->string(), (folder_ / "pgbouncer.ini").string()}, folder_,
            folder_ / "log");
        for (int i = 0; i < 1000 && process_->running(); ++i) {
            if (accepts(port_)) {
                return;
            }
            std::this_thread::sleep_for(10ms);
        }
    }
    throw std::runtime_error("PgBouncer does not start:\n" + end_of(folder_ / "log"));
}

bouncer::~bouncer() {
    process_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void bouncer::configure(int behind, const bouncer_options& how) const {
    std::ofstream users(folder_ / "users");
    users << '"' << server::user << "\" \"" << server::password << "\"\n";
    for (const std::string& user : how.users) {
        users << '"' << user << "\" \"\"\n";
    }
    std::ofstream file(folder_ / "pgbouncer.ini");
    file << "[databases]\n* = host=127.0.0.1 port=" << behind << "\n\n[pgbouncer]\n"
         << "listen_addr = 127.0.0.1\nlisten_port = " << port_ << "\nunix_socket_dir =\n"
         << "auth_type = trust\nauth_file = " << (folder_ / "users").string()
         << "\nadmin_users = " << server::user << "\npool_mode = " << how.pool_mode
         << "\ndefault_pool_size = " << how.pool_size << "\nmax_client_conn = 400\n";
    for (const auto& [setting, value] : how.settings) {
        file << setting << " = " << value << '\n';
    }
}

std::string bouncer::conninfo(std::string_view database) const {
    return "postgresql://" + std::string(server::user) + "@127.0.0.1:" + std::to_string(port_) + '/' +
           std::string(database);
}

} // namespace patt::postgres
