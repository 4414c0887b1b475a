/// @file
/// Keys of names: what two spellings of the same name have in common.
///
/// A key is for comparing and for key columns, never for showing. Keys are stable for one Unicode version
/// (15.0); a stored key must be recomputed when that changes (`key_version`). Broken UTF-8 counts as U+FFFD.
///
/// | key    | "Zatañña" | "ＺＡＴＡＮＮＡ" | "Straße" | "Ærøskøbing" |
/// |--------|-----------|----------------|----------|--------------|
/// | exact  | zatañña   | zatanna        | strasse  | ærøskøbing   |
/// | folded | zatanna   | zatanna        | strasse  | aeroskobing  |
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace patt::text {

/// Counts up whenever a key of some name may come out differently than before.
inline constexpr std::int32_t key_version = 1;

/// The name without case, width, font and invisible characters: Unicode's NFKC_Casefold.
///
/// Equal exact keys mean the same name in the game (names there are case-insensitive per realm).
[[nodiscard]] std::string exact_key(std::string_view name);

/// The exact key without accents, strokes and ligatures (ñ n, ø o, ł l, ß ss, æ ae, þ th, ð d, ı i), small
/// capitals as letters. Decomposed and composed spellings give the same key. Kana keep their voicing marks.
///
/// Different names of one realm can share it, so equality is strong evidence but no identity.
[[nodiscard]] std::string folded_key(std::string_view name);

/// As `exact_key`, appended to `out`: no allocation when the capacity suffices.
void append_exact_key(std::string& out, std::string_view name);

/// As `folded_key`, appended to `out`: no allocation when the capacity suffices.
void append_folded_key(std::string& out, std::string_view name);

} // namespace patt::text
