// patt import links: who plays whom, from a list that officers kept before.

#include "../exit_code.hpp"
#include "../read_input.hpp"
#include "commands.hpp"
#include "import_table.hpp"

#include <patt/identity/evaluation.hpp>
#include <patt/text/name_parts.hpp>

#include <fmt/core.h>

#include <memory>

namespace patt::cli {

namespace {

/// The table that `patt match --evaluate` measures with: one format for who plays whom.
engine::import_links read_links(const std::string& file) {
    const auto read = identity::parse_labelled_pairs(read_table(file));
    if (!read) {
        throw refusal({read.err().code, fmt::format("{}: {}", input_name(file), read.err().detail)});
    }
    if (read->empty()) {
        throw refusal({errc::incomplete, fmt::format("{}: the list has no lines", input_name(file))});
    }
    engine::import_links out;
    out.lines.reserve(read->size());
    for (const identity::labelled_pair& p : *read) {
        const text::character_name name = text::split_character_name(p.character);
        out.lines.push_back({std::string(name.name), std::string(name.realm), p.account});
    }
    return out;
}

exit_code import_links(const common_options& common, const std::string& file) {
    host h(common);
    return import_table(
        h, common, read_links(file), "patt import links",
        "What officers or proofs said before stands, and privileged ranks are confirmed one by one: "
        "patt review accept CHARACTER MEMBER.");
}

} // namespace

void add_import_links(CLI::App& import, program& p) {
    auto file = std::make_shared<std::string>();
    CLI::App* links = subcommand(
        import, "links",
        "Bring in who plays whom from a list that you kept before: a table with tabs, character (Name or "
        "Name-Realm) and member (id or name), with or without the first line \"character, account\"",
        "patt import links who-is-who.tsv");
    links->add_option("FILE", *file, "The table; - reads standard input")->required();
    links->callback([&p, file] { p.chosen = [&p, file] { return import_links(p.common, *file); }; });
}

} // namespace patt::cli
