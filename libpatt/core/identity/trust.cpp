#include <patt/identity/trust.hpp>

#include <algorithm>

namespace patt::identity {

std::string_view to_string(finding value) noexcept {
    switch (value) {
    case finding::free:
        return "free";
    case finding::own:
        return "own";
    case finding::privileged:
        return "privileged";
    case finding::taken:
        return "taken";
    }
    return "unknown";
}

finding judge(const claim& what, person_id claimant, const trust_limits& limits) noexcept {
    const bool proof = what.level >= assurance::challenged;
    const bool mine = what.held && claimant && what.held->person == claimant;
    if (what.held && !mine) {
        const bool stronger =
            what.held->level > what.level || (what.held->level >= assurance::challenged && !proof);
        const bool equal_proofs = proof && what.held->level >= assurance::challenged;
        if (stronger || equal_proofs || (what.held_by_present && !proof)) {
            return finding::taken;
        }
    }
    if (mine && what.held->level >= what.level) {
        return finding::own;
    }
    if (what.rank <= limits.officer_rank && !proof) {
        return finding::privileged;
    }
    return finding::free;
}

std::optional<int> effective_rank(const character& who, const link& why,
                                  const trust_limits& limits) noexcept {
    if (!who.present || why.state != link_state::active || why.level == assurance::suggested) {
        return std::nullopt;
    }
    if (why.level >= assurance::challenged) {
        return who.rank;
    }
    if (why.role != claim_role::main || who.rank <= limits.officer_rank) {
        return std::nullopt;
    }
    return std::max(who.rank, limits.claim_max_rank);
}

} // namespace patt::identity
