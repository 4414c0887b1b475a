#include "unit/onboarding/scene.hpp"

#include <patt/text/name_key.hpp>
#include <patt/text/realm.hpp>

#include <fmt/core.h>

#include <algorithm>

namespace patt::onboarding {

namespace {

constexpr std::string_view instance_key = "an instance key for tests only";

template <class T, class Same>
void put(std::vector<T>& to, const T& value, Same same) {
    const auto known = std::find_if(to.begin(), to.end(), same);
    if (known == to.end()) {
        to.push_back(value);
    } else {
        *known = value;
    }
}

} // namespace

identity::character character_of(std::int64_t id, std::string_view name, std::string_view realm, int rank,
                                 int class_id) {
    identity::character c;
    c.id = character_id{id};
    c.name = name;
    c.realm_name = realm;
    c.realm_slug = text::realm_slug(realm);
    c.class_id = class_id;
    c.rank = rank;
    c.level = 80;
    return c;
}

scene::scene() {
    settings.guild.name = "Testers";
    settings.sending.enabled = true;
    settings.sending.announcements = true;
    settings.channels = {ids.landing, ids.welcome, ids.audit};
    settings.ranks.roles = {
        {0, ids.gm}, {1, ids.officer}, {2, ids.veteran}, {3, ids.member}, {4, ids.initiate}};
    actor = policy::member_actor(ids.guild, ids.subject, {});
    identity::member m;
    m.id = ids.subject;
    m.username = "zat";
    m.display_name = "Zat";
    m.joined_at = now;
    m.first_seen = now;
    member = m;
}

identity::character& scene::add_character(std::string_view name, std::string_view realm, int rank,
                                          int class_id) {
    const auto id = static_cast<std::int64_t>(characters.size()) + 10;
    return characters.emplace_back(character_of(id, name, realm, rank, class_id));
}

identity::link& scene::hold(character_id who, identity::assurance level, member_id owner,
                            identity::presence here) {
    const person_id person{static_cast<std::int64_t>(persons.size()) + 70};
    persons.push_back({person, "Holder", now, now});
    if (owner && owner == ids.subject) {
        member->person = person;
    } else if (owner) {
        identity::member m;
        m.id = owner;
        m.person = person;
        m.display_name = "Holder";
        m.here = here;
        others.push_back(m);
    }
    identity::link l;
    l.id = link_id{static_cast<std::int64_t>(links.size()) + 400};
    l.person = person;
    l.kind = identity::link_kind::character;
    l.target = who.value();
    l.level = level;
    l.role = identity::claim_role::main;
    for (identity::character& c : characters) {
        if (c.id == who) {
            c.person = person;
        }
    }
    return links.emplace_back(l);
}

scene& scene::in(session_state state, std::string_view step) {
    onboarding::session s;
    s.id = session_id{500};
    s.flow = path->key;
    s.flow_version = path->version;
    s.subject = ids.subject;
    s.state = state;
    s.step = step;
    s.asked = 1;
    s.created_at = now;
    s.updated_at = now;
    session = s;
    return *this;
}

scene& scene::remember(std::string_view field, std::string_view value) {
    put(answers, answer{session->id, std::string(field), std::string(value), now},
        [&](const answer& a) { return a.field == field; });
    return *this;
}

lookup scene::look_up(const std::string& query) const {
    lookup found;
    found.query = query;
    const std::size_t hyphen = query.find('-');
    const std::string name = text::folded_key(query.substr(0, hyphen));
    const std::string realm =
        hyphen == std::string::npos ? std::string{} : text::realm_key(query.substr(hyphen + 1));
    for (const identity::character& c : characters) {
        const std::string key = text::folded_key(c.name);
        const bool fits = realm.empty() || text::realm_key(c.realm_slug) == realm;
        if (c.present && key == name && fits) {
            candidate hit{c, {}, {}};
            for (const identity::link& l : links) {
                if (l.kind == identity::link_kind::character && l.target == c.id.value() &&
                    l.state == identity::link_state::active && l.level != identity::assurance::suggested) {
                    hit.link = l;
                }
            }
            for (const identity::member& m : others) {
                if (hit.link && m.person == hit.link->person && m.here == identity::presence::present) {
                    hit.owner_member = m.id;
                }
            }
            found.hits.push_back(hit);
        }
    }
    for (const identity::character& c : characters) {
        const std::string key = text::folded_key(c.name);
        if (found.hits.empty() && c.present && key.size() > 3 && key.substr(0, 3) == name.substr(0, 3) &&
            found.nearest.size() < 3) {
            found.nearest.push_back(c);
        }
    }
    return found;
}

person_facts scene::person(person_id who) const {
    person_facts out;
    for (const identity::person& p : persons) {
        if (p.id == who) {
            out.person = p;
        }
    }
    for (const identity::link& l : links) {
        for (const identity::character& c : characters) {
            if (l.person == who && l.kind == identity::link_kind::character && l.target == c.id.value() &&
                l.state == identity::link_state::active && l.level != identity::assurance::suggested) {
                out.characters.push_back({c, l});
            }
        }
    }
    if (member && member->person == who) {
        out.members.push_back(*member);
    }
    for (const identity::member& m : others) {
        if (m.person == who) {
            out.members.push_back(m);
        }
    }
    for (const provisioning::grant& g : grants) {
        const bool of_them = std::any_of(out.members.begin(), out.members.end(),
                                         [&](const identity::member& m) { return m.id == g.member; });
        if (of_them) {
            out.grants.push_back(g);
        }
    }
    return out;
}

session_facts scene::facts() const {
    session_facts out;
    out.member = member;
    out.session = session;
    out.flow = path;
    if (session) {
        out.answers = answers;
        out.steps = steps;
    }
    for (const kept_effect& e : outbox) {
        out.effects.push_back({e.what.id, e.what.key, e.state, e.what.need, e.what.body.index(), e.attempts,
                               e.error, e.not_before});
    }
    for (const integrity::issue& i : issues) {
        if (!i.resolved_at) {
            out.issues.push_back(i);
        }
    }
    out.acceptances = acceptances;
    for (const provisioning::invite& i : invites) {
        if (!i.used_at && !i.revoked_at) {
            out.invite = i;
        }
    }
    if (member && member->person) {
        out.persons.push_back(person(member->person));
    }
    return out;
}

void scene::supply(session_facts& given, const need& missing) const {
    for (const std::string& query : missing.characters) {
        if (given.find_lookup(query) == nullptr) {
            given.lookups.push_back(look_up(query));
        }
    }
    for (const person_id who : missing.persons) {
        if (given.find_person(who) == nullptr) {
            given.persons.push_back(person(who));
        }
    }
}

reply scene::say(std::string_view text) {
    return act(message_received{ids.subject, std::string(text)});
}

reply scene::officer(officer_verb verb, std::string_view character) {
    const policy::actor before = actor;
    actor = policy::owner_actor(ids.guild, member_id{900});
    reply out = act(officer_action{verb, ids.subject, std::string(character)});
    actor = before;
    return out;
}

reply scene::timer(timer_purpose purpose) {
    timers.erase(purpose);
    return act(session_timer{session->id, purpose});
}

void scene::reconcile() {
    if (roles_due && member && member->person) {
        now = std::max(now, *roles_due);
        roles_due.reset();
        session_facts given = facts();
        std::erase_if(given.effects, [](const open_effect& e) { // What stands in the lane.
            const bool due = e.state == effect_state::pending || e.state == effect_state::sending;
            return !e.key.starts_with("roles:") || !due;
        });
        id_sequence sequence(next_id_);
        random_stream random(7);
        const policy::actor nobody = policy::system_actor();
        context ctx{ids.guild, now, sequence, random, settings, nobody, reason};
        decision decided = decide(given, provisioning::reconcile_roles{member->person}, ctx);
        last_id_ = sequence.peek();
        take(std::get<change_set>(decided));
    }
}

effect_tried scene::attempt(kept_effect& e, effect_outcome outcome) const {
    e.state = effect_state::sending;
    e.attempts += 1;
    effect_tried t;
    t.id = e.what.id;
    t.key = e.what.key;
    t.owner = e.what.owner;
    t.need = e.what.need;
    t.attempts = e.attempts;
    t.body = e.what.body;
    t.outcome = std::move(outcome);
    return t;
}

change_set scene::outcome_of(std::string_view key, effect_outcome outcome) {
    kept_effect* e = find_effect(key);
    if (e == nullptr) {
        throw failure(fmt::format("no open effect {}", key));
    }
    const effect_tried t = attempt(*e, std::move(outcome));
    session_facts about = facts();
    if (former && former->id == t.owner) {
        about.session = former;
        about.answers.clear();
        about.steps.clear();
    }
    if (e->what.cls != effect_class::internal) {
        return ask_with(about, t);
    }
    provisioning::internal_facts given;
    given.session = about;
    given.instance_key = instance_key;
    for (const provisioning::roster_entry& listed : entries) {
        given.listed.push_back(listed.character);
    }
    id_sequence sequence(next_id_);
    random_stream random(7);
    context ctx{ids.guild, now, sequence, random, settings, actor, reason};
    decision decided = provisioning::perform(given, t, ctx);
    last_id_ = sequence.peek();
    return std::get<change_set>(std::move(decided));
}

void scene::tried(std::string_view key, effect_outcome outcome) {
    take(outcome_of(key, std::move(outcome)));
}

void scene::perform_all() {
    for (int round = 0; round < 200; ++round) {
        const auto due = std::find_if(outbox.begin(), outbox.end(),
                                      [](const kept_effect& e) { return e.state == effect_state::pending; });
        if (due == outbox.end()) {
            return;
        }
        effect_outcome well;
        if (const auto* roles = std::get_if<set_roles>(&due->what.body)) {
            for (const role_id r : roles->add) {
                well.external_ref += (well.external_ref.empty() ? "" : ",") + std::to_string(r.value());
            }
        }
        tried(std::string(due->what.key), well);
    }
    throw failure("effects without end");
}

void scene::keep(const row& r) {
    if (const auto* s = std::get_if<onboarding::session>(&r)) {
        if (session && session->id != s->id && is_open(s->state)) {
            if (is_open(session->state)) {
                throw failure("two open sessions");
            }
            answers.clear();
            steps.clear();
            timers.clear();
            former = session;
        }
        if (former && former->id == s->id) {
            former = *s;
        } else {
            session = *s;
        }
    } else if (const auto* a = std::get_if<answer>(&r)) {
        put(answers, *a, [&](const answer& x) { return x.field == a->field; });
    } else if (const auto* st = std::get_if<step_state>(&r)) {
        put(steps, *st, [&](const step_state& x) { return x.step == st->step; });
    } else if (const auto* m = std::get_if<identity::member>(&r)) {
        member = *m;
    } else if (const auto* p = std::get_if<identity::person>(&r)) {
        put(persons, *p, [&](const identity::person& x) { return x.id == p->id; });
    } else if (const auto* c = std::get_if<identity::character>(&r)) {
        put(characters, *c, [&](const identity::character& x) { return x.id == c->id; });
    } else if (const auto* l = std::get_if<identity::link>(&r)) {
        put(links, *l, [&](const identity::link& x) { return x.id == l->id; });
    } else if (const auto* g = std::get_if<provisioning::grant>(&r)) {
        put(grants, *g, [&](const provisioning::grant& x) {
            return x.member == g->member && x.role == g->role && x.source == g->source;
        });
    } else if (const auto* i = std::get_if<provisioning::invite>(&r)) {
        put(invites, *i, [&](const provisioning::invite& x) { return x.id == i->id; });
    } else if (const auto* e = std::get_if<provisioning::roster_entry>(&r)) {
        put(entries, *e, [&](const provisioning::roster_entry& x) { return x.character == e->character; });
    } else if (const auto* is = std::get_if<integrity::issue>(&r)) {
        put(issues, *is, [&](const integrity::issue& x) { return x.id == is->id; });
    } else if (const auto* ac = std::get_if<acceptance>(&r)) {
        acceptances.push_back(*ac);
    }
}

void scene::carry_out(const operation& o) {
    const auto end_effect = [&](effect_id id, std::string_view how) {
        const auto found =
            std::find_if(outbox.begin(), outbox.end(), [&](const kept_effect& e) { return e.what.id == id; });
        if (found != outbox.end()) {
            ledger.emplace_back(found->what.key, how);
            outbox.erase(found);
        }
    };
    const auto change = [&](effect_id id, effect_state state, const std::string& error, instant when) {
        for (kept_effect& e : outbox) {
            if (e.what.id == id) {
                e.state = state;
                e.error = error;
                e.not_before = when;
            }
        }
    };
    if (const auto* done = std::get_if<effect_done>(&o)) {
        end_effect(done->id, "done");
    } else if (const auto* cancelled = std::get_if<effect_cancelled>(&o)) {
        end_effect(cancelled->id, "cancelled");
    } else if (const auto* again = std::get_if<effect_retry>(&o)) {
        change(again->id, effect_state::pending, again->error, again->not_before);
    } else if (const auto* failed = std::get_if<effect_failed>(&o)) {
        change(failed->id, effect_state::failed, failed->error, {});
    } else if (std::holds_alternative<cancel_effects>(o)) {
        std::erase_if(outbox, [](const kept_effect& e) { return e.state != effect_state::sending; });
    } else if (std::holds_alternative<rearm_effects>(o)) {
        for (kept_effect& e : outbox) {
            if (e.state == effect_state::failed) {
                e.state = effect_state::pending;
                e.attempts = 1; // As the store does: that it was tried before matters.
            }
        }
    } else if (std::holds_alternative<cancel_timers>(o)) {
        timers.clear();
    } else if (std::holds_alternative<open_route>(o)) {
        route_open = true;
    } else if (std::holds_alternative<close_route>(o)) {
        route_open = false;
    }
}

void scene::take(const change_set& out) {
    next_id_ = std::max(next_id_, last_id_);
    for (const operation& o : out.operations) {
        if (const auto* forget = std::get_if<forget_answers>(&o)) {
            std::erase_if(answers, [&](const answer& a) {
                return forget->fields.empty() || std::find(forget->fields.begin(), forget->fields.end(),
                                                           a.field) != forget->fields.end();
            });
        }
    }
    for (const row& r : out.rows) {
        keep(r);
    }
    for (const operation& o : out.operations) {
        carry_out(o);
    }
    for (const effect& e : out.effects) {
        const bool known =
            find_effect(e.key) != nullptr ||
            std::any_of(ledger.begin(), ledger.end(), [&](const auto& l) { return l.first == e.key; });
        if (!known) {
            outbox.push_back({e, effect_state::pending, 0, "", {}});
        }
    }
    for (const timer_change& t : out.timers) {
        if (session && t.owner == session->id.value()) {
            if (t.due) {
                timers[t.purpose] = t.due;
            } else {
                timers.erase(t.purpose);
            }
        }
    }
    for (const timer_change& t : out.timers) {
        if (t.purpose == timer_purpose::roles && member && t.owner == member->person.value()) {
            roles_due = t.due;
        }
    }
    for (const log_entry& e : out.log) {
        log.push_back(e.kind);
    }
}

std::string scene::recall(std::string_view field) const {
    for (const answer& a : answers) {
        if (a.field == field) {
            return a.value;
        }
    }
    return {};
}

kept_effect* scene::find_effect(std::string_view key) {
    for (kept_effect& e : outbox) {
        if (e.what.key == key) {
            return &e;
        }
    }
    return nullptr;
}

kept_effect* scene::effect_like(std::string_view beginning) {
    for (kept_effect& e : outbox) {
        if (e.what.key.starts_with(beginning)) {
            return &e;
        }
    }
    return nullptr;
}

std::string scene::key(std::string_view kind) const {
    return fmt::format("{}:{}", kind, session->id.value());
}

std::vector<integrity::issue_type> scene::open_issues() const {
    std::vector<integrity::issue_type> out;
    for (const integrity::issue& i : issues) {
        if (!i.resolved_at) {
            out.push_back(i.type);
        }
    }
    return out;
}

bool scene::logged(std::string_view kind) const {
    return std::find(log.begin(), log.end(), kind) != log.end();
}

} // namespace patt::onboarding
