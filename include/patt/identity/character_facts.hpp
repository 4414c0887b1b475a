/// @file
/// What a source says about one character, and the names of the facts.
#pragma once

#include <patt/ids.hpp>
#include <patt/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::identity {

/// One line of a guild's roster. A zero number and an empty text mean "the source does not say".
struct roster_entry {
    game_id game;              ///< Stable number; none in some sources.
    std::string name;          ///< Never empty.
    std::string realm_slug;    ///< Never empty.
    std::string realm_name;    ///< Battle.net leaves it out more often than not.
    std::int32_t class_id = 0; ///< May be a class that PATT does not know.
    std::int32_t level = 0;
    std::int32_t rank = 0; ///< 0 (guild leader) to 9.

    friend bool operator==(const roster_entry&, const roster_entry&) = default;
};

/// One character's profile. Every fact may be absent, and what is absent never overwrites what is known.
///
/// Race and gender are kept for whoever asks for a profile; the row of a character does not have them.
struct character_profile {
    game_id game;
    std::string name;
    std::string realm_slug;
    std::optional<std::string> realm_name;
    std::optional<std::int32_t> class_id;
    std::optional<std::string> class_name;
    std::optional<std::string> active_spec;
    std::optional<std::int32_t> level;
    std::optional<std::int32_t> item_level; ///< Equipped.
    std::optional<instant> last_login;
    std::optional<std::string> race;
    std::optional<std::string> gender;

    friend bool operator==(const character_profile&, const character_profile&) = default;
};

/// The facts of a `character` that a sync can change.
enum class character_field : std::uint8_t {
    game,
    name,
    realm_slug,
    realm_name,
    class_id,
    spec,
    level,
    item_level,
    rank,
    last_login,
    present,
};

/// The name of a fact, as the column is called.
[[nodiscard]] std::string_view to_string(character_field field) noexcept;

/// Which facts changed.
class character_fields {
public:
    constexpr void add(character_field f) noexcept { bits_ |= bit(f); }
    [[nodiscard]] constexpr bool has(character_field f) const noexcept { return (bits_ & bit(f)) != 0; }
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
    friend constexpr bool operator==(character_fields, character_fields) noexcept = default;

    /// The names in the order of `character_field`, for a log entry.
    [[nodiscard]] std::vector<std::string_view> names() const;

private:
    static constexpr std::uint32_t bit(character_field f) noexcept {
        return std::uint32_t{1} << static_cast<unsigned>(f);
    }
    std::uint32_t bits_ = 0;
};

} // namespace patt::identity
