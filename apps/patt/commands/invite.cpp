// patt invite: website invites made by hand, and used.

#include "../host.hpp"
#include "../output.hpp"
#include "commands.hpp"

#include <fmt/core.h>

#include <memory>

namespace patt::cli {

namespace {

struct invite_options {
    std::string member;
    std::string code;
    std::string by;
    std::string reason;
};

exit_code create(const common_options& common, const invite_options& how) {
    host h(common);
    provisioning::create_invite what;
    if (!how.member.empty()) {
        const auto member = h.look().member(h.guild(), h.member(how.member));
        if (!member || !member->person) {
            throw refusal({errc::not_found, fmt::format("{} is linked to no person yet", how.member)});
        }
        what.person = member->person;
    }
    const reply said = h.handle_or_refuse(what, how.reason);
    if (common.dry_run) {
        tell_rehearsed(common.json ? form::json : form::text,
                       how.member.empty() ? "make an invite" : "make an invite for " + how.member);
    } else if (common.json) {
        record r = record_of(said);
        r.emplace_back("text", h.words_of(said));
        print(r, form::json);
    } else {
        fmt::print("{}", h.words_of(said));
    }
    return exit_code::done;
}

exit_code redeem(const common_options& common, const invite_options& how) {
    host h(common);
    const reply said = h.handle_or_refuse(provisioning::redeem_invite{how.code, how.by});
    if (common.dry_run) {
        tell_rehearsed(common.json ? form::json : form::text,
                       fmt::format("use the code {} up for {}", how.code, how.by));
    } else if (common.json) {
        print(record{{"redeemed", "yes"}, {"by", how.by}}, form::json);
    } else {
        fmt::print("{}", h.words_of(said));
    }
    return exit_code::done;
}

} // namespace

void add_invite(program& p) {
    CLI::App* app = subcommand(p.app, "invite", "Website invites", "patt invite create --member bob");
    app->require_subcommand(1);
    auto how = std::make_shared<invite_options>();
    CLI::App* make = subcommand(*app, "create", "Make an invite by hand", "patt invite create --member bob");
    make->add_option("--member", how->member, "For whom (default: nobody in particular)");
    make->add_option("--reason", how->reason, "Why; goes into the event log");
    make->callback([&p, how] { p.chosen = [&p, how] { return create(p.common, *how); }; });
    CLI::App* use = subcommand(*app, "redeem", "Use a code, as the website does",
                               "patt invite redeem ABCD2345 --by bob@example.org");
    use->add_option("CODE", how->code, "The code")->required();
    use->add_option("--by", how->by, "Who signs up")->required();
    use->callback([&p, how] { p.chosen = [&p, how] { return redeem(p.common, *how); }; });
}

} // namespace patt::cli
