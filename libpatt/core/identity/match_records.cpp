// Records come and go: their keys into the indexes, marks on whom they touch.
#include "core/identity/match_state.hpp"

#include <patt/text/name_parts.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace patt::identity {

namespace {

constexpr std::uint32_t salt_pointer = 11;
constexpr std::uint32_t salt_typo = 12;
constexpr std::uint32_t salt_addon = 13;

void add_pointers(std::vector<match_pointer>& out, const note_facts& note, channel from,
                  std::string_view own) {
    for (const note_pointer& p : note.pointers) {
        if (p.key != own) // a note that repeats the character's own name says nothing
            out.push_back({p.kind, from, p.text, p.key, p.singular, rarity_of(p.key)});
    }
}

// Everything of a character by which a change in the roster may concern its notes.
void collect_pointer_hashes(const character_state& c, std::vector<std::uint32_t>& out) {
    out.clear();
    for (const match_pointer p : c.pointers) {
        if (p.kind == pointer_kind::relation)
            continue;
        for (const std::string_view key : {p.key, p.singular}) {
            if (key.empty())
                continue;
            out.push_back(pointer_hash(key));
            append_typo_hashes(key, out);
        }
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
}

} // namespace

std::uint32_t pointer_hash(std::string_view key) noexcept {
    return hash_text(key, salt_pointer);
}

void append_typo_hashes(std::string_view key, std::vector<std::uint32_t>& hashes) {
    if (key.size() < 5 || key.size() > 24)
        return;
    hashes.push_back(hash_text(key, salt_typo));
    std::array<char, 24> shorter{};
    std::copy(key.begin() + 1, key.end(), shorter.begin());
    for (std::size_t i = 0; i < key.size(); ++i) {
        hashes.push_back(hash_text({shorter.data(), key.size() - 1}, salt_typo));
        shorter[std::min(i, shorter.size() - 1)] = key[i];
    }
}

std::size_t posting_limit(block_kind kind) noexcept {
    return kind == block_kind::whole ? 64 : 24;
}

void collect_character_keys(const character_state& c, std::vector<block_key>& keys) {
    keys.clear();
    for (const surface s : c.names)
        append_block_keys(s, keys);
    for (const match_pointer p : c.pointers) {
        append_pointer_keys(p.key, keys);
        if (!p.singular.empty())
            append_pointer_keys(p.singular, keys);
    }
    drop_repeated(keys);
}

void collect_member_keys(const member_state& m, std::vector<block_key>& keys) {
    keys.clear();
    for (const surface s : m.names)
        append_block_keys(s, keys);
    for (const member_claim& c : m.claims())
        append_pointer_keys(c.name.front().bare(), keys);
    drop_repeated(keys);
}

namespace {

std::uint32_t hash_id(std::int64_t id) noexcept {
    const auto h = static_cast<std::uint32_t>(static_cast<std::uint64_t>(id) * 0x9E3779B97F4A7C15ULL >> 32U);
    return h == 0 ? 1U : h;
}

template <class Records, class Id>
slot find_in(const Records& records, const posting_index& slots, Id id) noexcept {
    for (const slot s : slots.find(hash_id(id.value()))) {
        if (records[s].record.id == id)
            return s;
    }
    return no_slot;
}

// A new one takes no part until something is put there.
template <class Records, class Id>
slot add_to(Records& records, posting_index& slots, Id id) {
    const auto s = static_cast<slot>(records.size());
    auto& added = records.emplace_back();
    added.record.id = id;
    added.record.state = attendance::gone;
    slots.add(hash_id(id.value()), s);
    return s;
}

} // namespace

slot matcher::state::find_slot(character_id id) const noexcept {
    return find_in(characters, character_slots, id);
}

slot matcher::state::find_slot(member_id id) const noexcept {
    return find_in(members, member_slots, id);
}

slot matcher::state::slot_of(character_id id) {
    if (const slot s = find_slot(id); s != no_slot)
        return s;
    dirty.push_back(0);
    return add_to(characters, character_slots, id);
}

slot matcher::state::slot_of(member_id id) {
    const slot s = find_slot(id);
    return s != no_slot ? s : add_to(members, member_slots, id);
}

void matcher::state::mark(slot character, dirty_mark what) {
    if ((dirty[character] & what) != 0)
        return;
    dirty[character] = static_cast<std::uint8_t>(dirty[character] | what);
    marked[std::countr_zero(static_cast<unsigned>(what))].push_back(character);
}

bool matcher::state::all_marked(dirty_mark what) const noexcept {
    return marked[std::countr_zero(static_cast<unsigned>(what))].size() == characters.size();
}

void matcher::state::catch_up() {
    for (posting_index* index : {&member_keys, &character_keys, &pointer_keys})
        index->catch_up();
}

void matcher::state::index(slot number) {
    character_state& c = characters[number];
    if (!c.present)
        return;
    ++present_characters;
    mark(number, dirty_score);
    mark(number, dirty_edges);
    shop.add(c.record.name(), surface_origin::name);
    for (std::size_t i = 0; i < c.record.former_count(); ++i)
        shop.add(c.record.former_name(i), surface_origin::former_name);
    c.names = shop.take();
    const std::string_view own = c.names.empty() ? std::string_view() : c.names.front().bare();
    if (!c.record.guild_note().empty() || !c.record.officer_note().empty()) {
        const note_facts guild_note = parse_note(c.record.guild_note());
        const note_facts officer_note = parse_note(c.record.officer_note());
        pointer_scratch.clear();
        add_pointers(pointer_scratch, guild_note, channel::guild_note, own);
        add_pointers(pointer_scratch, officer_note, channel::officer_note, own);
        c.pointers = pointer_list(pointer_scratch);
    }
    c.realm = realms.of(c.record.realm());
    collect_character_keys(c, key_scratch);
    collect_pointer_hashes(c, hash_scratch);
    if (!c.record.alt_group().empty())
        addon_groups.add(hash_text(c.record.alt_group(), salt_addon), number);
    if (loading()) {
        for (const block_key& k : key_scratch)
            character_keys.add_later(k.hash, number);
        for (const std::uint32_t h : hash_scratch)
            pointer_keys.add_later(h, number);
        return;
    }
    catch_up();
    for (const block_key& k : key_scratch)
        character_keys.prefetch(k.hash);
    for (const block_key& k : key_scratch)
        character_keys.prefetch_list(k.hash);
    for (const block_key& k : key_scratch)
        character_keys.add(k.hash, number);
    for (const std::uint32_t h : hash_scratch)
        pointer_keys.prefetch(h);
    for (const std::uint32_t h : hash_scratch)
        pointer_keys.add(h, number);
    mark_neighbours(number);
}

void matcher::state::unindex(slot number) {
    character_state& c = characters[number];
    if (!c.present)
        return;
    catch_up();
    --present_characters;
    mark(number, dirty_score);
    mark(number, dirty_edges);
    mark_neighbours(number);
    collect_character_keys(c, key_scratch);
    for (const block_key& k : key_scratch)
        character_keys.remove(k.hash, number);
    collect_pointer_hashes(c, hash_scratch);
    for (const std::uint32_t h : hash_scratch)
        pointer_keys.remove(h, number);
    if (!c.record.alt_group().empty())
        addon_groups.remove(hash_text(c.record.alt_group(), salt_addon), number);
    c.names.clear();
    c.pointers.clear();
}

// Whose alt edges may change when this character comes or goes: notes that may mean it, notes that give the
// same name, and the rest of its add-on group.
void matcher::state::mark_neighbours(slot number) {
    const character_state& c = characters[number];
    if (const auto it = rulings.find(c.record.id); it != rulings.end()) {
        for (const auto* others : {&it->second.merged, &it->second.split}) {
            for (const auto& [other, facts] : *others) {
                if (const slot o = find_slot(other); o != no_slot) {
                    mark(o, dirty_edges);
                    mark(o, dirty_group); // it may have been said of another name
                }
            }
        }
    }
    if (all_marked(dirty_edges))
        return;
    std::vector<std::uint32_t>& hashes = hash_scratch;
    hashes.clear();
    if (!c.names.empty()) {
        // A note may give the name whole, or as a nickname of four letters or more.
        const std::string_view name = c.names.front().bare();
        for (std::size_t n = std::min<std::size_t>(4, name.size()); n <= name.size(); ++n)
            hashes.push_back(pointer_hash(name.substr(0, n)));
        append_typo_hashes(name, hashes);
    }
    for (const match_pointer p : c.pointers) {
        hashes.push_back(pointer_hash(p.key));
        if (!p.singular.empty())
            hashes.push_back(pointer_hash(p.singular));
    }
    for (const std::uint32_t h : hashes)
        pointer_keys.prefetch(h);
    for (const std::uint32_t h : hashes) {
        for (const slot s : pointer_keys.find(h))
            mark(s, dirty_edges);
    }
    if (c.record.alt_group().empty())
        return;
    for (const slot s : addon_groups.find(hash_text(c.record.alt_group(), salt_addon)))
        mark(s, dirty_edges);
}

// A character that is scored as a whole anyway needs no pairs.
void matcher::state::mark_pair(slot character, slot member, std::uint32_t met) {
    if ((dirty[character] & dirty_score) == 0)
        pending_pairs.push_back({character, member, met});
}

void matcher::state::index_member(slot number) {
    member_state& m = members[number];
    if (!m.present)
        return;
    ++present_members;
    ++m.indexed;
    shop.add(m.record.username(), surface_origin::username);
    shop.add(m.record.global_name(), surface_origin::global_name);
    shop.add(m.record.nickname(), surface_origin::nickname);
    for (std::size_t i = 0; i < m.record.alias_count(); ++i)
        shop.add(m.record.alias(i), surface_origin::alias);
    for (const std::string& a : m.learned())
        shop.add(a, surface_origin::learned);
    m.names = shop.take();
    for (std::size_t i = 0; i < m.record.claim_count(); ++i) {
        const text::character_name full = text::split_character_name(m.record.claim(i));
        shop.add(full.name, surface_origin::claim);
        surface_set name = shop.take();
        if (!name.empty())
            m.more().claims.push_back({std::move(name), realms.of(full.realm)});
    }
    collect_member_keys(m, key_scratch);
    few_members.add(number, key_scratch, members.size());
    if (loading()) {
        for (const block_key& k : key_scratch)
            member_keys.add_later(k.hash, number);
    } else {
        add_member_keys(number);
    }
    member_count_changed();
}

// Adds the keys in `key_scratch`, and marks the characters that share one.
void matcher::state::add_member_keys(slot number) {
    catch_up();
    for (const block_key& k : key_scratch) {
        member_keys.prefetch(k.hash);
        character_keys.prefetch(k.hash);
    }
    for (const block_key& k : key_scratch)
        member_keys.prefetch_list(k.hash);
    const bool all_scored = all_marked(dirty_score);
    for (const block_key& k : key_scratch) {
        // A list that is just too long now has lost all its members as candidates; a longer one had before.
        const std::size_t length = member_keys.add(k.hash, number);
        if (all_scored || length > posting_limit(k.kind) + 1)
            continue;
        const bool lost = length == posting_limit(k.kind) + 1;
        for (const slot s : character_keys.find(k.hash)) {
            if (lost) {
                mark(s, dirty_score);
            } else {
                mark_pair(s, number, members[number].indexed);
            }
        }
    }
}

void matcher::state::unindex_member(slot number) {
    member_state& m = members[number];
    if (!m.present)
        return;
    catch_up();
    --present_members;
    few_members.remove(number);
    collect_member_keys(m, key_scratch);
    for (const block_key& k : key_scratch) {
        // A list that is short enough again gives all its members back.
        if (member_keys.remove(k.hash, number) != posting_limit(k.kind) + 1)
            continue;
        for (const slot s : character_keys.find(k.hash))
            mark(s, dirty_score);
    }
    for (const member_fit& f : m.fits)
        mark_pair(f.character, number, 0);
    m.names.clear();
    if (m.extras)
        m.extras->claims.clear();
    member_count_changed();
}

void matcher::state::refresh_member(slot number) {
    unindex_member(number);
    index_member(number);
}

void matcher::state::member_count_changed() {
    // Rounded up to a quarter of a bit, so that one member more rarely concerns everybody.
    constexpr bits step = one_bit / 4;
    const double exact = std::log2(static_cast<double>(std::max<std::size_t>(present_members, 2)));
    const bits now = static_cast<bits>(std::ceil(exact * (one_bit / static_cast<double>(step)))) * step;
    if (now == pool)
        return;
    pool = now;
    pool_changed = true;
    for (slot s = 0; s < characters.size(); ++s) {
        if (characters[s].present)
            mark(s, dirty_base);
    }
}

} // namespace patt::identity
