// From own evidence and groups of alts to the final decisions.
//
// Within a group the strongest ties are taken first, and a tie that would join two different certain owners
// (or what a human split) is left out: so a conflict splits the group at its weakest edge. Each part gets at
// most one owner, who is carried to the others with the loss of the ties on the way.
#include "core/identity/match_state.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace patt::identity {

namespace {

struct tie {
    std::uint32_t a = 0; // indexes into the group
    std::uint32_t b = 0;
    std::uint16_t per_mille = 0;
};

class union_find {
public:
    explicit union_find(std::size_t n)
        : parent_(n) {
        std::iota(parent_.begin(), parent_.end(), 0U);
    }
    std::uint32_t root(std::uint32_t x) {
        while (parent_[x] != x)
            x = parent_[x] = parent_[parent_[x]];
        return x;
    }
    void join(std::uint32_t a, std::uint32_t b) { parent_[root(b)] = root(a); }

private:
    std::vector<std::uint32_t> parent_;
};

double probability_of(std::uint16_t per_mille) noexcept {
    return static_cast<double>(per_mille) / 1000.0;
}

constexpr double pooled_share = 0.25;       // what a further character of the group adds of its evidence
constexpr double contradiction_from = 0.29; // before calibration

} // namespace

kept_decision matcher::state::own_decision(slot number) const {
    const character_state& c = characters[number];
    const base_decision& b = c.base;
    kept_decision d;
    d.group = number;
    std::size_t shown = 0;
    for (const pair_score& p : c.candidates) {
        if (shown == d.candidates.size())
            break;
        if (!is_rejected(c, p.member) && !p.related)
            d.candidates[shown++] = {p.member, p.total};
    }
    if (is_absent(c)) {
        d.why_not = doubt::not_in_chat;
        return d;
    }
    d.why_not = b.why_not;
    if (b.best == no_slot)
        return d;
    d.member = b.best;
    d.probability = b.probability;
    d.raw = b.raw;
    d.level = confidence_of(b.probability);
    d.by = c.candidates.empty() ? route::none : route_to(c, b.best);
    if (b.automatic) {
        d.what = advice::link;
    } else if (b.raw >= settings.suggest_from || b.why_not == doubt::look_alike) {
        d.what = advice::suggest;
    } else {
        d.member = no_slot;
        d.probability = 0.0;
        d.level = confidence::none;
        d.by = route::none;
    }
    return d;
}

namespace {

// One group while it is decided.
class group_judge {
public:
    group_judge(const matcher::state& s, std::span<const slot> group)
        : s_(s)
        , group_(group.begin(), group.end()) {
        std::sort(group_.begin(), group_.end(),
                  [&s](slot a, slot b) { return s.characters[a].record.id < s.characters[b].record.id; });
    }

    /// The group, by id: in the order of what `judge` gives.
    [[nodiscard]] const std::vector<slot>& group() const noexcept { return group_; }

    std::vector<kept_decision> judge() {
        for (const slot x : group_) {
            own_.push_back(s_.own_decision(x));
            accepted_.push_back(s_.accepted_owner(at(own_.size() - 1)));
            owner_.push_back(own_owner(own_.size() - 1));
        }
        split();
        carry();
        ask_again();
        return std::move(own_);
    }

private:
    [[nodiscard]] const character_state& at(std::size_t i) const { return s_.characters[group_[i]]; }

    [[nodiscard]] slot own_owner(std::size_t i) const {
        if (accepted_[i] != no_slot)
            return accepted_[i];
        return own_[i].what == advice::link ? at(i).base.best : no_slot;
    }

    [[nodiscard]] std::vector<tie> ties() const {
        std::vector<tie> out;
        for (std::uint32_t i = 0; i < group_.size(); ++i) {
            for (const alt_edge& e : at(i).edges) {
                if (e.per_mille < merge_from)
                    continue;
                const auto other = std::find(group_.begin(), group_.end(), e.to);
                if (other == group_.end())
                    continue;
                const auto j = static_cast<std::uint32_t>(other - group_.begin());
                out.push_back({std::min(i, j), std::max(i, j), e.per_mille});
            }
        }
        std::sort(out.begin(), out.end(), [](const tie& x, const tie& y) {
            if (x.per_mille != y.per_mille)
                return x.per_mille > y.per_mille;
            return x.a != y.a ? x.a < y.a : x.b < y.b;
        });
        return out;
    }

