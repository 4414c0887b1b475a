/// @file
/// The game's classes, and what a character of a class and specialisation does in a group.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patt::identity {

/// The name of a class, or `Unknown(n)`: a class that came after this table must not fail an import.
///
/// Source: Battle.net, /data/wow/playable-class/index. The thirteen are 1 Warrior to 13 Evoker.
[[nodiscard]] std::string class_name(std::int32_t class_id);

/// The class with this English name (letter case, spaces and hyphens do not count), or none.
[[nodiscard]] std::optional<std::int32_t> class_by_name(std::string_view name) noexcept;

/// What a character does in a group.
enum class role_category : std::uint8_t { tank, healer, melee, ranged };

/// The name that people read: `Tank`, `Healer`, `Melee`, `Ranged`.
[[nodiscard]] std::string_view to_string(role_category role) noexcept;

/// The category with this name, in any letter case; none when it is no such name.
[[nodiscard]] std::optional<role_category> parse_role_category(std::string_view text) noexcept;

/// What a character of this class and specialisation does.
///
/// The specialisation decides; `Frost` is melee for a Death Knight and ranged for everybody else. `spec` may
/// also be a category's name, which wins.
/// @par Default  An empty or unknown specialisation of a class that only fights in one way gives that way
///               (Rogue melee; Mage, Warlock ranged); everything else is `ranged`.
[[nodiscard]] role_category role_of(std::int32_t class_id, std::string_view spec) noexcept;

} // namespace patt::identity
