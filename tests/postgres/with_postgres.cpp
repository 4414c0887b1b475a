// Runs a command with a server of its own: with_postgres COMMAND [ARGUMENT...]
//
// PATT_TEST_DB_1 to PATT_TEST_DB_3 name empty databases, as the superuser and without PATT's roles: whoever
// wants those makes them. The exit code is the command's; 77, and a line that
// says why, where there is no PostgreSQL (in CI that is a failure).

#include "postgres/installation.hpp"
#include "postgres/shared_server.hpp"

#include <spawn.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

namespace {

constexpr int skipped = 77;
constexpr int databases = 3;

int run(char** command) {
    for (int i = 1; i <= databases; ++i) {
        const std::string name = "PATT_TEST_DB_" + std::to_string(i);
        ::setenv(name.c_str(), patt::postgres::fresh_database().c_str(), 1);
    }
    pid_t child = -1;
    if (::posix_spawnp(&child, command[0], nullptr, nullptr, command, environ) != 0) {
        std::fprintf(stderr, "with_postgres: %s cannot be started\n", command[0]);
        return 1;
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("usage: with_postgres COMMAND [ARGUMENT...]\n", stderr);
        return 1;
    }
    try {
        const std::string why = patt::postgres::why_missing();
        if (!why.empty()) {
            std::printf("skipped: %s\n", why.c_str());
            return patt::postgres::is_ci() ? 1 : skipped;
        }
        return run(argv + 1);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "with_postgres: %s\n", e.what());
        return 1;
    }
}
