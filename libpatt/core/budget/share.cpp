#include "core/budget/share.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace patt::budget {

namespace {

constexpr std::int64_t whole = std::int64_t{1} << 20;
constexpr std::int64_t others_for_each_bulk = 4;
constexpr std::int64_t dealt_at_once = 256; ///< For each claim: bounds the work under the row's lock.

} // namespace

std::int64_t cost_of(urgency cls, std::int64_t guilds) noexcept {
    const std::int64_t one = cls == urgency::bulk ? whole * others_for_each_bulk : whole;
    return std::max<std::int64_t>(1, one / std::max<std::int64_t>(1, guilds));
}

std::vector<std::int64_t> share_out(std::span<const claim> claims, room left) {
    std::vector<std::int64_t> out(claims.size(), 0);
    std::vector<std::int64_t> tags;
    std::transform(claims.begin(), claims.end(), std::back_inserter(tags),
                   [](const claim& c) { return c.tag; });
    for (;;) {
        std::size_t next = claims.size();
        for (std::size_t i = 0; i < claims.size(); ++i) {
            const claim& c = claims[i];
            if (out[i] >= std::min(c.wanted, dealt_at_once) || left.for_class(c.cls) <= 0) {
                continue;
            }
            if (next == claims.size() || std::tuple(tags[i], c.since, c.host) <
                                             std::tuple(tags[next], claims[next].since, claims[next].host)) {
                next = i;
            }
        }
        if (next == claims.size()) {
            return out;
        }
        ++out[next];
        left.use(claims[next].cls, 1);
        tags[next] += cost_of(claims[next].cls, claims[next].guilds);
    }
}

} // namespace patt::budget
