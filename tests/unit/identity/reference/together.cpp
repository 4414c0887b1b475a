#include "unit/identity/reference/together.hpp"

#include "unit/identity/reference/rulings.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace patt::identity::reference {

namespace {

// A strong tie; `a` and `b` are places in the group, `a` the lesser.
struct strong_tie {
    std::size_t a = 0;
    std::size_t b = 0;
    int per_mille = 0;
};

// A part of the group that a conflict or a human left together.
struct part {
    std::set<std::size_t> of;
    member_id owner;
};

// From where an owner comes to a character, and how sure it is after all ties on the way.
struct reach {
    double probability = 0.0;
    std::size_t source = 0;
    advice what = advice::suggest; ///< The most that the source allows.
};

// Everything about one group while it is decided.
struct table {
    const workings& w;
    const std::vector<std::size_t>& group;
    std::vector<match_decision> own;
    std::vector<member_id> accepted; ///< By a human.
    std::vector<member_id> owner;    ///< By a human or by own evidence that links.
    std::vector<part> parts;
    std::vector<strong_tie> taken;   ///< The ties that hold the parts together.
    std::set<std::size_t> conflicts; ///< At the ends of a tie that would join two owners.

    [[nodiscard]] character_id id(std::size_t i) const { return w.id(group[i]); }
    [[nodiscard]] part& part_of(std::size_t i) {
        return *std::find_if(parts.begin(), parts.end(), [i](const part& p) { return p.of.contains(i); });
    }
};

table lay(const workings& w, const std::vector<std::size_t>& group) {
    table t{w, group, {}, {}, {}, {}, {}, {}};
    for (std::size_t i = 0; i < group.size(); ++i) {
        t.own.push_back(decide_alone(w, group[i]));
        t.accepted.push_back(accepted_owner(*w.of, t.id(i)));
        const member_id linked = t.own[i].what == advice::link ? t.own[i].member : member_id{};
        t.owner.push_back(t.accepted[i] ? t.accepted[i] : linked);
        t.parts.push_back({{i}, t.owner[i]});
    }
    return t;
}

// The strongest first, then by the ids of the two.
std::vector<strong_tie> strong_ties(const table& t) {
    std::vector<strong_tie> out;
    for (std::size_t i = 0; i < t.group.size(); ++i) {
        for (std::size_t j = 0; j < t.group.size(); ++j) {
            const ties& from = t.w.tied[t.group[i]];
            const auto tie = from.find(t.group[j]);
            if (tie != from.end() && tie->second.per_mille >= groups_from)
                out.push_back({std::min(i, j), std::max(i, j), tie->second.per_mille});
        }
    }
    std::sort(out.begin(), out.end(), [](const strong_tie& x, const strong_tie& y) {
        if (x.per_mille != y.per_mille)
            return x.per_mille > y.per_mille;
        return x.a != y.a ? x.a < y.a : x.b < y.b;
    });
    return out;
}

bool split_by_human(const table& t, const part& x, const part& y) {
    for (const std::size_t i : x.of) {
        for (const std::size_t j : y.of) {
            if (is_ruled(*t.w.of, ruling_kind::split, t.id(i), t.id(j)))
                return true;
        }
    }
    return false;
}

// Each character is a part at first; ties join parts unless that joins two owners or what a human split.
void split(table& t) {
    for (const strong_tie& tie : strong_ties(t)) {
        part& x = t.part_of(tie.a);
        part& y = t.part_of(tie.b);
        if (&x == &y)
            continue;
        if (split_by_human(t, x, y))
            continue;
        if (x.owner && y.owner && x.owner != y.owner) {
            t.conflicts.insert({tie.a, tie.b});
            continue;
        }
        x.of.insert(y.of.begin(), y.of.end());
        x.owner = x.owner ? x.owner : y.owner;
        y.of.clear();
        t.taken.push_back(tie);
    }
    for (std::size_t i = 0; i < t.group.size(); ++i)
        t.own[i].group = t.id(*t.part_of(i).of.begin());
}

// The evidence of all characters of a part for one member.
struct pooled {
    member_id owner;
    bits best = 0;
    bits all = 0;
    std::size_t carrier = 0; ///< Who has the best.
    bool solid = false;
    bool longer = false;

