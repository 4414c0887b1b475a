#include "unit/identity/reference/alone.hpp"

#include "unit/identity/reference/rulings.hpp"

#include <algorithm>
#include <iterator>

namespace patt::identity::reference {

namespace {

// Whom no human ruled out, the best first.
std::vector<pair_evidence> allowed(const workings& w, std::size_t i) {
    std::vector<pair_evidence> out;
    std::copy_if(w.candidates[i].begin(), w.candidates[i].end(), std::back_inserter(out),
                 [&](const pair_evidence& e) { return !is_rejected(*w.of, w.id(i), e.owner); });
    return out;
}

// Of those whom no note calls somebody else.
std::vector<pair_evidence> owners_among(const std::vector<pair_evidence>& some) {
    std::vector<pair_evidence> out;
    std::copy_if(some.begin(), some.end(), std::back_inserter(out),
                 [](const pair_evidence& e) { return !e.related; });
    return out;
}

// Whether a note tags an account of this member by its whole name.
bool is_tagged(const character& c, const member& m) {
    return std::any_of(c.told.begin(), c.told.end(), [&m](const told_name& t) {
        return t.kind == pointer_kind::handle &&
               std::any_of(m.names.begin(), m.names.end(), [&t](const spelling& s) {
                   return s.bare() == t.key || (!t.singular.empty() && s.bare() == t.singular);
               });
    });
}

// Whether it would be linked to somebody whom a note tags, were the owner not there.
bool is_tagged_otherwise(const workings& w, std::size_t i, member_id owner) {
    std::vector<pair_evidence> others = allowed(w, i);
    std::erase_if(others, [owner](const pair_evidence& e) { return e.owner == owner; });
    double all = 0.0;
    for (auto e = others.rbegin(); e != others.rend(); ++e) // the smallest first
        all += power(e->total + w.ground());
    return std::any_of(others.begin(), others.end(), [&](const pair_evidence& e) {
        return !e.related && !e.look && is_tagged(w.of->characters[i], *find_member(*w.of, e.owner)) &&
               level_of(calibrated(power(e.total + w.ground()), all, 1.0)) >= w.settings().link_from;
    });
}

doubt doubt_of(const workings& w, const std::vector<pair_evidence>& owners, const standing& s) {
    const pair_evidence& best = owners.front();
    const bits margin = owners.size() > 1 ? best.total - owners[1].total : best.total;
    const bool by_one_channel = best.channels < 2;
    const bool alone_and_short = !best.longer && by_one_channel && w.pool > 6 * one_bit;
    if (best.look)
        return doubt::look_alike;
    if (owners.size() > 1 && margin < w.settings().least_margin)
        return doubt::several_fit;
    if (s.share < 0.9)
        return doubt::several_characters;
    const bool weak = !best.solid && by_one_channel && w.settings().link_from > confidence::medium;
    if (level_of(s.probability) < w.settings().link_from || alone_and_short || weak)
        return doubt::unsure;
    return doubt::none;
}

} // namespace

standing stand(const workings& w, std::size_t i) {
    const std::vector<pair_evidence> some = allowed(w, i);
    const std::vector<pair_evidence> owners = owners_among(some);
    standing s;
    if (owners.empty()) {
        s.why_not = some.empty() ? doubt::none : doubt::related_only;
        return s;
    }
    double all = 0.0;
    for (auto e = some.rbegin(); e != some.rend(); ++e) // the smallest first
        all += power(e->total + w.ground());
    const double own = power(owners.front().total + w.ground());
    s.best = owners.front().owner;
    s.raw = own / (1.0 + all);
    s.share = share_of(w, i, owners.front());
    s.probability = calibrated(own, all, s.share);
    s.why_not = doubt_of(w, owners, s);
    s.automatic = s.why_not == doubt::none;
    return s;
}

match_decision decide_alone(const workings& w, std::size_t i) {
    match_decision d;
    d.character = d.group = w.id(i);
    const bool absent = is_absent(*w.of, w.id(i));
    const standing s = stand(w, i);
    for (const pair_evidence& e : owners_among(allowed(w, i))) {
        if (d.candidates.size() == 3)
            break;
        const bits behind = e.total - w.candidate(i, s.best)->total;
        d.candidates.push_back({e.owner, e.total, absent ? 0.0 : s.raw * power(behind)});
    }
    d.why_not = absent ? doubt::not_in_chat : s.why_not;
    const bool worth_showing = s.raw >= w.settings().suggest_from || s.why_not == doubt::look_alike;
    if (absent || !s.best || !(s.automatic || worth_showing))
        return d;
    d.what = s.automatic ? advice::link : advice::suggest;
    d.member = s.best;
    d.probability = s.probability;
    d.level = level_of(s.probability);
    d.by = w.candidate(i, s.best)->by;
    return d;
}

void accept(const workings& w, std::size_t i, member_id owner, match_decision& d) {
    const standing s = stand(w, i);
    d.what = advice::link;
    d.member = owner;
    d.probability = 1.0;
    d.level = confidence::confirmed;
    d.by = accepted_by(*w.of, w.id(i));
    d.via = {};
    d.why_not = doubt::none;
    if ((s.best != owner && s.automatic) || is_tagged_otherwise(w, i, owner)) {
        d.why_not = doubt::contradicts_ruling;
    } else if (s.best != owner && is_acceptance_outdated(*w.of, w.id(i))) {
        d.why_not = doubt::ruling_outdated;
    }
}

} // namespace patt::identity::reference
