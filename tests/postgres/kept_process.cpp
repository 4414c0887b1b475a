#include "postgres/kept_process.hpp"

#include "postgres/installation.hpp"
#include "postgres/process_tree.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace patt::postgres {
namespace {

using namespace std::chrono_literals;

struct pipe_ends {
    int read = -1;
    int write = -1;
};

pipe_ends make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("cannot make a pipe");
    }
    return {ends[0], ends[1]};
}

pid_t spawn(std::vector<std::string> command, int input, int output, const std::string& log) {
    std::vector<char*> arguments;
    for (std::string& part : command) {
        arguments.push_back(part.data());
    }
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                       0644);
    pid_t out = -1;
    const int problem = ::posix_spawn(&out, arguments[0], &files, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&files);
    return problem == 0 ? out : -1;
}

/// The program's process id, as the keeper prints it.
pid_t read_number(int from) {
    std::string text;
    std::array<char, 32> bytes{};
    while (text.find('\n') == std::string::npos) {
        const ssize_t n = ::read(from, bytes.data(), bytes.size());
        if (n <= 0) {
            return -1;
        }
        text.append(bytes.data(), static_cast<std::size_t>(n));
    }
    return static_cast<pid_t>(std::stol(text));
}

} // namespace

kept_process::kept_process(const std::vector<std::string>& command, const std::filesystem::path& folder,
                           const std::filesystem::path& log) {
    std::vector<std::string> whole{PATT_POSTGRES_KEEPER, server_account(), folder.string()};
    whole.insert(whole.end(), command.begin(), command.end());
    const pipe_ends life = make_pipe();
    const pipe_ends report = make_pipe();
    keeper_ = spawn(std::move(whole), life.read, report.write, log.string());
    ::close(life.read);
    ::close(report.write);
    program_ = keeper_ > 0 ? read_number(report.read) : -1;
    ::close(report.read);
    life_line_ = life.write;
    if (program_ <= 0) {
        ::close(life_line_);
        throw std::runtime_error("cannot start " + command.front() + " by " + PATT_POSTGRES_KEEPER);
    }
}

kept_process::~kept_process() {
    if (!status_) {
        signal_all(SIGKILL);
    }
    ::close(life_line_); // The keeper kills whoever is left.
    if (!status_) {
        ::waitpid(keeper_, nullptr, 0);
    }
}

bool kept_process::running() {
    return !wait(0ms);
}

void kept_process::signal(int which) const {
    if (!status_) {
        ::kill(program_, which);
    }
}

void kept_process::signal_all(int which) const {
    if (!status_) {
        signal_tree(program_, which);
    }
}

std::optional<int> kept_process::wait(std::chrono::milliseconds most) {
    const auto end = std::chrono::steady_clock::now() + most;
    while (!status_) {
        int how = 0;
        if (::waitpid(keeper_, &how, WNOHANG) == keeper_) {
            status_ = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
        } else if (std::chrono::steady_clock::now() >= end) {
            return std::nullopt;
        } else {
            std::this_thread::sleep_for(2ms);
        }
    }
    return status_;
}

void kept_process::kill() {
    if (!status_) {
        signal_all(SIGKILL);
        if (!wait(10s)) {
            throw std::runtime_error("process " + std::to_string(program_) + " cannot be killed");
        }
    }
}

void run_kept(const std::vector<std::string>& command, const std::filesystem::path& folder,
              const std::filesystem::path& log) {
    kept_process program(command, folder, log);
    const auto status = program.wait(60s);
    if (!status || *status != 0) {
        throw std::runtime_error(command.front() + (status ? " failed:\n" : " takes too long:\n") +
                                 end_of(log));
    }
}

std::string end_of(const std::filesystem::path& log) {
    std::ifstream file(log);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return text.size() > 2000 ? text.substr(text.size() - 2000) : text;
}

} // namespace patt::postgres
