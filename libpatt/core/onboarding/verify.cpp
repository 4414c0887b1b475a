#include "core/onboarding/verify.hpp"

#include "core/onboarding/alts.hpp"
#include "core/onboarding/parsers.hpp"

#include <patt/identity/class_table.hpp>
#include <patt/provisioning/entitlement.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace patt::onboarding {

namespace {

using identity::assurance;
using identity::finding;

/// The newest version of a row that this decision writes, or nothing.
template <class Row, class Match>
Row* written(draft& d, Match match) {
    for (auto it = d.out().rows.rbegin(); it != d.out().rows.rend(); ++it) {
        if (Row* r = std::get_if<Row>(&*it); r != nullptr && match(*r)) {
            return r;
        }
    }
    return nullptr;
}

identity::claim claim_of(const candidate& c, assurance level) {
    identity::claim what;
    what.rank = c.character.rank;
    what.held = c.link;
    what.held_by_present = c.owner_member;
    what.level = level;
    return what;
}

person_id claimant(const draft& d) {
    return d.facts().member ? d.facts().member->person : person_id{};
}

identity::link new_link(draft& d, person_id person, identity::link_kind kind, std::int64_t target,
                        assurance level, identity::claim_role role, const std::string& source,
                        std::string evidence) {
    identity::link made;
    made.id = d.ctx().ids.next<link_id>();
    made.person = person;
    made.kind = kind;
    made.target = target;
    made.level = level;
    made.role = role;
    made.source = source;
    made.evidence = std::move(evidence);
    made.actor = policy::to_string(d.ctx().actor);
    made.created_at = d.ctx().now;
    made.updated_at = d.ctx().now;
    return made;
}

void log_link(draft& d, std::string_view kind, const identity::link& link, const std::string& what) {
    d.out().log.push_back({std::string(kind),
                           fmt::format("person:{}", link.person.value()),
                           {{"target", what},
                            {"level", std::string(identity::to_string(link.level))},
                            {"source", link.source},
                            {"evidence", link.evidence}}});
}

/// A suggestion that came true is one no more.
void end_suggestion(draft& d, person_id person, character_id character) {
    const person_facts* known = d.facts().find_person(person);
    if (known == nullptr) {
        return;
    }
    for (identity::link old : known->suggestions) {
        if (old.kind == identity::link_kind::character && old.target == character.value()) {
            old.state = identity::link_state::revoked;
            old.updated_at = d.ctx().now;
            d.out().rows.emplace_back(std::move(old));
        }
    }
}

/// Puts the character under the person: ends another person's link, raises or makes this one's.
void link_character(draft& d, person_id person, const candidate& c, assurance level,
                    identity::claim_role role, const std::string& source) {
    const std::string shown = c.character.name + "-" + c.character.realm_slug;
    if (c.link && c.link->person == person) {
        identity::link kept = *c.link;
        if (kept.level >= level && kept.role == role) {
            return;
        }
        kept.level = std::max(kept.level, level);
        kept.role = role == identity::claim_role::main ? role : kept.role;
        kept.updated_at = d.ctx().now;
        log_link(d, "link.changed", kept, shown);
        d.out().rows.emplace_back(std::move(kept));
        return;
    }
    if (c.link) {
        identity::link ended = *c.link;
        ended.state = identity::link_state::revoked;
        ended.updated_at = d.ctx().now;
        log_link(d, "link.revoked", ended, shown);
        // Whoever loses the character loses what it gave.
        d.out().timers.push_back({ended.person.value(), timer_purpose::roles, d.ctx().now, {}});
        d.out().rows.emplace_back(std::move(ended));
    }
    identity::link made = new_link(
        d, person, identity::link_kind::character, c.character.id.value(), level, role, source,
        source == "officer" ? "an officer confirmed it"
                            : fmt::format("{} by {}", source, member_name(d.facts(), d.current().subject)));
    log_link(d, "link.created", made, shown);
    end_suggestion(d, person, c.character.id);
    d.out().rows.emplace_back(std::move(made));
    identity::character moved = c.character;
    moved.person = person;
    d.out().rows.emplace_back(std::move(moved));
}

/// The person of the session's member: known, taken over with the character, or new.
person_id person_for(draft& d, const candidate* main, assurance level, need& missing) {
    if (const person_id known = claimant(d)) {
        return known;
    }
    person_id person;
    if (main != nullptr && main->link && main->link->level <= level) {
        // A person without any account was entered by notes or by an officer: the newcomer is that person.
        const person_facts* held = d.facts().find_person(main->link->person);
        if (held == nullptr) {
            missing.persons.push_back(main->link->person);
            return {};
        }
        if (held->members.empty()) {
            person = held->person.id;
        }
    }
    if (!person) {
        identity::person made;
        made.id = d.ctx().ids.next<person_id>();
        made.display_name =
            main != nullptr ? main->character.name : member_name(d.facts(), d.current().subject);
        made.created_at = d.ctx().now;
        made.updated_at = d.ctx().now;
        person = made.id;
        d.out().log.push_back(
            {"person.created", fmt::format("person:{}", person.value()), {{"name", made.display_name}}});
        d.out().rows.emplace_back(std::move(made));
    }
    identity::member member = *d.facts().member;
    member.person = person;
    member.updated_at = d.ctx().now;
    d.out().rows.emplace_back(std::move(member));
    identity::link link =
        new_link(d, person, identity::link_kind::member, d.current().subject.value(), assurance::claimed,
                 identity::claim_role::main, "self_report", "answered in person");
    log_link(d, "link.created", link, "member " + std::to_string(d.current().subject.value()));
    d.out().rows.emplace_back(std::move(link));
    return person;
}

void report_claim(draft& d, integrity::issue_type type, const identity::character& who) {
    integrity::issue_subject about;
    about.member = d.current().subject;
    about.character = who.id;
    d.open_issue(type, about,
                 {{"member", member_name(d.facts(), d.current().subject)},
                  {"character", who.name},
                  {"realm", who.realm_slug},
                  {"rank", policy::rank_name(d.ctx().settings, who.rank)}},
                 notice::at_once);
}

void suggest(draft& d, person_id person, const candidate& c, identity::claim_role role) {
    identity::link made =
        new_link(d, person, identity::link_kind::character, c.character.id.value(), assurance::suggested,
                 role, "self_report", "claimed, but the rank needs proof");
    log_link(d, "link.suggested", made, c.character.name + "-" + c.character.realm_slug);
    d.out().rows.emplace_back(std::move(made));
}

/// The one character that a remembered choice or name means among the hits; null when it is not one.
const candidate* chosen_of(const draft& d, const lookup& found) {
    const std::string_view id = d.recall("main.character");
    for (const candidate& c : found.hits) {
        if (std::to_string(c.character.id.value()) == id) {
            return &c;
        }
    }
    return found.hits.size() == 1 ? &found.hits.front() : nullptr;
}

bool link_alts(draft& d, person_id person, character_id main, need& missing) {
    std::vector<const candidate*> usable;
    for (const std::string& query : lines_of(d.recall("alts.queries"))) {
        const lookup* found = d.facts().find_lookup(query);
        if (found == nullptr) {
            missing.characters.push_back(query);
            continue;
        }
        if (const candidate* meant = alt_meant(*found, main)) {
            usable.push_back(meant);
        }
    }
    if (!missing.characters.empty()) {
        return false;
    }
    const identity::trust_limits limits = provisioning::limits_of(d.ctx().settings);
    std::vector<character_id> done;
    for (const candidate* alt : usable) {
        if (std::find(done.begin(), done.end(), alt->character.id) != done.end()) {
            continue;
        }
        done.push_back(alt->character.id);
        switch (identity::judge(claim_of(*alt, assurance::claimed), person, limits)) {
        case finding::free:
            link_character(d, person, *alt, assurance::claimed, identity::claim_role::alt, "self_report");
            break;
        case finding::privileged:
            suggest(d, person, *alt, identity::claim_role::alt);
            report_claim(d, integrity::issue_type::privileged_claim, alt->character);
            break;
        case finding::taken:
            report_claim(d, integrity::issue_type::ownership_conflict, alt->character);
            break;
        case finding::own:
            break;
        }
    }
    return true;
}

void wait_again(draft& d, claim_result why) {
    session& s = d.current();
    s.verification_attempts += 1;
    s.outcome = to_string(why);
    d.set_timer(timer_purpose::verify, d.ctx().settings.onboarding.verify_every);
}

claim_result hold_back(draft& d, const candidate& main, finding why, need& missing) {
    const bool privileged = why == finding::privileged;
    const bool first_time =
        d.recall("claim") != to_string(privileged ? claim_result::privileged : claim_result::taken);
    if (privileged && first_time) {
        const person_id person = person_for(d, nullptr, assurance::claimed, missing);
        suggest(d, person, main, identity::claim_role::main);
    }
    if (first_time) {
        report_claim(d,
                     privileged ? integrity::issue_type::privileged_claim
                                : integrity::issue_type::ownership_conflict,
                     main.character);
        d.say(fmt::format("{}:{}", privileged ? "privileged" : "taken", d.current().id.value()),
              d.text(privileged ? "newcomer.privileged" : "newcomer.taken"));
    }
    return privileged ? claim_result::privileged : claim_result::taken;
}

} // namespace

