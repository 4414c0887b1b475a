/// @file
/// A small roster as text, for tests that want to name their characters in one place.
#pragma once

#include <patt/identity/roster.hpp>

#include <memory>
#include <string_view>

namespace patt::testing {

/// Six characters on two realms, from the guild leader Boss to the Initiate Zatañña; Trogmoon has a namesake
/// on the realm, Boss (Guild Leader). See the text for the rest.
inline constexpr std::string_view small_roster = R"(
# Name-Realm, Class, rank
Zatañña-Senjin, Priest, 4
Zatalt-Senjin, Mage, 4
Mito-Senjin, Druid, 3
Trogmoon-Senjin, Warrior, 2
Trogmoon-Quelthalas, Hunter, 4
Boss-Senjin, Paladin, 0
)";

/// Reads lines of `Name-Realm, Class, rank[, level]`; empty ones and `#` comments are skipped. The level is
/// 80 when it is not given. Game numbers are made from name and realm, so that they stay when the text
/// changes.
/// @throws failure  for a line of another form, naming it.
[[nodiscard]] std::shared_ptr<const identity::roster_snapshot> roster_from_text(std::string_view text);

} // namespace patt::testing
