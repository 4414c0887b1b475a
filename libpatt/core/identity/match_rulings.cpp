// What humans decided: kept per character, valid as long as the facts they were about.
#include "core/identity/match_state.hpp"

#include <algorithm>
#include <cmath>

namespace patt::identity {

namespace {

class fingerprint {
public:
    void add(std::string_view s) {
        for (const char c : s)
            hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
        hash_ = (hash_ ^ 0x1FFU) * 0x100000001B3ULL; // a separator that is no byte
    }
    // Never zero, which means "not filled in", nor what holds for any facts.
    [[nodiscard]] std::uint64_t value() const noexcept {
        return hash_ == 0 || hash_ == lasting_facts ? 1 : hash_;
    }

private:
    std::uint64_t hash_ = 0xCBF29CE484222325ULL;
};

// Whether a note gives the whole of one of these names.
bool is_whole(const match_pointer& p, const surface_set& names) {
    for (const surface s : names) {
        if (s.bare() == p.key || (!p.singular.empty() && s.bare() == p.singular))
            return true;
    }
    return false;
}

} // namespace

// An acceptance is about the character alone, as a member is the same under any name; so is what was said of
// two characters.
std::uint64_t matcher::state::facts_of(const match_ruling& r) const {
    fingerprint f;
    if (r.kind == ruling_kind::merged || r.kind == ruling_kind::split) {
        for (const character_id id : {std::min(r.character, r.other), std::max(r.character, r.other)}) {
            const slot s = find_slot(id);
            f.add(s == no_slot ? std::string_view() : characters[s].record.name());
        }
        return f.value();
    }
    if (const slot s = find_slot(r.character); s != no_slot) {
        const kept_character& c = characters[s].record;
        f.add(c.name());
        if (r.kind == ruling_kind::not_in_chat) {
            f.add(c.guild_note());
            f.add(c.officer_note());
        }
    }
    if (const slot s = find_slot(r.member); s != no_slot && r.kind == ruling_kind::rejected) {
        const kept_member& m = members[s].record;
        f.add(m.username());
        f.add(m.global_name());
        f.add(m.nickname());
    }
    return f.value();
}

// Marks whom a new or withdrawn ruling touches.
void matcher::state::ruling_changed(const match_ruling& r) {
    for (const character_id id : {r.character, r.other}) {
        const slot s = find_slot(id);
        if (s == no_slot)
            continue;
        mark(s, dirty_score); // whose owner is away says how many are
        mark(s, dirty_edges);
        mark(s, dirty_group); // decides the character and its rivals again, whether or not its edges change
    }
}

bool matcher::state::is_outdated(const match_ruling& r) const {
    return r.facts != lasting_facts && r.facts != facts_of(r);
}

// As evidence it would link if the owner did not fit too: what an officer saw last is not what stands there
// now, or was overlooked.
bool matcher::state::is_tagged_otherwise(slot number, slot owner) const {
    const character_state& c = characters[number];
    const auto is_tagged = [&](slot member) {
        return std::any_of(c.pointers.begin(), c.pointers.end(), [&](const match_pointer& p) {
            return p.kind == pointer_kind::handle && is_whole(p, members[member].names);
        });
    };
    const auto odds = [this](const pair_score& p) {
        return std::exp2(static_cast<double>(p.total + prior - pool) / one_bit);
    };
    return std::any_of(c.candidates.begin(), c.candidates.end(), [&](const pair_score& p) {
        if (p.member == owner || p.related || p.look || is_rejected(c, p.member) || !is_tagged(p.member))
            return false;
        double all = 0.0;
        for (std::size_t i = c.candidates.size(); i-- > 0;) { // the smallest first
            const pair_score& o = c.candidates[i];
            if (o.member != owner && !is_rejected(c, o.member))
                all += odds(o);
        }
        return confidence_of(owner_probability(odds(p), all, 1.0)) >= settings.link_from;
    });
}

void matcher::state::accept(kept_decision& d, slot character, slot owner) const {
    const character_id id = characters[character].record.id;
    const base_decision& base = characters[character].base;
    d.why_not = doubt::none;
    if ((base.automatic && base.best != owner) || is_tagged_otherwise(character, owner)) {
        d.why_not = doubt::contradicts_ruling;
    } else if (is_acceptance_outdated(character, owner)) {
        d.why_not = doubt::ruling_outdated;
    }
    d.what = advice::link;
    d.member = owner;
    d.probability = 1.0;
    d.level = confidence::confirmed;
    d.by = rulings.at(id).accepted_by;
    d.via = no_slot;
}

bool matcher::state::is_acceptance_outdated(slot character, slot owner) const {
    const character_id id = characters[character].record.id;
    return characters[character].base.best != owner &&
           is_outdated({ruling_kind::accepted, id, {}, {}, rulings.at(id).accepted_facts});
}

// Whom a note means that gives the whole name of somebody else is for the evidence to say: a wrong one must
// not take from the other what is theirs.
void matcher::state::forget_names_of_others(std::vector<match_pointer>& told,
                                            std::span<const member_id> but_for) const {
    surface_workshop names;
    for (slot s = 0; s < members.size() && !told.empty(); ++s) {
        const kept_member& m = members[s].record;
        if (m.state != attendance::present ||
            std::find(but_for.begin(), but_for.end(), m.id) != but_for.end())
            continue;
        names.add(m.username(), surface_origin::username);
        names.add(m.global_name(), surface_origin::global_name);
        names.add(m.nickname(), surface_origin::nickname);
        const surface_set own = names.take();
        std::erase_if(told, [&own](const match_pointer& p) { return is_whole(p, own); });
    }
    for (slot s = 0; s < characters.size() && !told.empty(); ++s) {
        if (!characters[s].present)
            continue;
        names.add(characters[s].record.name(), surface_origin::name);
        const surface_set own = names.take();
        std::erase_if(told, [&own](const match_pointer& p) {
            return p.kind != pointer_kind::handle && is_whole(p, own); // a tag is of an account
        });
    }
}

// What the notes call the owner now.
std::vector<std::string> matcher::state::taught_by(const match_ruling& r) const {
    std::vector<std::string> out;
    const bool teaches =
        r.kind == ruling_kind::merged || (r.kind == ruling_kind::accepted && r.by != route::self_reported);
    if (!teaches) // whoever names another's alt as own must not be called as that one is
        return out;
    std::vector<match_pointer> told;
    std::vector<member_id> owners{r.member};
    for (const character_id id : {r.character, r.other}) {
        if (const auto ruled = rulings.find(id); ruled != rulings.end() && r.kind == ruling_kind::merged)
            owners.push_back(ruled->second.accepted);
        const slot s = find_slot(id);
        if (s == no_slot || !characters[s].present)
            continue;
        for (const match_pointer p : characters[s].pointers) {
            if (names_owner(p.kind) && p.key.size() >= 3)
                told.push_back(p);
        }
    }
    forget_names_of_others(told, owners);
    for (const match_pointer& p : told)
        out.emplace_back(p.text);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

// What was taught of a member's accepted characters, and by merges of others with them.
void matcher::state::relearn(member_id id) {
    const slot found = find_slot(id);
    if (found == no_slot)
        return;
    std::vector<std::string> learned;
    if (const auto it = accepted_by_member.find(id); it != accepted_by_member.end()) {
        for (const character_id c : it->second) {
            const character_rulings& ruled = rulings.at(c);
            if (ruled.accepted_by == route::self_reported)
                continue;
            learned.insert(learned.end(), ruled.accepted_taught.begin(), ruled.accepted_taught.end());
            for (const auto& [other, taught] : ruled.merged_taught) {
                if (!rulings.at(other).accepted)
                    learned.insert(learned.end(), taught.begin(), taught.end());
            }
        }
    }
    std::sort(learned.begin(), learned.end());
    learned.erase(std::unique(learned.begin(), learned.end()), learned.end());
    member_state& m = members[found];
    if (std::equal(learned.begin(), learned.end(), m.learned().begin(), m.learned().end()))
        return;
    unindex_member(found);
    m.more().learned = std::move(learned);
    index_member(found);
}

void matcher::state::relearn_from(character_id id) {
    const auto it = rulings.find(id);
    if (it == rulings.end())
        return;
    if (it->second.accepted)
        relearn(it->second.accepted);
    for (const auto& [other, facts] : it->second.merged) {
        if (const member_id owner = rulings.at(other).accepted)
            relearn(owner);
    }
}

namespace {

bool is_of_member(ruling_kind kind) noexcept {
    return kind == ruling_kind::accepted || kind == ruling_kind::rejected;
}

bool is_of_two(ruling_kind kind) noexcept {
    return kind == ruling_kind::merged || kind == ruling_kind::split;
}

} // namespace

match_ruling matcher::as_of_now(match_ruling r) const {
    if (!r.character)
        return r;
    if (!is_of_member(r.kind))
        r.member = {};
    if (!is_of_two(r.kind))
        r.other = {};
    if (r.kind != ruling_kind::accepted)
        r.by = route::manual;
    if (is_of_member(r.kind) && !r.member)
        return r;
    if (r.facts == 0)
        r.facts = state_->facts_of(r);
    if (r.kind != ruling_kind::accepted && r.kind != ruling_kind::merged)
        r.taught.reset();
    else if (!r.taught)
        r.taught = state_->taught_by(r);
    return r;
}

match_ruling matcher::rule(match_ruling r) {
    r = as_of_now(std::move(r));
    if (!r.character || (is_of_member(r.kind) && !r.member))
        return r;
    const auto drop_acceptance = [this](character_rulings& c, character_id id) {
        if (!c.accepted)
            return;
        const member_id before = c.accepted;
        std::erase(state_->accepted_by_member[before], id);
        c.accepted = {};
        state_->relearn(before);
    };
    character_rulings& c = state_->rulings[r.character];
    switch (r.kind) {
    case ruling_kind::accepted:
        drop_acceptance(c, r.character);
        c.not_in_chat = false;
        c.rejected.erase(r.member);
        c.accepted = r.member;
        c.accepted_facts = r.facts;
        c.accepted_by = r.by;
        c.accepted_taught = *r.taught;
        state_->accepted_by_member[r.member].push_back(r.character);
        break;
    case ruling_kind::rejected:
        if (c.accepted == r.member)
            drop_acceptance(c, r.character);
        c.rejected[r.member] = r.facts;
        break;
    case ruling_kind::not_in_chat:
        drop_acceptance(c, r.character);
        c.not_in_chat = true;
        c.not_in_chat_facts = r.facts;
        break;
    case ruling_kind::merged:
    case ruling_kind::split: {
        if (!r.other || r.other == r.character)
            break;
        // Kept on both sides, so that either finds it.
        for (const auto& [a, b] : {std::pair{r.character, r.other}, std::pair{r.other, r.character}}) {
            character_rulings& side = state_->rulings[a];
            (r.kind == ruling_kind::merged ? side.split : side.merged).erase(b);
            (r.kind == ruling_kind::merged ? side.merged : side.split)[b] = r.facts;
            side.merged_taught.erase(b);
            if (r.kind == ruling_kind::merged)
                side.merged_taught[b] = *r.taught;
        }
        break;
    }
    }
    state_->relearn_from(r.character);
    state_->relearn_from(r.other);
    state_->ruling_changed(r);
    return r;
}

void matcher::withdraw(const match_ruling& r) {
    const auto it = state_->rulings.find(r.character);
    if (it == state_->rulings.end())
        return;
    character_rulings& c = it->second;
    switch (r.kind) {
    case ruling_kind::accepted:
        if (c.accepted != r.member)
            return;
        std::erase(state_->accepted_by_member[r.member], r.character);
        c.accepted = {};
        state_->relearn(r.member);
        break;
    case ruling_kind::rejected:
        c.rejected.erase(r.member);
        break;
    case ruling_kind::not_in_chat:
        c.not_in_chat = false;
        break;
    case ruling_kind::merged:
    case ruling_kind::split:
        for (const auto& [a, b] : {std::pair{r.character, r.other}, std::pair{r.other, r.character}}) {
            character_rulings& side = state_->rulings[a];
            (r.kind == ruling_kind::merged ? side.merged : side.split).erase(b);
            if (r.kind == ruling_kind::merged)
                side.merged_taught.erase(b);
        }
        break;
    }
    state_->relearn_from(r.character);
    state_->relearn_from(r.other);
    state_->ruling_changed(r);
}

std::vector<match_ruling> matcher::rulings() const {
    std::vector<match_ruling> out;
    for (const auto& [id, c] : state_->rulings) {
        if (c.accepted)
            out.push_back({ruling_kind::accepted,
                           id,
                           c.accepted,
                           {},
                           c.accepted_facts,
                           c.accepted_by,
                           c.accepted_taught});
        if (c.not_in_chat)
            out.push_back({ruling_kind::not_in_chat, id, {}, {}, c.not_in_chat_facts});
        for (const auto& [m, facts] : c.rejected)
            out.push_back({ruling_kind::rejected, id, m, {}, facts});
        for (const auto& [o, facts] : c.merged) {
            if (id < o)
                out.push_back({ruling_kind::merged, id, {}, o, facts, route::manual, c.merged_taught.at(o)});
        }
        for (const auto& [o, facts] : c.split) {
            if (id < o)
                out.push_back({ruling_kind::split, id, {}, o, facts});
        }
    }
    return out;
}

} // namespace patt::identity
