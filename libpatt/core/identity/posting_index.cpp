#include "core/identity/posting_index.hpp"

#include <algorithm>
#include <bit>

namespace patt::identity {

// Linear probing; a removed cell is closed by moving later ones back, so there are no tombstones to clean up.

std::size_t posting_index::position(std::uint32_t key) const noexcept {
    const std::size_t mask = cells_.size() - 1;
    std::size_t i = home(key);
    while (cells_[i].key != 0 && cells_[i].key != key)
        i = (i + 1) & mask;
    return i;
}

std::uint32_t posting_index::take_block(std::uint32_t room) {
    std::vector<std::uint32_t>& unused = free_blocks_[room];
    if (!unused.empty()) {
        const std::uint32_t begin = unused.back();
        unused.pop_back();
        return begin;
    }
    const auto begin = static_cast<std::uint32_t>(arena_.size());
    arena_.resize(arena_.size() + (std::size_t{1} << room));
    return begin;
}

void posting_index::grow() {
    std::vector<cell> old(std::max<std::size_t>(64, cells_.size() * 2));
    old.swap(cells_);
    shift_ = 32U - static_cast<std::uint32_t>(std::countr_zero(cells_.size()));
    for (const cell& c : old) {
        if (c.key != 0)
            cells_[position(c.key)] = c;
    }
}

std::size_t posting_index::add(std::uint32_t key, std::uint32_t slot) {
    if (used_ * 10 >= cells_.size() * 7)
        grow();
    cell& c = cells_[position(key)];
    if (c.key == 0) {
        c = {key, slot};
        ++used_;
        return 1;
    }
    if ((c.value & is_list) == 0) {
        constexpr std::uint32_t first_room = 2;
        const std::uint32_t begin = take_block(first_room);
        arena_[begin] = first_room << size_bits | 2U;
        arena_[begin + 1] = c.value;
        arena_[begin + 2] = slot;
        c.value = begin | is_list;
        return 2;
    }
    std::uint32_t begin = c.value & ~is_list;
    const std::uint32_t size = arena_[begin] & size_mask;
    const std::uint32_t room = arena_[begin] >> size_bits;
    if (size + 1 == 1U << room) {
        const std::uint32_t larger = take_block(room + 1);
        std::copy_n(arena_.begin() + begin, size + 1, arena_.begin() + larger);
        arena_[larger] = (room + 1) << size_bits | size;
        free_blocks_[room].push_back(begin);
        begin = larger;
        c.value = begin | is_list;
    }
    arena_[begin + size + 1] = slot;
    ++arena_[begin];
    return size + 1;
}

void posting_index::erase_cell(std::size_t at) {
    const std::size_t mask = cells_.size() - 1;
    std::size_t hole = at;
    for (std::size_t i = (hole + 1) & mask; cells_[i].key != 0; i = (i + 1) & mask) {
        const std::size_t wanted = home(cells_[i].key);
        // Move back what may stand in the hole: its home is not behind the hole on the way to i.
        if (((i - wanted) & mask) >= ((i - hole) & mask)) {
            cells_[hole] = cells_[i];
            hole = i;
        }
    }
    cells_[hole] = {};
    --used_;
}

std::size_t posting_index::remove(std::uint32_t key, std::uint32_t slot) {
    if (cells_.empty())
        return 0;
    const std::size_t at = position(key);
    cell& c = cells_[at];
    if (c.key == 0)
        return 0;
    if ((c.value & is_list) == 0) {
        erase_cell(at);
        return 1;
    }
    const std::uint32_t block = c.value & ~is_list;
    const std::uint32_t before = arena_[block] & size_mask;
    const auto begin = arena_.begin() + block + 1;
    const auto end = begin + before;
    const auto it = std::find(begin, end, slot);
    if (it == end)
        return before;
    *it = *(end - 1);
    --arena_[block];
    if (before == 2) {
        c.value = *begin;
        free_blocks_[arena_[block] >> size_bits].push_back(block);
    }
    return before;
}

std::span<const std::uint32_t> posting_index::find(std::uint32_t key) const noexcept {
    if (cells_.empty())
        return {};
    const cell& c = cells_[position(key)];
    if (c.key == 0)
        return {};
    if ((c.value & is_list) == 0)
        return {&c.value, 1};
    const std::uint32_t* const block = &arena_[c.value & ~is_list];
    return {block + 1, *block & size_mask};
}

} // namespace patt::identity
