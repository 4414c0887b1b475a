// patt match: which member owns which character, with reasons. Looks and changes nothing.

#include "../host.hpp"
#include "../output.hpp"
#include "commands.hpp"

#include <patt/identity/class_table.hpp>
#include <patt/identity/matcher.hpp>
#include <patt/text/name_key.hpp>

#include <fmt/core.h>

#include <cmath>
#include <map>
#include <memory>

namespace patt::cli {

namespace {

/// A guild's characters and members in a matcher; what is linked already stands as ruled.
struct matched_guild {
    identity::matcher matcher;
    std::map<character_id, identity::character> characters;
    std::map<member_id, std::string> names;
};

matched_guild load(host& h) {
    matched_guild g;
    std::map<person_id, member_id> accounts;
    for (const identity::member& m : h.look().members(h.guild())) {
        identity::match_member record;
        record.id = m.id;
        record.username = m.username;
        record.nickname = m.display_name;
        record.joined_at = m.joined_at;
        g.matcher.put(record);
        g.names[m.id] = m.display_name;
        if (m.person) {
            accounts[m.person] = m.id;
        }
    }
    for (const identity::character& c : h.look().characters(h.guild())) {
        identity::match_character record;
        record.id = c.id;
        record.name = c.name;
        record.realm = c.realm_slug;
        record.class_name = identity::class_name(c.class_id);
        g.matcher.put(record);
        if (const auto owner = accounts.find(c.person); owner != accounts.end()) {
            (void)g.matcher.rule({identity::ruling_kind::accepted, c.id, owner->second, {}, 0});
        }
        g.characters[c.id] = c;
    }
    (void)g.matcher.settle();
    return g;
}

exit_code list(const common_options& common) {
    host h(common);
    const matched_guild g = load(h);
    table t{{"character", "realm", "advice", "member", "percent", "by", "doubt"},
            {},
            "Every character is linked."};
    for (const identity::match_decision& d : g.matcher.decisions()) {
        const identity::character& c = g.characters.at(d.character);
        if (c.person) {
            continue;
        }
        const auto name = g.names.find(d.member);
        t.rows.push_back({c.name, c.realm_slug, std::string(to_string(d.what)),
                          name == g.names.end() ? std::string() : name->second,
                          static_cast<std::int64_t>(std::lround(d.probability * 100)),
                          std::string(to_string(d.by)), std::string(to_string(d.why_not))});
    }
    print(t, common.json ? form::json : form::text);
    return exit_code::done;
}

exit_code explain(const common_options& common, const std::string& typed) {
    host h(common);
    const matched_guild g = load(h);
    const std::string key = text::folded_key(typed.substr(0, typed.find('-')));
    bool found = false;
    for (const auto& [id, c] : g.characters) {
        const bool whole = typed.find('-') == std::string::npos || typed == c.name + "-" + c.realm_slug;
        if (text::folded_key(c.name) == key && whole) {
            found = true;
            fmt::print("{}\n", identity::to_text(g.matcher.explain(id)));
        }
    }
    if (!found) {
        throw refusal({errc::not_found,
                       fmt::format("no character {} is in the guild; patt roster list shows all", typed)});
    }
    return exit_code::done;
}

} // namespace

void add_match(program& p) {
    CLI::App* app = subcommand(p.app, "match", "Which member owns which character, by names; changes nothing",
                               "patt match list");
    add_match_evaluation(*app, p);
    CLI::App* all = subcommand(*app, "list", "What is advised for every character that nobody has",
                               "patt match list --json");
    all->callback([&p] { p.chosen = [&p] { return list(p.common); }; });
    auto character = std::make_shared<std::string>();
    CLI::App* why = subcommand(*app, "explain", "The evidence for and against",
                               "patt match explain Kestrelby-ember-vale");
    why->add_option("CHARACTER", *character, "Name or Name-realm")->required();
    why->callback([&p, character] { p.chosen = [&p, character] { return explain(p.common, *character); }; });
}

} // namespace patt::cli
