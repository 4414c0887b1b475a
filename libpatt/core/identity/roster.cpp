#include <patt/identity/roster.hpp>
#include <patt/text/name_key.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace patt::identity {

character_key key_of(std::string_view name, std::string_view realm_slug) {
    return {text::folded_key(name), std::string{realm_slug}};
}

prepared_roster prepare_roster(const roster_snapshot& snapshot) {
    prepared_roster out;
    out.items.reserve(snapshot.entries.size());
    std::unordered_set<game_id> ids;
    // The exact spelling, not the key: the game lets two names differ in an accent alone.
    std::unordered_set<character_key> names;
    for (const auto& entry : snapshot.entries) {
        if (entry.game && !ids.insert(entry.game).second) {
            ++out.repeated_ids;
            continue;
        }
        if (!names.insert({text::exact_key(entry.name), entry.realm_slug}).second) {
            ++out.repeated_names;
            continue;
        }
        out.items.push_back({entry, key_of(entry.name, entry.realm_slug), std::nullopt});
    }
    std::sort(out.items.begin(), out.items.end(), [](const roster_item& a, const roster_item& b) {
        return std::tie(a.key, a.entry.name, a.entry.game) < std::tie(b.key, b.entry.name, b.entry.game);
    });
    return out;
}

std::size_t chunk_end(std::span<const roster_item> items, std::size_t first, std::size_t size) {
    const auto wanted = std::max<std::size_t>(size, 1);
    if (first >= items.size() || wanted >= items.size() - first) {
        return items.size();
    }
    auto end = first + wanted;
    while (end < items.size() && items[end].key == items[end - 1].key) {
        ++end;
    }
    return end;
}

roster_index::roster_index(std::span<const roster_item> items) {
    ids_.reserve(items.size());
    keys_.reserve(items.size());
    for (const auto& item : items) {
        auto& held = keys_[item.key];
        if (item.entry.game) {
            ids_.insert(item.entry.game);
            held.with_id = true;
        } else {
            held.without_id = true;
        }
    }
}

bool roster_index::contains(const known_reference& known) const {
    if (known.game && ids_.contains(known.game)) {
        return true;
    }
    const auto found = keys_.find(known.key);
    if (found == keys_.end()) {
        return false;
    }
    // Two different numbers are two different characters, whatever they are called.
    return found->second.without_id || (!known.game && found->second.with_id);
}

std::size_t count_missing(const roster_index& index, std::span<const known_reference> present) {
    return static_cast<std::size_t>(
        std::count_if(present.begin(), present.end(),
                      [&](const known_reference& known) { return !index.contains(known); }));
}

} // namespace patt::identity
