// patt-match-eval: figures of the matching engine from labelled files.
//
//   patt-match-eval --evaluate PAIRS.tsv [--notes CHARACTERS.tsv] [--pad N] [--pool NAMES.tsv] [--seeds N]
//                   [--private]
//   patt-match-eval --notes CHARACTERS.tsv
//
// Prints one line of JSON. `--private` leaves the names of wrong links out. Exit 0 done, 1 failed, 2 wrong
// usage.
#include <patt/identity/evaluation.hpp>

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace patt::identity;

struct arguments {
    std::string evaluate;
    std::string notes;
    std::string pool;
    std::size_t pad = 0;
    std::uint32_t seeds = 5;
    bool hide_names = false;
};

std::optional<arguments> parse(int argc, char** argv) {
    arguments a;
    for (int i = 1; i < argc; ++i) {
        const std::string_view flag = argv[i];
        if (flag == "--json")
            continue;
        if (flag == "--private") {
            a.hide_names = true;
            continue;
        }
        if (i + 1 == argc)
            return std::nullopt;
        const std::string_view value = argv[++i];
        const auto number = [value](auto& out) {
            return std::from_chars(value.data(), value.data() + value.size(), out).ptr ==
                   value.data() + value.size();
        };
        if (flag == "--evaluate") {
            a.evaluate = value;
        } else if (flag == "--notes") {
            a.notes = value;
        } else if (flag == "--pool") {
            a.pool = value;
        } else if (flag == "--pad") {
            if (!number(a.pad))
                return std::nullopt;
        } else if (flag == "--seeds") {
            if (!number(a.seeds))
                return std::nullopt;
        } else {
            return std::nullopt;
        }
    }
    return a.evaluate.empty() && a.notes.empty() ? std::nullopt : std::optional(a);
}

std::optional<std::string> read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        fmt::print(stderr, "cannot read {}\n", path);
        return std::nullopt;
    }
    return std::string(std::istreambuf_iterator<char>(in), {});
}

int evaluate(const arguments& a) {
    const auto text = read(a.evaluate);
    if (!text)
        return 1;
    const auto pairs = parse_labelled_pairs(*text);
    if (!pairs) {
        fmt::print(stderr, "{}: {}\n", a.evaluate, pairs.err().detail);
        return 1;
    }
    std::vector<std::string> pool;
    if (!a.pool.empty()) {
        const auto names = read(a.pool);
        if (!names)
            return 1;
        pool = parse_name_pool(*names);
    }
    evaluation_options options{a.pad, a.seeds, {}, {}};
    if (!a.notes.empty()) {
        const auto notes = read(a.notes);
        if (!notes)
            return 1;
        auto evidence = parse_labelled_characters(*notes);
        if (!evidence) {
            fmt::print(stderr, "{}: {}\n", a.notes, evidence.err().detail);
            return 1;
        }
        options.evidence = std::move(*evidence);
    }
    evaluation_report report = evaluate_pairs(*pairs, pool, options);
    if (a.hide_names)
        report.wrong.clear();
    fmt::print("{}\n", to_json(report));
    return 0;
}

int evaluate_notes(const arguments& a) {
    const auto text = read(a.notes);
    if (!text)
        return 1;
    const auto characters = parse_labelled_characters(*text);
    if (!characters) {
        fmt::print(stderr, "{}: {}\n", a.notes, characters.err().detail);
        return 1;
    }
    group_report report = evaluate_groups(*characters);
    if (a.hide_names)
        report.wrong.clear();
    fmt::print("{}\n", to_json(report));
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    const auto a = parse(argc, argv);
    if (!a) {
        fmt::print(stderr, "usage: patt-match-eval --evaluate PAIRS.tsv [--notes CHARACTERS.tsv] [--pad N] "
                           "[--pool NAMES.tsv] [--seeds N] [--private]\n"
                           "       patt-match-eval --notes CHARACTERS.tsv [--private]\n");
        return 2;
    }
    return a->evaluate.empty() ? evaluate_notes(*a) : evaluate(*a);
}
