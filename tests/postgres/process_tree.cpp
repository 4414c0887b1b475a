#include "postgres/process_tree.hpp"

#include <signal.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <system_error>

namespace patt::postgres {
namespace {

/// The parent of a process; 0 when it is gone. Its name in /proc/N/stat may hold spaces and brackets.
pid_t parent_of(const std::filesystem::path& folder) {
    std::ifstream file(folder / "stat");
    std::string line;
    std::getline(file, line);
    const auto name_end = line.rfind(')');
    if (name_end == std::string::npos || name_end + 4 > line.size()) {
        return 0;
    }
    return static_cast<pid_t>(std::atoi(line.c_str() + name_end + 4)); // ") S PARENT"
}

} // namespace

std::vector<pid_t> descendants_of(pid_t process) {
    std::multimap<pid_t, pid_t> children;
    std::error_code gone;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
        const std::string name = entry.path().filename().string();
        if (std::isdigit(static_cast<unsigned char>(name.front())) != 0) {
            children.emplace(parent_of(entry.path()), static_cast<pid_t>(std::stol(name)));
        }
    }
    std::vector<pid_t> out;
    std::vector<pid_t> parents{process};
    while (!parents.empty()) {
        const auto [first, last] = children.equal_range(parents.back());
        parents.pop_back();
        for (auto at = first; at != last; ++at) {
            out.push_back(at->second);
            parents.push_back(at->second);
        }
    }
    return out;
}

void signal_tree(pid_t process, int signal) {
    if (signal != SIGCONT) {
        ::kill(process, SIGSTOP);
    }
    for (const pid_t child : descendants_of(process)) {
        ::kill(child, signal);
    }
    if (signal != SIGSTOP) {
        ::kill(process, signal);
    }
}

} // namespace patt::postgres
