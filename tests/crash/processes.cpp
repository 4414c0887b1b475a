#include "crash/processes.hpp"

#include "crash/story.hpp"

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
#include <fstream>
#include <optional>
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

chat_process::chat_process(const std::filesystem::path& folder)
    : socket_((folder / "chat").string())
    , server_({PATT_CRASH_CHAT_SERVER, socket_}, {})
    , control_(socket_) {
    if (server_.line() != "ready") {
        throw failure("the chat server does not start");
    }
    reset();
}

void chat_process::reset() {
    control_.load(chat_world());
}

std::string chat_process::world() {
    return control_.dump();
}

life run_victim(const std::filesystem::path& folder, const std::string& socket, const std::string& story,
                std::size_t from, int boot, const death& end, const std::string& plant) {
    const std::string count_file = (folder / "calls").string();
    process victim(
        {PATT_CRASH_VICTIM, folder.string(), socket, story, std::to_string(from), std::to_string(boot)},
        {{"LD_PRELOAD", PATT_CRASH_SHIM},
         {"PATT_CRASH_DB", (folder / "guild.db").string()},
         {"PATT_CRASH_AT", std::to_string(end.at)},
         {"PATT_CRASH_MODE", end.mode},
         {"PATT_CRASH_COUNT", count_file},
         {"PATT_PLANT", plant}});
    life out;
    out.acknowledged = from;
    bool done = false;
    while (const auto line = victim.line()) {
        if (line->rfind("ack ", 0) == 0) {
            out.acknowledged = std::stoul(line->substr(4)) + 1;
        } else if (*line == "done") {
            done = true;
        } else {
            out.why += *line + "; ";
        }
    }
    const int status = victim.wait();
    if (done && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        out.how = life::ending::done;
        std::ifstream(count_file) >> out.calls;
    } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && end.at > 0) {
        out.how = life::ending::killed;
    } else {
        out.why += "it ended with status " + std::to_string(status);
    }
    return out;
}

} // namespace patt::crash
