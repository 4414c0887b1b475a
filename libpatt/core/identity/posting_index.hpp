/// @file
/// Which records share a key: hash to short lists, made for keys that mostly have one record.
#pragma once

#include "core/identity/grown_array.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace patt::identity {

/// A map from 32-bit hashes, none of them zero, to lists of slots. The order within a list is not defined.
class posting_index {
public:
    /// Adds a slot to a key's list; the length of the list afterwards. Precondition: it is not in the list.
    std::size_t add(std::uint32_t key, std::uint32_t slot);

    /// Adds a slot to a key's list when `catch_up` is called, or earlier: many together cost half, as they
    /// come in the order of the table. Precondition: the same as of `add`; nobody reads or removes before
    /// `catch_up`.
    void add_later(std::uint32_t key, std::uint32_t added) {
        later_.push_back({mixed(key), added});
        if (later_.size() == most_later)
            catch_up();
    }
    /// Adds what is left of that.
    void catch_up();

    /// Removes a slot from a key's list; the length of the list before. Precondition: it is in the list.
    std::size_t remove(std::uint32_t key, std::uint32_t slot);

    /// The list of a key; valid until the next change.
    [[nodiscard]] std::span<const std::uint32_t> find(std::uint32_t key) const noexcept;

    /// Fetches what `add`, `remove` or `find` of this key will read first: in large pools it is not in the
    /// cache.
    void prefetch(std::uint32_t key) const noexcept {
        if (cells_.size() > in_cache)
            __builtin_prefetch(&cells_[home(mixed(key))]);
    }

    /// Fetches the list of a key, after `prefetch`.
    void prefetch_list(std::uint32_t key) const noexcept {
        if (cells_.size() > in_cache)
            static_cast<void>(locate(key));
    }

    /// Where a list is: `find` in two steps, so that the lists of many keys are fetched side by side.
    class place {
    public:
        [[nodiscard]] explicit operator bool() const noexcept { return cell_ != nullptr; }

    private:
        friend class posting_index;
        const void* cell_ = nullptr;
    };
    [[nodiscard]] place locate(std::uint32_t key) const noexcept {
        place p;
        if (cells_.size() == 0)
            return p;
        const std::uint32_t wanted = mixed(key);
        const cell& c = cells_[position(wanted)];
        if (c.key != wanted)
            return p;
        if ((c.value & is_list) != 0)
            __builtin_prefetch(&arena_[c.value & ~is_list]);
        p.cell_ = &c;
        return p;
    }
    /// Precondition: the place is of a list, and nothing has changed since.
    [[nodiscard]] std::span<const std::uint32_t> at(place p) const noexcept {
        const cell& c = *static_cast<const cell*>(p.cell_);
        if ((c.value & is_list) == 0)
            return {&c.value, 1};
        const std::uint32_t* const block = &arena_[c.value & ~is_list];
        return {block + 1, *block & size_mask};
    }

    /// Memory in use, for the benchmark.
    [[nodiscard]] std::size_t bytes() const noexcept {
        return cells_.size() * sizeof(cell) + arena_.size() * sizeof(std::uint32_t);
    }

private:
    // `key` is mixed, zero: empty. `value` is a slot, or with the highest bit set where in `arena_` the list
    // stands.
    struct cell {
        std::uint32_t key;
        std::uint32_t value;
    };
    static constexpr std::uint32_t is_list = 1U << 31U;
    static constexpr std::size_t most_later = 1U << 19U; // 4 MB, and as much while they are sorted
    static constexpr std::size_t in_cache = 32768;       // cells of a table that the processor holds anyway

    // A list is a block of words: first its size and the kind of block, then the slots.
    static constexpr std::uint32_t size_bits = 26;
    static constexpr std::uint32_t size_mask = (1U << size_bits) - 1U;
    static constexpr std::size_t kinds = 48;

    // 3, 4, 6, 8, 12, 16 ... words.
    [[nodiscard]] static constexpr std::size_t words_of(std::uint32_t kind) noexcept {
        return std::size_t{3U + (kind & 1U)} << (kind / 2U);
    }

    // Odd, so that different keys stay different and zero stays zero.
    [[nodiscard]] static std::uint32_t mixed(std::uint32_t key) noexcept { return key * 0x9E3779B1U; }
    // In the order of the mixed keys: the whole table is sorted, but for its gaps.
    [[nodiscard]] std::size_t home(std::uint32_t mixed_key) const noexcept {
        return static_cast<std::size_t>(std::uint64_t{mixed_key} * homes_ >> 32U);
    }
    // Where the key is, or would be.
    [[nodiscard]] std::size_t position(std::uint32_t mixed_key) const noexcept {
        std::size_t i = home(mixed_key);
        while (cells_[i].key - 1U < mixed_key - 1U) // an empty one is larger than all
            ++i;
        return i;
    }
    [[nodiscard]] bool is_full(std::size_t keys) const noexcept;
    void grow(std::size_t keys);
    std::size_t add_mixed(std::uint32_t wanted, std::uint32_t slot);
    void add_row(std::span<const cell> row);
    void insert_at(std::size_t at, cell c);
    void erase_at(std::size_t at) noexcept;
    [[nodiscard]] std::uint32_t take_block(std::uint32_t kind);
    void give_back(std::uint32_t begin, std::uint32_t kind) noexcept;

    grown_array<cell> cells_; // `homes_` and some behind them for those that found no room; the last is empty
    std::size_t homes_ = 0;
    std::size_t used_ = 0;
    grown_array<std::uint32_t> arena_;
    std::size_t arena_used_ = 0;
    std::array<std::uint32_t, kinds> unused_{}; // by kind: one more than where the first unused block begins
    std::vector<cell> later_;                   // `value` is a slot
};

} // namespace patt::identity
