// Whose alt a character may be, where nothing ties it surely: a weak tie, or a name alike.
#include "core/identity/match_compare.hpp"
#include "core/identity/match_state.hpp"

#include <algorithm>
#include <utility>

namespace patt::identity {

// The characters that share one of the keys which few enough have, each once.
std::vector<slot> matcher::state::characters_near(std::span<const block_key> keys) const {
    std::vector<slot> near;
    near.reserve(128);
    std::vector<std::pair<posting_index::place, std::size_t>> places;
    places.reserve(keys.size());
    for (const block_key& k : keys)
        character_keys.prefetch(k.hash);
    for (const block_key& k : keys) {
        if (const posting_index::place p = character_keys.locate(k.hash))
            places.emplace_back(p, posting_limit(k.kind));
    }
    for (const auto& [place, limit] : places) {
        const std::span<const std::uint32_t> list = character_keys.at(place);
        if (list.size() <= limit)
            near.insert(near.end(), list.begin(), list.end());
    }
    std::sort(near.begin(), near.end());
    near.erase(std::unique(near.begin(), near.end()), near.end());
    for (const slot x : near)
        __builtin_prefetch(&characters[x]);
    for (const slot x : near)
        characters[x].names.prefetch();
    return near;
}

namespace {

// "X's cousin, not Y": whoever a note calls somebody else is not who it may be an alt of.
bool is_said_to_be_another(const character_state& c, const surface& name) {
    return std::any_of(c.pointers.begin(), c.pointers.end(), [&name](const match_pointer& p) {
        return p.kind == pointer_kind::relation && (name.bare() == p.key || name.bare() == p.singular);
    });
}

} // namespace

// The character it may be an alt of by the name alone: the nearest by kind of agreement, the least id of
// those.
character_id matcher::state::suggest_alt(slot number) const {
    const character_state& c = characters[number];
    if (!c.present || c.names.empty())
        return {};
    const surface own = c.names.front();
    std::vector<block_key> keys;
    keys.reserve(32);
    append_block_keys(own, keys);
    bits best = 0;
    character_id found;
    for (const alt_edge& e : c.edges) { // what a note says too weakly to merge comes first
        const character_id id = characters[e.to].record.id;
        if (e.per_mille >= merge_from)
            continue;
        const bits weight = 64 * one_bit + e.per_mille;
        if (weight > best || (weight == best && id < found)) {
            best = weight;
            found = id;
        }
    }
    for (const slot x : characters_near(keys)) {
        const character_state& o = characters[x];
        if (x == number || o.names.empty() || (c.group != no_slot && c.group == o.group))
            continue;
        if (is_said_to_be_another(c, o.names.front()))
            continue;
        const comparison got = compare(own, o.names.front());
        const bool telling = got.how == agreement::core || got.how == agreement::one_edit ||
                             got.how == agreement::prefix || got.how == agreement::edge ||
                             got.how == agreement::folded || got.how == agreement::two_edits ||
                             got.how == agreement::exact || got.how == agreement::identical;
        if (!telling || got.weight < 4 * one_bit)
            continue;
        if (got.weight > best || (got.weight == best && o.record.id < found)) {
            best = got.weight;
            found = o.record.id;
        }
    }
    return found;
}

} // namespace patt::identity