std::string_view to_string(claim_result value) noexcept {
    switch (value) {
    case claim_result::verified:
        return "verified";
    case claim_result::unknown:
        return "unknown";
    case claim_result::several:
        return "several";
    case claim_result::privileged:
        return "privileged";
    case claim_result::taken:
        return "taken";
    }
    return "unknown";
}

bool adopt(draft& d, const candidate& main, identity::assurance level, const std::string& source,
           need& missing) {
    const person_id person = person_for(d, &main, level, missing);
    if (!person || !link_alts(d, person, main.character.id, missing)) {
        return false;
    }
    link_character(d, person, main, level, identity::claim_role::main, source);
    session& s = d.current();
    s.person = person;
    s.verified_at = d.ctx().now;
    s.outcome = to_string(claim_result::verified);
    // As the roster spells it: it may have been found only now.
    d.remember("main", main.character.name);
    d.remember("main.class", identity::class_name(main.character.class_id));
    d.remember("claim", "verified");
    d.cancel_timer(timer_purpose::verify);
    d.cancel_timer(timer_purpose::deadline);
    d.cancel_timer(timer_purpose::expire);
    d.resolve_issue(integrity::issue_type::unverified_new_member, "auto");
    d.resolve_issue(integrity::issue_type::privileged_claim, "auto");
    d.resolve_issue(integrity::issue_type::ownership_conflict, "auto");
    d.log("session.verified", {{"character", main.character.name + "-" + main.character.realm_slug},
                               {"level", std::string(identity::to_string(level))}});
    return true;
}

