#include "core/identity/posting_index.hpp"

#include <algorithm>

namespace patt::identity {

// Linear probing; a removed cell is closed by moving later ones back, so there are no tombstones to clean up.

std::size_t posting_index::position(std::uint32_t key) const noexcept {
    const std::size_t mask = cells_.size() - 1;
    std::size_t i = home(key);
    while (cells_[i].key != 0 && cells_[i].key != key)
        i = (i + 1) & mask;
    return i;
}

std::uint32_t posting_index::take_list() {
    if (free_lists_.empty()) {
        lists_.emplace_back();
        return static_cast<std::uint32_t>(lists_.size() - 1);
    }
    const std::uint32_t number = free_lists_.back();
    free_lists_.pop_back();
    return number;
}

std::uint32_t posting_index::take_room(std::uint32_t room) {
    std::vector<std::uint32_t>& unused = free_rooms_[room];
    if (!unused.empty()) {
        const std::uint32_t begin = unused.back();
        unused.pop_back();
        return begin;
    }
    const auto begin = static_cast<std::uint32_t>(arena_.size());
    arena_.resize(arena_.size() + (std::size_t{1} << room));
    return begin;
}

void posting_index::append(list& l, std::uint32_t slot) {
    if (l.size == 1U << l.room) {
        const std::uint32_t begin = take_room(l.room + 1);
        std::copy_n(arena_.begin() + l.begin, l.size, arena_.begin() + begin);
        free_rooms_[l.room].push_back(l.begin);
        l.begin = begin;
        ++l.room;
    }
    arena_[l.begin + l.size++] = slot;
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
        const std::uint32_t number = take_list();
        list& l = lists_[number];
        l = {take_room(1), 2, 1};
        arena_[l.begin] = c.value;
        arena_[l.begin + 1] = slot;
        c.value = number | is_list;
        return 2;
    }
    list& l = lists_[c.value & ~is_list];
    append(l, slot);
    return l.size;
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
    const std::uint32_t number = c.value & ~is_list;
    list& l = lists_[number];
    const std::size_t before = l.size;
    const auto begin = arena_.begin() + l.begin;
    const auto end = begin + l.size;
    const auto it = std::find(begin, end, slot);
    if (it == end)
        return before;
    *it = *(end - 1);
    if (--l.size == 1) {
        c.value = *begin;
        free_rooms_[l.room].push_back(l.begin);
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
    const list& l = lists_[c.value & ~is_list];
    return {arena_.data() + l.begin, l.size};
}

} // namespace patt::identity
