#include "core/identity/match_state.hpp"

#include <patt/identity/matcher.hpp>

#include <algorithm>
#include <cmath>

namespace patt::identity {

matcher::matcher(matcher_settings settings)
    : state_(std::make_unique<state>(settings)) {}
matcher::~matcher() = default;
matcher::matcher(matcher&&) noexcept = default;
matcher& matcher::operator=(matcher&&) noexcept = default;

void matcher::put(const match_character& record) {
    if (!record.id)
        return;
    const slot s = state_->slot_of(record.id);
    character_state& c = state_->characters[s];
    kept_character now(record);
    if (c.record == now)
        return;
    state_->unindex(s);
    c.record = std::move(now);
    c.present = c.record.state == attendance::present;
    state_->index(s);
    if (state_->rulings.contains(c.record.id))
        state_->mark(s, dirty_group); // those about it may have lost their ground
}

void matcher::put(const match_member& record) {
    if (!record.id)
        return;
    const slot s = state_->slot_of(record.id);
    member_state& m = state_->members[s];
    kept_member now(record);
    if (m.record == now)
        return;
    state_->unindex_member(s);
    m.record = std::move(now);
    m.present = m.record.state == attendance::present && m.record.counts == candidacy::candidate;
    state_->index_member(s);
    state_->relearn(m.record.id);
    // Accepted owners come and go with the member, and vetoes end with its name.
    if (const auto it = state_->accepted_by_member.find(m.record.id);
        it != state_->accepted_by_member.end()) {
        for (const character_id id : it->second)
            state_->ruling_changed({ruling_kind::accepted, id, {}, {}, 0});
    }
}

void matcher::remove(character_id id) {
    const slot s = state_->find_slot(id);
    if (s == no_slot)
        return;
    match_character gone = state_->characters[s].record.unpacked();
    gone.state = attendance::gone;
    put(gone);
}

void matcher::remove(member_id id) {
    const slot s = state_->find_slot(id);
    if (s == no_slot)
        return;
    match_member gone = state_->members[s].record.unpacked();
    gone.state = attendance::gone;
    put(gone);
}

std::vector<match_decision> matcher::settle() {
    state& s = *state_;
    const auto take = [&s](dirty_mark what) {
        std::vector<slot> list;
        list.swap(s.marked[std::countr_zero(static_cast<unsigned>(what))]);
        for (const slot x : list) {
            s.dirty[x] = static_cast<std::uint8_t>(s.dirty[x] & ~unsigned{what});
        }
        return list;
    };
    std::vector<contest> touched;
    std::vector<slot> paired;
    s.catch_up();
    s.update_pairs(paired, touched);
    std::vector<slot> scored = take(dirty_score);
    const bool everybody = scored.size() == s.characters.size(); // then nobody has to be found by rivalry
    for (const slot x : scored) {
        s.score(x, touched);
        s.mark(x, dirty_base);
        if (everybody)
            touched.clear();
    }
    for (const slot x : paired)
        s.mark(x, dirty_base);
    scored.insert(scored.end(), paired.begin(), paired.end());
    s.learn_prior(scored);
    if (!s.all_marked(dirty_base)) {
        std::sort(touched.begin(), touched.end());
        touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
        for (const contest& over : touched) {
            if (s.all_marked(dirty_base))
                break;
            s.mark_rivals(over);
        }
    }
    for (const slot x : take(dirty_edges))
        s.resolve_edges(x);
    s.regroup();
    std::vector<slot> changed;
    const std::vector<slot> deciding = take(dirty_base);
    for (std::size_t i = 0; i < deciding.size(); ++i) {
        s.prefetch_decision(deciding, i);
        const slot x = deciding[i];
        s.characters[x].base = s.decide(x);
        const std::uint32_t g = s.characters[x].group;
        if (g == no_slot) {
            s.mark(x, dirty_final);
            s.finish(x, changed); // nobody else's evidence counts
        } else {
            for (const slot y : s.groups[g])
                s.mark(y, dirty_final);
        }
    }
    for (const slot x : s.marked[std::countr_zero(static_cast<unsigned>(dirty_final))])
        s.finish(x, changed);
    take(dirty_final);
    s.sort_by_id(changed);
    return s.decisions_of(changed);
}

match_decision matcher::state::decision_of(slot number) const {
    const kept_decision& k = characters[number].decided;
    match_decision d;
    if (k.group == no_slot)
        return d;
    const auto character = [this](slot s) { return s == no_slot ? character_id{} : characters[s].record.id; };
    d.character = characters[number].record.id;
    d.what = k.what;
    d.member = k.member == no_slot ? member_id{} : members[k.member].record.id;
    d.probability = k.probability;
    d.level = k.level;
    d.by = k.by;
    d.why_not = k.why_not;
    d.via = character(k.via);
    d.group = character(k.group);
    const auto* const end = std::find_if(k.candidates.begin(), k.candidates.end(),
                                         [](const auto& x) { return x.member == no_slot; });
    d.candidates.reserve(static_cast<std::size_t>(end - k.candidates.begin()));
    for (const auto* x = k.candidates.begin(); x != end; ++x) {
        const bits less = x->weight - k.candidates.front().weight;
        const double part = less == 0 ? 1.0 : std::exp2(static_cast<double>(less) / one_bit);
        d.candidates.push_back({members[x->member].record.id, x->weight, k.raw * part});
    }
    return d;
}

std::vector<match_decision> matcher::state::decisions_of(std::span<const slot> some) const {
    std::vector<match_decision> out;
    out.reserve(some.size());
    for (std::size_t i = 0; i < some.size(); ++i) {
        if (i + 8 < some.size()) {
            for (const auto& candidate : characters[some[i + 8]].decided.candidates) {
                if (candidate.member != no_slot)
                    __builtin_prefetch(&members[candidate.member].record);
            }
        }
        out.push_back(decision_of(some[i]));
        out.back().character = characters[some[i]].record.id; // also of one that is gone
    }
    return out;
}

// In large pools what the next ones need is not in the cache: their candidates first, the best one's rivals
// later.
void matcher::state::prefetch_decision(std::span<const slot> list, std::size_t at) const {
    if (at + 16 < list.size())
        __builtin_prefetch(characters[list[at + 16]].candidates.begin());
    if (at + 8 < list.size()) {
        if (const auto& next = characters[list[at + 8]].candidates; !next.empty())
            __builtin_prefetch(&members[next.front().member]);
    }
    if (at + 4 < list.size()) {
        if (const auto& next = characters[list[at + 4]].candidates; !next.empty())
            __builtin_prefetch(members[next.front().member].fits.begin());
    }
}

void matcher::state::sort_by_id(std::vector<slot>& some) const {
    const auto before = [this](slot a, slot b) { return characters[a].record.id < characters[b].record.id; };
    if (!std::is_sorted(some.begin(), some.end(), before)) // mostly they came in this order
        std::sort(some.begin(), some.end(), before);
}

match_decision matcher::decision(character_id id) const {
    const slot s = state_->find_slot(id);
    return s == no_slot ? match_decision{} : state_->decision_of(s);
}

std::vector<match_decision> matcher::decisions() const {
    std::vector<slot> present;
    present.reserve(state_->present_characters);
    for (slot s = 0; s < state_->characters.size(); ++s) {
        if (state_->characters[s].present)
            present.push_back(s);
    }
    state_->sort_by_id(present);
    return state_->decisions_of(present);
}

std::vector<match_decision> matcher::review_queue() const {
    struct item {
        match_decision decision;
        double gain = 0.0;
    };
    std::vector<item> items;
    for (slot x = 0; x < state_->characters.size(); ++x) {
        const character_state& c = state_->characters[x];
        if (!c.present)
            continue;
        match_decision d = state_->decision_of(x);
        const bool asks = d.why_not == doubt::owners_conflict || d.why_not == doubt::contradicts_ruling ||
                          d.why_not == doubt::ruling_outdated || d.what == advice::suggest;
        if (d.what == advice::nothing && d.why_not != doubt::not_in_chat && c.group == no_slot) {
            d.alt_suggestion = state_->suggest_alt(x);
        }
        if (!asks && !d.alt_suggestion)
            continue;
        if (!d.alt_suggestion && d.what != advice::link)
            d.alt_suggestion = state_->suggest_alt(x);
        const double p = d.what == advice::link ? 0.5 : d.probability;
        const double size = c.group == no_slot ? 1.0 : static_cast<double>(state_->groups[c.group].size());
        items.push_back({std::move(d), size * p * (1.0 - p) + 1e-9 * p});
    }
    std::sort(items.begin(), items.end(), [](const item& a, const item& b) {
        return a.gain != b.gain ? a.gain > b.gain : a.decision.character < b.decision.character;
    });
    std::vector<match_decision> out;
    out.reserve(items.size());
    for (item& i : items)
        out.push_back(std::move(i.decision));
    return out;
}

std::vector<member_id> matcher::members_without_character() const {
    std::vector<member_id> owners;
    for (const character_state& c : state_->characters) {
        if (c.present && c.decided.what == advice::link)
            owners.push_back(state_->members[c.decided.member].record.id);
    }
    std::sort(owners.begin(), owners.end());
    std::vector<member_id> out;
    for (const member_state& m : state_->members) {
        if (m.present && !std::binary_search(owners.begin(), owners.end(), m.record.id))
            out.push_back(m.record.id);
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::size_t matcher::character_count() const noexcept {
    return state_->present_characters;
}
std::size_t matcher::member_count() const noexcept {
    return state_->present_members;
}

} // namespace patt::identity
