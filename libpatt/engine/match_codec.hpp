/// @file
/// What the queue and links keep of a decision: candidates and explanations as JSON, evidence as a line.
#pragma once

#include <patt/engine/queries.hpp>
#include <patt/identity/matcher.hpp>

#include <span>
#include <string>

namespace patt::engine {

/// Read again by `candidates_of`.
[[nodiscard]] std::string encode_candidates(std::span<const item_candidate> candidates);

/// Explanations as an array of objects: member, probability, items with channel, values, bits; vetoes, and
/// what would change the answer.
[[nodiscard]] std::string encode_explanations(std::span<const identity::match_explanation> whys);

/// What a link rests on, for people: `guild_note: "Discord: Rocket" = rocket, 99.9 %`.
[[nodiscard]] std::string evidence_line(const identity::match_explanation& why);

} // namespace patt::engine