    [[nodiscard]] bool split_by_ruling(union_find& parts, std::uint32_t a, std::uint32_t b) const {
        for (std::uint32_t i = 0; i < group_.size(); ++i) {
            const std::uint32_t root = parts.root(i);
            if (root != a && root != b)
                continue;
            const auto it = s_.rulings.find(at(i).record.id);
            if (it == s_.rulings.end())
                continue;
            for (std::uint32_t j = 0; j < group_.size(); ++j) {
                if (parts.root(j) == (root == a ? b : a) && it->second.split.contains(at(j).record.id))
                    return true;
            }
        }
        return false;
    }

    void split() {
        union_find parts(group_.size());
        std::vector<slot> owner = owner_; // of each part, at its root
        conflict_.assign(group_.size(), false);
        bool any_split = false;
        for (const slot x : group_) {
            const auto it = s_.rulings.find(s_.characters[x].record.id);
            any_split = any_split || (it != s_.rulings.end() && !it->second.split.empty());
        }
        for (const tie& t : ties()) {
            const std::uint32_t a = parts.root(t.a);
            const std::uint32_t b = parts.root(t.b);
            if (a == b)
                continue;
            if (any_split && split_by_ruling(parts, a, b))
                continue;
            if (owner[a] != no_slot && owner[b] != no_slot && owner[a] != owner[b]) {
                conflict_[t.a] = conflict_[t.b] = true;
                continue;
            }
            parts.join(a, b);
            const std::uint32_t root = parts.root(a);
            owner[root] = owner[a] != no_slot ? owner[a] : owner[b];
            tree_.push_back(t);
        }
        part_.resize(group_.size());
        part_owner_.resize(group_.size());
        std::vector<std::uint32_t> least(group_.size(), UINT32_MAX);
        for (std::uint32_t i = 0; i < group_.size(); ++i) {
            part_[i] = parts.root(i);
            part_owner_[i] = owner[part_[i]];
            if (least[part_[i]] == UINT32_MAX)
                least[part_[i]] = i; // sorted by id: the first is the least
            own_[i].group = group_[least[part_[i]]];
        }
    }

    // For every character the best way to one that carries the owner, along the tree.
    struct reach {
        double probability = 0.0;
        std::uint32_t source = UINT32_MAX;
        bool sure = false; ///< The source may link: margin, share and kind of evidence allow it, too.
    };

    void spread(std::vector<reach>& reached) const {
        // The tree is small and loses at every tie, so a few rounds settle it.
        for (bool changed = true; changed;) {
            changed = false;
            for (const tie& t : tree_) {
                for (const auto& [from, to] : {std::pair{t.a, t.b}, std::pair{t.b, t.a}}) {
                    const double p = reached[from].probability * probability_of(t.per_mille);
                    const bool better =
                        p > reached[to].probability || (p == reached[to].probability && p > 0.0 &&
                                                        reached[from].source < reached[to].source);
                    if (!better)
                        continue;
                    reached[to] = {p, reached[from].source, reached[from].sure};
                    changed = true;
                }
            }
        }
    }

    void carry() {
        std::vector<reach> reached(group_.size());
        for (std::uint32_t i = 0; i < group_.size(); ++i) {
            if (owner_[i] != no_slot)
                reached[i] = {accepted_[i] != no_slot ? 1.0 : own_[i].probability, i, true};
        }
        pool_parts_without_owner(reached);
        spread(reached);
        for (std::uint32_t i = 0; i < group_.size(); ++i)
            conclude(i, reached[i]);
    }

    // A part without an owner: the evidence of all its characters together may name one.
    void pool_parts_without_owner(std::vector<reach>& reached) {
        for (std::uint32_t root = 0; root < group_.size(); ++root) {
            std::vector<std::uint32_t> part;
            for (std::uint32_t i = 0; i < group_.size(); ++i) {
                if (part_[i] == root && part_owner_[i] == no_slot)
                    part.push_back(i);
            }
            if (part.size() > 1)
                pool_part(part, reached);
        }
    }

    struct pooled {
        slot member = no_slot;
        bits best = 0;
        bits sum = 0;
        std::uint32_t carrier = 0;
        bool solid = false;
        bool longer = false; ///< As of a pair.
    };

