// Starts a server as an ordinary user and sees to it that it does not outlive the test program.
//
//   postgres_keeper ACCOUNT FOLDER PROGRAM ARGUMENTS...
//
// ACCOUNT is whom to become; empty: nobody else. FOLDER is where the program runs. The keeper prints the
// program's process id, and ends as the program does. Its standard input is the test program's life line:
// when that ends, everything that was started is killed and FOLDER is removed. So a test program may be
// killed at any time.

#include "postgres/process_tree.hpp"

#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>

namespace {

using namespace std::chrono_literals;

void fail(const char* what) {
    std::fprintf(stderr, "postgres_keeper: %s: %s\n", what, std::strerror(errno));
    std::_Exit(126);
}

void become(const std::string& account) {
    if (account.empty()) {
        return;
    }
    const passwd* who = ::getpwnam(account.c_str());
    if (who == nullptr || ::setgroups(0, nullptr) != 0 || ::setgid(who->pw_gid) != 0 ||
        ::setuid(who->pw_uid) != 0) {
        fail("cannot become the servers' account");
    }
}

pid_t start(const std::string& account, const char* folder, char** command) {
    const pid_t child = ::fork();
    if (child < 0) {
        fail("cannot fork");
    }
    if (child == 0) {
        become(account);
        sigset_t none;
        sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        ::dup2(STDERR_FILENO, STDOUT_FILENO);
        std::freopen("/dev/null", "r", stdin);
        if (::chdir(folder) != 0) {
            fail("cannot go to the folder");
        }
        ::execv(command[0], command);
        fail(command[0]);
    }
    return child;
}

/// Kills whatever was started, backends without a postmaster too, as this process inherits them.
[[noreturn]] void clean_up(const char* folder) {
    for (int i = 0; i < 500; ++i) {
        for (const pid_t child : patt::postgres::descendants_of(::getpid())) {
            ::kill(child, SIGKILL);
        }
        while (::waitpid(-1, nullptr, WNOHANG) > 0) {
        }
        if (::waitpid(-1, nullptr, WNOHANG) < 0) { // Nobody is left.
            break;
        }
        std::this_thread::sleep_for(10ms);
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    std::_Exit(0);
}

/// Takes the dead. @return true when none is alive; `status` becomes that of the program.
bool reap(pid_t program, int& status) {
    for (;;) {
        int how = 0;
        const pid_t dead = ::waitpid(-1, &how, WNOHANG);
        if (dead <= 0) {
            return dead < 0;
        }
        if (dead == program) {
            status = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
        }
    }
}

} // namespace

int main(int count, char** arguments) {
    if (count < 4) {
        std::fputs("usage: postgres_keeper ACCOUNT FOLDER PROGRAM ARGUMENTS...\n", stderr);
        return 2;
    }
    ::setsid(); // Keys pressed at the test program's terminal are not for the server.
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigset_t deaths;
    sigemptyset(&deaths);
    sigaddset(&deaths, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &deaths, nullptr);
    const int told = ::signalfd(-1, &deaths, SFD_CLOEXEC | SFD_NONBLOCK);
    const pid_t program = start(arguments[1], arguments[2], arguments + 3);
    std::printf("%d\n", static_cast<int>(program));
    std::fflush(stdout);
    int status = 0;
    while (!reap(program, status)) {
        std::array<pollfd, 2> waiting{{{STDIN_FILENO, POLLIN, 0}, {told, POLLIN, 0}}};
        ::poll(waiting.data(), waiting.size(), -1);
        if (waiting[0].revents != 0) {
            clean_up(arguments[2]);
        }
        signalfd_siginfo death{};
        while (::read(told, &death, sizeof death) > 0) {
        }
    }
    return status;
}
