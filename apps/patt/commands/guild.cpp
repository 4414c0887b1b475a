// patt guild: the guilds of this database, and whose they are.

#include "../exit_code.hpp"
#include "../host.hpp"
#include "../output.hpp"
#include "commands.hpp"

#include <fmt/core.h>

#include <memory>

namespace patt::cli {

namespace {

struct owner_options {
    std::string member;
    std::string reason;
    std::string as;
};

std::string name_of(host& h, guild_id guild, member_id who) {
    const auto known = h.look().member(guild, who);
    return known ? known->display_name : std::string();
}

exit_code list_guilds(const common_options& common) {
    host h(common);
    table t{{"guild", "name", "owner", "owner_name"}, {}, "No guild yet: patt init makes one."};
    for (const engine::guild_info& g : h.look().guilds()) {
        t.rows.push_back({id_text(g.id), g.name, id_text(g.owner), name_of(h, g.id, g.owner)});
    }
    print(t, common.json ? form::json : form::text);
    return exit_code::done;
}

member_id owner_of(host& h) {
    for (const engine::guild_info& g : h.look().guilds()) {
        if (g.id == h.guild()) {
            return g.owner;
        }
    }
    return {};
}

exit_code show_owner(host& h, form as) {
    const member_id owner = owner_of(h);
    print(record{{"owner", id_text(owner)}, {"name", name_of(h, h.guild(), owner)}}, as);
    return exit_code::done;
}

exit_code change_owner(host& h, const common_options& common, const owner_options& how) {
    const form as = common.json ? form::json : form::text;
    const member_id before = owner_of(h);
    const member_id after = h.member(how.member);
    const std::string name = name_of(h, h.guild(), after);
    std::optional<member_id> actor;
    if (!how.as.empty()) {
        actor = h.member(how.as);
    }
    if (!common.dry_run && !common.yes && before != after) {
        throw refusal({errc::confirm_first,
                       fmt::format("the owner may do everything in the guild, and {} is to be it instead of "
                                   "{}; say it again with --yes",
                                   name, name_of(h, h.guild(), before))});
    }
    const reply said = h.handle_or_refuse(engine::change_owner{after}, how.reason, actor);
    if (common.dry_run) {
        tell_rehearsed(as, fmt::format("make {} the owner of the guild", name));
    } else if (as == form::json) {
        print(record{{"before", id_text(before)}, {"after", id_text(after)}, {"name", name}}, as);
    } else {
        fmt::print("{}", h.words_of(said));
    }
    return exit_code::done;
}

} // namespace

void add_guild(program& p) {
    CLI::App* app = subcommand(p.app, "guild", "The guilds of this database, and whose they are",
                               "patt guild list\n  patt guild owner odile --yes");
    app->require_subcommand(1);
    CLI::App* all = subcommand(*app, "list", "Every guild with its owner", "patt guild list");
    all->callback([&p] { p.chosen = [&p] { return list_guilds(p.common); }; });
    auto how = std::make_shared<owner_options>();
    CLI::App* owner = subcommand(*app, "owner", "Whose the guild is, or whose it is from now on",
                                 "patt guild owner\n  patt guild owner odile --reason \"took over\" --yes");
    owner->add_option("MEMBER", how->member, "Who is to own it: a name or member id");
    owner->add_option("--reason", how->reason, "Why; goes into the event log");
    owner->add_option("--as", how->as, "Act as a member: only the owner may, and the operator");
    owner->callback([&p, how] {
        p.chosen = [&p, how] {
            host h(p.common);
            return how->member.empty() ? show_owner(h, p.common.json ? form::json : form::text)
                                       : change_owner(h, p.common, *how);
        };
    });
}

} // namespace patt::cli
