/// @file
/// The game as the terminal plays it: a guild's roster that is changed by hand and then imported.
#pragma once

#include <patt/identity/character.hpp>
#include <patt/identity/character_facts.hpp>
#include <patt/identity/roster.hpp>
#include <patt/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::cli::chat {

/// Somebody in the game.
struct game_character {
    identity::roster_entry entry;
    std::string spec; ///< Empty: no profile is known.
};

/// A roster in the making.
class game {
public:
    /// Takes over who is in the guild already, so that a change stays one change.
    void take_over(const identity::character& who);

    /// `NAME-REALM` and behind it, in any order, a class, `level N`, `rank N`, `spec NAME`, as in
    /// `Aralith-area-52 druid level 80 rank 3`. Adds somebody, or changes what is named.
    /// @par Refusals  `invalid_input`.
    [[nodiscard]] std::optional<error> put(std::string_view words);
    /// @par Refusals  `not_found`, `ambiguous`.
    [[nodiscard]] std::optional<error> remove(std::string_view name);
    /// Keeps the game's number, as the game does. @par Refusals  `not_found`, `ambiguous`, `invalid_input`.
    [[nodiscard]] std::optional<error> rename(std::string_view from, std::string_view to);

    /// What an import brings now.
    [[nodiscard]] identity::roster_snapshot snapshot() const;
    [[nodiscard]] std::vector<identity::character_profile> profiles() const;
    [[nodiscard]] const std::vector<game_character>& characters() const noexcept { return characters_; }

private:
    [[nodiscard]] result<std::size_t> find(std::string_view name) const;

    std::vector<game_character> characters_;
    std::vector<game_character> gone_; ///< They keep their numbers, should they come back.
    std::int64_t next_number_ = 900'000'001;
};

} // namespace patt::cli::chat
