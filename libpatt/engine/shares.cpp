#include "engine/shares.hpp"

#include <algorithm>

namespace patt::engine {

share share_of(std::span<const std::int64_t> hosts, std::int64_t self, std::int64_t partitions) {
    const auto found = std::lower_bound(hosts.begin(), hosts.end(), self);
    if (found == hosts.end() || *found != self) {
        return {};
    }
    const auto place = static_cast<std::int64_t>(found - hosts.begin());
    const auto count = static_cast<std::int64_t>(hosts.size());
    return {place * partitions / count, (place + 1) * partitions / count};
}

} // namespace patt::engine
