#include "core/identity/posting_index.hpp"

#include <algorithm>

namespace patt::identity {

// Linear probing; a removed cell is closed by moving later ones back, so there are no tombstones to clean up.

std::size_t posting_index::position(std::uint32_t key) const noexcept {
    const std::size_t mask = cells_.size() - 1;
    std::size_t i = (key * 0x9E3779B1U) & mask;
    while (cells_[i].key != 0 && cells_[i].key != key)
        i = (i + 1) & mask;
    return i;
}

void posting_index::grow() {
    std::vector<cell> old(std::max<std::size_t>(64, cells_.size() * 2));
    old.swap(cells_);
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
        std::uint32_t list = 0;
        if (free_lists_.empty()) {
            list = static_cast<std::uint32_t>(lists_.size());
            lists_.emplace_back();
        } else {
            list = free_lists_.back();
            free_lists_.pop_back();
        }
        lists_[list] = {c.value, slot};
        c.value = list | is_list;
        return 2;
    }
    std::vector<std::uint32_t>& list = lists_[c.value & ~is_list];
    list.push_back(slot);
    return list.size();
}

void posting_index::erase_cell(std::size_t at) {
    const std::size_t mask = cells_.size() - 1;
    std::size_t hole = at;
    for (std::size_t i = (hole + 1) & mask; cells_[i].key != 0; i = (i + 1) & mask) {
        const std::size_t home = (cells_[i].key * 0x9E3779B1U) & mask;
        // Move back what may stand in the hole: its home is not behind the hole on the way to i.
        if (((i - home) & mask) >= ((i - hole) & mask)) {
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
    const std::uint32_t number = c.value & ~is_list;
    std::vector<std::uint32_t>& list = lists_[number];
    const std::size_t before = list.size();
    const auto it = std::find(list.begin(), list.end(), slot);
    if (it == list.end())
        return before;
    *it = list.back();
    list.pop_back();
    if (list.size() == 1) {
        c.value = list.front();
        list = {};
        free_lists_.push_back(number);
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
    return lists_[c.value & ~is_list];
}

} // namespace patt::identity
