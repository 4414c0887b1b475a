#include "bench/postgres/server_side.hpp"

#include "postgres/process_tree.hpp"

#include <patt/result.hpp>

#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>

namespace patt::bench {
namespace {

postgres::server_options options_of(const std::filesystem::path& where) {
    postgres::server_options out;
    out.sync = postgres::durability::on;
    out.max_connections = 200;
    out.parent = where;
    out.settings = {{"shared_buffers", "256MB"},
                    {"max_wal_size", "4GB"},
                    {"checkpoint_timeout", "30min"},
                    {"track_wal_io_timing", "on"}};
    return out;
}

/// The variable is the keeper's and so the server's, from its start on.
class preloaded {
public:
    explicit preloaded(const std::filesystem::path& library) {
        if (!library.empty()) {
            setenv("LD_PRELOAD", library.c_str(), 1);
        }
    }
    preloaded(const preloaded&) = delete;
    preloaded& operator=(const preloaded&) = delete;
    ~preloaded() { unsetenv("LD_PRELOAD"); }
};

postgres::server start(const std::filesystem::path& where, const std::filesystem::path& preload) {
    const preloaded with(preload);
    return postgres::server(options_of(where));
}

/// Whether a process has loaded a file; those that it starts inherit it. See proc(5).
bool maps(pid_t process, const std::filesystem::path& file) {
    std::ifstream lines(fmt::format("/proc/{}/maps", process));
    for (std::string line; std::getline(lines, line);) {
        if (line.ends_with(file.filename().string())) {
            return true;
        }
    }
    return false;
}

/// Of a process with one thread, to the nanosecond: `Documentation/scheduler/sched-stats.rst` of Linux.
double cpu_us_of(pid_t process) {
    std::ifstream schedstat(fmt::format("/proc/{}/schedstat", process));
    double nanoseconds = 0;
    schedstat >> nanoseconds;
    return nanoseconds / 1e3;
}

/// Of the children that ended: after the name in brackets, the 14th and 15th field of proc(5), in ticks.
double cpu_us_of_ended(pid_t parent) {
    std::ifstream stat(fmt::format("/proc/{}/stat", parent));
    std::string line;
    std::getline(stat, line);
    const std::size_t name = line.rfind(')');
    if (name == std::string::npos) {
        return 0;
    }
    std::istringstream fields(line.substr(name + 1));
    std::string skipped;
    for (int i = 0; i < 14 - 1; ++i) {
        fields >> skipped;
    }
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) * 1e6 / static_cast<double>(sysconf(_SC_CLK_TCK));
}

} // namespace

measured_server::measured_server(const std::filesystem::path& where, const std::filesystem::path& preload)
    : server_(start(where.empty() ? std::filesystem::current_path() : where, preload)) {
    if (!preload.empty() && !maps(server_.postmaster(), preload)) {
        throw failure(fmt::format("{} is not loaded into the server", preload.string()));
    }
}

double measured_server::cpu_us() const {
    double sum = cpu_us_of(server_.postmaster()) + cpu_us_of_ended(server_.postmaster());
    for (const pid_t p : postgres::descendants_of(server_.postmaster())) {
        sum += cpu_us_of(p);
    }
    return sum;
}

double measured_server::wal_syncs() const {
    return std::stod(server_.one("SELECT wal_sync FROM pg_stat_wal"));
}

double measured_server::wal_sync_ms() const {
    return std::stod(server_.one("SELECT wal_sync_time FROM pg_stat_wal"));
}

ended_program run_program(const std::vector<std::string>& command,
                          const std::vector<std::string>& environment) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) {
        throw failure("no pipe");
    }
    const pid_t child = fork();
    if (child < 0) {
        throw failure("cannot start " + command.front());
    }
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        for (const std::string& e : environment) {
            putenv(
                const_cast<char*>(e.c_str())); // NOLINT(cppcoreguidelines-pro-type-const-cast): execvp's way
        }
        std::vector<char*> arguments;
        for (const std::string& a : command) {
            arguments.push_back(
                const_cast<char*>(a.c_str())); // NOLINT(cppcoreguidelines-pro-type-const-cast)
        }
        arguments.push_back(nullptr);
        execvp(arguments.front(), arguments.data());
        _exit(127);
    }
    close(ends[1]);
    ended_program out;
    std::array<char, 4096> piece{};
    for (ssize_t got = read(ends[0], piece.data(), piece.size()); got > 0;
         got = read(ends[0], piece.data(), piece.size())) {
        out.printed.append(piece.data(), static_cast<std::size_t>(got));
    }
    close(ends[0]);
    int status = 0;
    rusage used{};
    wait4(child, &status, 0, &used);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        throw failure(fmt::format("{} failed ({}): {}", command.front(), status, out.printed));
    }
    const auto us = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
    };
    out.cpu_us = us(used.ru_utime) + us(used.ru_stime);
    return out;
}

double number_after(const std::string& printed, const std::string& name) {
    const std::size_t at = printed.find(name);
    if (at == std::string::npos) {
        throw failure("no " + name + " in: " + printed);
    }
    const std::size_t digits = printed.find_first_of("0123456789", at + name.size());
    return std::stod(printed.substr(digits));
}

void side_rounds::add(const both_sides& of, double operations) {
    wall_.push_back(of.wall_us / operations);
    client_.push_back(of.client_us / operations);
    server_.push_back(of.server_us / operations);
    cpu_.push_back(of.cpu_us() / operations);
}

} // namespace patt::bench
