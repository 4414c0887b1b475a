// patt roster: who is in the guild, in the game and on the roster page.

#include "../host.hpp"
#include "../output.hpp"
#include "commands.hpp"

#include <patt/identity/class_table.hpp>

#include <map>

namespace patt::cli {

namespace {

exit_code list(const common_options& common) {
    host h(common);
    const policy::guild_settings settings = h.look().settings(h.guild());
    std::map<person_id, std::string> names;
    for (const identity::member& m : h.look().members(h.guild())) {
        if (m.person) {
            names[m.person] = m.display_name;
        }
    }
    table t{{"character", "realm", "class", "level", "rank", "member"},
            {},
            "Nobody; patt import roster brings them in."};
    for (const identity::character& c : h.look().characters(h.guild())) {
        const auto owner = names.find(c.person);
        t.rows.push_back({c.name, c.realm_slug, identity::class_name(c.class_id), std::int64_t{c.level},
                          policy::rank_name(settings, c.rank),
                          owner == names.end() ? std::string() : owner->second});
    }
    print(t, common.json ? form::json : form::text);
    return exit_code::done;
}

exit_code entries(const common_options& common) {
    host h(common);
    table t{
        {"character", "realm", "class", "spec", "role", "level", "chat_name"}, {}, "No roster entries yet."};
    for (const provisioning::roster_entry& e : h.look().roster_entries(h.guild())) {
        t.rows.push_back({e.name, e.realm_slug, e.character_class, e.spec, e.role_category,
                          std::int64_t{e.level}, e.chat_name});
    }
    print(t, common.json ? form::json : form::text);
    return exit_code::done;
}

} // namespace

void add_roster(program& p) {
    CLI::App* app = subcommand(p.app, "roster", "Who is in the guild", "patt roster list");
    app->require_subcommand(1);
    CLI::App* all =
        subcommand(*app, "list", "Every character in the guild, and whose it is", "patt roster list --json");
    all->callback([&p] { p.chosen = [&p] { return list(p.common); }; });
    CLI::App* page =
        subcommand(*app, "entries", "The roster entries that were made for members", "patt roster entries");
    page->callback([&p] { p.chosen = [&p] { return entries(p.common); }; });
}

} // namespace patt::cli
