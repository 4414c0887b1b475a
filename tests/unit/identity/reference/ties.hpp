/// @file
/// Who is an alt of whom, as notes, add-ons and humans say, and the groups that follow.
#pragma once

#include "unit/identity/reference/guild.hpp"

#include <cstddef>
#include <map>
#include <vector>

namespace patt::identity::reference {

/// How sure it is, in thousandths, that another character (by its place in the guild) is the same person's.
using ties = std::map<std::size_t, int>;

/// From here on a tie groups; below it only suggests.
inline constexpr int groups_from = 950;

/// What a character's notes, its add-on group and rulings say.
[[nodiscard]] ties ties_of(const guild& g, std::size_t self);

/// The least character that each one is tied to by strong ties, over any number of others: equal means one
/// group.
[[nodiscard]] std::vector<std::size_t> groups_of(const std::vector<ties>& all);

} // namespace patt::identity::reference
