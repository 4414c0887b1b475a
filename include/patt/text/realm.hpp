/// @file
/// Realm names: the three spellings in which a realm comes, and how to compare them.
///
/// The game shows "Alterac Mountains" and "Mal'Ganis", Battle.net's API uses slugs ("alterac-mountains",
/// "malganis"), add-ons drop spaces ("AlteracMountains").
#pragma once

#include <string>
#include <string_view>

namespace patt::text {

/// The slug of a display name: "Sen'jin" senjin, "Mal'Ganis" malganis, "Area 52" area-52,
/// "Aggra (Português)" aggra-portugues.
///
/// A slug stays a slug. Slugs of Russian realms are names of their own ("Гордунни" is `gordunni`): those need
/// a list. An add-on's spelling without spaces cannot be made a slug either; compare by `realm_key`.
[[nodiscard]] std::string realm_slug(std::string_view display_name);

/// The key in which all spellings of a realm agree: folded, without spaces, hyphens, apostrophes, brackets.
///
/// Equal for "Alterac Mountains", "alterac-mountains", "AlteracMountains". A realm is one only together
/// with its region: slugs repeat across regions.
[[nodiscard]] std::string realm_key(std::string_view any_spelling);

/// Whether two spellings may name the same realm of one region. Two empty ones do not.
[[nodiscard]] bool same_realm(std::string_view a, std::string_view b);

} // namespace patt::text
