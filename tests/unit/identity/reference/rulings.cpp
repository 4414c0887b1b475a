#include "unit/identity/reference/rulings.hpp"

#include <algorithm>

namespace patt::identity::reference {

namespace {

// FNV-1a over 64 bits; between the texts something that is no byte.
std::uint64_t fingerprint_of(const std::vector<std::string>& texts) {
    constexpr std::uint64_t prime = 0x100000001B3ULL;
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const std::string& text : texts) {
        for (const char c : text)
            hash = (hash ^ static_cast<unsigned char>(c)) * prime;
        hash = (hash ^ 0x1FFULL) * prime;
    }
    return hash == 0 || hash == lasting_facts ? 1 : hash;
}

bool is_of_two(ruling_kind kind) {
    return kind == ruling_kind::merged || kind == ruling_kind::split;
}

bool is_of_member(ruling_kind kind) {
    return kind == ruling_kind::accepted || kind == ruling_kind::rejected;
}

bool is_same_pair(const match_ruling& r, character_id a, character_id b) {
    return (r.character == a && r.other == b) || (r.character == b && r.other == a);
}

// Whether the new one leaves no room for the old one.
bool replaces(const match_ruling& now, const match_ruling& old) {
    if (is_of_two(now.kind))
        return is_of_two(old.kind) && is_same_pair(old, now.character, now.other);
    if (old.character != now.character)
        return false;
    switch (old.kind) {
    case ruling_kind::accepted:
        return now.kind != ruling_kind::rejected || now.member == old.member;
    case ruling_kind::rejected:
        return is_of_member(now.kind) && now.member == old.member;
    case ruling_kind::not_in_chat:
        return now.kind == ruling_kind::accepted || now.kind == ruling_kind::not_in_chat;
    default:
        return false;
    }
}

} // namespace

std::uint64_t facts_of(const content& all, const match_ruling& r) {
    const auto name_of = [&all](character_id id) {
        const auto c = all.characters.find(id);
        return c == all.characters.end() ? std::string() : c->second.name;
    };
    if (is_of_two(r.kind)) // the same from either side
        return fingerprint_of(
            {name_of(std::min(r.character, r.other)), name_of(std::max(r.character, r.other))});
    std::vector<std::string> texts;
    if (const auto c = all.characters.find(r.character); c != all.characters.end()) {
        texts.push_back(c->second.name);
        if (r.kind == ruling_kind::not_in_chat) {
            texts.push_back(c->second.guild_note);
            texts.push_back(c->second.officer_note);
        }
    }
    const auto m = all.members.find(r.member);
    if (r.kind == ruling_kind::rejected && m != all.members.end()) {
        texts.push_back(m->second.username);
        texts.push_back(m->second.global_name);
        texts.push_back(m->second.nickname);
    }
    return fingerprint_of(texts);
}

namespace {

// Whether a note that names somebody so gives the whole of one of these names.
bool is_whole(const told_name& t, const std::vector<spelling>& names) {
    return std::any_of(names.begin(), names.end(), [&t](const spelling& s) {
        return s.bare() == t.key || (!t.singular.empty() && s.bare() == t.singular);
    });
}

// Whether somebody else is called so: a member who is not among the owners, or, unless it is a tag, a
// character.
bool is_somebody_else(const content& all, const told_name& t, const std::vector<member_id>& owners) {
    for (const auto& [id, m] : all.members) {
        const bool owns = std::find(owners.begin(), owners.end(), id) != owners.end();
        if (m.state == attendance::present && !owns &&
            is_whole(t, spellings_of({{m.username, surface_origin::username},
                                      {m.global_name, surface_origin::global_name},
                                      {m.nickname, surface_origin::nickname}})))
            return true;
    }
    return t.kind != pointer_kind::handle &&
           std::any_of(all.characters.begin(), all.characters.end(), [&t](const auto& c) {
               return c.second.state == attendance::present &&
                      is_whole(t, spellings_of({{c.second.name, surface_origin::name}}));
           });
}

// What the notes of those whom it is about call the owner.
std::vector<std::string> taught_by(const content& all, const match_ruling& r) {
    std::vector<member_id> owners;
    if (r.kind == ruling_kind::accepted)
        owners.push_back(r.member);
    for (const match_ruling& old : all.rulings) {
        const bool of_these = old.character == r.character || old.character == r.other;
        if (r.kind == ruling_kind::merged && old.kind == ruling_kind::accepted && of_these)
            owners.push_back(old.member);
    }
    std::set<std::string> out;
    for (const character_id id : {r.character, r.other}) {
        const auto c = all.characters.find(id);
        if (c == all.characters.end() || c->second.state != attendance::present)
            continue;
        for (const told_name& t : told_by(c->second)) {
            if (names_owner(t.kind) && t.key.size() >= 3 && !is_somebody_else(all, t, owners))
                out.insert(t.text);
        }
    }
    return {out.begin(), out.end()};
}

} // namespace

