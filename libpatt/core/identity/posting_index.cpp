#include "core/identity/posting_index.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace patt::identity {

// Linear probing in the order of the keys: a look-up ends at the first larger key, so the table can be fuller
// than without that order. A removed cell is closed by moving later ones back: there are no tombstones.

namespace {

constexpr std::size_t behind = 32;     // cells behind the last home
constexpr std::size_t large = 300'000; // from here on memory counts more than time

// Fast at first; by a quarter later, as large tables grow in place and what is empty costs memory.
std::size_t larger(std::size_t size) noexcept {
    if (size < 16384)
        return size * 4;
    return size < large ? size + size / 2 : size + size / 4;
}

} // namespace

bool posting_index::is_full(std::size_t keys) const noexcept {
    return keys * 8 > homes_ * (homes_ < large ? 6 : 7);
}

void posting_index::grow(std::size_t keys) {
    const std::size_t old_size = cells_.size();
    const std::size_t old_homes = homes_;
    while (is_full(keys))
        homes_ = std::max<std::size_t>(64, larger(homes_));
    const std::size_t size = homes_ + std::max(behind, old_size - old_homes);
    cells_.grow_to(size);
    // All go to the end, and from there to their places: one never comes before the next that is read.
    std::copy_backward(cells_.data(), cells_.data() + old_size, cells_.data() + size);
    std::size_t free = 0;
    for (std::size_t i = size - old_size; i < size; ++i) {
        const cell c = cells_[i];
        if (c.key == 0)
            continue;
        const std::size_t at = std::max(home(c.key), free);
        std::fill(cells_.data() + free, cells_.data() + at, cell{});
        cells_[at] = c;
        free = at + 1;
    }
    std::fill(cells_.data() + free, cells_.data() + size, cell{});
}

void posting_index::insert_at(std::size_t at, cell c) {
    std::size_t gap = at;
    while (cells_[gap].key != 0)
        ++gap;
    if (gap + 1 == cells_.size()) { // the last one must stay empty
        const std::size_t before = cells_.size();
        cells_.grow_to(before + behind);
        std::fill(cells_.data() + before, cells_.data() + cells_.size(), cell{});
    }
    std::copy_backward(cells_.data() + at, cells_.data() + gap, cells_.data() + gap + 1);
    cells_[at] = c;
    ++used_;
}

void posting_index::erase_at(std::size_t at) noexcept {
    std::size_t i = at + 1;
    for (; cells_[i].key != 0 && home(cells_[i].key) < i; ++i)
        cells_[i - 1] = cells_[i];
    cells_[i - 1] = {};
    --used_;
}

std::uint32_t posting_index::take_block(std::uint32_t kind) {
    if (const std::uint32_t first = unused_[kind]; first != 0) {
        unused_[kind] = arena_[first - 1];
        return first - 1;
    }
    const std::size_t begin = arena_used_;
    arena_used_ += words_of(kind);
    if (arena_used_ > arena_.size())
        arena_.grow_to(std::max(arena_used_, std::max<std::size_t>(64, larger(arena_.size()))));
    return static_cast<std::uint32_t>(begin);
}

void posting_index::give_back(std::uint32_t begin, std::uint32_t kind) noexcept {
    arena_[begin] = unused_[kind];
    unused_[kind] = begin + 1;
}

namespace {

// By the upper bits of the key, which say where in the table it goes, eleven at a time: those of one key are
// neighbours but for a few.
template <class Cell>
std::vector<Cell> nearly_sorted(std::vector<Cell> cells) {
    constexpr std::uint32_t digit = 11;
    constexpr std::uint32_t mask = (1U << digit) - 1U;
    std::vector<Cell> out(cells.size());
    for (std::uint32_t shift = 32 - 2 * digit; shift < 32; shift += digit) {
        std::array<std::uint32_t, mask + 1> next{}; // where the next one with this digit goes
        for (const Cell& c : cells)
            ++next[c.key >> shift & mask];
        std::exclusive_scan(next.begin(), next.end(), next.begin(), 0U);
        for (const Cell& c : cells)
            out[next[c.key >> shift & mask]++] = c;
        cells.swap(out);
    }
    return cells;
}

} // namespace

