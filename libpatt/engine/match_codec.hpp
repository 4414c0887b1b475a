/// @file
/// What the queue and links keep of a decision: candidates and explanations as JSON, evidence as a line.
#pragma once

#include <patt/identity/matcher.hpp>

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patt::engine {

/// A candidate as the queue shows it.
struct shown_candidate {
    member_id member;
    std::string name;
    double probability = 0.0;
};

[[nodiscard]] std::string encode_candidates(std::span<const shown_candidate> candidates);
/// @throws failure when the text is not what `encode_candidates` writes.
[[nodiscard]] std::vector<shown_candidate> decode_candidates(std::string_view text);

/// Explanations as an array of objects: member, probability, items with channel, values, bits; vetoes, and
/// what would change the answer.
[[nodiscard]] std::string encode_explanations(std::span<const identity::match_explanation> whys);

/// What a link rests on, for people: `guild_note: "Discord: Rocket" = rocket, 99.9 %`.
[[nodiscard]] std::string evidence_line(const identity::match_explanation& why);

} // namespace patt::engine
