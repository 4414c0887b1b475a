#include "unit/identity/reference/ties.hpp"

#include "unit/identity/reference/rulings.hpp"

#include <patt/text/distance.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>

namespace patt::identity::reference {

namespace {

// How sure a tie is, in thousandths, by what the name in the note is to the roster.
struct strength {
    int exact = 0;    ///< A character's name.
    int nickname = 0; ///< The beginning of one.
    int typo = 0;     ///< One typing error away from one.
    int shared = 0;   ///< No character's, but other notes give it as well.
};

strength strength_of(const told_name& t) {
    const std::size_t length = characters_of(t.key).size();
    switch (t.kind) {
    case pointer_kind::handle:
    case pointer_kind::battletag:
        return {980, 900, 900, 992};
    case pointer_kind::alt_of:
    case pointer_kind::main_of:
        return {999, length >= 4 ? 985 : 800, 985, 995};
    case pointer_kind::possessive:
        return {998, length >= 4 ? 980 : 800, 980, 994};
    case pointer_kind::lone:
        return {length >= 4 ? 996 : 985, length >= 5 ? 960 : 850, length >= 5 ? 965 : 800,
                length >= 3 ? 992 : 900};
    case pointer_kind::first:
        return {length >= 4 ? 985 : 900, 850, 850, 900};
    case pointer_kind::mention:
        return {600, 400, 400, 300};
    case pointer_kind::relation:
        break;
    }
    return {};
}

void add(ties& out, std::size_t to, int per_mille, const told_name& by) {
    if (per_mille <= out[to].per_mille)
        return;
    out[to].per_mille = per_mille;
    out[to].kind = by.kind;
}

const std::string& name_of(const character& c) {
    static const std::string nothing;
    return c.names.empty() ? nothing : c.names.front().bare();
}

using places = std::vector<std::size_t>;

places named(const guild& g, std::size_t self, const std::string& key) {
    places out;
    for (std::size_t i = 0; i < g.characters.size(); ++i) {
        if (i != self && key.size() >= 2 && name_of(g.characters[i]) == key)
            out.push_back(i);
    }
    return out;
}

places beginning_with(const guild& g, std::size_t self, const std::string& key) {
    places out;
    for (std::size_t i = 0; i < g.characters.size(); ++i) {
        const std::string& name = name_of(g.characters[i]);
        if (i != self && characters_of(key).size() >= 4 && name.size() > key.size() && name.starts_with(key))
            out.push_back(i);
    }
    return out;
}

bool is_of_middle_length(const std::string& text) {
    return text.size() >= 5 && text.size() <= 24 && is_plain_text(text);
}

places misspelt(const guild& g, std::size_t self, const std::string& key) {
    places out;
    for (std::size_t i = 0; i < g.characters.size(); ++i) {
        const std::string& name = name_of(g.characters[i]);
        if (i != self && is_of_middle_length(key) && is_of_middle_length(name) &&
            text::osa_distance(name, key, 1) == 1)
            out.push_back(i);
    }
    return out;
}

// Of several the one of the same realm is meant, if there is only one.
places meant(const guild& g, std::size_t self, const places& hits) {
    if (hits.size() == 1)
        return hits;
    places out;
    std::copy_if(hits.begin(), hits.end(), std::back_inserter(out),
                 [&](std::size_t i) { return g.characters[i].realm == g.characters[self].realm; });
    return out.size() == 1 ? out : places{};
}

// Whether it names one character; if it may name a few, each gets a part.
bool resolve(const guild& g, std::size_t self, const told_name& t, const std::string& key, ties& out) {
    if (key.empty())
        return false;
    int sure = strength_of(t).exact;
    places hits = named(g, self, key);
    if (hits.empty()) {
        hits = beginning_with(g, self, key);
        sure = strength_of(t).nickname;
    }
    if (hits.empty()) {
        hits = misspelt(g, self, key);
        sure = strength_of(t).typo;
    }
    const places one = meant(g, self, hits);
    if (!one.empty()) {
        add(out, one.front(), sure, t);
        return true;
    }
    if (hits.size() <= 4) {
        for (const std::size_t i : hits)
            add(out, i, sure / static_cast<int>(hits.size()), t);
    }
    return false;
}

bool gives(const character& c, const told_name& name) {
    return std::any_of(c.told.begin(), c.told.end(), [&name](const told_name& t) {
        const bool names_somebody = t.kind <= pointer_kind::first;
        return names_somebody && (t.key == name.key || (!name.singular.empty() && t.key == name.singular) ||
                                  (!t.singular.empty() && t.singular == name.key));
    });
}

// A name that no character bears ties those whose notes give it, to the least of them.
void share(const guild& g, std::size_t self, const told_name& t, ties& out) {
    places sharing;
    for (std::size_t i = 0; i < g.characters.size(); ++i) {
        if (gives(g.characters[i], t))
            sharing.push_back(i);
    }
    if (sharing.front() == self || sharing.size() > 40)
        return;
    const bool by_chance =
        (t.kind == pointer_kind::lone || t.kind == pointer_kind::first) && sharing.size() < 3;
    const int sure = strength_of(t).shared;
    add(out, sharing.front(), by_chance ? std::min(sure, 940) : sure, t);
}

void add_told(const guild& g, std::size_t self, ties& out) {
    for (const told_name& t : g.characters[self].told) {
        if (t.kind == pointer_kind::relation)
            continue;
        if (resolve(g, self, t, t.key, out) || resolve(g, self, t, t.singular, out))
            continue;
        if (t.kind <= pointer_kind::first)
            share(g, self, t, out);
    }
}

// What is no ruling is worth at most this.
constexpr int surest = 999;

// Where officers have ruled on such ties before: one that groups may come to suggest, and never the other way
// round.
int experienced(int per_mille, bits experience) {
    if (experience == 0)
        return per_mille;
    const double p = per_mille / 1000.0;
    const double odds = p / (1.0 - p) * std::exp2(static_cast<double>(experience) / one_bit);
    const int now = static_cast<int>(std::lround(1000.0 * odds / (1.0 + odds)));
    return std::clamp(now, 1, per_mille >= groups_from ? surest : groups_from - 1);
}

void add_addon_group(const guild& g, std::size_t self, ties& out) {
    const std::string& group = g.characters[self].record.alt_group;
    if (group.empty())
        return;
    std::size_t first = 0;
    while (g.characters[first].record.alt_group != group)
        ++first;
    if (first != self)
        out[first].per_mille = surest;
}

} // namespace

ties ties_of(const guild& g, std::size_t self) {
    ties out;
    add_told(g, self, out);
    add_addon_group(g, self, out);
    for (auto& [to, t] : out)
        t.said = t.per_mille = experienced(t.per_mille, experience_of(g, route::alt_of));
    for (std::size_t i = 0; i < g.characters.size(); ++i) {
        if (is_ruled(g, ruling_kind::merged, g.characters[self].record.id, g.characters[i].record.id))
            out[i].per_mille = 1000;
    }
    return out;
}

std::vector<std::size_t> groups_of(const std::vector<ties>& all) {
    std::vector<std::size_t> least(all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        least[i] = i;
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t i = 0; i < all.size(); ++i) {
            for (const auto& [to, t] : all[i]) {
                if (t.per_mille < groups_from || least[i] == least[to])
                    continue;
                least[i] = least[to] = std::min(least[i], least[to]);
                changed = true;
            }
        }
    }
    return least;
}

} // namespace patt::identity::reference
