// Who is an alt of whom: what notes and add-ons say, resolved against the roster.
#include "core/identity/match_state.hpp"

#include <patt/text/distance.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace patt::identity {

namespace {

constexpr std::uint32_t salt_addon = 13;

// How sure a tie is, by the way the note names the other one, in thousandths.
struct tie_strength {
    std::uint16_t exact;    ///< It names a character of the roster.
    std::uint16_t nickname; ///< A character's name begins with it, and no other's.
    std::uint16_t typo;     ///< One typing error away from one character's name.
    std::uint16_t shared;   ///< Another note gives the same name.
};

tie_strength strength_of(pointer_kind kind, std::size_t length) noexcept {
    const auto at_least = [length](std::size_t n, std::uint16_t yes, std::uint16_t no) {
        return length >= n ? yes : no;
    };
    switch (kind) {
    case pointer_kind::handle:
    case pointer_kind::battletag:
        return {980, 900, 900, 992};
    case pointer_kind::alt_of:
    case pointer_kind::main_of:
        return {999, at_least(4, 985, 800), 985, 995};
    case pointer_kind::possessive:
        return {998, at_least(4, 980, 800), 980, 994};
    case pointer_kind::lone:
        return {at_least(4, 996, 985), at_least(5, 960, 850), at_least(5, 965, 800), at_least(3, 992, 900)};
    case pointer_kind::first:
        return {at_least(4, 985, 900), 850, 850, 900};
    case pointer_kind::mention:
        return {600, 400, 400, 300};
    case pointer_kind::relation:
        break;
    }
    return {0, 0, 0, 0};
}

// A name that more notes than this give is a word that the lexicon lacks.
constexpr std::size_t longest_shared = 40;

// A word that only two notes share, each alone.
constexpr std::uint16_t shared_by_two = 940;

// What anything less than a ruling is worth at most.
constexpr std::uint16_t surest_tie = 999;

// Characters of the roster that one name of a note may mean.
class roster_lookup {
public:
    roster_lookup(const matcher::state& s, slot self)
        : s_(s)
        , self_(self) {}

    [[nodiscard]] std::vector<slot> named(std::string_view key) const {
        return filter(key, block_of(key, 0), [key](const surface& n) { return n.bare() == key; });
    }

    [[nodiscard]] std::vector<slot> beginning_with(std::string_view key) const {
        if (key_length(key) < 4)
            return {};
        return filter(key, block_of(key, 1), [key](const surface& n) {
            return n.bare().size() > key.size() && n.bare().starts_with(key);
        });
    }

    [[nodiscard]] std::vector<slot> misspelt(std::string_view key) const {
        // The same bounds as `append_typo_hashes`: what is found must be found from the other side as well.
        if (key.size() < 5 || key.size() > 24 || !is_plain(key))
            return {};
        const auto one_off = [key](const surface& n) {
            return n.length() >= 5 && n.length() <= 24 && n.is_ascii() &&
                   text::osa_distance(n.bare(), key, 1) == 1;
        };
        // Of nine letters and more one end stays whole; of fewer an error in the middle may change both.
        std::vector<block_key> keys;
        append_pointer_keys(key, keys);
        append_suffix_key(key, keys);
        if (key.size() <= 8)
            append_near_keys(key, keys);
        std::vector<slot> out;
        for (const block_key& k : keys) {
            for (const slot x : filter(key, k.hash, one_off)) {
                if (std::find(out.begin(), out.end(), x) == out.end())
                    out.push_back(x);
            }
        }
        return out;
    }

