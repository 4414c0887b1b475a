#include "unit/identity/reference/evidence.hpp"

#include "core/identity/background.hpp"
#include "core/identity/match_compare.hpp"

#include <patt/text/realm.hpp>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string>

namespace patt::identity::reference {

namespace {

constexpr bits milli(std::int32_t thousandths) noexcept {
    return thousandths * one_bit / 1000;
}

// What a channel says for the pair.
struct voice {
    route by = route::none;
    agreement how = agreement::none;
    bits weight = 0;
    std::size_t letters = 0;
    bool slight = false;
};

// A tag and a claim are given on purpose: no length is too short.
constexpr std::size_t given_on_purpose = std::numeric_limits<std::size_t>::max();

struct name_agreement {
    const spelling* left = nullptr;
    const spelling* right = nullptr;
    comparison got;
};

bool is_alias(const spelling& s) {
    return s.origin == surface_origin::alias || s.origin == surface_origin::learned;
}

route route_of(const name_agreement& a) {
    const agreement how = a.got.how;
    if (is_alias(*a.right))
        return route::alias;
    if (how == agreement::identical || how == agreement::exact || how == agreement::folded)
        return route::exact_name;
    const bool much = is_much_alike(how, a.left->for_comparison(), a.right->for_comparison());
    return much ? route::fuzzy_name : route::similar_name;
}

std::vector<name_agreement> agreements_of(const character& c, const member& m) {
    std::vector<name_agreement> out;
    for (const spelling& left : c.names) {
        for (const spelling& right : m.names) {
            comparison got = compare(left.for_comparison(), right.for_comparison());
            if (got.how == agreement::none)
                continue;
            if (left.origin == surface_origin::former_name)
                got.weight -= 2 * one_bit;
            if (right.origin == surface_origin::learned)
                got.weight -= milli(500);
            out.push_back({&left, &right, got});
        }
    }
    return out;
}

// Whether a note gives one of the member's names whole as its account.
bool is_tagged(const character& c, const member& m) {
    return std::any_of(c.told.begin(), c.told.end(), [&m](const told_name& t) {
        const bool tag = t.kind == pointer_kind::handle || t.kind == pointer_kind::battletag;
        return tag && std::any_of(m.names.begin(), m.names.end(),
                                  [&t](const spelling& s) { return s.bare() == t.key; });
    });
}

// The best agreement counts; the best one with another name of the member adds a quarter.
void add_names(const character& c, const member& m, pair_evidence& sum, std::vector<voice>& voices) {
    const std::vector<name_agreement> all = agreements_of(c, m);
    const auto less = [](const name_agreement& a, const name_agreement& b) {
        return a.got.weight < b.got.weight;
    };
    const auto best = std::max_element(all.begin(), all.end(), less); // the first of equal ones
    if (best == all.end())
        return;
    const agreement how = best->got.how;
    if (how == agreement::look && is_tagged(c, m)) // the account is told, so nothing rests on the imitation
        return;
    sum.total += best->got.weight;
    sum.piece = best->got.piece;
    sum.look = how == agreement::look;
    const std::size_t letters =
        std::min(characters_of(best->left->bare()).size(), characters_of(best->right->bare()).size());
    voices.push_back({route_of(*best), how, best->got.weight, letters, best->got.slight});
    bits second = 0;
    for (const name_agreement& a : all) {
        if (a.right->bare() != best->right->bare() && a.got.how != agreement::look)
            second = std::max(second, a.got.weight);
    }
    if (!sum.look)
        sum.total += second / 4;
}

struct note_agreement {
    bits weight = 0;
    agreement how = agreement::none;
    std::uint32_t piece = 0;
};

std::uint32_t piece_of(const std::string& text) {
    return hash_text(text, 21); // the salt of `compare`: notes and names use up the same pieces
}

note_agreement agree_by_key(const std::string& key, const spelling& s) {
    const name_rarity rarity = rarity_of(key);
    if (key == s.bare()) {
        const agreement how = s.keys.exact == key ? agreement::exact : agreement::folded;
        return {rarity.whole, how, piece_of(s.bare())};
    }
    if (std::find(s.words.begin(), s.words.end(), key) != s.words.end())
        return {rarity.whole - milli(1500), agreement::token, piece_of(key)};
    if (key == s.kernel())
        return {rarity.whole - milli(2000), agreement::core, piece_of(s.bare())};
    if (key.size() >= 4 && s.bare().starts_with(key))
        return {rarity.edge - milli(4000), agreement::edge, piece_of(s.bare())};
    return {};
}

// What it costs that a note only points in this way.
bits cost_of(pointer_kind kind) {
    switch (kind) {
    case pointer_kind::handle:
        return milli(300);
    case pointer_kind::battletag:
        return milli(1500);
    case pointer_kind::alt_of:
    case pointer_kind::main_of:
        return milli(1000);
    case pointer_kind::possessive:
        return milli(1200);
    case pointer_kind::lone:
        return milli(2000);
    case pointer_kind::first:
        return milli(3500);
    case pointer_kind::mention:
        return milli(8000);
    case pointer_kind::relation:
        break;
    }
    return 0;
}

note_agreement agree(const told_name& t, const spelling& s) {
    note_agreement out = agree_by_key(t.key, s);
    if (out.how == agreement::none && !t.singular.empty()) {
        out = agree_by_key(t.singular, s);
        out.weight -= milli(500);
    }
    if (out.how == agreement::none)
        return {};
    out.weight -= cost_of(t.kind);
    const bool whole = out.how == agreement::exact || out.how == agreement::folded;
    if (t.kind == pointer_kind::handle && whole && s.origin == surface_origin::username)
        out.weight += 2 * one_bit; // usernames are unique in the chat
    return out;
}

// "X's friend" speaks against X, once, whatever notes say it.
void add_relations(const character& c, const member& m, pair_evidence& sum) {
    for (const told_name& t : c.told) {
        for (const spelling& s : m.names) {
            const agreement how = agree(t, s).how;
            const bool names_it = how != agreement::none && how != agreement::edge;
            if (t.kind == pointer_kind::relation && names_it)
                sum.related = true;
        }
    }
    if (sum.related)
        sum.total -= 10 * one_bit;
}

// Of one note the best counts, and a quarter of it where the other note has spoken.
bits add_note(const character& c, const member& m, channel from, bits other_note, pair_evidence& sum,
              std::vector<voice>& voices) {
    note_agreement best;
    const told_name* by = nullptr;
    for (const told_name& t : c.told) {
        for (const spelling& s : m.names) {
            const note_agreement got = agree(t, s);
            if (t.from != from || t.kind == pointer_kind::relation || got.weight <= best.weight)
                continue;
            best = got;
            by = &t;
        }
    }
    if (by == nullptr)
        return 0;
    const bits weight = other_note > 0 ? best.weight / 4 : best.weight;
    const bool tagged = by->kind == pointer_kind::handle || by->kind == pointer_kind::battletag;
    sum.total += weight;
    if (sum.piece == 0) {
        const bool whole = best.how == agreement::exact || best.how == agreement::folded;
        sum.piece = whole ? hash_text(std::to_string(c.record.id.value()), 22) : best.piece;
    }
    voices.push_back({from == channel::guild_note ? route::guild_note : route::officer_note, best.how, weight,
                      tagged ? given_on_purpose : characters_of(by->key).size()});
    return best.weight;
}

void add_claims(const character& c, const member& m, pair_evidence& sum, std::vector<voice>& voices) {
    if (c.names.empty())
        return;
    const spelling& own = c.names.front();
    bits best = 0;
    const claimed_name* by = nullptr;
    for (const claimed_name& claim : m.claims) {
        const bool exact = claim.name.keys.exact == own.keys.exact;
        const bool both = !claim.realm.empty() && !c.realm.empty();
        const bool folded = !own.bare().empty() && claim.name.bare() == own.bare();
        if (!(exact || folded) || (both && claim.realm != c.realm))
            continue;
        const bits weight = (exact ? 16 : 11) * one_bit + (both ? 3 * one_bit : 0);
        if (weight <= best)
            continue;
        best = weight;
        by = &claim;
    }
    if (by == nullptr)
        return;
    sum.total += best;
    if (sum.piece == 0) // homonyms compete for a claim that gives no realm
        sum.piece = piece_of(by->name.bare() + "-" + by->realm);
    const bool exact = by->name.keys.exact == own.keys.exact;
    voices.push_back(
        {route::self_reported, exact ? agreement::exact : agreement::folded, best, given_on_purpose});
}

bits class_weight(const character& c, const member& m) {
    const std::set<std::string> classes{"deathknight", "demonhunter", "druid",   "evoker", "hunter",
                                        "mage",        "monk",        "paladin", "priest", "rogue",
                                        "shaman",      "warlock",     "warrior"};
    if (c.record.class_name.empty())
        return 0;
    bool differs = false;
    for (const std::string& role : m.record.role_names) {
        const std::string key = text::realm_key(role);
        if (key == text::realm_key(c.record.class_name))
            return milli(1500);
        differs = differs || classes.contains(key);
    }
    return differs ? -one_bit : 0;
}

// "Healer of Sargeras" names the realm; "Trogmoon-Sargeras" says which of the homonyms it is.
bits realm_weight(const character& c, const member& m) {
    if (c.realm.empty() || c.names.empty())
        return 0;
    const std::string& name = c.names.front().bare();
    bits best = 0;
    for (const spelling& s : m.names) {
        const std::size_t at = s.bare().find(c.realm);
        if (at == std::string::npos || at == 0)
            continue;
        const bool behind = !name.empty() && s.bare().find(name + c.realm) != std::string::npos;
        best = std::max(best, (behind ? 8 : 2) * one_bit);
    }
    return best;
}

bits join_weight(const character& c, const member& m) {
    constexpr std::int64_t two_days_us = 48LL * 3600 * 1'000'000;
    if (!c.record.joined_at || !m.record.joined_at)
        return 0;
    const std::int64_t apart = (c.record.joined_at - m.record.joined_at).count();
    return std::llabs(apart) <= two_days_us ? milli(1500) : 0;
}

bool share_a_key(const guild& g, const character& c, const member& m) {
    return std::any_of(c.keys.begin(), c.keys.end(), [&](const name_key& k) {
        if (!m.keys.contains(k))
            return false;
        const auto having = std::count_if(g.members.begin(), g.members.end(),
                                          [&k](const member& x) { return x.keys.contains(k); });
        return static_cast<std::size_t>(having) <= most_with(k.first);
    });
}

} // namespace

pair_evidence evidence_of(const guild& g, const character& c, const member& m) {
    pair_evidence sum;
    sum.owner = m.record.id;
    std::vector<voice> voices;
    add_names(c, m, sum, voices);
    add_relations(c, m, sum);
    const bits guild_note = add_note(c, m, channel::guild_note, 0, sum, voices);
    add_note(c, m, channel::officer_note, guild_note, sum, voices);
    add_claims(c, m, sum, voices);
    bits loudest = 0;
    for (const voice& v : voices) {
        if (v.weight <= 0)
            continue;
        ++sum.channels;
        sum.longer = sum.longer || v.letters > 3;
        sum.solid = sum.solid || !(is_fuzzy(v.how) || v.slight);
        if (v.weight > loudest) {
            loudest = v.weight;
            sum.by = v.by;
        }
    }
    if (sum.channels > 0) { // these only help who fits anyway
        sum.total += class_weight(c, m) + realm_weight(c, m) + join_weight(c, m);
        sum.total += experience_of(g, sum.by);
    }
    return sum;
}

std::vector<pair_evidence> candidates_of(const guild& g, const character& c) {
    std::vector<pair_evidence> out;
    for (const member& m : g.members) {
        if (!share_a_key(g, c, m))
            continue;
        const pair_evidence e = evidence_of(g, c, m);
        if (e.total > 0 || e.related)
            out.push_back(e);
    }
    std::sort(out.begin(), out.end(), [](const pair_evidence& a, const pair_evidence& b) {
        return a.total != b.total ? a.total > b.total : a.owner < b.owner;
    });
    return out;
}

} // namespace patt::identity::reference
