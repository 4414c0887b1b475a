/// @file
/// Chunks of a roster as JSON: how an import survives the end of the process.
#pragma once

#include <patt/identity/roster.hpp>
#include <patt/ids.hpp>

#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace patt::engine {

[[nodiscard]] std::string encode_items(std::span<const identity::roster_item> items);
/// @throws failure when the text is not what `encode_items` writes.
[[nodiscard]] std::vector<identity::roster_item> decode_items(std::string_view text);

/// The characters that a merged chunk found as they were: what is left of it until the departures.
[[nodiscard]] std::string encode_ids(std::span<const character_id> ids);
/// @throws failure when the text is not what `encode_ids` writes.
void decode_ids(std::string_view text, std::unordered_set<character_id>& to);

} // namespace patt::engine