    void pool_part(const std::vector<std::uint32_t>& part, std::vector<reach>& reached) {
        std::vector<pooled> all;
        for (const std::uint32_t i : part) {
            if (s_.is_absent(at(i)))
                continue;
            for (const pair_score& p : at(i).candidates) {
                if (p.look || s_.is_rejected(at(i), p.member))
                    continue;
                if (p.related)
                    continue;
                auto it = std::find_if(all.begin(), all.end(),
                                       [&p](const pooled& x) { return x.member == p.member; });
                if (it == all.end())
                    it = all.insert(all.end(), pooled{p.member, 0, 0, i, false, false});
                it->sum += p.total;
                it->solid = it->solid || p.solid || p.channels > 1;
                it->longer = it->longer || p.longer || p.channels > 1;
                if (p.total > it->best) {
                    it->best = p.total;
                    it->carrier = i;
                }
            }
        }
        if (all.empty())
            return;
        for (pooled& x : all) {
            const auto extra = static_cast<bits>(static_cast<double>(x.sum - x.best) * pooled_share);
            x.best += std::min(extra, 6 * one_bit);
        }
        std::sort(all.begin(), all.end(), [this](const pooled& x, const pooled& y) {
            if (x.best != y.best)
                return x.best > y.best;
            return s_.members[x.member].record.id < s_.members[y.member].record.id;
        });
        const bits prior = s_.prior - s_.pool;
        double sum = 0.0;
        for (auto x = all.rbegin(); x != all.rend(); ++x)
            sum += std::exp2(static_cast<double>(x->best + prior) / one_bit);
        const pooled& top = all.front();
        const character_state& carrier = at(top.carrier);
        const auto score = std::find_if(carrier.candidates.begin(), carrier.candidates.end(),
                                        [&top](const pair_score& p) { return p.member == top.member; });
        const double share = s_.share_of(group_[top.carrier], *score);
        const double p =
            owner_probability(std::exp2(static_cast<double>(top.best + prior) / one_bit), sum, share);
        const bits margin = all.size() > 1 ? top.best - all[1].best : top.best;
        const bool sure = confidence_of(p) >= s_.settings.link_from && margin >= s_.settings.least_margin &&
                          share >= 0.9 && top.solid && (top.longer || s_.pool <= big_pool);
        // What is not sure enough to link must not look so, whatever its number.
        reached[top.carrier] = {sure ? p : std::min(p, 0.98), top.carrier, sure};
        for (const std::uint32_t i : part)
            part_owner_[i] = top.member;
    }

    void conclude(std::uint32_t i, const reach& r) {
        kept_decision& d = own_[i];
        const slot carried = part_owner_[i];
        if (accepted_[i] != no_slot) {
            s_.accept(d, group_[i], accepted_[i]);
            if (d.why_not == doubt::ruling_outdated && others_own(i, accepted_[i]))
                d.why_not = doubt::none; // its alts say the same
            if (d.why_not == doubt::none && conflict_[i])
                d.why_not = doubt::owners_conflict;
            return;
        }
        if (d.why_not == doubt::not_in_chat)
            return;
        if (carried == no_slot || r.source == UINT32_MAX) {
            if (conflict_[i])
                doubt_it(d, doubt::owners_conflict);
            return;
        }
        const base_decision& base = at(i).base;
        if (base.best == carried && base.probability >= r.probability) {
            if (conflict_[i])
                d.why_not = doubt::owners_conflict;
            return;
        }
        if (is_vetoed(i, carried)) {
            doubt_it(d, s_.is_rejected(at(i), carried) ? doubt::rejected : doubt::related_only);
            return;
        }
        if (base.best != no_slot && base.best != carried && base.raw * base.share >= contradiction_from &&
            base.why_not != doubt::look_alike) {
            doubt_it(d, doubt::contradicts_group);
            return;
        }
        if (r.probability < s_.settings.suggest_from)
            return;
        d.member = carried;
        d.probability = r.probability;
        d.level = confidence_of(r.probability);
        d.by = r.source == i ? s_.route_to(at(i), carried) : carried_by(i);
        d.via = r.source == i ? no_slot : group_[r.source];
        d.why_not = conflict_[i] ? doubt::owners_conflict : doubt::none;
        d.what = r.sure && d.level >= s_.settings.link_from ? advice::link : advice::suggest;
        if (d.what == advice::suggest && d.why_not == doubt::none)
            d.why_not = doubt::unsure;
    }

