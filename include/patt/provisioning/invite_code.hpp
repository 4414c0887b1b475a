/// @file
/// Invite codes: eight characters that a person can type, derived from a key of the instance so that the same
/// invite gives the same code again, and stored only as a keyed hash.
#pragma once

#include <patt/digest.hpp>
#include <patt/ids.hpp>
#include <patt/result.hpp>

#include <string>
#include <string_view>

namespace patt::provisioning {

/// The 32 characters of a code: no I, O, 0 and 1, which look like each other.
inline constexpr std::string_view invite_alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Characters of a code: 40 bits.
inline constexpr std::size_t invite_code_length = 8;

/// The shortest key of an instance that is accepted, in bytes.
inline constexpr std::size_t instance_key_min_bytes = 16;

/// The code of an invite: the first 40 bits of a keyed hash over guild and invite id.
///
/// Equal arguments give an equal code, so a lost message can be sent again without storing the code. Two
/// invites of a guild share a code by chance once in 2^40; the unique key on the stored hash turns that into
/// a new invite id.
/// @throws failure when the key is shorter than `instance_key_min_bytes`.
[[nodiscard]] std::string derive_invite_code(std::string_view instance_key, guild_id guild, invite_id invite);

/// What is stored of a code: a keyed hash, in another domain than the derivation. It is bound to the guild.
///
/// @param code  A normalised code (see `normalise_invite_code`).
/// @throws failure when the key is shorter than `instance_key_min_bytes`.
[[nodiscard]] digest invite_code_hash(std::string_view instance_key, guild_id guild, std::string_view code);

/// The code that somebody typed, in its one written form.
///
/// Forgiven: case, spaces, hyphens and dashes of any kind, back-ticks and asterisks around it (they come
/// along when a chat message is copied).
/// @par Refusals  `invalid_input`: the length is not 8, or a character is not of the alphabet; the detail
/// says
///                which one and what is allowed. It never repeats what was typed.
[[nodiscard]] result<std::string> normalise_invite_code(std::string_view text);

} // namespace patt::provisioning
