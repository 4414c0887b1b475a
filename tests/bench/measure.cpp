#include "bench/measure.hpp"

#include <patt/result.hpp>

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <utility>

namespace patt::bench {
namespace {

double read_clock(clockid_t which) {
    timespec now{};
    clock_gettime(which, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

spent now() {
    return {monotonic_us(), read_clock(CLOCK_PROCESS_CPUTIME_ID)};
}

} // namespace

stopwatch::stopwatch()
    : start_(now()) {}

spent stopwatch::elapsed() const {
    const spent end = now();
    return {end.wall_us - start_.wall_us, end.cpu_us - start_.cpu_us};
}

double monotonic_us() {
    return read_clock(CLOCK_MONOTONIC);
}

double median(std::vector<double> values) {
    if (values.empty()) {
        return 0;
    }
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double resident_mb() {
    std::ifstream status("/proc/self/statm"); // See proc(5): the second number, in pages.
    double size = 0;
    double resident = 0;
    status >> size >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

scratch_directory::scratch_directory(const std::filesystem::path& where) {
    std::string name =
        ((where.empty() ? std::filesystem::current_path() : where) / "patt-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw failure("cannot make a directory in " + where.string());
    }
    path_ = name;
}

scratch_directory::~scratch_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

report::report(std::string program, output how)
    : program_(std::move(program))
    , how_(how) {}

void report::add(std::string name, double value, std::string unit, std::string aim) {
    if (how_ == output::text) {
        fmt::print("{:<62} {:>12.1f} {:<10} {}\n", name, value, unit, aim.empty() ? "" : "aim: " + aim);
        std::fflush(stdout);
    }
    figures_.push_back({std::move(name), value, std::move(unit), std::move(aim)});
}

void report::print() const {
    if (how_ == output::text) {
        return;
    }
    fmt::print("{{\"program\":\"{}\",\"figures\":[", program_);
    const char* comma = "";
    for (const figure& f : figures_) {
        fmt::print("{}\n{{\"name\":\"{}\",\"value\":{:.3f},\"unit\":\"{}\",\"aim\":\"{}\"}}", comma, f.name,
                   f.value, f.unit, f.aim);
        comma = ",";
    }
    fmt::print("]}}\n");
}

} // namespace patt::bench
