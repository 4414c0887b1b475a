#include "interrupted.hpp"

#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

namespace patt::cli {

namespace {

constexpr std::array signals = {SIGINT, SIGTERM, SIGHUP};
constexpr std::array endings = {"", "-wal", "-shm", "-journal"};
// Written before the handler is set and read by it: nothing may be allocated in there.
std::array<std::string, endings.size()> files;

extern "C" void remove_and_end(int signal) {
    for (const std::string& file : files) {
        ::unlink(file.c_str());
    }
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

} // namespace

removed_when_interrupted::removed_when_interrupted(const std::filesystem::path& file) {
    for (std::size_t i = 0; i < endings.size(); ++i) {
        files[i] = file.string() + endings[i];
    }
    for (const int signal : signals) {
        if (std::signal(signal, remove_and_end) == SIG_IGN) {
            std::signal(signal, SIG_IGN); // As nohup wants it.
        }
    }
}

removed_when_interrupted::~removed_when_interrupted() {
    for (const int signal : signals) {
        if (std::signal(signal, SIG_DFL) == SIG_IGN) {
            std::signal(signal, SIG_IGN);
        }
    }
}

} // namespace patt::cli
