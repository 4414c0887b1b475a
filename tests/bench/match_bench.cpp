// bench_match: the matching engine against brute force by the same kernel, in one run, best of several
// rounds.
//
//   bench_match [--pool NAMES.tsv] [--rounds N] [--large] [--match-only] [--dump PREFIX]
//
// Prints one JSON object. Without --pool the names are made up. CPU time of one thread.
#include <patt/identity/evaluation.hpp>
#include <patt/identity/matcher.hpp>
#include <patt/identity/similarity_join.hpp>
#include <patt/text/name_keys.hpp>

#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace patt;
using namespace patt::identity;

double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

// What is in use: memory that was freed goes back first, so that earlier runs do not count.
long kilobytes_in_use() {
    malloc_trim(0);
    std::ifstream in("/proc/self/status");
    for (std::string line; std::getline(in, line);) {
        constexpr std::string_view field = "VmRSS:";
        if (line.rfind(field, 0) == 0)
            return std::strtol(line.c_str() + field.size(), nullptr, 10);
    }
    return 0;
}

class dice {
public:
    explicit dice(std::uint64_t seed)
        : state_(seed) {}
    std::size_t below(std::size_t n) {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>((state_ >> 33U) % n);
    }

private:
    std::uint64_t state_;
};

std::vector<std::string> made_up_names(std::size_t count) {
    static constexpr const char* parts[] = {"ka",  "ro",  "mi",  "zul", "than", "dor", "vex", "lia",
                                            "gor", "en",  "sha", "bel", "tri",  "ox",  "nym", "ar",
                                            "ith", "qua", "fen", "wy",  "du",   "mor", "eth", "is"};
    dice d(7);
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i) {
        std::string s;
        for (std::size_t n = 2 + d.below(3); n > 0; --n)
            s += parts[d.below(std::size(parts))];
        s = s.substr(0, 12);
        s[0] = static_cast<char>(s[0] - 'a' + 'A');
        out.push_back(std::move(s));
    }
    return out;
}

template <class Run>
double best_of(int rounds, Run run) {
    double best = 1e9;
    for (int i = 0; i < rounds; ++i) {
        const double start = cpu_seconds();
        run();
        best = std::min(best, cpu_seconds() - start);
    }
    return best;
}

std::vector<std::string> bare_keys(const std::vector<std::string>& names, std::size_t from,
                                   std::size_t count) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(text::keys_of(names[(from + i) % names.size()]).bare);
    return out;
}

void bench_join(const std::vector<std::string>& names, std::size_t n, int rounds) {
    const auto left = bare_keys(names, 0, n);
    const auto right = bare_keys(names, names.size() / 2, n);
    const std::vector<std::string_view> l(left.begin(), left.end());
    const std::vector<std::string_view> r(right.begin(), right.end());
    std::size_t hits = 0;
    const double index = best_of(rounds, [&] { hits = similarity_join(l, r, join_method::index).size(); });
    double brute = 0;
    if (n <= 10000) {
        std::size_t other = 0;
        brute = best_of(n <= 1000 ? rounds : 2,
                        [&] { other = similarity_join(l, r, join_method::brute_force).size(); });
        if (other != hits)
            std::abort();
    }
    std::printf("\"join_%zu\":{\"hits\":%zu,\"index_ms\":%.3f,\"brute_force_ms\":%.3f,\"ratio\":%.1f},\n", n,
                hits, index * 1e3, brute * 1e3, brute / index);
    std::fflush(stdout);
}

match_member member_of(const std::vector<std::string>& names, std::size_t i, std::size_t offset, dice& d) {
    match_member m;
    m.id = member_id{static_cast<std::int64_t>(i) + 1};
    const std::string& own = names[(i + offset) % names.size()];
    m.username = text::keys_of(own).bare + (d.below(3) == 0 ? std::to_string(d.below(100)) : "");
    m.global_name = d.below(3) == 0 ? names[d.below(names.size())] : own;
    m.nickname = own + (d.below(4) == 0 ? " / " + names[d.below(names.size())] : "");
    return m;
}

// Five characters a person: a main and four alts, half of whom have a note that names the main.
match_character character_of(const std::vector<std::string>& names, std::size_t i, dice& d) {
    match_character c;
    c.id = character_id{static_cast<std::int64_t>(i) + 1};
    c.name = names[i % names.size()];
    c.realm = "Area 52";
    const std::string& main = names[(i - i % 5) % names.size()];
    if (i % 5 == 0)
        return c;
    switch (d.below(6)) {
    case 0:
        c.guild_note = "alt of " + main;
        break;
    case 1:
        c.guild_note = main;
        break;
    case 2:
        c.guild_note = main + "'s alt";
        break;
    case 3:
        c.guild_note = "herb / mining";
        break;
    default:
        break;
    }
    return c;
}

double percentile(std::vector<double>& v, double p) {
    std::sort(v.begin(), v.end());
    return v[static_cast<std::size_t>(p * static_cast<double>(v.size() - 1))];
}

