// patt import: the game's roster, the chat's members and roles, characters' notes, who plays whom, or a guild
// from another database.

#include "../host.hpp"
#include "../import_file.hpp"
#include "commands.hpp"

#include <memory>

namespace patt::cli {

void add_import(program& p) {
    CLI::App* import =
        subcommand(p.app, "import", "Bring data in", "patt import roster roster.json --profiles profiles");
    import->require_subcommand(1);
    auto from = std::make_shared<import_source>();
    CLI::App* roster = subcommand(
        *import, "roster", "Bring in a guild roster document of Battle.net. An incomplete one removes nobody",
        "patt import roster roster.json --guild \"Lantern Watch\" --profiles profiles");
    roster->add_option("FILE", from->roster, "The document; - reads standard input")->required();
    roster->add_option("--profiles", from->profiles, "A directory with character profiles");
    roster->callback([&p, from] {
        p.chosen = [&p, from] {
            host h(p.common);
            return import_file(h, *from, p.common);
        };
    });
    add_import_members(*import, p);
    add_import_roles(*import, p);
    add_import_notes(*import, p);
    add_import_links(*import, p);
    add_import_guild(*import, p);
}

} // namespace patt::cli
