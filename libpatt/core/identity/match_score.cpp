// The evidence of one pair.
#include "core/identity/match_state.hpp"

#include <patt/text/name_key.hpp>
#include <patt/text/realm.hpp>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string>

namespace patt::identity {

namespace {

constexpr bits milli(std::int32_t thousandths) noexcept {
    return thousandths * one_bit / 1000;
}

// Names of one member are near copies of each other: a second one that fits adds a quarter of its weight.
constexpr bits damped(bits second) noexcept {
    return std::max(second, 0) / 4;
}

constexpr bits former_name_cost = 2 * one_bit;
constexpr bits learned_cost = milli(500);
constexpr bits username_bonus = 2 * one_bit; // usernames are unique in the chat
constexpr bits claim_exact = 16 * one_bit;
constexpr bits claim_folded = 11 * one_bit;
constexpr bits claim_realm = 3 * one_bit;
constexpr bits class_agrees = milli(1500);
constexpr bits class_differs = -one_bit;
constexpr bits realm_named = 2 * one_bit;
constexpr bits realm_behind_name = 8 * one_bit; // "Name-Realm": of homonyms it is this one
constexpr bits joined_together = milli(1500);
constexpr bits relation_weight = -10 * one_bit;
constexpr std::int64_t together_us = 48LL * 3600 * 1000000;

// What it costs that a note only points in this way, and not as a tagged account does.
bits pointer_cost(pointer_kind kind) noexcept {
    switch (kind) {
    case pointer_kind::handle:
        return milli(300);
    case pointer_kind::battletag:
        return milli(1500);
    case pointer_kind::alt_of:
    case pointer_kind::main_of:
        return milli(1000);
    case pointer_kind::possessive:
        return milli(1200);
    case pointer_kind::lone:
        return milli(2000);
    case pointer_kind::first:
        return milli(3500);
    case pointer_kind::mention:
        return milli(8000);
    case pointer_kind::relation:
        return 0;
    }
    return 0;
}

// A tag and a claim are given on purpose, so that no length is too short.
constexpr std::size_t told = SIZE_MAX;
constexpr bool is_tag(pointer_kind kind) noexcept {
    return kind == pointer_kind::handle || kind == pointer_kind::battletag;
}

struct pointer_match {
    bits weight = 0;
    agreement how = agreement::none;
    std::uint32_t piece = 0;
};

pointer_match match_pointer_key(std::string_view key, const name_rarity& rarity, const surface& s) {
    if (key == s.bare()) {
        const agreement how = s.exact() == key ? agreement::exact : agreement::folded;
        return {rarity.whole, how, hash_text(s.bare(), 21)};
    }
    for (std::size_t i = 0; i < s.word_count(); ++i) {
        if (s.word(i) == key)
            return {rarity.whole - milli(1500), agreement::token, hash_text(key, 21)};
    }
    if (key == s.kernel())
        return {rarity.whole - milli(2000), agreement::core, hash_text(s.bare(), 21)};
    if (key.size() >= 4 && s.bare().substr(0, key.size()) == key) {
        return {rarity.edge - milli(4000), agreement::edge, hash_text(s.bare(), 21)};
    }
    return {};
}

pointer_match match_pointer_to(const match_pointer& p, const surface& s) {
    pointer_match m = match_pointer_key(p.key, p.rarity, s);
    if (m.how == agreement::none && !p.singular.empty()) {
        m = match_pointer_key(p.singular, rarity_of(p.singular), s);
        m.weight -= milli(500);
    }
    if (m.how == agreement::none)
        return {};
    m.weight -= pointer_cost(p.kind);
    const bool whole = m.how == agreement::exact || m.how == agreement::folded;
    if (p.kind == pointer_kind::handle && whole && s.origin() == surface_origin::username)
        m.weight += username_bonus;
    return m;
}

// Collects the sum, and the lines of the explanation if somebody wants them.
class tally {
public:
    tally(pair_score& score, std::vector<evidence_item>* items)
        : score_(score)
        , items_(items) {}

    void add(channel from, agreement how, std::string_view left, std::string_view right, bits weight,
             std::uint32_t frequency = 0) {
        if (weight == 0)
            return;
        score_.total += weight;
        if (items_ != nullptr) {
            items_->push_back({from, how, std::string(left), std::string(right), weight, frequency});
        }
    }

    [[nodiscard]] bool explains() const noexcept { return items_ != nullptr; }

