#include "hosts/host_process.hpp"

#include <patt/result.hpp>

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <deque>
#include <fstream>
#include <numeric>
#include <thread>

namespace patt::hosts {

std::string program_of_today() {
    return PATT_HOSTS_HOST;
}

host_process::host_process(std::string database, std::string chat, std::string socket, std::string plant)
    : database_(std::move(database))
    , chat_(std::move(chat))
    , socket_(std::move(socket))
    , plant_(std::move(plant))
    , program_(program_of_today()) {}

/// Once. @return whether it is ready.
bool host_process::try_to_start() {
    ::unlink(socket_.c_str());
    process_ = std::make_unique<crash::process>(
        std::vector<std::string>{program_, database_, chat_, socket_},
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
    throw failure("a host does not start; it says\n" + complaints()); // The log goes with the test's folder.
}

void host_process::kill() {
    process_->signal(SIGKILL);
    static_cast<void>(process_->wait());
}

std::string host_process::complaints() const {
    constexpr std::size_t most = 5;
    std::ifstream file(socket_ + ".log");
    std::deque<std::string> last;
    for (std::string line; std::getline(file, line);) {
        last.push_back(socket_ + ": " + line + "\n");
        if (last.size() > most) {
            last.pop_front();
        }
    }
    return std::accumulate(last.begin(), last.end(), std::string{});
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
