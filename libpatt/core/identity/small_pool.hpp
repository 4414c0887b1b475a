/// @file
/// The keys of a pool of few members in one row, looked through whole: quicker there than an index.
#pragma once

#include "core/identity/match_surface.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace patt::identity {

/// Finds the same members as the index while no list of it can be too long.
class small_pool {
public:
    /// With how many members that ever came it is given up: above, the index is quicker (docs/matching.md).
    static constexpr std::size_t most_members = 2;

    explicit small_pool(std::size_t most = most_members)
        : most_(most) {}

    /// Whether it answers. Once it was given up it never does again.
    [[nodiscard]] bool is_kept() const noexcept { return kept_; }

    /// A member with these keys came, the pool has so many with it.
    void add(slot member, std::span<const block_key> keys, std::size_t members);
    void remove(slot member);

    /// Appends the members that share one of the keys, each once.
    void find(std::span<const block_key> keys, std::vector<slot>& found) const;

private:
    struct entry {
        std::uint32_t hash;
        slot member;
    };
    std::size_t most_;
    bool kept_ = true;
    std::vector<entry> row_; // the entries of one member stand together
};

} // namespace patt::identity