claim_result verify_claim(draft& d, need& missing) {
    session& s = d.current();
    const std::string query(d.recall("main.query"));
    claim_result result = claim_result::unknown;
    if (!query.empty()) {
        const lookup* found = d.facts().find_lookup(query);
        if (found == nullptr) {
            missing.characters.push_back(query);
            for (const std::string& alt : lines_of(d.recall("alts.queries"))) {
                missing.characters.push_back(alt);
            }
            return result;
        }
        const candidate* main = chosen_of(d, *found);
        if (main != nullptr) {
            const identity::trust_limits limits = provisioning::limits_of(d.ctx().settings);
            const finding why = identity::judge(claim_of(*main, assurance::claimed), claimant(d), limits);
            if (why == finding::free || why == finding::own) {
                result = claim_result::verified;
                s.last_verification_at = d.ctx().now;
                if (d.for_real() && !adopt(d, *main, assurance::claimed, "self_report", missing)) {
                    return result;
                }
            } else if (d.for_real()) {
                result = hold_back(d, *main, why, missing);
            } else {
                result = why == finding::privileged ? claim_result::privileged : claim_result::taken;
            }
        } else if (!found->hits.empty()) {
            std::vector<identity::character> hits;
            for (const candidate& c : found->hits) {
                hits.push_back(c.character);
            }
            offer(d, "main.offered", hits);
            result = claim_result::several;
        }
    }
    d.remember("claim", to_string(result));
    s.last_verification_at = d.ctx().now;
    if (result != claim_result::verified && result != claim_result::several) {
        wait_again(d, result);
    }
    return result;
}

std::vector<owned_character> owned_after(draft& d) {
    const person_id person = d.current().person;
    std::vector<owned_character> out;
    if (const person_facts* known = d.facts().find_person(person)) {
        out = known->characters;
    }
    for (const patt::row& r : d.out().rows) {
        if (const auto* c = std::get_if<identity::character>(&r); c != nullptr && c->person == person) {
            out.push_back({*c, {}});
        }
    }
    for (owned_character& o : out) {
        const auto match = [&](const identity::link& l) {
            return l.kind == identity::link_kind::character && l.target == o.character.id.value() &&
                   l.person == person;
        };
        if (const identity::link* fresh = written<identity::link>(d, match)) {
            o.link = *fresh;
        }
    }
    return out;
}

} // namespace patt::onboarding
