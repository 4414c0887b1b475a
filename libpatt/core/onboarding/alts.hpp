/// @file
/// The further characters of a newcomer: what was typed, and a question for each name that does not fit one.
///
/// Remembered under the step's field, here `alts`: `alts` as typed, `alts.queries` a line each, `alts.todo`
/// the queries still to be asked about, and for the next of them `alts.open` (`several`, `near` or `none`),
/// `alts.asked` and `alts.offered`.
#pragma once

#include "core/onboarding/parsers.hpp"

namespace patt::onboarding {

/// Reads a list of characters, and prepares the question about the first that does not fit exactly one.
[[nodiscard]] parse_outcome parse_alts(draft& d, const step& which, std::string_view text, need& missing);

/// Reads the answer to such a question: a number or label, `none` (what was typed stays), or another name.
[[nodiscard]] parse_outcome parse_offered_alt(draft& d, const step& which, std::string_view text,
                                              need& missing);

/// The character that a query means as an alt; null if it fits none or several. The main one is no alt.
[[nodiscard]] const candidate* alt_meant(const lookup& found, character_id main);

} // namespace patt::onboarding
