/// @file
/// Realm names: the three spellings in which a realm comes, and how to compare them.
///
/// The game shows "Alterac Mountains" and "Mal'Ganis", Battle.net's API uses slugs ("alterac-mountains",
/// "malganis"), add-ons drop spaces ("AlteracMountains").
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

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

/// One realm as Battle.net lists it.
struct realm_entry {
    std::string region;       ///< "us", "eu", "kr", "tw".
    std::string slug;         ///< Unique within the region.
    std::string display_name; ///< As the game shows it.
    std::string group;        ///< Slug of the group of connected realms; empty: stands alone.
};

/// A list of realms that finds each by any of its spellings.
///
/// @par Threads  Reading is safe from many threads once it is filled.
class realm_directory {
public:
    /// Adds a realm, or replaces the one with the same region and slug.
    void add(realm_entry entry);

    /// The realm of a region by slug, display name or an add-on's spelling; null if the list has none.
    [[nodiscard]] const realm_entry* find(std::string_view region, std::string_view any_spelling) const;

    /// Whether any region has a realm of that spelling.
    [[nodiscard]] bool knows(std::string_view any_spelling) const;

    /// Whether two realms of a region are the same or connected.
    [[nodiscard]] bool connected(std::string_view region, std::string_view a, std::string_view b) const;

private:
    std::map<std::string, std::vector<realm_entry>, std::less<>> by_key_; // by `realm_key`s of slug and name
};

} // namespace patt::text
