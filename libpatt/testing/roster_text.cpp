#include <patt/identity/class_table.hpp>
#include <patt/result.hpp>
#include <patt/testing/roster_text.hpp>
#include <patt/text/name_parts.hpp>
#include <patt/text/realm.hpp>

#include <charconv>
#include <string>
#include <vector>

namespace patt::testing {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> out;
    for (;;) {
        const auto end = text.find(separator);
        out.push_back(trimmed(text.substr(0, end)));
        if (end == std::string_view::npos) {
            return out;
        }
        text.remove_prefix(end + 1);
    }
}

std::int32_t number(std::string_view text, std::string_view line) {
    std::int32_t out = -1;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (problem != std::errc{} || end != text.data() + text.size() || out < 0) {
        throw failure("roster text: no number in: " + std::string(line));
    }
    return out;
}

/// FNV-1a, cut to 53 bits: the same number for the same name everywhere.
game_id game_number(std::string_view name, std::string_view realm) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const std::string_view part : {name, std::string_view("-"), realm}) {
        for (const char c : part) {
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
        }
    }
    return game_id{static_cast<std::int64_t>(hash >> 11U) + 1};
}

identity::roster_entry entry_of(std::string_view line) {
    const std::vector<std::string_view> parts = split(line, ',');
    const text::character_name full = text::split_character_name(parts[0]);
    const auto character_class = parts.size() > 1 ? identity::class_by_name(parts[1]) : std::nullopt;
    if (parts.size() < 3 || parts.size() > 4 || full.name.empty() || full.realm.empty() || !character_class) {
        throw failure("roster text: expected Name-Realm, Class, rank[, level], got: " + std::string(line));
    }
    identity::roster_entry out;
    out.name = std::string(full.name);
    out.realm_name = std::string(full.realm);
    out.realm_slug = text::realm_slug(full.realm);
    out.game = game_number(out.name, out.realm_slug);
    out.class_id = *character_class;
    out.rank = number(parts[2], line);
    out.level = parts.size() == 4 ? number(parts[3], line) : 80;
    return out;
}

} // namespace

std::shared_ptr<const identity::roster_snapshot> roster_from_text(std::string_view text) {
    auto out = std::make_shared<identity::roster_snapshot>();
    out->source = "text";
    for (const std::string_view line : split(text, '\n')) {
        if (!line.empty() && line.front() != '#') {
            out->entries.push_back(entry_of(line));
        }
    }
    out->announced = out->entries.size();
    return out;
}

} // namespace patt::testing
