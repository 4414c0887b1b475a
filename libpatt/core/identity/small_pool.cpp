#include "core/identity/small_pool.hpp"

#include <algorithm>
#include <array>

namespace patt::identity {

void small_pool::add(slot member, std::span<const block_key> keys, std::size_t members) {
    if (!kept_)
        return;
    if (members > most_) {
        kept_ = false;
        row_ = {};
        return;
    }
    for (const block_key& k : keys)
        row_.push_back({k.hash, member});
}

void small_pool::remove(slot member) {
    std::erase_if(row_, [member](const entry& e) { return e.member == member; });
}

void small_pool::find(std::span<const block_key> keys, std::vector<slot>& found) const {
    // Most entries are sorted out by one bit of 256, and only the rest is looked for among the keys.
    std::array<std::uint64_t, 4> seen{};
    for (const block_key& k : keys)
        seen[k.hash >> 30U] |= std::uint64_t{1} << (k.hash >> 24U & 63U);
    for (auto e = row_.begin(); e != row_.end(); ++e) {
        if ((seen[e->hash >> 30U] >> (e->hash >> 24U & 63U) & 1U) == 0)
            continue;
        const auto same = [e](const block_key& k) { return k.hash == e->hash; };
        if (std::none_of(keys.begin(), keys.end(), same))
            continue;
        found.push_back(e->member);
        while (e + 1 != row_.end() && (e + 1)->member == e->member)
            ++e;
    }
}

} // namespace patt::identity
