#include "hosts/host_process.hpp"

#include <patt/result.hpp>

#include <signal.h>
#include <unistd.h>

namespace patt::hosts {

host_process::host_process(std::string database, std::string chat, std::string socket, std::string plant)
    : database_(std::move(database))
    , chat_(std::move(chat))
    , socket_(std::move(socket))
    , plant_(std::move(plant)) {}

void host_process::start() {
    ::unlink(socket_.c_str());
    process_ = std::make_unique<crash::process>(
        std::vector<std::string>{PATT_HOSTS_HOST, database_, chat_, socket_},
        std::vector<std::pair<std::string, std::string>>{{"PATT_PLANT", plant_}});
    std::string said;
    while (const auto line = process_->line()) {
        if (line->rfind("ready ", 0) == 0) {
            boot_id_ = std::stoll(line->substr(6));
            return;
        }
        said += *line + "; ";
    }
    throw failure("a host does not start: " + said);
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
