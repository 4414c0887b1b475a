/// @file
/// What a character's own evidence decides, before its group has a say.
#pragma once

#include "unit/identity/reference/chance.hpp"

namespace patt::identity::reference {

/// How its best candidate stands.
struct standing {
    member_id best; ///< Zero: nobody fits.
    double probability = 0.0;
    double raw = 0.0; ///< Before other characters and experience have a say.
    double share = 1.0;
    doubt why_not = doubt::none;
    bool automatic = false; ///< Sure enough to link.
};

[[nodiscard]] standing stand(const workings& w, std::size_t i);

/// The decision if it belonged to no group and no human had given it to anybody.
[[nodiscard]] match_decision decide_alone(const workings& w, std::size_t i);

/// The decision once a human has said who owns it.
void accept(const workings& w, std::size_t i, member_id owner, match_decision& d);

} // namespace patt::identity::reference
