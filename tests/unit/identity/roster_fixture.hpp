// Short ways to write characters, entries and profiles in the roster's tests.
#pragma once

#include <patt/identity/roster_merge.hpp>

#include <string>
#include <utility>
#include <vector>

namespace patt::identity::test {

inline constexpr instant day_one{1'750'000'000'000'000};
inline constexpr instant day_two{1'750'086'400'000'000};
inline const merge_context first_run{day_one, sync_run_id{100}};
inline const merge_context second_run{day_two, sync_run_id{200}};

inline roster_entry entry(std::int64_t game, std::string name, std::string realm = "area-52") {
    return {game_id{game}, std::move(name), std::move(realm), "", 8, 80, 4};
}

/// A snapshot of these entries and nothing else.
inline roster_snapshot snapshot(std::vector<roster_entry> entries) {
    roster_snapshot out;
    out.entries = std::move(entries);
    return out;
}

/// Items in the order given, as a chunk.
inline std::vector<roster_item> items(std::vector<roster_entry> entries) {
    std::vector<roster_item> out;
    for (auto& e : entries) {
        auto key = key_of(e.name, e.realm_slug);
        out.push_back({std::move(e), std::move(key), std::nullopt});
    }
    return out;
}

/// The row of an entry that was merged on the first day.
inline character row_of(std::int64_t id, const roster_entry& e) {
    auto row = merge_character(std::nullopt, e, std::nullopt, first_run).row;
    row.id = character_id{id};
    return row;
}

inline character removed(character row, instant at = day_one) {
    row.present = false;
    row.removed_at = at;
    return row;
}

} // namespace patt::identity::test
