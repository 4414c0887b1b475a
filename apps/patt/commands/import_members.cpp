// patt import members: a list of the chat server's members, from a file.

#include "../exit_code.hpp"
#include "../host.hpp"
#include "../output.hpp"
#include "../read_input.hpp"
#include "commands.hpp"

#include <patt/discord/member_list.hpp>

#include <fmt/core.h>

#include <memory>

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

exit_code import_members(const common_options& common, const member_source& from) {
    const form as = common.json ? form::json : form::text;
    host h(common);
    auto list = std::make_shared<identity::member_snapshot>(read_list(from.file));
    list->covers = from.everybody ? identity::member_coverage::everybody : identity::member_coverage::some;
    const reply said = h.handle(engine::import_members{list}, "patt import members");
    if (said.verdict == verdict::refused) {
        const error why = said.why.value_or(error{errc::incomplete, "refused"});
        throw refusal({why.code, fmt::format("{}: {}", input_name(from.file), why.detail)});
    }
    print(record_of(said), as);
    if (common.dry_run) {
        tell(as, "Nothing was written (--dry-run).");
        return exit_code::done;
    }
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
