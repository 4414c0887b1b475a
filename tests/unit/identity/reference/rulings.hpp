/// @file
/// What humans decided, as a plain list.
#pragma once

#include "unit/identity/reference/guild.hpp"

#include <cstdint>

namespace patt::identity::reference {

/// The fingerprint of what a ruling is about, as of now.
[[nodiscard]] std::uint64_t facts_of(const content& all, const match_ruling& r);

/// Adds a ruling, as `matcher::rule`; what it contradicts goes. Returns it with its facts.
match_ruling rule(content& all, match_ruling r);

/// Takes one back, as `matcher::withdraw`.
void withdraw(content& all, const match_ruling& r);

/// The member that a human gave the character to and who takes part; zero if there is none.
[[nodiscard]] member_id accepted_owner(const guild& g, character_id id);

/// How that is known.
[[nodiscard]] route accepted_by(const guild& g, character_id id);

/// Whether a human said that the owner is not in the chat, and neither name nor note changed since.
[[nodiscard]] bool is_absent(const guild& g, character_id id);

/// Whether a human said that it is not this member's, and no name changed since.
[[nodiscard]] bool is_rejected(const guild& g, character_id id, member_id m);

/// Whether a human gave the character away under another name.
[[nodiscard]] bool is_acceptance_outdated(const guild& g, character_id id);

/// Whether a human said so of two characters when one had another name.
[[nodiscard]] bool is_outdated(const guild& g, ruling_kind kind, character_id a, character_id b);

/// Whether a human said so of two characters.
[[nodiscard]] bool is_ruled(const guild& g, ruling_kind kind, character_id a, character_id b);

} // namespace patt::identity::reference
