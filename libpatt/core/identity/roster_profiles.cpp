#include <patt/identity/roster.hpp>
#include <patt/text/name_key.hpp>

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace patt::identity {
namespace {

/// The exact spelling as a key: profiles are fetched by it, so a folded one would be a guess.
character_key exact_key_of(std::string_view name, std::string_view realm_slug) {
    return {text::exact_key(name), std::string{realm_slug}};
}

/// A roster leaves the names of realms out; one profile of a realm tells it for all entries there.
void fill_realm_names(prepared_roster& roster, const std::vector<character_profile>& profiles) {
    std::unordered_map<std::string_view, std::string_view> names;
    for (const auto& profile : profiles) {
        if (profile.realm_name && !profile.realm_name->empty()) {
            names.emplace(profile.realm_slug, *profile.realm_name);
        }
    }
    for (auto& item : roster.items) {
        const auto found = names.find(item.entry.realm_slug);
        if (item.entry.realm_name.empty() && found != names.end()) {
            item.entry.realm_name = found->second;
        }
    }
}

} // namespace

profile_totals attach_profiles(prepared_roster& roster, std::vector<character_profile> profiles) {
    fill_realm_names(roster, profiles);
    profile_totals totals;
    std::unordered_map<game_id, std::size_t> by_game;
    std::unordered_map<character_key, std::size_t> by_name;
    for (std::size_t i = 0; i < roster.items.size(); ++i) {
        const auto& entry = roster.items[i].entry;
        if (entry.game) {
            by_game.emplace(entry.game, i);
        }
        by_name.emplace(exact_key_of(entry.name, entry.realm_slug), i);
    }
    const auto find = [&](const character_profile& profile) -> roster_item* {
        if (const auto found = by_game.find(profile.game); found != by_game.end()) {
            return &roster.items[found->second];
        }
        const auto found = by_name.find(exact_key_of(profile.name, profile.realm_slug));
        if (found == by_name.end()) {
            return nullptr;
        }
        auto& item = roster.items[found->second];
        // Two different numbers are two different characters, whatever they are called.
        return profile.game && item.entry.game ? nullptr : &item;
    };
    for (auto& profile : profiles) {
        auto* item = find(profile);
        if (item == nullptr) {
            ++totals.unmatched;
        } else if (!item->profile) {
            item->profile = std::move(profile);
            ++totals.attached;
        } else {
            ++totals.superseded;
            if (profile.last_login > item->profile->last_login) {
                item->profile = std::move(profile);
            }
        }
    }
    return totals;
}

} // namespace patt::identity
