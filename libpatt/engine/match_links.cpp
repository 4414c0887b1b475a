#include "engine/match_links.hpp"

#include "engine/writer.hpp"
#include "store/character_repository.hpp"
#include "store/match_repository.hpp"
#include "store/person_repository.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace patt::engine {

namespace {

std::string shown(const identity::character& who) {
    return who.name + "-" + who.realm_slug;
}

} // namespace

void link_writer::read_ahead(std::span<const character_id> characters, std::span<const member_id> members) {
    rows_.read(members);
    for (const character_id c : characters) {
        suggestions_.try_emplace(c);
    }
    for (identity::link& l : store::suggested_links_to(from_.db, from_.guild, characters)) {
        suggestions_[character_id{l.target}].push_back(std::move(l));
    }
}

std::vector<identity::link> link_writer::suggestions_for(character_id who) {
    const auto known = suggestions_.find(who);
    return known != suggestions_.end() ? known->second
                                       : store::suggested_links_to(from_.db, from_.guild, {&who, 1});
}

person_id link_writer::person_of(member_id who) {
    if (const auto made = made_.find(who); made != made_.end()) {
        return made->second;
    }
    const identity::member* const row = who ? rows_.member(who) : nullptr;
    return row != nullptr ? row->person : person_id{};
}

void link_writer::log(std::string_view kind, const identity::link& link, const std::string& what) {
    out_.log.push_back({std::string(kind),
                        fmt::format("person:{}", link.person.value()),
                        {{"target", what},
                         {"level", std::string(identity::to_string(link.level))},
                         {"source", link.source},
                         {"evidence", link.evidence}}});
}

person_id link_writer::person_for(member_id who, identity::assurance level, std::string_view source) {
    if (const person_id known = person_of(who)) {
        return known;
    }
    const identity::member* const known_row = rows_.member(who);
    if (known_row == nullptr) {
        throw failure(fmt::format("matching chose member {}, who has no row", who.value()));
    }
    identity::member row = *known_row;
    identity::person person;
    person.id = in_.ctx.ids.next<person_id>();
    person.display_name = row.display_name;
    person.created_at = in_.ctx.now;
    person.updated_at = in_.ctx.now;
    out_.log.push_back(
        {"person.created", fmt::format("person:{}", person.id.value()), {{"name", person.display_name}}});
    row.person = person.id;
    row.updated_at = in_.ctx.now;
    identity::link account;
    account.id = in_.ctx.ids.next<link_id>();
    account.person = person.id;
    account.kind = identity::link_kind::member;
    account.target = who.value();
    account.level = std::max(level, identity::assurance::matched);
    account.role = identity::claim_role::main;
    account.source = source;
    account.evidence = "the account that the person's characters were matched to";
    account.actor = policy::to_string(in_.actor);
    account.created_at = in_.ctx.now;
    account.updated_at = in_.ctx.now;
    log("link.created", account, "member " + std::to_string(who.value()));
    made_[who] = person.id;
    const person_id made = person.id;
    out_.rows.emplace_back(std::move(person));
    out_.rows.emplace_back(std::move(row));
    out_.rows.emplace_back(std::move(account));
    return made;
}

/// The first character of a person is the main one until somebody says otherwise.
identity::claim_role link_writer::role_for(person_id person) {
    int& mains = mains_[person];
    if (mains == 0) {
        const auto links = store::links_of(from_.db, from_.guild, person);
        mains = 1 + static_cast<int>(std::count_if(links.begin(), links.end(), [](const identity::link& l) {
                    return l.kind == identity::link_kind::character && l.role == identity::claim_role::main &&
                           l.level != identity::assurance::suggested;
                }));
    }
    return mains++ == 1 ? identity::claim_role::main : identity::claim_role::alt;
}

void link_writer::make(const identity::character& who, person_id person, identity::assurance level,
                       std::string source, std::string evidence, identity::claim_role role) {
    identity::link made;
    made.id = in_.ctx.ids.next<link_id>();
    made.person = person;
    made.kind = identity::link_kind::character;
    made.target = who.id.value();
    made.level = level;
    made.role = role;
    made.source = std::move(source);
    made.evidence = std::move(evidence);
    made.actor = policy::to_string(in_.actor);
    made.created_at = in_.ctx.now;
    made.updated_at = in_.ctx.now;
    const bool suggested = level == identity::assurance::suggested;
    log(suggested ? "link.suggested" : "link.created", made, shown(who));
    out_.rows.emplace_back(std::move(made));
    if (suggested) {
        return;
    }
    end_suggestions(who);
    identity::character moved = who;
    moved.person = person;
    out_.rows.emplace_back(std::move(moved));
    out_.timers.push_back({person.value(), timer_purpose::roles, in_.ctx.now, {}});
}

void link_writer::match(const identity::character& who, const identity::match_decision& why,
                        identity::assurance level, const std::string& evidence) {
    if (level == identity::assurance::suggested) {
        const person_id known = person_of(why.member);
        for (const identity::link& l : suggestions_for(who.id)) {
            if (known && l.person == known) {
                return; // It waits already, by matching or by the member's own word.
            }
        }
        end_suggestions(who);
    }
    const person_id person = person_for(why.member, level, "matched");
    const bool by_others = why.by == identity::route::alt_of || why.by == identity::route::main_of;
    const identity::claim_role role =
        level == identity::assurance::suggested || by_others ? identity::claim_role::alt : role_for(person);
    make(who, person, level, "matched", evidence, role);
}

void link_writer::give(const identity::character& who, member_id owner, identity::assurance level,
                       std::string_view source, const std::string& evidence) {
    const person_id person = person_for(owner, level, source);
    auto held = store::active_link(from_.db, from_.guild, identity::link_kind::character, who.id.value());
    if (held && held->person == person) {
        if (held->level != level) {
            held->level = level;
            held->source = source;
            held->evidence = evidence;
            held->updated_at = in_.ctx.now;
            log("link.changed", *held, shown(who));
            out_.timers.push_back({person.value(), timer_purpose::roles, in_.ctx.now, {}});
            out_.rows.emplace_back(std::move(*held));
        }
        return;
    }
    identity::character free = who;
    if (held) {
        revoke(*held, who, fmt::format("it was given to somebody else ({})", source));
        free.person = {};
    }
    make(free, person, level, std::string(source), evidence, role_for(person));
}

void link_writer::revoke(identity::link held, const identity::character& who, const std::string& why) {
    held.state = identity::link_state::revoked;
    held.updated_at = in_.ctx.now;
    log("link.revoked", held, shown(who));
    out_.log.back().fields.emplace_back("why", why);
    out_.timers.push_back({held.person.value(), timer_purpose::roles, in_.ctx.now, {}});
    out_.rows.emplace_back(std::move(held));
    identity::character free = who;
    free.person = {};
    out_.rows.emplace_back(std::move(free));
}

void link_writer::end_suggestions(const identity::character& who) {
    for (identity::link& l : suggestions_for(who.id)) {
        if (l.source == "matched") {
            l.state = identity::link_state::revoked;
            l.updated_at = in_.ctx.now;
            out_.rows.emplace_back(std::move(l));
        }
    }
}

} // namespace patt::engine
