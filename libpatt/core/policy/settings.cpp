#include <patt/policy/settings.hpp>

#include <algorithm>

namespace patt::policy {

int claim_max_rank(const guild_settings& settings) noexcept {
    // Ranks count downwards: a smaller number is a higher rank.
    const int below_officer = settings.trust.officer_rank + 1;
    return std::max(settings.trust.claim_max_rank.value_or(below_officer), below_officer);
}

std::string rank_name(const guild_settings& settings, int rank) {
    const auto index = static_cast<std::size_t>(rank);
    if (rank >= 0 && index < settings.ranks.names.size() && !settings.ranks.names[index].empty()) {
        return settings.ranks.names[index];
    }
    return "Rank " + std::to_string(rank);
}

role_id role_of_rank(const guild_settings& settings, int rank) noexcept {
    const auto found = settings.ranks.roles.find(rank);
    return found != settings.ranks.roles.end() && found->second ? found->second : settings.ranks.default_role;
}

} // namespace patt::policy