    // A quarter of what the others say, and no more than six bits.
    [[nodiscard]] bits total() const {
        return best + std::min(static_cast<bits>(static_cast<double>(all - best) * 0.25), 6 * one_bit);
    }
};

std::vector<pooled> pool_of(const table& t, const part& p) {
    std::vector<pooled> out;
    for (const member& m : t.w.of->members) {
        pooled sum;
        sum.owner = m.record.id;
        for (const std::size_t i : p.of) {
            const pair_evidence* const e = t.w.candidate(t.group[i], sum.owner);
            if (e == nullptr || e->look || e->related || is_absent(*t.w.of, t.id(i)) ||
                is_rejected(*t.w.of, t.id(i), sum.owner))
                continue;
            sum.all += e->total;
            sum.solid = sum.solid || e->solid || e->channels > 1;
            sum.longer = sum.longer || e->longer || e->channels > 1;
            if (e->total > sum.best) {
                sum.best = e->total;
                sum.carrier = i;
            }
        }
        if (sum.best > 0)
            out.push_back(sum);
    }
    std::sort(out.begin(), out.end(), [](const pooled& x, const pooled& y) {
        return x.total() != y.total() ? x.total() > y.total() : x.owner < y.owner;
    });
    return out;
}

// A part without an owner may name one together, under the rules for one character.
std::optional<reach> pooled_owner(const table& t, part& p) {
    const std::vector<pooled> all = pool_of(t, p);
    if (p.owner || p.of.size() < 2 || all.empty())
        return std::nullopt;
    const workings& w = t.w;
    const pooled& top = all.front();
    double sum = 0.0;
    for (auto x = all.rbegin(); x != all.rend(); ++x) // the smallest first
        sum += power(x->total() + w.ground());
    const std::size_t carrier = t.group[top.carrier];
    const double share = share_of(w, carrier, *w.candidate(carrier, top.owner));
    const double probability = calibrated(power(top.total() + w.ground()), sum, share);
    const bits margin = all.size() > 1 ? top.total() - all[1].total() : top.total();
    const bool sure = level_of(probability) >= w.settings().link_from &&
                      margin >= w.settings().least_margin && share >= 0.9 && top.solid &&
                      (top.longer || w.pool <= 6 * one_bit);
    p.owner = top.owner;
    // What must not link must not look as if it could.
    return reach{sure ? probability : std::min(probability, 0.98), top.carrier,
                 sure ? advice::link : advice::suggest};
}

// Along the ties from one source, as sure as it is and less with each tie.
void carry_from(const table& t, const reach& from, std::size_t at, std::optional<std::size_t> before,
                std::vector<std::optional<reach>>& best) {
    std::optional<reach>& here = best[at];
    const bool better = !here || from.probability > here->probability ||
                        (from.probability == here->probability && from.source < here->source);
    if (better && from.probability > 0.0)
        here = from;
    for (const strong_tie& tie : t.taken) {
        if (tie.a != at && tie.b != at)
            continue;
        const std::size_t next = tie.a == at ? tie.b : tie.a;
        if (next == before)
            continue;
        reach there = from;
        there.probability *= tie.per_mille / 1000.0;
        carry_from(t, there, next, at, best);
    }
}

std::vector<std::optional<reach>> carry(table& t) {
    std::vector<reach> sources;
    for (std::size_t i = 0; i < t.group.size(); ++i) {
        if (t.owner[i])
            sources.push_back({t.accepted[i] ? 1.0 : t.own[i].probability, i, advice::link});
    }
    for (part& p : t.parts) {
        if (const std::optional<reach> found = pooled_owner(t, p))
            sources.push_back(*found);
    }
    std::vector<std::optional<reach>> best(t.group.size());
    for (const reach& r : sources)
        carry_from(t, r, r.source, std::nullopt, best);
    return best;
}

void doubt_it(match_decision& d, doubt why) {
    if (d.what == advice::link || !d.candidates.empty())
        d.what = advice::suggest;
    d.why_not = why;
}

// Whether a human or a note says that it is not this member's.
bool is_vetoed(const workings& w, std::size_t i, member_id m) {
    const pair_evidence* const e = w.candidate(i, m);
    return is_rejected(*w.of, w.id(i), m) || (e != nullptr && e->related);
}

// What notes and add-ons say of two characters, without rulings.
bool is_said(const table& t, std::size_t from, std::size_t to) {
    const ties& all = t.w.tied[t.group[from]];
    const auto found = all.find(t.group[to]);
    return found != all.end() && found->second.said >= groups_from;
}

// "main: X" says more of the two than that they are one person's.
route carried_by(table& t, std::size_t i) {
    for (const std::size_t j : t.part_of(i).of) {
        if (is_said(t, i, j) && t.w.tied[t.group[i]].at(t.group[j]).kind == pointer_kind::main_of)
            return route::main_of;
    }
    return route::alt_of;
}

void take_over(table& t, std::size_t i, member_id owner, const reach& r, match_decision& d) {
    const workings& w = t.w;
    const pair_evidence* const own = w.candidate(t.group[i], owner);
    d.member = owner;
    d.probability = r.probability;
    d.level = level_of(r.probability);
    d.by = r.source != i ? carried_by(t, i) : own == nullptr ? route::none : own->by;
    d.via = r.source != i ? t.id(r.source) : character_id{};
    d.what = d.level >= w.settings().link_from ? r.what : advice::suggest;
    d.why_not = doubt::none;
    if (t.conflicts.contains(i)) {
        d.why_not = doubt::owners_conflict;
    } else if (d.what == advice::suggest) {
        d.why_not = doubt::unsure;
    }
}

void conclude(table& t, std::size_t i, const std::optional<reach>& r) {
    const workings& w = t.w;
    match_decision& d = t.own[i];
    const member_id owner = t.part_of(i).owner;
    const bool conflict = t.conflicts.contains(i);
    if (t.accepted[i]) {
        accept(w, t.group[i], t.accepted[i], d);
        const auto& part = t.part_of(i).of;
        const bool seconded = std::any_of(part.begin(), part.end(), [&](std::size_t j) {
            const bool by_old_ruling = t.accepted[j] && is_acceptance_outdated(*w.of, t.id(j)) &&
                                       stand(w, t.group[j]).best != t.accepted[i];
            return j != i && t.owner[j] == t.accepted[i] && !by_old_ruling;
        });
        if (d.why_not == doubt::ruling_outdated && seconded)
            d.why_not = doubt::none;
        if (d.why_not == doubt::none && conflict)
            d.why_not = doubt::owners_conflict;
        return;
    }
    if (d.why_not == doubt::not_in_chat)
        return;
    if (!owner || !r) {
        if (conflict)
            doubt_it(d, doubt::owners_conflict);
        return;
    }
    const standing s = stand(w, t.group[i]);
    if (s.best == owner && s.probability >= r->probability) { // it needs no group
        if (conflict)
            d.why_not = doubt::owners_conflict;
        return;
    }
    const bool names_another = s.best && s.best != owner && s.why_not != doubt::look_alike;
    if (is_vetoed(w, t.group[i], owner)) {
        doubt_it(d, is_rejected(*w.of, t.id(i), owner) ? doubt::rejected : doubt::related_only);
    } else if (names_another && s.raw * s.share >= 0.29) {
        doubt_it(d, doubt::contradicts_group);
    } else if (r->probability >= w.settings().suggest_from) {
        take_over(t, i, owner, *r, d);
    }
}

// What a human said of other names stands, but is asked about where notes and add-ons do not say the same.
void ask_again(table& t, std::size_t i, std::size_t j) {
    const guild& g = *t.w.of;
    doubt& why = t.own[i].why_not;
    const bool said = is_said(t, i, j) || is_said(t, j, i);
    const bool outdated = (is_outdated(g, ruling_kind::merged, t.id(i), t.id(j)) && !said) ||
                          (is_outdated(g, ruling_kind::split, t.id(i), t.id(j)) && said);
    if (outdated && (why == doubt::none || why == doubt::unsure))
        why = doubt::ruling_outdated;
}

} // namespace

std::vector<match_decision> decide_together(const workings& w, const std::vector<std::size_t>& group) {
    table t = lay(w, group);
    split(t);
    const std::vector<std::optional<reach>> best = carry(t);
    for (std::size_t i = 0; i < group.size(); ++i)
        conclude(t, i, best[i]);
    for (std::size_t i = 0; i < group.size(); ++i) {
        for (std::size_t j = 0; j < group.size(); ++j)
            ask_again(t, i, j);
    }
    return t.own;
}

} // namespace patt::identity::reference
