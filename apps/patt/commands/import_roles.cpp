// patt import roles: what the roles of the chat server are called, from a file.

#include "../host.hpp"
#include "../output.hpp"
#include "../read_input.hpp"
#include "commands.hpp"

#include <patt/discord/role_list.hpp>

#include <fmt/core.h>

#include <memory>

namespace patt::cli {

namespace {

identity::role_snapshot read_list(const std::string& file) {
    const discord::role_list_limits limits;
    auto read = discord::parse_roles(read_input(file, limits.max_bytes), limits);
    if (!read) {
        throw refusal({read.err().code, fmt::format("{}: {}", input_name(file), read.err().detail)});
    }
    read->source = input_name(file);
    return std::move(*read);
}

/// What would become of the roles, one by one, without writing anything.
void preview(host& h, const identity::role_snapshot& list, form as) {
    table t{{"role", "change", "before", "now"}, {}, "Nothing would change."};
    for (const identity::role_change& c : h.look().role_changes(h.guild(), list)) {
        const std::string_view change = c.before.empty() ? "new" : c.now.empty() ? "gone" : "renamed";
        t.rows.push_back({id_text(c.id), std::string(change), c.before, c.now});
    }
    print(t, as);
    tell(as, "Nothing was written (--dry-run).");
}

exit_code import_roles(const common_options& common, const std::string& file) {
    const form as = common.json ? form::json : form::text;
    host h(common);
    auto list = std::make_shared<identity::role_snapshot>(read_list(file));
    const bool whole = list->covers == identity::role_coverage::everything;
    const reply said = h.handle_or_refuse(engine::import_roles{list}, "patt import roles");
    if (common.dry_run) {
        preview(h, *list, as);
        return exit_code::done;
    }
    print(record_of(said), as);
    tell(as, whole ? "patt explain character NAME shows what a role that names a class adds."
                   : "The list has no @everyone, so it is a part: roles that are not in it stay.");
    return exit_code::done;
}

} // namespace

void add_import_roles(CLI::App& import, program& p) {
    auto file = std::make_shared<std::string>();
    CLI::App* roles = subcommand(
        import, "roles",
        "Bring in what the roles of the chat server are called: JSON as Discord's list of roles gives it, or "
        "a guild with its roles. All or nothing. A role that names a class tells members apart",
        "patt import roles roles.json");
    roles->add_option("FILE", *file, "The list; - reads standard input")->required();
    roles->callback([&p, file] { p.chosen = [&p, file] { return import_roles(p.common, *file); }; });
}

} // namespace patt::cli