match_ruling rule(content& all, match_ruling r) {
    if (!is_of_member(r.kind))
        r.member = {};
    if (!is_of_two(r.kind))
        r.other = {};
    if (r.kind != ruling_kind::accepted)
        r.by = route::manual;
    const bool of_nobody = is_of_member(r.kind) && !r.member;
    if (of_nobody)
        return r;
    if (r.facts == 0)
        r.facts = facts_of(all, r);
    const bool teaches = r.kind == ruling_kind::accepted || r.kind == ruling_kind::merged;
    if (!teaches) {
        r.taught.reset();
    } else if (!r.taught) {
        const bool claim = r.by == route::self_reported;
        r.taught = claim ? std::vector<std::string>{} : taught_by(all, r);
    }
    const bool of_itself = is_of_two(r.kind) && (!r.other || r.other == r.character);
    if (of_itself)
        return r;
    std::erase_if(all.rulings, [&r](const match_ruling& old) { return replaces(r, old); });
    match_ruling kept = r;
    if (is_of_two(r.kind) && r.other < r.character)
        std::swap(kept.character, kept.other);
    all.rulings.push_back(kept);
    return r;
}

void withdraw(content& all, const match_ruling& r) {
    std::erase_if(all.rulings, [&r](const match_ruling& old) {
        if (old.kind != r.kind)
            return false;
        if (is_of_two(r.kind))
            return is_same_pair(old, r.character, r.other);
        return old.character == r.character && (!is_of_member(r.kind) || old.member == r.member);
    });
}

member_id accepted_owner(const guild& g, character_id id) {
    for (const match_ruling& r : g.told->rulings) {
        if (r.kind == ruling_kind::accepted && r.character == id)
            return find_member(g, r.member) != nullptr ? r.member : member_id{};
    }
    return {};
}

route accepted_by(const guild& g, character_id id) {
    for (const match_ruling& r : g.told->rulings) {
        if (r.kind == ruling_kind::accepted && r.character == id)
            return r.by;
    }
    return route::none;
}

namespace {

bool is_of_other_names(const guild& g, const match_ruling& r) {
    return r.facts != lasting_facts && r.facts != facts_of(*g.told, r);
}

} // namespace

bool is_absent(const guild& g, character_id id) {
    return std::any_of(g.told->rulings.begin(), g.told->rulings.end(), [&](const match_ruling& r) {
        return r.kind == ruling_kind::not_in_chat && r.character == id && !is_of_other_names(g, r);
    });
}

bool is_rejected(const guild& g, character_id id, member_id m) {
    return std::any_of(g.told->rulings.begin(), g.told->rulings.end(), [&](const match_ruling& r) {
        return r.kind == ruling_kind::rejected && r.character == id && r.member == m &&
               !is_of_other_names(g, r);
    });
}

bool is_acceptance_outdated(const guild& g, character_id id) {
    return std::any_of(g.told->rulings.begin(), g.told->rulings.end(), [&](const match_ruling& r) {
        return r.kind == ruling_kind::accepted && r.character == id && is_of_other_names(g, r);
    });
}

bool is_outdated(const guild& g, ruling_kind kind, character_id a, character_id b) {
    return std::any_of(g.told->rulings.begin(), g.told->rulings.end(), [&](const match_ruling& r) {
        return r.kind == kind && is_same_pair(r, a, b) && is_of_other_names(g, r);
    });
}

bool is_ruled(const guild& g, ruling_kind kind, character_id a, character_id b) {
    return std::any_of(g.told->rulings.begin(), g.told->rulings.end(),
                       [&](const match_ruling& r) { return r.kind == kind && is_same_pair(r, a, b); });
}

} // namespace patt::identity::reference
