// patt import notes: what guild notes, officer notes and a roster add-on say of characters, from a table.

#include "../host.hpp"
#include "../output.hpp"
#include "../read_input.hpp"
#include "commands.hpp"

#include <patt/identity/evaluation.hpp>
#include <patt/text/name_key.hpp>
#include <patt/text/realm.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <unordered_map>

namespace patt::cli {

namespace {

constexpr std::size_t most_bytes = 64U * 1024U * 1024U;

/// The table that `patt match --notes` measures with is the one that is brought in: one format for notes. Its
/// person is what ties characters, so it is the add-on's group here.
engine::import_notes read_notes(const std::string& file) {
    auto read = identity::parse_labelled_characters(read_input(file, most_bytes));
    if (!read) {
        throw refusal({read.err().code, fmt::format("{}: {}", input_name(file), read.err().detail)});
    }
    engine::import_notes out;
    out.lines.reserve(read->size());
    for (identity::labelled_character& c : *read) {
        out.lines.push_back({std::move(c.record.name), std::move(c.record.realm),
                             std::move(c.record.guild_note), std::move(c.record.officer_note),
                             std::move(c.person)});
    }
    return out;
}

/// How many lines name a character of the roster, without writing anything.
void preview(host& h, const engine::import_notes& what, form as) {
    std::unordered_multimap<std::string, std::string> realms;
    for (const identity::character& c : h.look().characters(h.guild())) {
        realms.emplace(text::folded_key(c.name), c.realm_slug);
    }
    const auto known = std::count_if(what.lines.begin(), what.lines.end(), [&](const auto& line) {
        const auto [first, last] = realms.equal_range(text::folded_key(line.name));
        return std::any_of(first, last, [&](const auto& at) {
            return line.realm.empty() || text::same_realm(at.second, line.realm);
        });
    });
    const auto found = static_cast<std::int64_t>(what.lines.size());
    print(record{{"found", found},
                 {"known", static_cast<std::int64_t>(known)},
                 {"unknown", found - static_cast<std::int64_t>(known)}},
          as);
    tell(as, "Nothing was written (--dry-run).");
}

exit_code import_notes(const common_options& common, const std::string& file) {
    const form as = common.json ? form::json : form::text;
    host h(common);
    const engine::import_notes what = read_notes(file);
    if (common.dry_run) {
        preview(h, what, as);
        return exit_code::done;
    }
    const reply said = h.handle_or_refuse(what, "patt import notes");
    record shown;
    for (const auto& [key, value] : said.data) {
        shown.emplace_back(key, value);
    }
    print(shown, as);
    tell(as, "Characters that the file does not name keep their notes. patt review shows who waits to be "
             "matched.");
    return exit_code::done;
}

} // namespace

void add_import_notes(CLI::App& import, program& p) {
    auto file = std::make_shared<std::string>();
    CLI::App* notes = subcommand(
        import, "notes",
        "Bring in notes of characters: a table with tabs whose first line names the columns: character "
        "(Name or Name-Realm) and any of guild_note, officer_note, group (equal means one person)",
        "patt import notes notes.tsv");
    notes->add_option("FILE", *file, "The table; - reads standard input")->required();
    notes->callback([&p, file] { p.chosen = [&p, file] { return import_notes(p.common, *file); }; });
}

} // namespace patt::cli