    // The one that is meant: the only one, or the only one of the same realm.
    [[nodiscard]] slot single(const std::vector<slot>& hits) const {
        if (hits.size() == 1)
            return hits.front();
        slot found = no_slot;
        for (const slot h : hits) {
            if (s_.characters[h].realm != s_.characters[self_].realm)
                continue;
            if (found != no_slot)
                return no_slot;
            found = h;
        }
        return found;
    }

private:
    static bool is_plain(std::string_view key) {
        return std::all_of(key.begin(), key.end(),
                           [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    }

    [[nodiscard]] std::uint32_t block_of(std::string_view key, std::size_t which) const {
        scratch_.clear();
        append_pointer_keys(key, scratch_);
        return which < scratch_.size() ? scratch_[which].hash : 0;
    }

    template <class Fits>
    [[nodiscard]] std::vector<slot> filter(std::string_view, std::uint32_t block, Fits fits) const {
        std::vector<slot> out;
        if (block == 0)
            return out;
        for (const slot x : s_.character_keys.find(block)) {
            const character_state& c = s_.characters[x];
            if (x != self_ && !c.names.empty() && fits(c.names.front()))
                out.push_back(x);
        }
        return out;
    }

    const matcher::state& s_;
    slot self_;
    mutable std::vector<block_key> scratch_;
};

// What a tie is worth where officers have ruled on such ties before: they may weaken one until it only
// suggests, and never make one that suggests group.
std::uint16_t experienced(std::uint16_t per_mille, bits experience) noexcept {
    if (experience == 0 || per_mille == 0)
        return per_mille;
    const double p = static_cast<double>(per_mille) / 1000.0;
    const double odds = p / (1.0 - p) * std::exp2(static_cast<double>(experience) / one_bit);
    const auto now = static_cast<std::uint16_t>(std::lround(1000.0 * odds / (1.0 + odds)));
    const std::uint16_t most = per_mille >= merge_from ? surest_tie : merge_from - 1;
    return std::clamp<std::uint16_t>(now, 1, most);
}

class edge_list {
public:
    void add(slot to, std::uint16_t per_mille, pointer_kind kind) {
        if (per_mille == 0)
            return;
        for (alt_edge& e : edges_) {
            if (e.to == to) {
                if (per_mille > e.per_mille) {
                    e.per_mille = per_mille;
                    e.kind = kind;
                }
                return;
            }
        }
        edges_.push_back({to, per_mille, kind, 0, false, false});
    }

    alt_edge& at(slot to) {
        add(to, 1, pointer_kind::mention);
        return *std::find_if(edges_.begin(), edges_.end(), [to](const alt_edge& e) { return e.to == to; });
    }

    void weigh(bits experience) {
        for (alt_edge& e : edges_)
            e.said = e.per_mille = experienced(e.per_mille, experience);
    }

    lean_list<alt_edge> take() { return std::move(edges_); }

private:
    lean_list<alt_edge> edges_;
};

// Ties to whom a name of a note means in the roster. Whether it is clear who that is.
bool resolve(const match_pointer& p, const tie_strength& strength, const roster_lookup& roster,
             edge_list& edges) {
    for (const std::string_view key : {p.key, p.singular}) {
        if (key.empty())
            continue;
        std::vector<slot> hits = roster.named(key);
        std::uint16_t sure = strength.exact;
        if (hits.empty()) {
            hits = roster.beginning_with(key);
            sure = strength.nickname;
        }
        if (hits.empty()) {
            hits = roster.misspelt(key);
            sure = strength.typo;
        }
        if (hits.empty())
            continue;
        if (const slot meant = roster.single(hits); meant != no_slot) {
            edges.add(meant, sure, p.kind);
            return true;
        }
        if (hits.size() <= 4) {
            for (const slot h : hits)
                edges.add(h, static_cast<std::uint16_t>(sure / hits.size()), p.kind);
        }
    }
    return false;
}

} // namespace

// The least character, this one included, whose note gives the same name, and how many do.
std::pair<slot, std::size_t> matcher::state::first_with_same_pointer(slot number,
                                                                     const match_pointer& p) const {
    std::vector<slot> sharing;
    for (const std::string_view key : {p.key, p.singular}) {
        if (key.empty())
            continue;
        for (const slot x : pointer_keys.find(pointer_hash(key))) {
            const pointer_list& theirs = characters[x].pointers;
            const bool same = std::any_of(theirs.begin(), theirs.end(), [&p](const match_pointer& q) {
                return q.kind <= pointer_kind::first &&
                       (q.key == p.key || (!p.singular.empty() && q.key == p.singular) ||
                        (!q.singular.empty() && q.singular == p.key));
            });
            if (same && std::find(sharing.begin(), sharing.end(), x) == sharing.end())
                sharing.push_back(x);
        }
    }
    slot first = number;
    for (const slot x : sharing) {
        if (characters[x].record.id < characters[first].record.id)
            first = x;
    }
    return {first, sharing.size()};
}

lean_list<alt_edge> matcher::state::edges_of(slot number) const {
    const character_state& c = characters[number];
    edge_list edges;
    const roster_lookup roster(*this, number);
    for (const match_pointer p : c.pointers) {
        if (p.kind == pointer_kind::relation)
            continue;
        const tie_strength strength = strength_of(p.kind, key_length(p.key));
        if (resolve(p, strength, roster, edges) || p.kind > pointer_kind::first)
            continue;
        const auto [first, sharing] = first_with_same_pointer(number, p);
        if (first == number || sharing > longest_shared)
            continue;
        // Two notes of one everyday word that the lexicon lacks are no person yet; three are, or a tag.
        const bool chance = p.kind >= pointer_kind::lone && sharing < 3;
        edges.add(first, chance ? std::min(strength.shared, shared_by_two) : strength.shared, p.kind);
    }
    if (!c.record.alt_group().empty()) {
        const auto least = [this](slot a, slot b) {
            return characters[a].record.id < characters[b].record.id ? a : b;
        };
        slot first = number;
        for (const slot x : addon_groups.find(hash_text(c.record.alt_group(), salt_addon))) {
            if (characters[x].record.alt_group() == c.record.alt_group())
                first = least(first, x);
        }
        if (first != number) {
            alt_edge& e = edges.at(first);
            e.per_mille = surest_tie;
            e.by_addon = true;
        }
    }
    edges.weigh(experience[static_cast<std::size_t>(route::alt_of)]);
    if (const auto it = rulings.find(c.record.id); it != rulings.end()) {
        for (const auto& [other, facts] : it->second.merged) {
            const slot found = find_slot(other);
            if (found == no_slot || !characters[found].present)
                continue;
            alt_edge& e = edges.at(found);
            e.per_mille = 1000;
            e.by_ruling = true;
        }
    }
    return edges.take();
}

double matcher::tie(character_id a, character_id b) const {
    const slot from = state_->find_slot(a);
    const slot to = state_->find_slot(b);
    if (from == no_slot || to == no_slot)
        return 0.0;
    std::uint16_t best = 0;
    for (const auto& [x, y] : {std::pair{from, to}, std::pair{to, from}}) {
        for (const alt_edge& e : state_->characters[x].edges) {
            if (e.to == y)
                best = std::max(best, e.said);
        }
    }
    return static_cast<double>(best) / 1000.0;
}

void matcher::state::resolve_edges(slot number) {
    character_state& c = characters[number];
    lean_list<alt_edge> now;
    if (c.present)
        now = edges_of(number);
    if (std::equal(now.begin(), now.end(), c.edges.begin(), c.edges.end()))
        return; // most of those that a change might concern
    for (const alt_edge& e : c.edges) {
        lean_list<slot>& from = characters[e.to].edges_from;
        from.erase(std::find(from.begin(), from.end(), number));
        mark(e.to, dirty_group);
    }
    c.edges = std::move(now);
    for (const alt_edge& e : c.edges) {
        characters[e.to].edges_from.push_back(number);
        mark(e.to, dirty_group);
    }
    mark(number, dirty_group);
}

std::uint32_t matcher::state::unused_group() {
    if (free_groups.empty()) {
        groups.emplace_back();
        return static_cast<std::uint32_t>(groups.size() - 1);
    }
    const std::uint32_t g = free_groups.back();
    free_groups.pop_back();
    return g;
}

// Groups are the connected parts by strong edges; only those that a marked character is or was in are made
// anew.
void matcher::state::regroup() {
    if (marked[2].empty())
        return;
    std::vector<slot> all;
    std::vector<std::uint8_t>& in = group_marks;
    in.resize(characters.size(), 0);
    const auto take = [&](slot s) {
        if (in[s] == 0) {
            in[s] = 1;
            all.push_back(s);
        }
    };
    for (const slot s : marked[2]) {
        dirty[s] &= static_cast<std::uint8_t>(~dirty_group);
        take(s);
    }
    marked[2].clear();
    std::vector<std::uint32_t> old;
    for (std::size_t i = 0; i < all.size(); ++i) { // NOLINT(modernize-loop-convert): it grows meanwhile
        const std::uint32_t g = characters[all[i]].group;
        if (g == no_slot || groups[g].empty())
            continue;
        for (const slot s : std::exchange(groups[g], {}))
            take(s);
        old.push_back(g);
    }
    const auto neighbours = [this](slot s, auto&& visit) {
        for (const alt_edge& e : characters[s].edges) {
            if (e.per_mille >= merge_from)
                visit(e.to);
        }
        for (const slot f : characters[s].edges_from) {
            for (const alt_edge& e : characters[f].edges) {
                if (e.to == s && e.per_mille >= merge_from)
                    visit(f);
            }
        }
    };
    // A new edge reaches characters that were in other groups: those groups come along, whole.
    for (std::size_t i = 0; i < all.size(); ++i) { // NOLINT(modernize-loop-convert): it grows meanwhile
        neighbours(all[i], [&](slot n) {
            take(n);
            const std::uint32_t g = characters[n].group;
            if (g == no_slot || groups[g].empty())
                return;
            for (const slot s : std::exchange(groups[g], {}))
                take(s);
            old.push_back(g);
        });
    }
    for (const std::uint32_t g : old)
        free_groups.push_back(g);
    for (const slot s : all) {
        characters[s].group = no_slot;
        in[s] = 2;
    }
    for (const slot start : all) {
        if (in[start] != 2)
            continue;
        std::vector<slot> part{start};
        in[start] = 3;
        for (std::size_t i = 0; i < part.size(); ++i) {
            neighbours(part[i], [&](slot n) {
                if (in[n] == 2) {
                    in[n] = 3;
                    part.push_back(n);
                }
            });
        }
        if (part.size() < 2)
            continue;
        const std::uint32_t g = unused_group();
        for (const slot s : part)
            characters[s].group = g;
        groups[g] = std::move(part);
    }
    for (const slot s : all)
        in[s] = 0;
    mark_regrouped(all);
}

// Who is in a group is no rival of it: those who compete with a regrouped character are decided again.
void matcher::state::mark_regrouped(std::span<const slot> all) {
    for (const slot s : all)
        mark(s, dirty_base);
    for (const slot s : all) {
        if (marked[3].size() == characters.size())
            return; // everybody is decided anyway
        for (const pair_score& p : characters[s].candidates)
            mark_rivals({p.member, contested_piece(p)});
    }
}

} // namespace patt::identity
