#include "crash/child_process.hpp"

#include <patt/result.hpp>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace patt::crash {
namespace {

using namespace std::chrono_literals;

/// Arguments or environment as `execve` wants them.
std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (std::string& t : texts) {
        out.push_back(t.data());
    }
    out.push_back(nullptr);
    return out;
}

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& more) {
    std::vector<std::string> out;
    for (char** at = environ; *at != nullptr; ++at) {
        out.emplace_back(*at);
    }
    for (const auto& [name, value] : more) {
        out.push_back(name + "=" + value);
    }
    return out;
}

std::pair<descriptor, descriptor> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw failure(std::string("cannot make a pipe: ") + std::strerror(errno));
    }
    return {descriptor(ends[0]), descriptor(ends[1])};
}

} // namespace

process::process(const std::vector<std::string>& command,
                 const std::vector<std::pair<std::string, std::string>>& environment) {
    auto [its_input, input] = make_pipe();
    auto [output, its_output] = make_pipe();
    std::vector<std::string> arguments = command;
    std::vector<std::string> variables = environment_with(environment);
    const std::vector<char*> argv = pointers(arguments);
    const std::vector<char*> envp = pointers(variables);
    pid_ = ::fork();
    if (pid_ < 0) {
        throw failure(std::string("cannot fork: ") + std::strerror(errno));
    }
    if (pid_ == 0) { // Only what is safe between fork and exec.
        ::dup2(its_input.get(), STDIN_FILENO);
        ::dup2(its_output.get(), STDOUT_FILENO);
        ::dup2(its_output.get(), STDERR_FILENO);
        ::execve(argv[0], argv.data(), envp.data());
        ::_exit(127);
    }
    input_ = std::move(input);
    output_ = std::move(output);
}

process::~process() {
    if (status_ == -1) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, &status_, 0);
    }
}

void process::signal(int which) const {
    if (status_ == -1) {
        ::kill(pid_, which);
    }
}

std::optional<std::string> process::line() {
    for (;;) {
        const auto end = buffer_.find('\n');
        if (end != std::string::npos) {
            std::string out = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            return out;
        }
        pollfd waiting{output_.get(), POLLIN, 0};
        const int ready = ::poll(&waiting, 1, 60'000);
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        std::array<char, 4096> bytes{};
        const ssize_t n = ready > 0 ? ::read(output_.get(), bytes.data(), bytes.size()) : 0;
        if (n <= 0) {
            return std::nullopt;
        }
        buffer_.append(bytes.data(), static_cast<std::size_t>(n));
    }
}

int process::wait() {
    for (int i = 0; status_ == -1 && i < 5000; ++i) {
        if (::waitpid(pid_, &status_, WNOHANG) == pid_) {
            return status_;
        }
        status_ = -1;
        std::this_thread::sleep_for(1ms);
    }
    if (status_ == -1) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, &status_, 0);
    }
    return status_;
}

} // namespace patt::crash
