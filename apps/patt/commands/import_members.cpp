// patt import members: a list of the chat server's members, from a file.

#include "../host.hpp"
#include "../output.hpp"
#include "../read_input.hpp"
#include "commands.hpp"

#include <patt/discord/member_list.hpp>

#include <fmt/core.h>

#include <memory>
#include <set>

namespace patt::cli {

namespace {

struct member_source {
    std::string file;
    bool everybody = false;
};

identity::member_snapshot read_list(const std::string& file) {
    const discord::member_list_limits limits;
    auto read = discord::parse_members(read_input(file, limits.max_bytes), limits);
    if (!read) {
        throw refusal({read.err().code, fmt::format("{}: {}", file, read.err().detail)});
    }
    read->source = input_name(file);
    return std::move(*read);
}

/// What would become of the members, without writing anything.
void preview(host& h, const identity::member_snapshot& list, form as) {
    const identity::prepared_members prepared = identity::prepare_members(list);
    std::int64_t fresh = 0;
    std::int64_t changed = 0;
    std::int64_t missing = 0;
    std::set<member_id> listed;
    for (const identity::listed_member& m : prepared.members) {
        listed.insert(m.id);
        const auto known = h.look().member(h.guild(), m.id);
        const bool same = known && known->here == identity::presence::present &&
                          known->username == m.username && known->display_name == identity::shown_name(m) &&
                          known->roles == m.roles;
        fresh += known ? 0 : 1;
        changed += known && !same ? 1 : 0;
    }
    if (list.covers == identity::member_coverage::everybody) {
        for (const identity::member& m : h.look().members(h.guild())) {
            missing += listed.contains(m.id) ? 0 : 1;
        }
    }
    print(record{{"found", static_cast<std::int64_t>(prepared.members.size())},
                 {"bots", static_cast<std::int64_t>(prepared.bots)},
                 {"new", fresh},
                 {"changed", changed},
                 {"unchanged", static_cast<std::int64_t>(prepared.members.size()) - fresh - changed},
                 {"missing", missing}},
          as);
    tell(as, "Nothing was written (--dry-run).");
}

exit_code import_members(const common_options& common, const member_source& from) {
    const form as = common.json ? form::json : form::text;
    host h(common);
    auto list = std::make_shared<identity::member_snapshot>(read_list(from.file));
    list->covers = from.everybody ? identity::member_coverage::everybody : identity::member_coverage::some;
    if (common.dry_run) {
        preview(h, *list, as);
        return exit_code::done;
    }
    const reply said = h.handle_or_refuse(engine::import_members{list}, "patt import members");
    record shown;
    for (const auto& [key, value] : said.data) {
        shown.emplace_back(key, value);
    }
    print(shown, as);
    tell(as, from.everybody ? "patt review shows who waits to be matched and why."
                            : "Who is not in the file stays; --everybody says that it lists all members. "
                              "patt review shows who waits to be matched.");
    return exit_code::done;
}

} // namespace

void add_import_members(CLI::App& import, program& p) {
    auto from = std::make_shared<member_source>();
    CLI::App* members = subcommand(
        import, "members",
        "Bring in members of the chat server: JSON as Discord's member list gives it, or CSV. All or nothing",
        "patt import members members.json --everybody");
    members->add_option("FILE", from->file, "The list; - reads standard input")->required();
    members->add_flag("--everybody", from->everybody,
                      "The list has all members: who is missing has left, unless too many are missing");
    members->callback([&p, from] { p.chosen = [&p, from] { return import_members(p.common, *from); }; });
}

} // namespace patt::cli
