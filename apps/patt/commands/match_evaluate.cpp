// patt match --evaluate PAIRS.tsv | --notes CHARACTERS.tsv | --bench: figures of the matching engine, from
// labelled files or of its speed.
#include "../exit_code.hpp"
#include "../progress.hpp"
#include "../read_input.hpp"
#include "commands.hpp"

#include <patt/identity/evaluation.hpp>
#include <patt/identity/match_speed.hpp>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace patt::cli {

namespace {

struct match_options {
    std::string evaluate;
    std::string notes;
    std::string pool;
    std::optional<std::size_t> pad;
    std::optional<std::uint32_t> seeds;
    bool bench = false;
    bool large = false;
    int rounds = 5;
};

constexpr std::size_t most_bytes = 256U * 1024U * 1024U;
constexpr std::uint32_t usual_seeds = 5;

/// What was read from a file; a refusal names it.
template <class T>
T read_from(const std::string& file, result<T> read) {
    if (!read) {
        throw refusal({read.err().code, fmt::format("{}: {}", input_name(file), read.err().detail)});
    }
    return std::move(read).value();
}

/// Options that measure nothing by themselves: without this the guild would be matched instead.
void refuse_lonely(const match_options& o) {
    const bool fills = o.pad || o.seeds;
    if ((fills && o.evaluate.empty()) || (!o.pool.empty() && o.evaluate.empty() && !o.bench)) {
        throw usage_error(
            "--pool, --pad and --seeds fill up what --evaluate measures (--pool also what --bench "
            "measures); name the pairs with --evaluate FILE");
    }
    if (fills && o.pool.empty()) {
        throw usage_error("--pad and --seeds fill up with names of strangers: add --pool FILE");
    }
}

void tell_pairs(const identity::evaluation_report& r) {
    fmt::print("{} characters, {} members. Linked {}, of them wrong {} (precision {:.4f}, recall {:.4f}).\n",
               r.pairs, r.members, r.automatic.links, r.automatic.links - r.automatic.right,
               r.automatic.precision(), r.recall());
    for (const identity::level_figures& l : r.levels) {
        fmt::print("  {:<8} and above: {} links, {} wrong, recall {:.4f}\n", identity::to_string(l.level),
                   l.links, l.links - l.right,
                   r.pairs == 0 ? 0.0 : static_cast<double>(l.right) / static_cast<double>(r.pairs));
    }
    fmt::print("Of {} that can be derived: {} linked or first in the queue, {} among the first three.\n",
               r.derivable, r.first, r.among_three);
    fmt::print("To review: {}. Calibration error: {:.4f}.\n", r.queued, r.calibration_error);
    for (const identity::wrong_link& w : r.wrong) {
        fmt::print("  wrong: {} was linked to {} (p = {:.4f}), belongs to {}\n", w.character, w.linked_to,
                   w.probability, w.truth);
    }
}

void tell_groups(const identity::group_report& r) {
    fmt::print("{} characters, {} with alts: {} grouped with one of their own, {} grouped or suggested.\n",
               r.characters, r.alts, r.alts_grouped, r.alts_found);
    fmt::print("{} pairs grouped, {} of them right, of {} that there are. Notes that name a relation: {}, "
               "linked: {}.\n",
               r.pairs, r.pairs_right, r.pairs_true, r.traps, r.traps_linked);
    for (const identity::wrong_link& w : r.wrong) {
        fmt::print("  wrong: {} and {} were grouped\n", w.character, w.linked_to);
    }
}

/// What files say of the characters besides their names.
std::vector<identity::labelled_character> evidence_of(const match_options& o, const std::string& pairs) {
    std::vector<identity::labelled_character> out;
    if (!o.notes.empty()) {
        out = read_from(o.notes, identity::parse_labelled_characters(read_input(o.notes, most_bytes)));
    } else if (auto own = identity::parse_labelled_characters(pairs)) {
        out = std::move(*own); // The pairs may have a header with more columns.
        for (identity::labelled_character& c : out) {
            c.person.clear(); // Whom they belong to is what is asked.
        }
    }
    const bool says_more = std::any_of(out.begin(), out.end(), [](const identity::labelled_character& c) {
        return !c.person.empty() || !c.record.guild_note.empty() || !c.record.officer_note.empty() ||
               !c.record.class_name.empty();
    });
    return says_more ? out : std::vector<identity::labelled_character>{};
}

exit_code evaluate(const match_options& o, bool json) {
    if (o.evaluate.empty()) {
        const auto report = identity::evaluate_groups(
            read_from(o.notes, identity::parse_labelled_characters(read_input(o.notes, most_bytes))));
        if (json) {
            fmt::print("{}\n", identity::to_json(report));
        } else {
            tell_groups(report);
        }
        return exit_code::done;
    }
    const std::string labelled = read_input(o.evaluate, most_bytes);
    const auto pairs = read_from(o.evaluate, identity::parse_labelled_pairs(labelled));
    std::vector<std::string> pool;
    if (!o.pool.empty())
        pool = identity::parse_name_pool(read_input(o.pool, most_bytes));
    const auto report = identity::evaluate_pairs(
        pairs, pool, {o.pad.value_or(0), o.seeds.value_or(usual_seeds), {}, evidence_of(o, labelled)});
    if (json) {
        fmt::print("{}\n", identity::to_json(report));
    } else {
        tell_pairs(report);
    }
    return exit_code::done;
}

std::size_t bytes_in_use() {
    std::ifstream in("/proc/self/statm");
    std::size_t all = 0;
    std::size_t resident = 0;
    in >> all >> resident;
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

void tell_speed(const identity::speed_report& r) {
    fmt::print("With {} names, one thread, CPU time, the best of several rounds:\n",
               r.made_up ? "made-up" : "the file's");
    if (r.keys) {
        fmt::print("all keys of a name: {:.0f} ns", r.keys->ascii_ns);
        if (r.keys->other_ns > 0)
            fmt::print(", beyond ASCII {:.0f} ns", r.keys->other_ns);
        fmt::print("\n");
    }
    for (const identity::join_speed& j : r.joins) {
        fmt::print("join {0} x {0}: {1:.2f} ms", j.names, j.index_ms);
        if (j.brute_force_ms > 0)
            fmt::print(", brute force {:.0f} ms ({:.0f} times)", j.brute_force_ms,
                       j.brute_force_ms / j.index_ms);
        fmt::print("; one look-up {:.2f} us\n", j.look_up_us);
    }
    for (const identity::match_speed& m : r.matches) {
        fmt::print("match {} x {}: {:.1f} ms whole; one change {:.0f} us, of a hundred the slowest {:.0f} "
                   "us; a tenth "
                   "renamed {:.1f} ms; {:.0f} MB\n",
                   m.characters, m.members, m.whole_ms, m.one_change_p50_us, m.one_change_p99_us,
                   m.tenth_renamed_ms, m.memory_mb);
    }
}

exit_code bench(const match_options& o, bool json) {
    std::vector<std::string> names;
    if (!o.pool.empty())
        names = identity::mixed(identity::parse_name_pool(read_input(o.pool, most_bytes)));
    progress bar("measuring");
    std::int64_t begun = 0;
    const identity::speed_meters meters{[] { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; },
                                        bytes_in_use,
                                        [&](std::string_view) { bar.show(begun++, o.large ? 8 : 5); }};
    const auto report = identity::measure_speed(
        std::move(names),
        {o.rounds, o.large ? identity::speed_sizes::large : identity::speed_sizes::usual,
         identity::speed_parts::all},
        meters);
    if (json) {
        fmt::print("{}\n", identity::to_json(report));
    } else {
        tell_speed(report);
    }
    return exit_code::done;
}

exit_code measure(const match_options& o, bool json) {
    return o.bench ? bench(o, json) : evaluate(o, json);
}

} // namespace

void add_match_evaluation(CLI::App& match, program& p) {
    auto o = std::make_shared<match_options>();
    auto* const pairs =
        match.add_option("--evaluate", o->evaluate, "Measure: labelled pairs, name, tab, account");
    auto* const notes = match.add_option(
        "--notes", o->notes,
        "Measure: characters with notes and the person they belong to; with --evaluate: what else is known "
        "of the pairs' characters");
    auto* const speed =
        match.add_flag("--bench", o->bench, "Measure the speed, beside brute force in the same run");
    speed->excludes(pairs)->excludes(notes);
    match.add_flag("--large", o->large, "With --bench: up to 100,000 names, too; takes a minute")
        ->needs(speed);
    match.add_option("--rounds", o->rounds, "With --bench: the best of so many counts")
        ->check(CLI::Range(1, 100))
        ->needs(speed);
    match.add_option("--pool", o->pool, "Names of strangers to fill up with");
    match.add_option("--pad", o->pad, "Members in all, filled up with strangers")
        ->check(CLI::Range(0, 1'000'000));
    match.add_option("--seeds", o->seeds, "Different fillings to add up (default: 5)")
        ->check(CLI::Range(1, 1000));
    match.callback([&match, &p, o] {
        if (match.get_subcommands().empty()) {
            p.chosen = [&p, o] {
                refuse_lonely(*o);
                const bool measured = o->bench || !o->evaluate.empty() || !o->notes.empty();
                return measured ? measure(*o, p.common.json) : run_matching(p.common);
            };
        }
    });
}

} // namespace patt::cli
