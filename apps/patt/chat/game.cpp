#include "game.hpp"

#include "words.hpp"

#include <patt/identity/class_table.hpp>
#include <patt/text/name_key.hpp>
#include <patt/text/realm.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace patt::cli::chat {

namespace {

std::optional<std::int32_t> number(std::string_view text, std::int32_t most) {
    std::int32_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool good =
        read.ec == std::errc{} && read.ptr == text.data() + text.size() && value >= 0 && value <= most;
    return good ? std::optional(value) : std::nullopt;
}

error wrong(std::string_view detail) {
    return {errc::invalid_input,
            fmt::format("{}; write it as: /game Aralith-area-52 druid level 80 rank 3 spec Balance", detail)};
}

/// Takes `key` and the word behind it away when they are in front.
std::optional<std::string_view> take_value(std::string_view& words, std::string_view key) {
    std::string_view rest = words;
    if (lowered(first_word(rest)) != key) {
        return std::nullopt;
    }
    rest = behind_first_word(rest);
    const std::string_view value = first_word(rest);
    words = behind_first_word(rest);
    return value;
}

/// A class of one or two words at the front.
std::optional<std::int32_t> take_class(std::string_view& words) {
    const std::string_view one = first_word(words);
    const std::string_view rest = behind_first_word(words);
    const std::string two = std::string(one) + " " + std::string(first_word(rest));
    if (const auto known = identity::class_by_name(two)) {
        words = behind_first_word(rest);
        return known;
    }
    if (const auto known = identity::class_by_name(one)) {
        words = rest;
        return known;
    }
    return std::nullopt;
}

/// A realm's name as the game might show it: `ember-vale` becomes Ember Vale.
std::string realm_shown(std::string_view slug) {
    std::string out(slug);
    bool first = true;
    for (char& c : out) {
        c = c == '-' ? ' ' : first && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        first = c == ' ';
    }
    return out;
}

/// Reads what stands behind the name into the character.
std::optional<error> read_facts(std::string_view words, game_character& who) {
    while (!words.empty()) {
        if (const auto rank = take_value(words, "rank")) {
            const auto value = number(*rank, identity::lowest_rank);
            if (!value) {
                return wrong(fmt::format("\"{}\" is no rank from 0 to 9", *rank));
            }
            who.entry.rank = *value;
        } else if (const auto level = take_value(words, "level")) {
            const auto value = number(*level, 1000);
            if (!value) {
                return wrong(fmt::format("\"{}\" is no level", *level));
            }
            who.entry.level = *value;
        } else if (const auto spec = take_value(words, "spec")) {
            who.spec = *spec;
        } else if (const auto class_id = take_class(words)) {
            who.entry.class_id = *class_id;
        } else {
            return wrong(fmt::format("\"{}\" is not understood", first_word(words)));
        }
    }
    return std::nullopt;
}

} // namespace

void game::take_over(const identity::character& who) {
    game_character c;
    c.entry = {who.game, who.name, who.realm_slug, who.realm_name, who.class_id, who.level, who.rank};
    characters_.push_back(std::move(c));
    next_number_ = std::max(next_number_, who.game.value() + 1);
}

result<std::size_t> game::find(std::string_view name) const {
    const auto dash = name.find('-');
    const std::string key = text::exact_key(name.substr(0, dash));
    const std::string realm = dash == std::string_view::npos ? "" : text::realm_slug(name.substr(dash + 1));
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < characters_.size(); ++i) {
        const identity::roster_entry& e = characters_[i].entry;
        if (text::exact_key(e.name) != key || (!realm.empty() && !text::same_realm(e.realm_slug, realm))) {
            continue;
        }
        if (found) {
            return error{errc::ambiguous, fmt::format("several are called {}; name the realm: {}-{}", name,
                                                      e.name, e.realm_slug)};
        }
        found = i;
    }
    if (!found) {
        return error{errc::not_found, fmt::format("nobody in the game is called {}", name)};
    }
    return *found;
}

std::optional<error> game::put(std::string_view words) {
    const std::string_view name = first_word(words);
    const auto dash = name.find('-');
    if (dash == 0 || dash == std::string_view::npos || dash + 1 == name.size()) {
        return wrong("the name needs a realm");
    }
    const auto known = find(name);
    game_character who;
    const auto back = std::find_if(gone_.begin(), gone_.end(), [&](const game_character& c) {
        return c.entry.name == name.substr(0, dash) &&
               text::same_realm(c.entry.realm_slug, name.substr(dash + 1));
    });
    if (known) {
        who = characters_[*known];
    } else if (back != gone_.end()) {
        who = *back;
    } else {
        who.entry.game = game_id{next_number_};
        who.entry.name = name.substr(0, dash);
        who.entry.realm_slug = text::realm_slug(name.substr(dash + 1));
        who.entry.realm_name = realm_shown(who.entry.realm_slug);
        who.entry.class_id = 1;
        who.entry.level = 80;
        who.entry.rank = 3;
    }
    if (auto no = read_facts(behind_first_word(words), who)) {
        return no;
    }
    if (known) {
        characters_[*known] = std::move(who);
        return std::nullopt;
    }
    if (back != gone_.end()) {
        gone_.erase(back);
    } else {
        ++next_number_;
    }
    characters_.push_back(std::move(who));
    return std::nullopt;
}

std::optional<error> game::remove(std::string_view name) {
    const auto found = find(name);
    if (!found) {
        return found.err();
    }
    gone_.push_back(characters_[*found]);
    characters_.erase(characters_.begin() + static_cast<std::ptrdiff_t>(*found));
    return std::nullopt;
}

std::optional<error> game::rename(std::string_view from, std::string_view to) {
    const auto found = find(from);
    if (!found) {
        return found.err();
    }
    if (to.empty()) {
        return wrong("the new name is missing");
    }
    const auto dash = to.find('-');
    characters_[*found].entry.name = to.substr(0, dash);
    if (dash != std::string_view::npos) {
        characters_[*found].entry.realm_slug = text::realm_slug(to.substr(dash + 1));
        characters_[*found].entry.realm_name = realm_shown(characters_[*found].entry.realm_slug);
    }
    return std::nullopt;
}

identity::roster_snapshot game::snapshot() const {
    identity::roster_snapshot out;
    for (const game_character& c : characters_) {
        out.entries.push_back(c.entry);
    }
    out.source = "the terminal's game";
    return out;
}

std::vector<identity::character_profile> game::profiles() const {
    std::vector<identity::character_profile> out;
    for (const game_character& c : characters_) {
        if (!c.spec.empty()) {
            identity::character_profile p;
            p.game = c.entry.game;
            p.name = c.entry.name;
            p.realm_slug = c.entry.realm_slug;
            p.active_spec = c.spec;
            out.push_back(std::move(p));
        }
    }
    return out;
}

} // namespace patt::cli::chat
