/// @file
/// Who is an alt of whom, as notes, add-ons and humans say, and the groups that follow.
#pragma once

#include "unit/identity/reference/guild.hpp"

#include <cstddef>
#include <map>
#include <vector>

namespace patt::identity::reference {

/// What ties a character to another one.
struct tie {
    int per_mille = 0; ///< How sure it is that they are the same person's, in thousandths.
    int said = 0;      ///< The same without what humans ruled.
    pointer_kind kind = pointer_kind::mention; ///< How the strongest note says so.
};

/// The ties of a character, by the place of the other one in the guild.
using ties = std::map<std::size_t, tie>;

/// From here on a tie groups; below it only suggests.
inline constexpr int groups_from = 950;

/// What a character's notes, its add-on group and rulings say.
[[nodiscard]] ties ties_of(const guild& g, std::size_t self);

/// The least character that each one is tied to by strong ties, over any number of others: equal means one
/// group.
[[nodiscard]] std::vector<std::size_t> groups_of(const std::vector<ties>& all);

} // namespace patt::identity::reference
