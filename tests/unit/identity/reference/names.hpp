/// @file
/// Names as the plain matcher sees them, and the keys by which two records find each other.
#pragma once

#include "core/identity/match_surface.hpp"

#include <patt/text/name_keys.hpp>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::identity::reference {

/// One spelling of a name, with its keys as plain texts.
struct spelling {
    std::string raw;
    surface_origin origin = surface_origin::name;
    text::name_keys keys;
    std::vector<std::string> words; ///< Bare keys of its words; none if it is one word.
    surface_set alone;              ///< What `compare` takes: made of this spelling and no other.

    [[nodiscard]] const std::string& bare() const noexcept { return keys.bare; }
    [[nodiscard]] const std::string& kernel() const noexcept {
        return keys.core.empty() ? keys.bare : keys.core;
    }
    [[nodiscard]] surface for_comparison() const noexcept { return alone.front(); }
};

/// A name as somebody wrote it.
using written_name = std::pair<std::string, surface_origin>;

/// The spellings that say anything, each text once, in order.
[[nodiscard]] std::vector<spelling> spellings_of(const std::vector<written_name>& names);

/// Which part of a name a key is.
enum class key_part : std::uint8_t { whole, first_four, last_four, first_six, last_six, near };

/// A key: two records that have an equal one find each other.
using name_key = std::pair<key_part, std::string>;

/// All keys of a spelling.
[[nodiscard]] std::set<name_key> keys_of(const spelling& s);

/// The keys of a name that a note or a claim gives, which is read from its beginning.
[[nodiscard]] std::set<name_key> keys_of_told(const std::string& bare);

/// With how many records a key is still of help.
[[nodiscard]] std::size_t most_with(key_part part) noexcept;

/// A well-formed text, character by character.
[[nodiscard]] std::vector<std::string> characters_of(std::string_view text);

/// Whether it is ASCII alone.
[[nodiscard]] bool is_plain_text(std::string_view text) noexcept;

} // namespace patt::identity::reference
