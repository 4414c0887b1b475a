// The candidates of a character: found, ranked, and brought up to date.
#include "core/identity/match_state.hpp"

#include <algorithm>
#include <utility>

namespace patt::identity {

void matcher::state::add_fit(slot number, const pair_score& p) {
    members[p.member].fits.push_back({number, p.total, contested_piece(p)});
}

void matcher::state::drop_fit(slot number, slot member) {
    lean_list<member_fit>& fits = members[member].fits;
    auto* const it = std::find_if(fits.begin(), fits.end(),
                                  [number](const member_fit& f) { return f.character == number; });
    *it = fits.back();
    fits.pop_back();
}

// All members that share a key with the character which few enough of them have, each once.
void matcher::state::find_members(const character_state& c) {
    found_scratch.clear();
    collect_character_keys(c, key_scratch);
    static_assert(small_pool::most_members <= 24, "no list of so few members is too long to help");
    if (few_members.is_kept()) {
        few_members.find(key_scratch, found_scratch);
        return;
    }
    if (seen.size() < members.size())
        seen.resize(members.size(), 0);
    if (++round == 0) {
        std::fill(seen.begin(), seen.end(), 0U);
        round = 1;
    }
    for (const block_key& k : key_scratch)
        member_keys.prefetch(k.hash);
    place_scratch.clear();
    for (const block_key& k : key_scratch) {
        if (const posting_index::place p = member_keys.locate(k.hash))
            place_scratch.emplace_back(p, posting_limit(k.kind));
    }
    for (const auto& [place, limit] : place_scratch) {
        const std::span<const std::uint32_t> list = member_keys.at(place);
        if (list.size() > limit)
            continue;
        for (const slot m : list) {
            if (std::exchange(seen[m], round) == round)
                continue;
            found_scratch.push_back(m);
            __builtin_prefetch(&members[m]);
        }
    }
}

void matcher::state::score(slot number, std::vector<contest>& touched) {
    character_state& c = characters[number];
    score_scratch.clear();
    if (c.present) {
        find_members(c);
        for (const slot m : found_scratch)
            members[m].names.prefetch();
        for (const slot m : found_scratch) {
            const pair_score p = score_pair(c, m, nullptr);
            if (p.total <= 0 && !p.related)
                continue;
            score_scratch.push_back(p);
            __builtin_prefetch(members[m].fits.begin()); // of most it is a new candidate
        }
        std::sort(score_scratch.begin(), score_scratch.end(),
                  [this](const pair_score& a, const pair_score& b) { return ranks_before(a, b); });
    }
    // Most pairs stay as they were if only a list grew too long; those touch nobody.
    const auto holds = [](const auto& list, const pair_score& p) {
        return std::any_of(list.begin(), list.end(), [&p](const pair_score& x) {
            return x.member == p.member && x.total == p.total && contested_piece(x) == contested_piece(p);
        });
    };
    old_scratch.assign(c.candidates.begin(), c.candidates.end());
    if (c.present) {
        c.candidates.assign(score_scratch.data(), score_scratch.data() + score_scratch.size());
    } else {
        c.candidates.clear();
    }
    for (const pair_score& p : old_scratch) {
        if (holds(c.candidates, p))
            continue;
        drop_fit(number, p.member);
        touched.push_back({p.member, contested_piece(p)});
    }
    for (const pair_score& p : c.candidates) {
        if (holds(old_scratch, p))
            continue;
        add_fit(number, p);
        touched.push_back({p.member, contested_piece(p)});
    }
}

bool matcher::state::ranks_before(const pair_score& a, const pair_score& b) const {
    if (a.total != b.total)
        return a.total > b.total;
    return members[a.member].record.id < members[b.member].record.id;
}

// Brings one pair up to date; whether the character's candidates changed. Pairs that share a key were noted
// when the member came; if its list has grown too long since, the character is scored as a whole.
bool matcher::state::update_pair(const pending_pair& pair, std::vector<contest>& touched) {
    character_state& c = characters[pair.character];
    const member_state& m = members[pair.member];
    const auto* const old = std::find_if(c.candidates.begin(), c.candidates.end(),
                                         [&pair](const pair_score& p) { return p.member == pair.member; });
    const bool had = old != c.candidates.end();
    pair_score now;
    bool has = false;
    if (m.present && pair.met == m.indexed) {
        now = score_pair(c, pair.member, nullptr);
        has = now.total > 0 || now.related;
    }
    if (had) {
        touched.push_back({pair.member, contested_piece(*old)});
        c.candidates.erase(old);
        drop_fit(pair.character, pair.member);
    }
    if (has) {
        const auto* const where =
            std::lower_bound(c.candidates.begin(), c.candidates.end(), now,
                             [this](const pair_score& a, const pair_score& b) { return ranks_before(a, b); });
        c.candidates.insert(where, now);
        touched.push_back({pair.member, contested_piece(now)});
        add_fit(pair.character, now);
    }
    return had || has;
}

void matcher::state::update_pairs(std::vector<slot>& changed, std::vector<contest>& touched) {
    std::sort(pending_pairs.begin(), pending_pairs.end());
    for (auto p = pending_pairs.begin(); p != pending_pairs.end(); ++p) {
        // Of one pair only the last counts: the member's latest names.
        const auto next = p + 1;
        if (next != pending_pairs.end() && next->character == p->character && next->member == p->member)
            continue;
        if (!characters[p->character].present || (dirty[p->character] & dirty_score) != 0)
            continue;
        if (update_pair(*p, touched))
            changed.push_back(p->character);
    }
    pending_pairs.clear();
}

// Decides again whose share of a member's name changes: those for whom it is the best, and groups, which
// weigh all that their characters have.
void matcher::state::mark_rivals(const contest& over) {
    if (over.piece == no_rival)
        return;
    for (const member_fit& f : members[over.member].fits) {
        if (f.piece != over.piece && f.piece != no_rival) // imitations have rivals, and are none
            continue;
        const character_state& c = characters[f.character];
        if (c.base.best == over.member || c.group != no_slot)
            mark(f.character, dirty_base);
    }
}

} // namespace patt::identity
