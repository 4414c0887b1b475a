/// @file
/// Chunks of a roster as JSON: how an import survives the end of the process.
#pragma once

#include <patt/identity/roster.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patt::engine {

[[nodiscard]] std::string encode_items(std::span<const identity::roster_item> items);
/// @throws failure when the text is not what `encode_items` writes.
[[nodiscard]] std::vector<identity::roster_item> decode_items(std::string_view text);

} // namespace patt::engine
