#include <patt/identity/rank_names.hpp>

#include <array>
#include <cstddef>

namespace patt::identity {

std::string default_rank_name(std::int32_t rank) {
    static constexpr std::array<const char*, 5> names{"Guild Leader", "Officer", "Veteran", "Member",
                                                      "Initiate"};
    if (rank >= 0 && static_cast<std::size_t>(rank) < names.size()) {
        return names[static_cast<std::size_t>(rank)];
    }
    return "Rank " + std::to_string(rank);
}

} // namespace patt::identity
