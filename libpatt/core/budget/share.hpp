/// @file
/// Who gets which of the tokens that are there: those who got least for their weight come first.
///
/// Each token raises the tag of whoever gets it by the inverse of their weight, and the smallest tag is next.
/// So of two that both wait all the time neither gets more than one token ahead of its share, whatever they
/// ask for.
#pragma once

#include "core/budget/ledger.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace patt::budget {

/// By how much one token raises a tag.
[[nodiscard]] std::int64_t cost_of(urgency cls, std::int64_t guilds) noexcept;

/// Deals the room out among the claims. @return for each claim its tokens.
[[nodiscard]] std::vector<std::int64_t> share_out(std::span<const claim> claims, room left);

} // namespace patt::budget
