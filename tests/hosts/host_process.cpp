#include "hosts/host_process.hpp"

#include <patt/result.hpp>

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace patt::hosts {

host_process::host_process(std::string database, std::string chat, std::string socket, std::string plant)
    : database_(std::move(database))
    , chat_(std::move(chat))
    , socket_(std::move(socket))
    , plant_(std::move(plant)) {}

/// Once. @return whether it is ready.
bool host_process::try_to_start() {
    ::unlink(socket_.c_str());
    process_ = std::make_unique<crash::process>(
        std::vector<std::string>{PATT_HOSTS_HOST, database_, chat_, socket_},
        std::vector<std::pair<std::string, std::string>>{{"PATT_PLANT", plant_}});
    while (const auto line = process_->line()) {
        if (line->rfind("ready ", 0) == 0) {
            boot_id_ = std::stoll(line->substr(6));
            return true;
        }
    }
    return false;
}

void host_process::start() {
    constexpr int tries = 20; // A host without a database ends; whoever looks after it starts it again.
    for (int i = 0; i < tries; ++i) {
        if (try_to_start()) {
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
    }
    throw failure("a host does not start: see what it says in " + socket_ + ".log");
}

void host_process::kill() {
    process_->signal(SIGKILL);
    static_cast<void>(process_->wait());
}

void host_process::stop() {
    process_->signal(SIGSTOP);
}

void host_process::carry_on() {
    process_->signal(SIGCONT);
}

std::optional<std::string> caller::ask(const std::string& socket, const std::string& line) {
    if (!connected_ || to_ != socket) {
        connected_ = crash::connect_to(socket);
        to_ = socket;
    }
    if (connected_ && connected_->send_line(line)) {
        if (auto answer = connected_->receive_line()) {
            return answer;
        }
    }
    connected_.reset();
    return std::nullopt;
}

} // namespace patt::hosts
