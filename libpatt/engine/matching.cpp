#include "engine/matching.hpp"

#include "engine/match_codec.hpp"
#include "engine/match_links.hpp"
#include "engine/writer.hpp"
#include "store/character_repository.hpp"
#include "store/issue_repository.hpp"
#include "store/match_repository.hpp"
#include "store/person_repository.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <span>
#include <unordered_set>

namespace patt::engine {

namespace {

using identity::link_kind;
using identity::review_item;
using identity::review_state;

struct collect {
    touched& to;

    void operator()(const identity::character& c) const { to.characters.insert(c.id); }
    void operator()(const identity::former_name& n) const { to.characters.insert(n.character); }
    void operator()(const identity::character_note& n) const { to.characters.insert(n.character); }
    void operator()(const identity::member_alias& a) const { to.members.insert(a.member); }
    void operator()(const identity::chat_role&) const { to.role_names = true; }
    void operator()(const identity::member& m) const {
        to.members.insert(m.id);
        if (m.person) {
            to.persons.insert(m.person);
        }
    }
    void operator()(const identity::link& l) const {
        to.persons.insert(l.person);
        if (l.kind == link_kind::character) {
            to.characters.insert(character_id{l.target});
        } else {
            to.members.insert(member_id{l.target});
        }
    }
    void operator()(const identity::ruling& r) const {
        to.rulings = true;
        to.characters.insert(r.what.character);
        if (r.what.other) {
            to.characters.insert(r.what.other);
        }
    }
    template <class Other>
    void operator()(const Other&) const {}
};

/// Ends the rulings whose names or notes have changed. Written at once: what follows reads them.
void end_outdated(load_context& from, input_scope& in, const std::vector<identity::ruling>& rulings,
                  link_writer& links, touched& what) {
    for (identity::ruling r : rulings) {
        const bool of_facts = r.what.kind == identity::ruling_kind::rejected ||
                              r.what.kind == identity::ruling_kind::not_in_chat;
        const identity::character* const character = links.rows().character(r.what.character);
        const identity::member* const member = r.what.member ? links.rows().member(r.what.member) : nullptr;
        const bool there =
            character != nullptr && character->present &&
            (!r.what.member || (member != nullptr && member->here == identity::presence::present));
        if (!of_facts || !there || facts_now(from.db, from.guild, r.what) == r.what.facts) {
            continue; // Who is away has not changed.
        }
        r.state = identity::ruling_state::ended;
        r.ended_at = in.ctx.now;
        r.ended_by = "facts";
        store::put(from.db, from.guild, r);
        what.characters.insert(r.what.character);
        links.out().log.push_back(
            {"match.ruling_ended",
             fmt::format("character:{}", r.what.character.value()),
             {{"ruling", std::to_string(r.id.value())}, {"kind", std::string(to_string(r.what.kind))}}});
    }
}

void end_outdated_of(load_context& from, input_scope& in, std::span<const character_id> changed,
                     link_writer& links, touched& what) {
    std::map<identity::ruling_id, identity::ruling> about; // Each once, though it may name two of them.
    for (auto& [id, rulings] : load_rulings(from.db, from.guild, changed)) {
        for (identity::ruling& r : rulings) {
            about.insert_or_assign(r.id, std::move(r));
        }
    }
    for (const auto& [id, ruling] : about) {
        end_outdated(from, in, {ruling}, links, what);
    }
}

/// Equal but for times: then nothing needs to be written.
bool same(const review_item& a, const review_item& b) {
    return a.why == b.why && a.advice == b.advice && a.member == b.member && a.other == b.other &&
           a.level == b.level && a.route == b.route && a.candidates == b.candidates &&
           a.evidence == b.evidence;
}

void put_item(input_scope& in, const std::optional<review_item>& open, review_item wanted, change_set& out) {
    if (wanted.why.empty()) {
        if (open) {
            review_item closed = *open;
            closed.state = review_state::closed;
            closed.closed_at = in.ctx.now;
            closed.updated_at = in.ctx.now;
            out.rows.emplace_back(std::move(closed));
        }
        return;
    }
    if (open && same(*open, wanted)) {
        return;
    }
    wanted.id = open ? open->id : in.ctx.ids.next<identity::review_id>();
    wanted.created_at = open ? open->created_at : in.ctx.now;
    wanted.updated_at = in.ctx.now;
    out.rows.emplace_back(std::move(wanted));
}

/// The other character of a merge or split that was said of other names; none if there is none.
character_id ruled_with(load_context& from, const loaded_matcher& matched, character_id who) {
    const auto rulings = matched.rulings.find(who);
    if (rulings == matched.rulings.end()) {
        return {};
    }
    for (const identity::match_ruling& r : rulings->second) {
        if (r.other && facts_now(from.db, from.guild, r) != r.facts) {
            return r.character == who ? r.other : r.character;
        }
    }
    return {};
}

/// Names or notes say something else than a link that stands.
bool is_contradiction(std::string_view why) {
    return why == to_string(identity::doubt::contradicts_ruling) || why == "owner_changed";
}

/// Whom an officer may choose, at most three, and why: of those who contradict each other both.
void show_both(link_writer& links, const loaded_matcher& matched, const identity::match_facts& facts,
               review_item& item) {
    const identity::match_decision& d = facts.decided;
    std::vector<item_candidate> shown;
    const auto add = [&](member_id who, double probability) {
        constexpr std::size_t most = 3; // There are keys for so many.
        const bool known = std::any_of(shown.begin(), shown.end(),
                                       [who](const item_candidate& c) { return c.member == who; });
        if (shown.size() == most || known) {
            return;
        }
        const identity::member* const member = links.rows().member(who);
        shown.push_back({who, member != nullptr ? member->display_name : std::string{}, probability});
    };
    std::vector<identity::match_explanation> whys{matched.matcher.explain(d.character)};
    if (d.level == identity::confidence::confirmed && d.member) { // so that it can be said again
        add(d.member, d.probability);
    }
    if (item.why == "owner_changed") { // the one, then who has it, whatever speaks for them
        add(d.member, d.probability);
        whys.push_back(matched.matcher.explain(d.character, facts.holders.front()));
        add(facts.holders.front(), whys.back().decision.probability);
    }
    for (const identity::ranked_candidate& c : d.candidates) {
        add(c.member, c.probability);
    }
    item.candidates = encode_candidates(shown);
    if (d.why_not == identity::doubt::contradicts_ruling && shown.size() > 1) {
        whys.push_back(matched.matcher.explain(d.character, shown[1].member));
    }
    if (!whys.front().conflicts.empty()) { // then the two characters are what is to be told apart
        item.other = whys.front().conflicts.front().character;
        whys.push_back(matched.matcher.explain(item.other));
    }
    item.evidence = encode_explanations(whys);
}

review_item item_of(load_context& from, link_writer& links, const loaded_matcher& matched,
                    const identity::match_facts& facts, const std::string& why) {
    const identity::match_decision& d = facts.decided;
    review_item item;
    item.subject_kind = link_kind::character;
    item.subject = d.character.value();
    item.why = why;
    if (why.empty()) {
        return item;
    }
    item.advice = to_string(d.what);
    item.member = d.member;
    item.other = d.alt_suggestion ? d.alt_suggestion : d.via;
    if (d.why_not == identity::doubt::ruling_outdated) {
        const character_id ruled = ruled_with(from, matched, d.character);
        item.other = ruled ? ruled : item.other;
    }
    item.probability = d.probability;
    item.level = to_string(d.level);
    item.route = to_string(d.by);
    show_both(links, matched, facts, item);
    return item;
}

/// One issue while names or notes speak against a link; it resolves by itself.
/// @param open  The one that there is.
void report(load_context& from, input_scope& in, integrity::issue_type type, const identity::character& who,
            member_id member, std::optional<integrity::issue> open, bool wrong, change_set& out) {
    integrity::issue_subject about;
    about.member = member;
    about.character = who.id;
    if (!wrong) {
        if (open && type == integrity::issue_type::match_contradiction) {
            open->resolved_at = in.ctx.now;
            open->resolved_by = "auto";
            out.log.push_back({"issue.resolved",
                               fmt::format("issue:{}", open->id.value()),
                               {{"type", std::string(to_string(type))}}});
            out.rows.emplace_back(std::move(*open));
        }
        return;
    }
    if (open) {
        return;
    }
    integrity::issue made = integrity::open_issue(in.ctx.ids.next<issue_id>(), type, about, in.ctx.now);
    const auto named = store::find_member(from.db, from.guild, member);
    made.summary.with("member", named ? named->display_name : std::to_string(member.value()));
    made.summary.with("character", who.name);
    made.summary.with("realm", who.realm_slug);
    if (type == integrity::issue_type::privileged_claim) {
        made.summary.with("rank", policy::rank_name(in.settings, who.rank));
    }
    out.log.push_back(
        {"issue.opened", fmt::format("issue:{}", made.id.value()), {{"type", std::string(to_string(type))}}});
    out.rows.emplace_back(std::move(made));
}

/// What the rows say of one character, beside its own.
struct known_character {
    std::optional<review_item> open;
    std::optional<integrity::issue> contradiction;
    identity::match_decision decided;
};

/// Read for several at once: a question for each would be a round trip for each.
std::map<character_id, known_character> known_of(load_context& from, std::span<const character_id> ids) {
    std::map<character_id, known_character> out;
    for (review_item& i : store::open_items_of(from.db, from.guild, ids)) {
        out[character_id{i.subject}].open = std::move(i);
    }
    for (integrity::issue& i :
         store::open_issues_of(from.db, from.guild, integrity::issue_type::match_contradiction, ids)) {
        std::optional<integrity::issue>& first = out[i.about.character].contradiction;
        if (!first) {
            first = std::move(i);
        }
    }
    return out;
}

void follow_one(load_context& from, input_scope& in, loaded_matcher& matched, character_id id,
                known_character known, link_writer& links, touched& what) {
    change_set& out = links.out();
    const std::optional<review_item>& open = known.open;
    match_rows& rows = links.rows();
    const identity::character* const who = rows.character(id);
    if (who == nullptr || !who->present) {
        put_item(in, open, review_item{}, out);
        return;
    }
    identity::match_facts facts;
    facts.decided = std::move(known.decided);
    facts.rank = who->rank;
    if (const identity::link* const held = rows.owner_of(id)) {
        facts.held = *held;
    }
    facts.candidate = links.person_of(facts.decided.member);
    if (facts.held) {
        for (const identity::member& m : rows.accounts_of(facts.held->person)) {
            facts.holder = m.id;
            if (takes_part(matched.setup, m)) {
                facts.holders.push_back(m.id);
            }
            what.members.insert(m.id);
        }
    }
    if (facts.decided.member) {
        what.members.insert(facts.decided.member);
    }
    const identity::match_plan plan = identity::plan_match(facts, matched.setup.rules);
    const bool contradicted = is_contradiction(plan.why);
    report(from, in, integrity::issue_type::match_contradiction, *who, facts.holder,
           std::move(known.contradiction), contradicted, out);
    if (plan.act == identity::match_act::unlink || (plan.act == identity::match_act::link && facts.held)) {
        links.revoke(*facts.held, *who, "the evidence does not carry it any more");
    }
    if (plan.act == identity::match_act::link || plan.act == identity::match_act::suggest) {
        const bool suggest = plan.act == identity::match_act::suggest;
        links.match(*who, facts.decided,
                    suggest ? identity::assurance::suggested : identity::assurance::matched,
                    evidence_line(matched.matcher.explain(id)));
        if (suggest) {
            constexpr auto type = integrity::issue_type::privileged_claim;
            report(from, in, type, *who, facts.decided.member,
                   store::open_issue_of(from.db, from.guild, type, id), true, out);
        }
    } else if (plan.act == identity::match_act::unlink || plan.why != "privileged") {
        links.end_suggestions(*who);
    }
    put_item(in, open, item_of(from, links, matched, facts, plan.why), out);
}

/// All that the matcher decides about, all that waits, and all members.
void add_everybody(load_context& from, const loaded_matcher& matched, std::set<character_id>& decided,
                   touched& what) {
    for (const identity::match_decision& d : matched.matcher.decisions()) {
        decided.insert(d.character);
    }
    for (const review_item& i : store::open_items(from.db, from.guild)) {
        if (i.subject_kind == link_kind::character) {
            decided.insert(character_id{i.subject});
        } else {
            what.members.insert(member_id{i.subject});
        }
    }
    for (const identity::member& m : store::present_members(from.db, from.guild)) {
        what.members.insert(m.id);
    }
}

/// Who of them is here, may own characters, and has none that counts.
std::set<member_id> waiting_of(load_context& from, const loaded_matcher& matched,
                               std::span<const member_id> who) {
    std::set<member_id> out;
    std::map<person_id, std::vector<member_id>> accounts;
    std::vector<person_id> persons;
    for (const identity::member& m : store::find_members(from.db, from.guild, who)) {
        if (!takes_part(matched.setup, m)) {
            continue;
        }
        out.insert(m.id);
        if (m.person) {
            accounts[m.person].push_back(m.id);
        }
    }
    for (const auto& [person, members] : accounts) {
        persons.push_back(person);
    }
    for (const identity::link& l : store::links_of(from.db, from.guild, persons)) {
        if (l.kind == link_kind::character && l.level != identity::assurance::suggested) {
            for (const member_id m : accounts[l.person]) {
                out.erase(m);
            }
        }
    }
    return out;
}

} // namespace

touched touched_by(const change_set& changes, const policy::guild_settings& settings) {
    touched out;
    const std::unordered_set<character_id> same(changes.same_to_matching.begin(),
                                                changes.same_to_matching.end());
    for (const row& r : changes.rows) {
        const auto* character = std::get_if<identity::character>(&r);
        if (character == nullptr || !same.contains(character->id)) {
            std::visit(collect{out}, r);
        }
    }
    for (const operation& o : changes.operations) {
        const auto* set = std::get_if<put_setting>(&o);
        const bool ours =
            set != nullptr && (set->key.starts_with("matching.") || set->key == "trust.officer_rank" ||
                               (settings.matching.role_members_only &&
                                (set->key.starts_with("ranks.") || set->key.starts_with("roles."))));
        if (ours || std::holds_alternative<match_everybody>(o)) {
            out.how_many = touched::extent::everybody;
        }
    }
    return out;
}

change_set follow_characters(load_context& from, input_scope& in, loaded_matcher& matched, touched& what) {
    link_writer links(from, in);
    const std::vector<character_id> changed(what.characters.begin(), what.characters.end());
    match_rows& rows = links.rows();
    matched.ruled = matched.ruled || what.rulings;
    reload(matched, rows, changed);
    std::vector<member_id> carriers;
    if (what.role_names) {
        carriers = reload_role_names(matched, rows);
        reload(matched, rows, carriers);
    }
    reload(matched, rows, std::vector<member_id>(what.members.begin(), what.members.end()));
    if (matched.ruled) {
        end_outdated_of(from, in, changed, links, what);
        for (const member_id id : what.members) {
            end_outdated(from, in, store::rulings_about(from.db, from.guild, id), links, what);
        }
    }
    what.members.insert(carriers.begin(), carriers.end()); // No ruling is about what a role is called.
    std::set<character_id> decided = what.characters;
    const std::vector<person_id> persons(what.persons.begin(), what.persons.end());
    for (const identity::link& l : store::links_of(from.db, from.guild, persons)) {
        if (l.kind == link_kind::character) {
            decided.insert(character_id{l.target});
        }
    }
    rows.read(persons);
    for (const person_id person : persons) {
        for (const identity::member& m : rows.accounts_of(person)) {
            what.members.insert(m.id);
        }
    }
    reload_rulings(matched, rows, std::vector<character_id>(decided.begin(), decided.end()));
    if (what.rulings) {
        matched.matcher.learn(store::experience_of(from.db, from.guild));
    }
    for (const identity::match_decision& d : matched.matcher.settle()) {
        decided.insert(d.character);
    }
    if (what.how_many == touched::extent::everybody) {
        add_everybody(from, matched, decided, what);
    }
    const std::vector<character_id> all(decided.begin(), decided.end());
    in_parts(std::span(all), [&](std::span<const character_id> some) {
        rows.read_owners_of(some);
        std::map<character_id, known_character> known = known_of(from, some);
        std::set<member_id> named;
        for (const character_id id : some) {
            if (const identity::character* row = rows.character(id); row != nullptr && row->present) {
                known_character& c = known[id];
                c.decided = matched.matcher.decision(id);
                named.insert(c.decided.member);
                for (const identity::ranked_candidate& candidate : c.decided.candidates) {
                    named.insert(candidate.member);
                }
            }
        }
        named.erase(member_id{});
        links.read_ahead(some, std::vector<member_id>(named.begin(), named.end()));
        for (const character_id id : some) {
            follow_one(from, in, matched, id, std::move(known[id]), links, what);
        }
    });
    return std::move(links.out());
}

change_set follow_members(load_context& from, input_scope& in, const loaded_matcher& matched,
                          const touched& what) {
    change_set out;
    const std::vector<member_id> all(what.members.begin(), what.members.end());
    in_parts(std::span(all), [&](std::span<const member_id> some) {
        const std::set<member_id> waiting = waiting_of(from, matched, some);
        std::map<member_id, review_item> open;
        for (review_item& i : store::open_items_of(from.db, from.guild, some)) {
            open.insert_or_assign(member_id{i.subject}, std::move(i));
        }
        for (const member_id id : some) {
            review_item wanted;
            wanted.subject_kind = link_kind::member;
            wanted.subject = id.value();
            wanted.why = waiting.count(id) != 0 ? "no_character" : "";
            wanted.advice = "nothing";
            wanted.level = "none";
            wanted.route = "none";
            wanted.candidates = "[]";
            wanted.evidence = "[]";
            const auto known = open.find(id);
            put_item(in, known == open.end() ? std::nullopt : std::optional(std::move(known->second)),
                     std::move(wanted), out);
        }
    });
    return out;
}

} // namespace patt::engine
