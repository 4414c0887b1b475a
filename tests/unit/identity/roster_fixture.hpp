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

/// Stands in for the folding of names: lower case, and the two accents that these tests use.
inline std::string fold(const std::string& name) {
    std::string out;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name.compare(i, 2, "é") == 0 || name.compare(i, 2, "ë") == 0) {
            out += 'e';
            ++i;
        } else {
            out += name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
        }
    }
    return out;
}

inline roster_item item(roster_entry e) {
    auto key = character_key{fold(e.name), e.realm_slug};
    return {std::move(e), std::move(key), std::nullopt};
}

inline std::vector<roster_item> items(std::vector<roster_entry> entries) {
    std::vector<roster_item> out;
    for (auto& e : entries) {
        out.push_back(item(std::move(e)));
    }
    return out;
}

/// The row of an entry that was merged on the first day.
inline character row_of(std::int64_t id, const roster_entry& e) {
    auto row = merge_character(std::nullopt, e, std::nullopt, first_run).row;
    row.id = character_id{id};
    return row;
}

inline known_character known(character row) {
    auto key = character_key{fold(row.name), row.realm_slug};
    return {std::move(row), std::move(key)};
}

inline character removed(character row, instant at = day_one) {
    row.present = false;
    row.removed_at = at;
    return row;
}

} // namespace patt::identity::test
