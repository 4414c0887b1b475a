// patt import links: who plays whom, from a list that officers kept before.

#include "../host.hpp"
#include "../output.hpp"
#include "../read_input.hpp"
#include "commands.hpp"

#include <patt/identity/evaluation.hpp>
#include <patt/text/name_key.hpp>
#include <patt/text/name_parts.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <set>

namespace patt::cli {

namespace {

constexpr std::size_t most_bytes = 64U * 1024U * 1024U;

/// The table that `patt match --evaluate` measures with: one format for who plays whom.
engine::import_links read_links(const std::string& file) {
    const auto read = identity::parse_labelled_pairs(read_input(file, most_bytes));
    if (!read) {
        throw refusal({read.err().code, fmt::format("{}: {}", input_name(file), read.err().detail)});
    }
    engine::import_links out;
    out.lines.reserve(read->size());
    for (const identity::labelled_pair& p : *read) {
        const text::character_name name = text::split_character_name(p.character);
        out.lines.push_back({std::string(name.name), std::string(name.realm), p.account});
    }
    return out;
}

/// How many lines name a character of the roster, without writing anything.
void preview(host& h, const engine::import_links& what, form as) {
    std::set<std::string> characters;
    for (const identity::character& c : h.look().characters(h.guild())) {
        characters.insert(text::folded_key(c.name));
    }
    const auto known = std::count_if(what.lines.begin(), what.lines.end(), [&](const auto& line) {
        return characters.contains(text::folded_key(line.name));
    });
    const auto found = static_cast<std::int64_t>(what.lines.size());
    print(record{{"found", found},
                 {"known", static_cast<std::int64_t>(known)},
                 {"unknown", found - static_cast<std::int64_t>(known)}},
          as);
    tell(as, "Nothing was written (--dry-run).");
}

exit_code import_links(const common_options& common, const std::string& file) {
    const form as = common.json ? form::json : form::text;
    host h(common);
    const engine::import_links what = read_links(file);
    if (common.dry_run) {
        preview(h, what, as);
        return exit_code::done;
    }
    const reply said = h.handle_or_refuse(what, "patt import links");
    record shown;
    for (const auto& [key, value] : said.data) {
        shown.emplace_back(key, value);
    }
    print(shown, as);
    tell(as,
         "What officers or proofs said before stands, and privileged ranks are confirmed one by one: patt "
         "review accept CHARACTER MEMBER.");
    return exit_code::done;
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