// In the order of the table, which has to have room for all of them before: what comes first would crowd its
// beginning.
void posting_index::catch_up() {
    constexpr std::size_t few = 1024;
    std::vector<cell> fresh = std::exchange(later_, {});
    if (fresh.size() >= few) {
        fresh = nearly_sorted(std::move(fresh));
        std::size_t different = used_ + 1;
        for (std::size_t i = 1; i < fresh.size(); ++i)
            different += fresh[i].key != fresh[i - 1].key ? 1U : 0U;
        if (is_full(different))
            grow(different);
    }
    constexpr std::size_t ahead = 12;
    for (std::size_t i = 0; i < fresh.size();) {
        if (i + ahead < fresh.size() && cells_.size() > in_cache)
            __builtin_prefetch(&cells_[home(fresh[i + ahead].key)]);
        std::size_t end = i + 1;
        while (end < fresh.size() && fresh[end].key == fresh[i].key)
            ++end;
        add_row({fresh.data() + i, end - i});
        i = end;
    }
}

// Adds some of one key.
void posting_index::add_row(std::span<const cell> row) {
    if (is_full(used_ + 1))
        grow(used_ + 1);
    const std::uint32_t wanted = row.front().key;
    const std::size_t at = position(wanted);
    if (cells_[at].key == wanted) {
        for (const cell& c : row)
            add_mixed(wanted, c.value);
        return;
    }
    if (row.size() == 1) {
        insert_at(at, row.front());
        return;
    }
    std::uint32_t kind = 0;
    while (words_of(kind) <= row.size())
        ++kind;
    const std::uint32_t begin = take_block(kind);
    arena_[begin] = kind << size_bits | static_cast<std::uint32_t>(row.size());
    std::transform(row.begin(), row.end(), arena_.data() + begin + 1, [](const cell& c) { return c.value; });
    insert_at(at, {wanted, begin | is_list});
}

std::size_t posting_index::add(std::uint32_t key, std::uint32_t slot) {
    return add_mixed(mixed(key), slot);
}

std::size_t posting_index::add_mixed(std::uint32_t wanted, std::uint32_t slot) {
    if (is_full(used_ + 1))
        grow(used_ + 1);
    const std::size_t at = position(wanted);
    if (cells_[at].key != wanted) {
        insert_at(at, {wanted, slot});
        return 1;
    }
    cell& c = cells_[at];
    if ((c.value & is_list) == 0) {
        const std::uint32_t begin = take_block(0);
        arena_[begin] = 2U;
        arena_[begin + 1] = c.value;
        arena_[begin + 2] = slot;
        c.value = begin | is_list;
        return 2;
    }
    std::uint32_t begin = c.value & ~is_list;
    const std::uint32_t size = arena_[begin] & size_mask;
    const std::uint32_t kind = arena_[begin] >> size_bits;
    if (size + 1 == words_of(kind)) {
        const std::uint32_t wider = take_block(kind + 1);
        std::copy_n(arena_.data() + begin, size + 1, arena_.data() + wider);
        arena_[wider] = (kind + 1) << size_bits | size;
        give_back(begin, kind);
        begin = wider;
        c.value = begin | is_list;
    }
    arena_[begin + size + 1] = slot;
    ++arena_[begin];
    return size + 1;
}

std::size_t posting_index::remove(std::uint32_t key, std::uint32_t slot) {
    if (cells_.size() == 0)
        return 0;
    const std::uint32_t wanted = mixed(key);
    const std::size_t at = position(wanted);
    cell& c = cells_[at];
    if (c.key != wanted)
        return 0;
    if ((c.value & is_list) == 0) {
        erase_at(at);
        return 1;
    }
    const std::uint32_t block = c.value & ~is_list;
    const std::uint32_t before = arena_[block] & size_mask;
    std::uint32_t* const begin = arena_.data() + block + 1;
    std::uint32_t* const end = begin + before;
    std::uint32_t* const it = std::find(begin, end, slot);
    if (it == end)
        return before;
    *it = *(end - 1);
    --arena_[block];
    if (before == 2) {
        c.value = *begin;
        give_back(block, arena_[block] >> size_bits);
    }
    return before;
}

std::span<const std::uint32_t> posting_index::find(std::uint32_t key) const noexcept {
    const place p = locate(key);
    return p ? at(p) : std::span<const std::uint32_t>();
}

} // namespace patt::identity
