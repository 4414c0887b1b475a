#include "engine/loader.hpp"

#include "store/character_repository.hpp"
#include "store/issue_repository.hpp"
#include "store/outbox_repository.hpp"
#include "store/person_repository.hpp"
#include "store/provisioning_repository.hpp"
#include "store/session_repository.hpp"

#include <patt/text/name_key.hpp>
#include <patt/text/realm.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

namespace patt::engine {

namespace {

using onboarding::session_facts;

constexpr std::size_t nearest_offered = 3;

/// Everything about a person, asked at once.
struct asked_person {
    store::asked<std::optional<identity::person>> person;
    store::asked<std::vector<identity::link>> links;
    store::asked<std::vector<identity::character>> characters;
    store::asked<std::vector<identity::member>> members;
    store::asked<std::vector<provisioning::grant>> grants;
};

asked_person ask_about(store::connection& db, guild_id guild, person_id person) {
    return {store::ask_person(db, guild, person), store::ask_links_of(db, guild, person),
            store::ask_characters_of(db, guild, person), store::ask_members_of(db, guild, person),
            store::ask_grants_of(db, guild, person)};
}

std::optional<onboarding::person_facts> read_person(asked_person about) {
    std::optional<identity::person> person = about.person.get();
    if (!person) {
        return std::nullopt;
    }
    onboarding::person_facts out;
    out.person = std::move(*person);
    const std::vector<identity::link> links = about.links.get();
    for (identity::character& c : about.characters.get()) {
        const auto why = std::find_if(links.begin(), links.end(), [&](const identity::link& l) {
            return l.kind == identity::link_kind::character && l.target == c.id.value() &&
                   l.level != identity::assurance::suggested;
        });
        if (why != links.end()) {
            out.characters.push_back({std::move(c), *why});
        }
    }
    std::copy_if(links.begin(), links.end(), std::back_inserter(out.suggestions),
                 [](const identity::link& l) { return l.level == identity::assurance::suggested; });
    out.members = about.members.get();
    out.grants = about.grants.get();
    return out;
}

void add_person(load_context& from, session_facts& facts, person_id person) {
    if (!person || facts.find_person(person) != nullptr) {
        return;
    }
    if (auto known = read_person(ask_about(from.db, from.guild, person))) {
        facts.persons.push_back(std::move(*known));
    }
}

void set_flow(load_context& from, session_facts& facts, const onboarding::session& session) {
    facts.flow = from.flows.find(session.flow, session.flow_version);
    if (facts.flow == nullptr && onboarding::is_open(session.state)) {
        throw failure(fmt::format("session {} is of flow {} version {}, which this program does not have",
                                  session.id.value(), session.flow, session.flow_version));
    }
}

/// Everything about a session, asked at once.
struct asked_session {
    onboarding::session session;
    store::asked<std::vector<onboarding::answer>> answers;
    store::asked<std::vector<onboarding::step_state>> steps;
    store::asked<std::vector<open_effect>> effects;
    std::optional<store::asked<std::optional<provisioning::invite>>> invite;
};

asked_session ask_about(store::connection& db, guild_id guild, onboarding::session session) {
    const session_id id = session.id;
    asked_session out{std::move(session), store::ask_answers_of(db, guild, id),
                      store::ask_steps_of(db, guild, id), store::ask_effects_of(db, guild, id), std::nullopt};
    const bool talking = onboarding::is_open(out.session.state) &&
                         out.session.state != onboarding::session_state::provisioning;
    if (!talking) { // Before that there is none.
        out.invite.emplace(store::ask_live_invite(db, guild, id));
    }
    return out;
}

void read_session(session_facts& facts, asked_session about) {
    facts.answers = about.answers.get();
    facts.steps = about.steps.get();
    facts.effects = about.effects.get();
    facts.invite = store::answer_of(about.invite);
    facts.session = std::move(about.session);
}

void add_session(load_context& from, session_facts& facts, onboarding::session session) {
    set_flow(from, facts, session);
    read_session(facts, ask_about(from.db, from.guild, std::move(session)));
}

bool has_agreement(const onboarding::flow& flow) {
    return std::any_of(flow.steps.begin(), flow.steps.end(),
                       [](const onboarding::step& s) { return s.kind == onboarding::step_kind::agreement; });
}

/// Whether a required effect of the session stands out besides this one.
bool others_required(const std::vector<open_effect>& effects, effect_id besides) {
    return std::any_of(effects.begin(), effects.end(), [&](const open_effect& e) {
        return e.id != besides && e.need == necessity::required && e.state != effect_state::failed;
    });
}

void add_member(load_context& from, session_facts& facts, member_id member) {
    auto found = store::ask_member(from.db, from.guild, member);
    auto issues = store::ask_issues_about(from.db, from.guild, member);
    facts.member = found.get();
    if (facts.member) {
        facts.issues = issues.get();
        add_person(from, facts, facts.member->person);
    }
}

void set_entry_flow(load_context& from, session_facts& facts) {
    facts.flow = &from.flows.entry(from.settings.onboarding.flow);
}

/// A typed query is `Name` or `Name-Realm`; names of the game have no hyphen, realms may.
onboarding::lookup look_up(load_context& from, const std::string& query, member_id subject) {
    onboarding::lookup found;
    found.query = query;
    const std::size_t hyphen = query.find('-');
    const std::string key = text::folded_key(query.substr(0, hyphen));
    const std::string realm =
        hyphen == std::string::npos ? std::string{} : text::realm_key(query.substr(hyphen + 1));
    for (identity::character& c : store::characters_named(from.db, from.guild, key)) {
        const bool fits =
            realm.empty() || text::realm_key(c.realm_slug) == realm || text::realm_key(c.realm_name) == realm;
        if (!c.present || !fits) {
            continue;
        }
        onboarding::candidate hit;
        hit.link = store::active_link(from.db, from.guild, identity::link_kind::character, c.id.value());
        if (hit.link) {
            for (const identity::member& m : store::members_of(from.db, from.guild, hit.link->person)) {
                if (m.here == identity::presence::present && m.id != subject) {
                    hit.owner_member = m.id;
                }
            }
        }
        hit.character = std::move(c);
        found.hits.push_back(std::move(hit));
    }
    if (found.hits.size() == 1) {
        return found;
    }
    // Where nobody is matched, names alone are looked at.
    const std::shared_ptr<const loaded_matcher> known =
        from.settings.matching.enabled
            ? from.matching.warm(from.db, from.guild, from.head, setup_of(from.settings))
            : std::make_shared<loaded_matcher>(load_names(from.db, from.guild));
    std::vector<character_id> likely;
    if (subject && from.settings.matching.enabled) {
        likely = likely_characters(*known, subject, nearest_offered);
    }
    // Of several that bear the name, the one that names and notes give to this member comes first.
    std::stable_partition(found.hits.begin(), found.hits.end(), [&](const onboarding::candidate& c) {
        return std::find(likely.begin(), likely.end(), c.character.id) != likely.end();
    });
    if (found.hits.empty() && !key.empty()) {
        for (const character_id near : known->matcher.nearest(query.substr(0, hyphen), nearest_offered)) {
            if (auto c = store::find_character(from.db, from.guild, near)) {
                found.nearest.push_back(std::move(*c));
            }
        }
        for (const character_id theirs : likely) {
            const bool offered = std::any_of(found.nearest.begin(), found.nearest.end(),
                                             [&](const identity::character& c) { return c.id == theirs; });
            auto c = store::find_character(from.db, from.guild, theirs);
            if (c && !offered && found.nearest.size() < nearest_offered) {
                found.nearest.push_back(std::move(*c));
            }
        }
    }
    return found;
}

} // namespace

struct member_load::parts {
    store::connection& db;
    guild_id guild;
    store::asked<std::optional<identity::member>> member;
    store::asked<std::vector<integrity::issue>> issues;
    store::asked<std::optional<onboarding::session>> current;
    session_facts facts;
    std::optional<asked_person> person;
    std::optional<asked_session> session;
    std::optional<store::asked<std::vector<onboarding::acceptance>>> acceptances;
};

member_load::member_load(store::connection& db, guild_id guild, member_id member)
    : parts_(std::make_unique<parts>(parts{db,
                                           guild,
                                           store::ask_member(db, guild, member),
                                           store::ask_issues_about(db, guild, member),
                                           store::ask_current_session(db, guild, member),
                                           {},
                                           std::nullopt,
                                           std::nullopt,
                                           std::nullopt})) {}

member_load::member_load(member_load&&) noexcept = default;
member_load::~member_load() = default;

void member_load::ask_more(const flow_book& flows) {
    parts& of = *parts_;
    of.facts.member = of.member.get();
    if (!of.facts.member) {
        return;
    }
    of.facts.issues = of.issues.get();
    std::optional<onboarding::session> session = of.current.get();
    if (of.facts.member->person) {
        of.person.emplace(ask_about(of.db, of.guild, of.facts.member->person));
    }
    if (session) {
        const onboarding::flow* const flow = flows.find(session->flow, session->flow_version);
        if (flow != nullptr && has_agreement(*flow)) { // A closed one's may be gone.
            of.acceptances.emplace(store::ask_acceptances_of(of.db, of.guild, of.facts.member->id));
        }
        of.session.emplace(ask_about(of.db, of.guild, std::move(*session)));
    }
}

session_facts member_load::finish(load_context& from) {
    parts& of = *parts_;
    session_facts facts = std::move(of.facts);
    facts.entry = &from.flows.entry(from.settings.onboarding.flow);
    if (of.session) {
        set_flow(from, facts, of.session->session);
    } else {
        set_entry_flow(from, facts);
    }
    if (auto known = of.person ? read_person(std::move(*of.person)) : std::nullopt) {
        facts.persons.push_back(std::move(*known));
    }
    if (of.session) {
        read_session(facts, std::move(*of.session));
    }
    facts.acceptances = store::answer_of(of.acceptances);
    if (facts.session && !onboarding::is_open(facts.session->state)) {
        set_entry_flow(from, facts); // What begins now begins with the newest version.
    }
    return facts;
}

session_facts load_member(load_context& from, member_id member) {
    member_load asked(from.db, from.guild, member);
    asked.ask_more(from.flows);
    return asked.finish(from);
}

session_facts load_session(load_context& from, session_id session) {
    session_facts facts;
    if (auto found = store::find_session(from.db, from.guild, session)) {
        add_member(from, facts, found->subject);
        add_session(from, facts, std::move(*found));
    } else {
        set_entry_flow(from, facts);
    }
    if (facts.flow == nullptr) {
        set_entry_flow(from, facts); // Closed, of a flow that is gone: nothing is walked any more.
    }
    return facts;
}

session_facts load_person(load_context& from, person_id person) {
    session_facts facts;
    set_entry_flow(from, facts);
    add_person(from, facts, person);
    for (const onboarding::person_facts& p : facts.persons) {
        for (const identity::member& m : p.members) {
            for (open_effect& e :
                 store::effects_in_lane(from.db, from.guild, fmt::format("roles:{}", m.id.value()))) {
                facts.effects.push_back(std::move(e));
            }
        }
    }
    return facts;
}

session_facts load_outcome(load_context& from, const onboarding::effect_tried& tried, asked_owner owner) {
    session_facts facts;
    auto session = store::answer_of(owner);
    const auto* roles = std::get_if<set_roles>(&tried.body);
    const bool broken = session && onboarding::is_open(session->state) &&
                        from.flows.find(session->flow, session->flow_version) == nullptr;
    if (broken) {
        // What was sent was sent, even when its session cannot be read: else it would be sent again for ever.
        session.reset();
    }
    if (!session) {
        set_entry_flow(from, facts);
        if (roles != nullptr) {
            add_member(from, facts, roles->member);
        }
        return facts;
    }
    set_flow(from, facts, *session);
    const bool done = tried.outcome.error == effect_error::none;
    const bool counts =
        tried.need == necessity::required && session->state == onboarding::session_state::provisioning;
    if (counts) {
        facts.effects = store::effects_of(from.db, from.guild, session->id);
    }
    const bool last = counts && !others_required(facts.effects, tried.id);
    if (!done || roles != nullptr || last) {
        add_member(from, facts, session->subject);
    } else if (counts) {
        facts.member = store::find_member(from.db, from.guild, session->subject);
    }
    if (done && std::holds_alternative<direct_message>(tried.body) && facts.issues.empty()) {
        facts.issues =
            store::open_issues_about(from.db, from.guild, session->subject); // one may be "unreachable"
    }
    if (!done || last) {
        add_session(from, facts, std::move(*session));
    } else {
        facts.session = std::move(session);
    }
    return facts;
}

void load_more(load_context& from, session_facts& facts, const need& missing) {
    const member_id subject = facts.member ? facts.member->id : member_id{};
    for (const std::string& query : missing.characters) {
        if (facts.find_lookup(query) == nullptr) {
            facts.lookups.push_back(look_up(from, query, subject));
        }
    }
    for (const person_id person : missing.persons) {
        add_person(from, facts, person);
    }
}

policy::actor load_actor(load_context& from, policy::actor_kind kind, member_id member, member_id owner) {
    switch (kind) {
    case policy::actor_kind::system:
        return policy::system_actor();
    case policy::actor_kind::local_operator:
        return policy::local_operator();
    default:
        break;
    }
    const auto known = store::find_member(from.db, from.guild, member);
    const person_id person = known ? known->person : person_id{};
    if (member && member == owner) {
        return policy::owner_actor(from.guild, member, person);
    }
    std::optional<int> proven;
    if (person) {
        const auto p = read_person(ask_about(from.db, from.guild, person));
        for (const onboarding::owned_character& o :
             p ? p->characters : std::vector<onboarding::owned_character>{}) {
            if (o.character.present && o.link.level >= identity::assurance::challenged) {
                proven = std::min(proven.value_or(o.character.rank), o.character.rank);
            }
        }
    }
    const bool here = known && known->here == identity::presence::present;
    return policy::member_actor(from.guild, member, here ? known->roles : std::vector<role_id>{}, person,
                                proven);
}

} // namespace patt::engine
