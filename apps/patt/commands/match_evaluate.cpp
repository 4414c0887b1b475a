// patt match --evaluate PAIRS.tsv | --notes CHARACTERS.tsv: figures of the matching engine from labelled
// files.
#include "../exit_code.hpp"
#include "../read_input.hpp"
#include "commands.hpp"

#include <patt/identity/evaluation.hpp>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace patt::cli {

namespace {

struct match_options {
    std::string evaluate;
    std::string notes;
    std::string pool;
    std::size_t pad = 0;
    std::uint32_t seeds = 5;
};

constexpr std::size_t most_bytes = 256U * 1024U * 1024U;

void tell_pairs(const identity::evaluation_report& r) {
    fmt::print("{} characters, {} members. Linked {}, of them wrong {} (precision {:.4f}, recall {:.4f}).\n",
               r.pairs, r.members, r.automatic.links, r.automatic.links - r.automatic.right,
               r.automatic.precision(), r.recall());
    for (const identity::level_figures& l : r.levels) {
        fmt::print("  {:<8} and above: {} links, {} wrong\n", identity::to_string(l.level), l.links,
                   l.links - l.right);
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

exit_code evaluate(const match_options& o, bool json) {
    if (o.evaluate.empty() == o.notes.empty())
        throw usage_error("match: give list, explain, or one of --evaluate and --notes");
    if (!o.notes.empty()) {
        const auto report = identity::evaluate_groups(
            value_or_refuse(identity::parse_labelled_characters(read_input(o.notes, most_bytes))));
        if (json) {
            fmt::print("{}\n", identity::to_json(report));
        } else {
            tell_groups(report);
        }
        return exit_code::done;
    }
    const auto pairs = value_or_refuse(identity::parse_labelled_pairs(read_input(o.evaluate, most_bytes)));
    std::vector<std::string> pool;
    if (!o.pool.empty())
        pool = identity::parse_name_pool(read_input(o.pool, most_bytes));
    const auto report = identity::evaluate_pairs(pairs, pool, {o.pad, o.seeds, {}});
    if (json) {
        fmt::print("{}\n", identity::to_json(report));
    } else {
        tell_pairs(report);
    }
    return exit_code::done;
}

} // namespace

void add_match_evaluation(CLI::App& match, program& p) {
    auto o = std::make_shared<match_options>();
    match.add_option("--evaluate", o->evaluate, "Measure: labelled pairs, name, tab, account");
    match.add_option("--notes", o->notes, "Measure: characters with notes and the person they belong to");
    match.add_option("--pool", o->pool, "Names of strangers to fill up with");
    match.add_option("--pad", o->pad, "Members in all, filled up with strangers");
    match.add_option("--seeds", o->seeds, "Different fillings to add up");
    match.callback([&match, &p, o] {
        if (match.get_subcommands().empty()) {
            p.chosen = [&p, o] {
                const bool measured = !o->evaluate.empty() || !o->notes.empty();
                return measured ? evaluate(*o, p.common.json) : run_matching(p.common);
            };
        }
    });
}

} // namespace patt::cli