// Records in, decisions and an explanation of every one that names a member out; seconds. Making up the
// records is not the matcher's work.
double best_whole_match(const std::vector<std::string>& names, std::size_t n, std::size_t members, int rounds,
                        std::size_t& links) {
    std::vector<match_member> left;
    std::vector<match_character> right;
    dice d(5);
    for (std::size_t i = 0; i < members; ++i)
        left.push_back(member_of(names, i, 0, d));
    for (std::size_t i = 0; i < n; ++i)
        right.push_back(character_of(names, i, d));
    return best_of(rounds, [&] {
        matcher m;
        for (const match_member& x : left)
            m.put(x);
        for (const match_character& x : right)
            m.put(x);
        links = 0;
        for (const match_decision& x : m.settle()) {
            if (x.what == advice::link)
                ++links;
            if (x.member && m.explain(x.character).items.empty())
                std::abort();
        }
    });
}

void bench_match(const std::vector<std::string>& names, std::size_t n, std::size_t members, int rounds) {
    const long before = kilobytes_in_use();
    std::size_t links = 0;
    const double whole = best_whole_match(names, n, members, rounds, links);
    matcher kept;
    {
        dice d(5);
        for (std::size_t i = 0; i < members; ++i)
            kept.put(member_of(names, i, 0, d));
        for (std::size_t i = 0; i < n; ++i)
            kept.put(character_of(names, i, d));
        kept.settle();
    }
    const long after = kilobytes_in_use();
    dice d(9);
    std::vector<double> one;
    for (int i = 0; i < 2000; ++i) {
        match_member m = member_of(names, d.below(members), d.below(names.size()), d);
        match_character c = character_of(names, d.below(n), d);
        if (i % 4 == 1)
            c.name = names[d.below(names.size())]; // a rename; otherwise its note changes
        const double start = cpu_seconds();
        if (i % 2 == 0) {
            kept.put(std::move(m));
        } else {
            kept.put(std::move(c));
        }
        kept.settle();
        one.push_back(cpu_seconds() - start);
    }
    const double renamed = best_of(1, [&] {
        for (std::size_t i = 0; i < members / 10; ++i)
            kept.put(member_of(names, d.below(members), d.below(names.size()), d));
        kept.settle();
    });
    std::printf("\"match_%zu_x_%zu\":{\"links\":%zu,\"full_ms\":%.2f,\"one_change_p50_us\":%.1f,\"one_change_"
                "p99_us\":%.1f,"
                "\"tenth_renamed_ms\":%.2f,\"memory_mb\":%.1f},\n",
                n, members, links, whole * 1e3, percentile(one, 0.5) * 1e6, percentile(one, 0.99) * 1e6,
                renamed * 1e3, static_cast<double>(after - before) / 1024.0);
    std::fflush(stdout);
}

void bench_keys(const std::vector<std::string>& names, int rounds) {
    std::vector<std::string> ascii;
    std::vector<std::string> other;
    for (const std::string& n : names) {
        const bool plain =
            std::all_of(n.begin(), n.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
        (plain ? ascii : other).push_back(n);
    }
    text::name_keys keys;
    const auto per_name = [&](const std::vector<std::string>& list) {
        if (list.empty())
            return 0.0;
        const double t = best_of(rounds, [&] {
            for (const std::string& n : list)
                text::make_keys(n, keys);
        });
        return t * 1e9 / static_cast<double>(list.size());
    };
    std::printf("\"keys\":{\"ascii_ns\":%.1f,\"other_ns\":%.1f},\n", per_name(ascii), per_name(other));
}

} // namespace

int main(int argc, char** argv) {
    std::vector<std::string> names;
    int rounds = 5;
    std::string dump; // where the lists of the 10,000 join go, for other programs
    bool large = false;
    bool match_only = false;
    for (int i = 1; i < argc; ++i) {
        const std::string_view flag = argv[i];
        if (i + 1 < argc && flag == "--dump") {
            dump = argv[++i];
        } else if (flag == "--large") {
            large = true;
        } else if (flag == "--match-only") {
            match_only = true;
        } else if (i + 1 < argc && flag == "--pool") {
            std::ifstream in(argv[++i], std::ios::binary);
            names = parse_name_pool(std::string(std::istreambuf_iterator<char>(in), {}));
        } else if (i + 1 < argc && flag == "--rounds") {
            rounds = std::atoi(argv[++i]);
        }
    }
    const bool real = !names.empty();
    if (!real)
        names = made_up_names(220000);
    // Neighbours in a file are of one realm: mix them, the same way every time.
    dice d(3);
    for (std::size_t i = names.size(); i > 1; --i)
        std::swap(names[i - 1], names[d.below(i)]);
    std::printf("{\"names\":\"%s\",\n", real ? "from a file" : "made up");
    if (!dump.empty()) {
        std::ofstream left(dump + ".left");
        std::ofstream right(dump + ".right");
        for (const std::string& k : bare_keys(names, 0, 10000))
            left << k << '\n';
        for (const std::string& k : bare_keys(names, names.size() / 2, 10000))
            right << k << '\n';
    }
    if (!match_only) {
        bench_keys(names, rounds);
        bench_join(names, 1000, rounds);
        bench_join(names, 10000, rounds);
        if (large)
            bench_join(names, 100000, 2);
    }
    bench_match(names, 1000, 1000, rounds);
    bench_match(names, 10000, 10000, std::min(rounds, 3));
    if (large) {
        bench_match(names, 10000, 100000, 1);
        bench_match(names, 100000, 100000, 1);
    }
    std::printf("\"threads\":1}\n");
    return 0;
}
