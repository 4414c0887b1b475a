/// @file
/// The evidence that a member owns a character, summed plainly; who is a candidate at all.
#pragma once

#include "unit/identity/reference/guild.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace patt::identity::reference {

/// The evidence of one pair.
struct pair_evidence {
    member_id owner;
    bits total = 0;
    std::uint32_t piece = 0; ///< Which name of the member it uses up.
    route by = route::none;  ///< What speaks loudest.
    std::size_t channels = 0;
    bool solid = false;   ///< Not by errors or small parts alone.
    bool longer = false;  ///< Not by three letters alone.
    bool look = false;    ///< The names only look alike.
    bool related = false; ///< A note calls the member somebody else than the owner.

    /// The name for which it competes with other characters, if it does.
    [[nodiscard]] std::optional<std::uint32_t> contested() const {
        return look || related ? std::nullopt : std::optional(piece);
    }
};

/// Sums the evidence of a pair, whether or not the two would find each other.
[[nodiscard]] pair_evidence evidence_of(const guild& g, const character& c, const member& m);

/// Who may own the character, the best first, ties by id: those who share a key that few enough have and
/// have evidence, for or against.
[[nodiscard]] std::vector<pair_evidence> candidates_of(const guild& g, const character& c);

} // namespace patt::identity::reference
