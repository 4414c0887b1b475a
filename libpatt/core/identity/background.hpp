/// @file
/// How rare a name is: the chance that a stranger bears it, in bits.
#pragma once

#include <patt/identity/evidence.hpp>

#include <string_view>

namespace patt::identity {

/// Rarities of one bare key, each -log2 of a chance per stranger.
struct name_rarity {
    bits whole = 0;  ///< That a stranger has just this name.
    bits edge = 0;   ///< That a stranger's name begins or ends with it.
    bits inside = 0; ///< That a stranger's name contains it anywhere.
    bits edit = 0;   ///< That a stranger's name is one typing error away.
};

/// From letter statistics of real names (tools/names); other scripts and digits by flat costs per character.
[[nodiscard]] name_rarity rarity_of(std::string_view bare) noexcept;

} // namespace patt::identity
