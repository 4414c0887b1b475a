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

match_ruling rule(content& all, match_ruling r) {
    if (!is_of_member(r.kind))
        r.member = {};
    if (!is_of_two(r.kind))
        r.other = {};
    if (r.kind != ruling_kind::accepted)
        r.by = route::manual;
    if (r.facts == 0)
        r.facts = facts_of(all, r);
    const bool of_nobody = is_of_member(r.kind) && !r.member;
    const bool of_itself = is_of_two(r.kind) && (!r.other || r.other == r.character);
    if (of_nobody || of_itself)
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
