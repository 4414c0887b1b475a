// patt import notes: what guild notes, officer notes and a roster add-on say of characters, from a table.

#include "../read_input.hpp"
#include "commands.hpp"
#include "import_table.hpp"

#include <patt/identity/evaluation.hpp>

#include <fmt/core.h>

#include <memory>

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

exit_code import_notes(const common_options& common, const std::string& file) {
    host h(common);
    return import_table(
        h, common, read_notes(file), "patt import notes",
        "Characters that the file does not name keep their notes. patt review shows who waits to be "
        "matched.");
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
