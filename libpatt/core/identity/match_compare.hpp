/// @file
/// How well two spellings agree, and what that is worth.
#pragma once

#include "core/identity/match_surface.hpp"

#include <patt/identity/evidence.hpp>

namespace patt::identity {

/// The result of comparing a character's spelling with a member's.
struct comparison {
    agreement how = agreement::none;
    bits weight = 0;
    std::uint32_t piece =
        0; ///< Which text of the member was used up: characters that use the same one compete.
    bool slight =
        false; ///< It rests on less than five letters of a longer name: no reason to link by itself.
};

/// Whether an agreement is by errors or parts, so that it needs a second reason to link.
[[nodiscard]] constexpr bool is_fuzzy(agreement a) noexcept {
    return a == agreement::one_edit || a == agreement::two_edits || a == agreement::prefix ||
           a == agreement::look;
}

/// Compares a character's spelling with a member's; symmetric but for the piece.
[[nodiscard]] comparison compare(const surface& character, const surface& member);

/// What `compare` does with two spellings of different bare keys that `may_agree`.
[[nodiscard]] comparison compare_different(const surface& character, const surface& member);

/// A quick look at two plain spellings of different bare keys: false only if they agree in nothing.
[[nodiscard]] bool may_agree(const surface& character, const surface& member) noexcept;

/// Whether two names that agree so are alike to 0.85, the least with which the seeds' fuzzy match links (S1):
/// errors in proportion to the longer one, or what one has of the other in proportion to both.
[[nodiscard]] bool is_much_alike(agreement how, const surface& a, const surface& b) noexcept;

/// The least number of typing errors (see `text::osa_distance`), cut off above `limit`.
[[nodiscard]] std::uint32_t edits_between(const surface& a, const surface& b, std::uint32_t limit);

} // namespace patt::identity
