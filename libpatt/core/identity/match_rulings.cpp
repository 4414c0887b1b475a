// What humans decided: kept per character, valid as long as the facts they were about.
#include "core/identity/match_state.hpp"

#include <algorithm>

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

// What the notes of a character call its owner.
void matcher::state::add_owner_names(character_id of, std::vector<std::string>& to) const {
    const slot s = find_slot(of);
    if (s == no_slot || !characters[s].present)
        return;
    for (const match_pointer p : characters[s].pointers) {
        if (names_owner(p.kind) && p.key.size() >= 3)
            to.emplace_back(p.text);
    }
}

// What the notes of a member's accepted characters, and of those that an officer merged with them, call their
// owner are names of the member.
void matcher::state::relearn(member_id id) {
    const slot found = find_slot(id);
    if (found == no_slot)
        return;
    std::vector<std::string> learned;
    if (const auto it = accepted_by_member.find(id); it != accepted_by_member.end()) {
        for (const character_id c : it->second) {
            if (rulings.at(c).accepted_by == route::self_reported)
                continue; // whoever names another's alt as own must not be called as that one is
            add_owner_names(c, learned);
            for (const auto& [other, facts] : rulings.at(c).merged) {
                if (!rulings.at(other).accepted)
                    add_owner_names(other, learned);
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

match_ruling matcher::rule(match_ruling r) {
    if (!r.character)
        return r;
    if (r.kind != ruling_kind::rejected && r.kind != ruling_kind::accepted)
        r.member = {};
    if (r.kind != ruling_kind::merged && r.kind != ruling_kind::split)
        r.other = {};
    if (r.kind != ruling_kind::accepted)
        r.by = route::manual;
    if (r.kind == ruling_kind::accepted || r.kind == ruling_kind::rejected) {
        if (!r.member)
            return r;
    }
    if (r.facts == 0)
        r.facts = state_->facts_of(r);
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
            out.push_back({ruling_kind::accepted, id, c.accepted, {}, c.accepted_facts, c.accepted_by});
        if (c.not_in_chat)
            out.push_back({ruling_kind::not_in_chat, id, {}, {}, c.not_in_chat_facts});
        for (const auto& [m, facts] : c.rejected)
            out.push_back({ruling_kind::rejected, id, m, {}, facts});
        for (const auto& [o, facts] : c.merged) {
            if (id < o)
                out.push_back({ruling_kind::merged, id, {}, o, facts});
        }
        for (const auto& [o, facts] : c.split) {
            if (id < o)
                out.push_back({ruling_kind::split, id, {}, o, facts});
        }
    }
    return out;
}

} // namespace patt::identity
