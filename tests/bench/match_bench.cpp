// bench_match: the matching engine against brute force by the same kernel, in one run, best of several
// rounds; the protocol is `identity::measure_speed`.
//
//   bench_match [--pool NAMES.tsv] [--rounds N] [--large] [--match-only] [--dump PREFIX]
//
// Prints one JSON object. Without --pool the names are made up. CPU time of one thread. `--dump` writes the
// lists of the 10,000 join, for other programs.
#include <patt/identity/evaluation.hpp>
#include <patt/identity/match_speed.hpp>

#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace patt::identity;

double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

// What is in use: memory that was freed goes back first, so that earlier runs do not count.
std::size_t bytes_in_use() {
    malloc_trim(0);
    std::ifstream in("/proc/self/status");
    for (std::string line; std::getline(in, line);) {
        constexpr std::string_view field = "VmRSS:";
        if (line.rfind(field, 0) == 0)
            return std::strtoul(line.c_str() + field.size(), nullptr, 10) * 1024U;
    }
    return 0;
}

void dump(const std::vector<std::string>& names, const std::string& prefix) {
    std::ofstream left(prefix + ".left");
    std::ofstream right(prefix + ".right");
    for (const std::string& k : bare_keys(names, 0, 10000))
        left << k << '\n';
    for (const std::string& k : bare_keys(names, names.size() / 2, 10000))
        right << k << '\n';
}

} // namespace

int main(int argc, char** argv) {
    std::vector<std::string> names;
    std::string prefix;
    speed_options how;
    for (int i = 1; i < argc; ++i) {
        const std::string_view flag = argv[i];
        if (i + 1 < argc && flag == "--dump") {
            prefix = argv[++i];
        } else if (flag == "--large") {
            how.sizes = speed_sizes::large;
        } else if (flag == "--match-only") {
            how.parts = speed_parts::matches;
        } else if (i + 1 < argc && flag == "--pool") {
            std::ifstream in(argv[++i], std::ios::binary);
            names = mixed(parse_name_pool(std::string(std::istreambuf_iterator<char>(in), {})));
        } else if (i + 1 < argc && flag == "--rounds") {
            how.rounds = std::atoi(argv[++i]);
        }
    }
    try {
        if (!prefix.empty())
            dump(names.empty() ? mixed(made_up_names(220'000)) : names, prefix);
        std::printf("%s\n",
                    to_json(measure_speed(std::move(names), how, {cpu_seconds, bytes_in_use})).c_str());
    } catch (const std::exception& e) {
        std::fprintf(stderr, "bench_match: %s\n", e.what());
        return 1;
    }
    return 0;
}
