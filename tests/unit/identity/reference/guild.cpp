#include "unit/identity/reference/guild.hpp"

#include "unit/identity/reference/rulings.hpp"

#include <patt/text/name_parts.hpp>
#include <patt/text/realm.hpp>

#include <algorithm>

namespace patt::identity::reference {

namespace {

// A note that repeats the character's own name says nothing.
void read_note(const std::string& own, const std::string& note, channel from, std::vector<told_name>& told) {
    for (const note_pointer& p : parse_note(note).pointers) {
        if (p.key != own)
            told.push_back({p.kind, from, p.text, p.key, p.singular});
    }
}

std::vector<spelling> names_of(const match_character& record) {
    std::vector<written_name> written{{record.name, surface_origin::name}};
    for (const std::string& n : record.former_names)
        written.emplace_back(n, surface_origin::former_name);
    return spellings_of(written);
}

character read_character(const match_character& record) {
    character c;
    c.record = record;
    c.names = names_of(record);
    c.told = told_by(record);
    c.realm = text::realm_key(record.realm);
    for (const spelling& s : c.names)
        c.keys.merge(keys_of(s));
    for (const told_name& t : c.told) {
        c.keys.merge(keys_of_told(t.key));
        c.keys.merge(keys_of_told(t.singular));
    }
    return c;
}

// To whom a human gave the character, present or not.
member_id given_to(const guild& g, character_id id) {
    for (const match_ruling& r : g.told->rulings) {
        if (r.kind == ruling_kind::accepted && r.character == id)
            return r.member;
    }
    return {};
}

// What was taught of a member: with the characters that a human gave it, and by merging others with those
// that were given to nobody.
std::set<std::string> learned_names(const guild& g, member_id m) {
    std::set<std::string> out;
    const auto says = [&](character_id given) { // a claim does not
        return given_to(g, given) == m && accepted_by(g, given) != route::self_reported;
    };
    for (const match_ruling& r : g.told->rulings) {
        const bool given = r.kind == ruling_kind::accepted && says(r.character);
        const bool joined = r.kind == ruling_kind::merged && ((says(r.character) && !given_to(g, r.other)) ||
                                                              (says(r.other) && !given_to(g, r.character)));
        if (given || joined)
            out.insert(r.taught->begin(), r.taught->end());
    }
    return out;
}

std::vector<claimed_name> read_claims(const match_member& record) {
    std::vector<claimed_name> out;
    for (const std::string& claim : record.claims) {
        const text::character_name full = text::split_character_name(claim);
        std::vector<spelling> name = spellings_of({{std::string(full.name), surface_origin::claim}});
        if (!name.empty())
            out.push_back({std::move(name.front()), text::realm_key(full.realm)});
    }
    return out;
}

member read_member(const guild& g, const match_member& record) {
    member m;
    m.record = record;
    std::vector<written_name> written{{record.username, surface_origin::username},
                                      {record.global_name, surface_origin::global_name},
                                      {record.nickname, surface_origin::nickname}};
    for (const std::string& a : record.aliases)
        written.emplace_back(a, surface_origin::alias);
    for (const std::string& a : learned_names(g, record.id))
        written.emplace_back(a, surface_origin::learned);
    m.names = spellings_of(written);
    m.claims = read_claims(record);
    for (const spelling& s : m.names)
        m.keys.merge(keys_of(s));
    for (const claimed_name& c : m.claims)
        m.keys.merge(keys_of_told(c.name.bare()));
    return m;
}

} // namespace

std::vector<told_name> told_by(const match_character& record) {
    const std::vector<spelling> names = names_of(record);
    const std::string own = names.empty() ? std::string() : names.front().bare();
    std::vector<told_name> out;
    read_note(own, record.guild_note, channel::guild_note, out);
    read_note(own, record.officer_note, channel::officer_note, out);
    return out;
}

guild read_guild(const content& all) {
    guild g;
    g.told = &all;
    for (const auto& [id, record] : all.characters) {
        if (record.state == attendance::present)
            g.characters.push_back(read_character(record));
    }
    for (const auto& [id, record] : all.members) {
        if (record.state == attendance::present && record.counts == candidacy::candidate)
            g.members.push_back(read_member(g, record));
    }
    return g;
}

bits experience_of(const guild& g, route by) {
    bits out = 0;
    for (const route_experience& e : g.told->experience) {
        if (e.by == by && by != route::none)
            out = experience_weight(e);
    }
    return out;
}

const member* find_member(const guild& g, member_id id) {
    for (const member& m : g.members) {
        if (m.record.id == id)
            return &m;
    }
    return nullptr;
}

std::size_t find_character(const guild& g, character_id id) {
    std::size_t i = 0;
    while (i < g.characters.size() && g.characters[i].record.id != id)
        ++i;
    return i;
}

} // namespace patt::identity::reference
