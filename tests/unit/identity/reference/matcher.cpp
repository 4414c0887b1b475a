#include "unit/identity/reference/matcher.hpp"

#include "core/identity/match_compare.hpp"
#include "unit/identity/reference/rulings.hpp"
#include "unit/identity/reference/together.hpp"

#include <algorithm>
#include <utility>

namespace patt::identity::reference {

namespace {

std::vector<std::size_t> group_of(const workings& w, std::size_t i) {
    std::vector<std::size_t> out;
    for (std::size_t j = 0; j < w.group.size(); ++j) {
        if (w.group[j] == w.group[i])
            out.push_back(j);
    }
    return out;
}

match_decision decide_one(const workings& w, std::size_t i) {
    match_decision d = decide_alone(w, i);
    if (const member_id owner = accepted_owner(*w.of, w.id(i)))
        accept(w, i, owner, d);
    return d;
}

std::vector<match_decision> decide(const workings& w) {
    std::vector<match_decision> out(w.group.size());
    for (std::size_t i = 0; i < w.group.size(); ++i) {
        const std::vector<std::size_t> group = group_of(w, i);
        if (group.size() == 1)
            out[i] = decide_one(w, i);
        if (group.size() == 1 || group.front() != i)
            continue;
        const std::vector<match_decision> all = decide_together(w, group);
        for (std::size_t j = 0; j < group.size(); ++j)
            out[group[j]] = all[j];
    }
    return out;
}

bool share_a_key(const guild& g, const std::set<name_key>& own, const character& other) {
    return std::any_of(own.begin(), own.end(), [&](const name_key& k) {
        if (!other.keys.contains(k))
            return false;
        const auto having = std::count_if(g.characters.begin(), g.characters.end(),
                                          [&k](const character& x) { return x.keys.contains(k); });
        return static_cast<std::size_t>(having) <= most_with(k.first);
    });
}

// How much the names alone speak for one person; zero: nothing.
bits alt_weight(const character& a, const character& b) {
    const std::set<agreement> telling{agreement::identical, agreement::exact, agreement::folded,
                                      agreement::core,      agreement::edge,  agreement::one_edit,
                                      agreement::two_edits, agreement::prefix};
    const comparison got = compare(a.names.front().for_comparison(), b.names.front().for_comparison());
    return telling.contains(got.how) && got.weight >= 4 * one_bit ? got.weight : 0;
}

bool calls_it_another(const character& a, const character& b) {
    const std::string& name = b.names.front().bare();
    return std::any_of(a.told.begin(), a.told.end(), [&](const told_name& t) {
        return t.kind == pointer_kind::relation && (t.key == name || t.singular == name);
    });
}

// Whose alt it may be: the strongest of its weak ties, or else the nearest name; ties by id.
character_id suggest_alt(const workings& w, std::size_t i) {
    const guild& g = *w.of;
    if (g.characters[i].names.empty())
        return {};
    std::size_t found = g.characters.size();
    int strongest = 0;
    for (const auto& [to, t] : w.tied[i]) {
        if (t.per_mille < groups_from && t.per_mille > strongest) {
            strongest = t.per_mille;
            found = to;
        }
    }
    if (found != g.characters.size())
        return w.id(found);
    const std::set<name_key> own = keys_of(g.characters[i].names.front());
    bits nearest = 0;
    for (std::size_t j = 0; j < g.characters.size(); ++j) {
        const character& other = g.characters[j];
        if (w.group[j] == w.group[i] || other.names.empty() || !share_a_key(g, own, other) ||
            calls_it_another(g.characters[i], other))
            continue;
        const bits weight = alt_weight(g.characters[i], other);
        if (weight > nearest) {
            nearest = weight;
            found = j;
        }
    }
    return found == g.characters.size() ? character_id{} : w.id(found);
}

bool asks(const match_decision& d) {
    return d.what == advice::suggest || d.why_not == doubt::owners_conflict ||
           d.why_not == doubt::contradicts_ruling || d.why_not == doubt::ruling_outdated;
}

// The largest groups and the least sure first, then by id.
std::vector<match_decision> queue_of(const workings& w, const std::vector<match_decision>& decisions) {
    std::vector<std::pair<double, match_decision>> items;
    for (std::size_t i = 0; i < decisions.size(); ++i) {
        match_decision d = decisions[i];
        const std::size_t size = group_of(w, i).size();
        const bool is_nobodys = d.what == advice::nothing && d.why_not != doubt::not_in_chat && size == 1;
        if (is_nobodys || (asks(d) && d.what != advice::link))
            d.alt_suggestion = suggest_alt(w, i);
        if (!asks(d) && !d.alt_suggestion)
            continue;
        const double p = d.what == advice::link ? 0.5 : d.probability;
        items.emplace_back(static_cast<double>(size) * p * (1.0 - p) + 1e-9 * p, d);
    }
    std::stable_sort(items.begin(), items.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<match_decision> out;
    for (const auto& [gain, d] : items)
        out.push_back(d);
    return out;
}

} // namespace

answers answer(const content& all) {
    const guild g = read_guild(all);
    const workings w = work_out(g);
    answers out;
    out.decisions = decide(w);
    out.review_queue = queue_of(w, out.decisions);
    for (const member& m : g.members) {
        const bool owns = std::any_of(out.decisions.begin(), out.decisions.end(), [&m](const auto& d) {
            return d.what == advice::link && d.member == m.record.id;
        });
        if (!owns)
            out.members_without_character.push_back(m.record.id);
    }
    return out;
}

} // namespace patt::identity::reference
