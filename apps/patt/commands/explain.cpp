// patt explain: why somebody has which link and role, and what would change it.

#include "../host.hpp"
#include "../output.hpp"
#include "commands.hpp"

#include <patt/identity/trust.hpp>
#include <patt/provisioning/entitlement.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace patt::cli {

namespace {

struct subject {
    identity::member member;
    std::optional<engine::person_info> person;
    std::optional<engine::session_info> session;
    policy::guild_settings settings;
};

const identity::character* target_of(const engine::person_info& p, const identity::link& l) {
    const auto found = std::find_if(p.characters.begin(), p.characters.end(),
                                    [&](const auto& c) { return c.id.value() == l.target; });
    return l.kind == identity::link_kind::character && found != p.characters.end() ? &*found : nullptr;
}

/// What this character's link is good for, as a sentence.
std::string worth(const identity::character& c, const identity::link& l,
                  const policy::guild_settings& settings) {
    const identity::trust_limits limits = provisioning::limits_of(settings);
    if (const auto rank = identity::effective_rank(c, l, limits)) {
        return fmt::format("counts as {}", policy::rank_name(settings, *rank));
    }
    if (!c.present) {
        return "counts for nothing: not in the guild now";
    }
    if (c.rank <= limits.officer_rank) {
        return fmt::format("counts for nothing: {} needs a proof or an officer (patt onboarding resolve)",
                           policy::rank_name(settings, c.rank));
    }
    if (l.role == identity::claim_role::alt) {
        return "counts for nothing: an alt that is only claimed never raises a rank; a proof would";
    }
    return fmt::format("counts for nothing: a claim gives {} at most (trust.claim_max_rank)",
                       policy::rank_name(settings, limits.claim_max_rank));
}

void explain_links(const subject& who, table& out) {
    for (const identity::link& l : who.person->links) {
        const identity::character* c = target_of(*who.person, l);
        const std::string what =
            c != nullptr
                ? fmt::format("{}-{}, {}", c->name, c->realm_slug, policy::rank_name(who.settings, c->rank))
                : fmt::format("{} {}", l.kind == identity::link_kind::member ? "member" : "character",
                              l.target);
        out.rows.push_back(
            {"link", what, fmt::format("{} by {} ({})", identity::to_string(l.level), l.actor, l.evidence),
             c != nullptr ? worth(*c, l, who.settings) : std::string("the chat account is this person's")});
    }
}

void explain_role(const subject& who, table& out) {
    std::vector<provisioning::held_character> held;
    for (const identity::link& l : who.person->links) {
        if (const identity::character* c = target_of(*who.person, l)) {
            held.push_back({c, &l});
        }
    }
    const auto basis = provisioning::best_rank(held, provisioning::limits_of(who.settings));
    const role_id wanted = basis ? policy::role_of_rank(who.settings, basis->rank) : role_id{};
    out.rows.push_back(
        {"role", wanted ? id_text(wanted) : "none", basis ? basis->because : "no linked character counts",
         basis ? (wanted ? "ranks.roles maps the rank to it" : "ranks.roles has no role for this rank")
               : "a character in the guild that is linked would change it"});
    for (const provisioning::grant& g : who.person->grants) {
        using state = provisioning::grant_state;
        out.rows.push_back({"grant", id_text(g.role), g.reason,
                            g.state == state::wanted   ? "is being given"
                            : g.state == state::given  ? "PATT gave it and takes it when the reason ends"
                            : g.state == state::found  ? "was there before, so PATT never takes it"
                            : g.state == state::ending ? "is being taken away"
                                                       : "ended"});
    }
}

/// How likely the member is the owner of a character that waits; none: it is not among the candidates.
std::optional<double> chance_of(const identity::review_item& item, member_id who) {
    if (item.member == who) {
        return item.probability;
    }
    for (const engine::item_candidate& one : engine::candidates_of(item)) {
        if (one.member == who) {
            return one.probability;
        }
    }
    return std::nullopt;
}

/// Where the member stands in the queue of matching, as itself or as somebody's candidate.
void explain_queue(host& h, member_id id, table& out) {
    for (const identity::review_item& i : h.look().review_items(h.guild())) {
        const bool itself = i.subject_kind == identity::link_kind::member && i.subject == id.value();
        if (itself) {
            out.rows.push_back({"queue", "no character", i.why,
                                "a note, a name or an officer would change it (patt review)"});
        } else if (const auto chance = chance_of(i, id)) {
            const auto c = h.look().character(h.guild(), character_id{i.subject});
            out.rows.push_back({"queue", c ? c->name + "-" + c->realm_slug : std::to_string(i.subject),
                                fmt::format("{}, {:.0f} %", i.why, *chance * 100),
                                "an officer decides (patt review accept)"});
        }
    }
}

exit_code explain(const common_options& common, const std::string& typed) {
    host h(common);
    const member_id id = h.member(typed);
    const auto member = h.look().member(h.guild(), id);
    if (!member) {
        throw refusal(
            {errc::not_found, fmt::format("the member {} never joined this guild's chat server", typed)});
    }
    subject who{*member, {}, h.look().session_of(h.guild(), id), h.look().settings(h.guild())};
    if (member->person) {
        who.person = h.look().person(h.guild(), member->person);
    }
    table t{{"thing", "what", "because", "so"}, {}, ""};
    if (who.session) {
        const onboarding::session& s = who.session->session;
        t.rows.push_back(
            {"session", std::string(to_string(s.state)), s.outcome, s.step.empty() ? "" : "at " + s.step});
    }
    if (who.person) {
        explain_links(who, t);
        explain_role(who, t);
    } else {
        t.rows.push_back({"link", "none", "nobody knows who this is",
                          "an answered question or an officer would change it"});
    }
    for (const integrity::issue& i : h.look().open_issues(h.guild())) {
        if (i.about.member == id) {
            t.rows.push_back({"issue", std::string(to_string(i.type)), std::string(to_string(i.severity)),
                              "open until it is right or dismissed"});
        }
    }
    explain_queue(h, id, t);
    print(t, common.json ? form::json : form::text);
    return exit_code::done;
}

} // namespace

void add_explain(program& p) {
    CLI::App* app =
        subcommand(p.app, "explain", "Why somebody has which link and role, and what would change it",
                   "patt explain member bob");
    app->require_subcommand(1);
    auto member = std::make_shared<std::string>();
    CLI::App* sub =
        subcommand(*app, "member", "Facts, rule and conclusion for one member", "patt explain member bob");
    sub->add_option("MEMBER", *member, "A name or member id")->required();
    sub->callback([&p, member] { p.chosen = [&p, member] { return explain(p.common, *member); }; });
    add_explain_match(*app, p);
}

} // namespace patt::cli