    // Whether another character of its part is the owner's, too.
    [[nodiscard]] bool others_own(std::size_t i, slot owner) const {
        for (std::size_t j = 0; j < group_.size(); ++j) {
            if (j != i && part_[j] == part_[i] && owner_[j] == owner &&
                !(accepted_[j] != no_slot && s_.is_acceptance_outdated(group_[j], owner)))
                return true;
        }
        return false;
    }

    // By which kind of tie the character belongs to its part.
    [[nodiscard]] route carried_by(std::size_t i) const {
        for (const alt_edge& e : at(i).edges) {
            if (e.kind != pointer_kind::main_of || e.said < merge_from)
                continue;
            const auto other = std::find(group_.begin(), group_.end(), e.to);
            if (other != group_.end() && part_[static_cast<std::size_t>(other - group_.begin())] == part_[i])
                return route::main_of;
        }
        return route::alt_of;
    }

    [[nodiscard]] bool is_vetoed(std::uint32_t i, slot member) const {
        if (s_.is_rejected(at(i), member))
            return true;
        return std::any_of(at(i).candidates.begin(), at(i).candidates.end(),
                           [member](const pair_score& p) { return p.member == member && p.related; });
    }

    // Whether notes or add-ons tie the two.
    [[nodiscard]] bool is_said(slot a, slot b) const {
        const auto says = [this](slot from, slot to) {
            const auto& edges = s_.characters[from].edges;
            return std::any_of(edges.begin(), edges.end(),
                               [to](const alt_edge& e) { return e.to == to && e.said >= merge_from; });
        };
        return says(a, b) || says(b, a);
    }

    // What an officer said of two characters under other names stands, but is asked about where notes and
    // add-ons do not say the same.
    void ask_again() {
        for (std::size_t i = 0; i < group_.size(); ++i) {
            const character_id id = at(i).record.id;
            const auto ruled = s_.rulings.find(id);
            if (ruled == s_.rulings.end())
                continue;
            for (const ruling_kind kind : {ruling_kind::merged, ruling_kind::split}) {
                const bool together = kind == ruling_kind::merged;
                for (const auto& [other, facts] : together ? ruled->second.merged : ruled->second.split) {
                    const slot with = s_.find_slot(other);
                    const bool here = std::find(group_.begin(), group_.end(), with) != group_.end();
                    doubt& why = own_[i].why_not;
                    if (here && (why == doubt::none || why == doubt::unsure) &&
                        s_.is_outdated({kind, id, {}, other, facts}) && is_said(group_[i], with) != together)
                        why = doubt::ruling_outdated;
                }
            }
        }
    }

    static void doubt_it(kept_decision& d, doubt why) {
        if (d.what == advice::link || d.candidates.front().member != no_slot)
            d.what = advice::suggest;
        d.why_not = why;
    }

    const matcher::state& s_;
    std::vector<slot> group_;
    std::vector<kept_decision> own_;
    std::vector<slot> accepted_;
    std::vector<slot> owner_;
    std::vector<slot> part_owner_;
    std::vector<std::uint32_t> part_;
    std::vector<bool> conflict_;
    std::vector<tie> tree_;
};

} // namespace

route matcher::state::route_to(const character_state& c, slot member) const {
    const auto p = std::find_if(c.candidates.begin(), c.candidates.end(),
                                [member](const pair_score& x) { return x.member == member; });
    return p == c.candidates.end() ? route::none : p->by;
}

void matcher::state::finish(slot number, std::vector<slot>& changed) {
    if ((dirty[number] & dirty_final) == 0)
        return;
    const auto conclude = [this, &changed](slot s, const kept_decision& d) {
        dirty[s] &= static_cast<std::uint8_t>(~dirty_final);
        if (characters[s].decided == d)
            return;
        characters[s].decided = d;
        changed.push_back(s);
    };
    const character_state& c = characters[number];
    if (!c.present) {
        conclude(number, {});
    } else if (c.group == no_slot) {
        kept_decision d = own_decision(number);
        if (const slot owner = accepted_owner(c); owner != no_slot)
            accept(d, number, owner);
        conclude(number, d);
    } else {
        group_judge judge(*this, groups[c.group]);
        const std::vector<kept_decision> decisions = judge.judge();
        for (std::size_t i = 0; i < decisions.size(); ++i)
            conclude(judge.group()[i], decisions[i]);
    }
}

} // namespace patt::identity
