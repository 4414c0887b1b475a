/// @file
/// Verification: does the roster bear out what the member said, and is a claim enough?
#pragma once

#include "core/onboarding/draft.hpp"

#include <optional>
#include <vector>

namespace patt::onboarding {

/// How one verification ended.
enum class claim_result : std::uint8_t {
    verified,
    unknown,    ///< Not in the roster (yet).
    several,    ///< The name fits several characters: ask which.
    privileged, ///< The rank needs proof or an officer.
    taken,      ///< Somebody else has it.
};
[[nodiscard]] std::string_view to_string(claim_result value) noexcept;

/// Checks the session's claim now. Writes links, issues and what the member is told.
/// @param missing  Filled when facts are needed first; the result means nothing then.
[[nodiscard]] claim_result verify_claim(draft& d, need& missing);

/// Links a character to the session's member at a level, making the person where there is none.
/// @return false when facts are needed first (`missing` says which).
[[nodiscard]] bool adopt(draft& d, const candidate& main, identity::assurance level,
                         const std::string& source, need& missing);

/// The characters of the session's person as they stand after this decision.
[[nodiscard]] std::vector<owned_character> owned_after(draft& d);

} // namespace patt::onboarding
