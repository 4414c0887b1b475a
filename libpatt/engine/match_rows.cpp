#include "engine/match_rows.hpp"

#include "store/character_repository.hpp"
#include "store/person_repository.hpp"

#include <utility>

namespace patt::engine {

namespace {

/// Those that are not in `known` yet; there they are now, as nothing.
template <class Id, class Row>
std::vector<Id> unknown_of(std::map<Id, Row>& known, std::span<const Id> asked, std::size_t most) {
    if (known.size() > most) {
        known.clear();
    }
    std::vector<Id> out;
    for (const Id id : asked) {
        if (known.try_emplace(id).second) {
            out.push_back(id);
        }
    }
    return out;
}

} // namespace

void match_rows::read(std::span<const character_id> who) {
    const std::vector<character_id> unknown = unknown_of(characters_, who, most);
    for (identity::character& c : store::find_characters(db_, guild_, unknown)) {
        characters_[c.id].row = std::move(c);
    }
    for (identity::link& l : store::active_links_of(db_, guild_, unknown)) {
        characters_[character_id{l.target}].owner = std::move(l);
    }
}

void match_rows::read(std::span<const member_id> who) {
    const std::vector<member_id> unknown = unknown_of(members_, who, most);
    for (identity::member& m : store::find_members(db_, guild_, unknown)) {
        members_[m.id] = std::move(m);
    }
}

void match_rows::read(std::span<const person_id> who) {
    const std::vector<person_id> unknown = unknown_of(accounts_, who, most);
    for (identity::member& m : store::members_of(db_, guild_, unknown)) {
        accounts_[m.person].push_back(std::move(m));
    }
}

void match_rows::read_owners_of(std::span<const character_id> who) {
    read(who);
    std::vector<person_id> owners;
    for (const character_id id : who) {
        if (const identity::link* const owner = owner_of(id)) {
            owners.push_back(owner->person);
        }
    }
    read(owners);
}

const match_rows::known_character& match_rows::known(character_id who) {
    if (characters_.count(who) == 0) {
        read(std::span(&who, 1));
    }
    return characters_[who];
}

const identity::character* match_rows::character(character_id who) {
    const auto& row = known(who).row;
    return row ? &*row : nullptr;
}

const identity::link* match_rows::owner_of(character_id who) {
    const auto& owner = known(who).owner;
    return owner ? &*owner : nullptr;
}

const identity::member* match_rows::member(member_id who) {
    if (members_.count(who) == 0) {
        read(std::span(&who, 1));
    }
    const auto& row = members_[who];
    return row ? &*row : nullptr;
}

const std::vector<identity::member>& match_rows::accounts_of(person_id who) {
    if (accounts_.count(who) == 0) {
        read(std::span(&who, 1));
    }
    return accounts_[who];
}

} // namespace patt::engine
