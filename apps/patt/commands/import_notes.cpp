// patt import notes: what guild notes, officer notes and a roster add-on say of characters, from a table.

#include "../exit_code.hpp"
#include "../read_input.hpp"
#include "commands.hpp"
#include "import_table.hpp"

#include <patt/identity/evaluation.hpp>

#include <fmt/core.h>

#include <memory>
#include <string_view>
#include <utility>

namespace patt::cli {

namespace {

/// The game's notes have 31 characters, an add-on's some more.
constexpr std::size_t longest_note = 255;

void refuse_columns(const std::string& file, const identity::labelled_columns& columns) {
    if (!columns.unknown.empty()) {
        throw refusal({errc::invalid_input,
                       fmt::format("{}: line 1: there is no column \"{}\"; a table of notes has character, "
                                   "guild_note, officer_note and group",
                                   input_name(file), columns.unknown.front())});
    }
    if (!columns.guild_note && !columns.officer_note && !columns.person) {
        throw refusal({errc::invalid_input,
                       fmt::format("{}: line 1: beside the characters there is no column: guild_note, "
                                   "officer_note or group",
                                   input_name(file))});
    }
}

void refuse_long(const std::string& file, const identity::labelled_character& c) {
    for (const auto& [column, text] :
         {std::pair<std::string_view, std::string_view>{"guild_note", c.record.guild_note},
          {"officer_note", c.record.officer_note},
          {"group", c.person}}) {
        if (text.size() > longest_note) {
            throw refusal({errc::limit_exceeded,
                           fmt::format("{}: line {}, {}: {} bytes; a note has {} at most", input_name(file),
                                       c.line, column, text.size(), longest_note)});
        }
    }
}

/// The table that `patt match --notes` measures with is the one that is brought in: one format for notes. Its
/// person is what ties characters, so it is the add-on's group here.
engine::import_notes read_notes(const std::string& file) {
    const std::string table = read_table(file);
    auto read = identity::parse_labelled_characters(table);
    if (!read) {
        throw refusal({read.err().code, fmt::format("{}: {}", input_name(file), read.err().detail)});
    }
    const identity::labelled_columns columns = identity::labelled_columns_of(table);
    refuse_columns(file, columns);
    engine::import_notes out;
    out.lines.reserve(read->size());
    for (identity::labelled_character& c : *read) {
        refuse_long(file, c);
        engine::import_notes::line line{std::move(c.record.name), std::move(c.record.realm), {}, {}, {}};
        if (columns.guild_note) { // What the table has no column for stays.
            line.guild_note = std::move(c.record.guild_note);
        }
        if (columns.officer_note) {
            line.officer_note = std::move(c.record.officer_note);
        }
        if (columns.person) {
            line.alt_group = std::move(c.person);
        }
        out.lines.push_back(std::move(line));
    }
    return out;
}

exit_code import_notes(const common_options& common, const std::string& file) {
    host h(common);
    return import_table(h, common, read_notes(file), "patt import notes",
                        "Characters that the file does not name keep their notes, and columns that it does "
                        "not have stay. patt review shows who waits to be "
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