    // Notes which channel speaks loudest: it names the route of a link. `letters`: of the text that agrees.
    void speaks(route by, const comparison& got, std::size_t letters) {
        if (got.weight <= 0)
            return;
        ++score_.channels;
        score_.longer = score_.longer || letters > short_name;
        score_.solid = score_.solid || !(is_fuzzy(got.how) || got.slight);
        if (got.weight > loudest_) {
            loudest_ = got.weight;
            score_.by = by;
            score_.how = got.how;
        }
    }

private:
    pair_score& score_;
    std::vector<evidence_item>* items_;
    bits loudest_ = 0;
};

struct name_match {
    comparison best;
    surface left;
    surface right;
};

route route_of(const name_match& m) noexcept {
    const surface_origin o = m.right.origin();
    if (o == surface_origin::alias || o == surface_origin::learned)
        return route::alias;
    const agreement a = m.best.how;
    if (a == agreement::identical || a == agreement::exact || a == agreement::folded)
        return route::exact_name;
    return is_much_alike(m.best.how, m.left, m.right) ? route::fuzzy_name : route::similar_name;
}

// How two spellings agree. Nothing where they would as earlier ones did, unless the names are equal but for
// their spelling.
comparison agree(const surface& left, const surface& right) {
    if ((left.is_repetition() || right.is_repetition()) && left.bare() != right.bare())
        return {};
    comparison got = compare(left, right);
    if (got.how != agreement::none && left.origin() == surface_origin::former_name)
        got.weight -= former_name_cost;
    if (got.how != agreement::none && right.origin() == surface_origin::learned)
        got.weight -= learned_cost;
    return got;
}

// The best agreement with another name of the member; an imitation is none.
name_match second_name(const character_state& c, const member_state& m, const surface& first) {
    name_match second;
    for (const surface left : c.names) {
        for (const surface right : m.names) {
            const comparison got = agree(left, right);
            if (right.bare() != first.bare() && got.weight > second.best.weight && got.how != agreement::look)
                second = {got, left, right};
        }
    }
    return second;
}

// Whether a note gives the member's account whole: that speaks for itself, also beside an imitation.
bool is_tagged_account(const character_state& c, const member_state& m) {
    for (const match_pointer p : c.pointers) {
        if (!is_tag(p.kind))
            continue;
        for (const surface s : m.names) {
            if (s.bare() == p.key)
                return true;
        }
    }
    return false;
}

// The best agreement of names, and the best with another name of the member.
void add_names(const character_state& c, const member_state& m, const posting_index& pool, pair_score& score,
               tally& sum) {
    name_match best;
    name_match second;
    bool imitated = false; // whether a better one has overtaken an imitation
    for (const surface left : c.names) {
        for (const surface right : m.names) {
            const comparison got = agree(left, right);
            if (got.how == agreement::none)
                continue;
            if (got.weight > best.best.weight || !best.left) {
                imitated = imitated || best.best.how == agreement::look;
                if (best.left && best.right.bare() != right.bare())
                    second = best;
                best = {got, left, right};
            } else if (right.bare() != best.right.bare() && got.weight > second.best.weight &&
                       got.how != agreement::look) {
                second = {got, left, right};
            }
        }
    }
    if (imitated)
        second = second_name(c, m, best.right);
    if (!best.left || (best.best.how == agreement::look && is_tagged_account(c, m)))
        return;
    const auto channel_of = [](const name_match& n) {
        const surface_origin o = n.right.origin();
        if (o == surface_origin::alias || o == surface_origin::learned)
            return channel::alias;
        return n.left.origin() == surface_origin::former_name ? channel::former_name : channel::name;
    };
    std::uint32_t frequency = 0;
    if (sum.explains()) {
        frequency = static_cast<std::uint32_t>(pool.find(whole_key(best.right.bare()).hash).size());
    }
    sum.add(channel_of(best), best.best.how, best.left.raw(), best.right.raw(), best.best.weight, frequency);
    sum.speaks(route_of(best), best.best, std::min(best.left.length(), best.right.length()));
    score.piece = best.best.piece;
    score.look = best.best.how == agreement::look;
    if (second.left && second.best.weight > 0 && !score.look) {
        sum.add(channel_of(second), second.best.how, second.left.raw(), second.right.raw(),
                damped(second.best.weight));
    }
}

// An owner has many characters: who is named whole by the notes of several is used up by none of them.
std::uint32_t piece_of(character_id alone) {
    return hash_text(std::to_string(alone.value()), 22);
}

void add_notes(const character_state& c, const member_state& m, channel from, pair_score& score, tally& sum,
               bits& other_note) {
    pointer_match best;
    std::string_view text;
    std::size_t letters = 0;
    surface to;
    for (const match_pointer p : c.pointers) {
        if (p.from != from)
            continue;
        for (const surface s : m.names) {
            const pointer_match got = match_pointer_to(p, s);
            if (got.how == agreement::none)
                continue;
            if (p.kind == pointer_kind::relation) {
                // Only a whole name is enough to speak against somebody.
                if (got.how == agreement::edge || score.related)
                    continue;
                score.related = true;
                sum.add(channel::relation, got.how, p.text, s.raw(), relation_weight);
                continue;
            }
            if (got.weight > best.weight) {
                best = got;
                text = p.text;
                letters = is_tag(p.kind) ? told : key_length(p.key);
                to = s;
            }
        }
    }
    if (!to)
        return;
    const bits weight = other_note > 0 ? damped(best.weight) : best.weight;
    sum.add(from, best.how, text, to.raw(), weight);
    sum.speaks(from == channel::guild_note ? route::guild_note : route::officer_note,
               {best.how, weight, best.piece}, letters);
    if (score.piece == 0) {
        const bool whole = best.how == agreement::exact || best.how == agreement::folded;
        score.piece = whole ? piece_of(c.record.id) : best.piece;
    }
    other_note = best.weight;
}

// A claim is used up like a name of the member, so that homonyms compete for one that gives no realm.
std::uint32_t piece_of(const member_claim& claim, const realm_numbers& realms) {
    std::string whole(claim.name.front().bare());
    whole += '-';
    whole += realms.key(claim.realm);
    return hash_text(whole, 21);
}

void add_claims(const character_state& c, const member_state& m, const realm_numbers& realms,
                pair_score& score, tally& sum) {
    if (c.names.empty())
        return;
    const surface name = c.names.front();
    bits best = 0;
    const member_claim* by = nullptr;
    for (const member_claim& claim : m.claims()) {
        const surface claimed = claim.name.front();
        const bool exact = claimed.exact() == name.exact();
        if (!exact && (name.bare().empty() || claimed.bare() != name.bare())) // signs alone: only themselves
            continue;
        bits weight = exact ? claim_exact : claim_folded;
        if (claim.realm != 0 && c.realm != 0) {
            if (claim.realm != c.realm)
                continue;
            weight += claim_realm;
        }
        if (weight > best) {
            best = weight;
            by = &claim;
        }
    }
    if (by == nullptr)
        return;
    const surface claimed = by->name.front();
    const agreement how = claimed.exact() == name.exact() ? agreement::exact : agreement::folded;
    sum.add(channel::claim, how, name.raw(), claimed.raw(), best);
    sum.speaks(route::self_reported, {how, best}, told);
    if (score.piece == 0)
        score.piece = piece_of(*by, realms);
}

constexpr std::string_view class_names[] = {"deathknight", "demonhunter", "druid",   "evoker", "hunter",
                                            "mage",        "monk",        "paladin", "priest", "rogue",
                                            "shaman",      "warlock",     "warrior"};

bool is_class(std::string_view realm_key) {
    return std::find(std::begin(class_names), std::end(class_names), realm_key) != std::end(class_names);
}

// Whether `behind` stands right behind `front` somewhere in a text.
bool stands_behind(std::string_view behind, std::string_view front, std::string_view text) {
    const std::string whole = std::string(front) + std::string(behind);
    return text.find(whole) != std::string_view::npos;
}

// The realm in a name of the member, best right behind the name of the character.
void add_realm(const character_state& c, std::string_view realm_key, const member_state& m, tally& sum) {
    if (realm_key.empty() || c.names.empty())
        return;
    const std::string_view name = c.names.front().bare();
    const std::uint32_t letters = letters_of(realm_key);
    bits best = 0;
    surface by;
    for (const surface s : m.names) {
        if ((letters & ~s.letters()) != 0)
            continue;
        const std::size_t at = s.bare().find(realm_key);
        if (at == std::string_view::npos || at == 0)
            continue;
        const bool behind = !name.empty() && stands_behind(realm_key, name, s.bare());
        const bits weight = behind ? realm_behind_name : realm_named;
        if (weight > best) {
            best = weight;
            by = s;
        }
    }
    if (best > 0)
        sum.add(channel::realm, agreement::token, c.record.realm(), by.raw(), best);
}

// What only helps those who fit anyway: class roles, the realm in the nickname, joining together.
void add_circumstances(const character_state& c, std::string_view realm_key, const member_state& m,
                       tally& sum) {
    if (!c.record.class_name().empty() && m.record.role_count() > 0) {
        const std::string own = text::realm_key(c.record.class_name());
        bool agrees = false;
        bool differs = false;
        for (std::size_t i = 0; i < m.record.role_count(); ++i) {
            const std::string key = text::realm_key(m.record.role_name(i));
            agrees = agrees || key == own;
            differs = differs || is_class(key);
        }
        if (agrees) {
            sum.add(channel::char_class, agreement::exact, c.record.class_name(), c.record.class_name(),
                    class_agrees);
        } else if (differs) {
            sum.add(channel::char_class, agreement::none, c.record.class_name(), {}, class_differs);
        }
    }
    add_realm(c, realm_key, m, sum);
    if (c.record.joined_at && m.record.joined_at &&
        std::llabs((c.record.joined_at - m.record.joined_at).count()) <= together_us) {
        sum.add(channel::join_time, agreement::none, {}, {}, joined_together);
    }
}

} // namespace

bool reads_role(std::string_view name) {
    return is_class(text::realm_key(name));
}

pair_score matcher::state::score_pair(const character_state& c, slot member,
                                      std::vector<evidence_item>* items) const {
    const member_state& m = members[member];
    pair_score score;
    score.member = member;
    tally sum(score, items);
    add_names(c, m, member_keys, score, sum);
    if (!c.pointers.empty()) {
        bits note = 0;
        add_notes(c, m, channel::guild_note, score, sum, note);
        add_notes(c, m, channel::officer_note, score, sum, note);
    }
    if (!m.claims().empty())
        add_claims(c, m, realms, score, sum);
    if (score.channels > 0) {
        add_circumstances(c, realms.key(c.realm), m, sum);
        sum.add(channel::experience, score.how, {}, {}, experience[static_cast<std::size_t>(score.by)]);
    }
    return score;
}

} // namespace patt::identity
