/// @file
/// Which records share a key: hash to short lists, made for keys that mostly have one record.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace patt::identity {

/// A map from 32-bit hashes to lists of slots. The order within a list is not defined.
class posting_index {
public:
    /// Adds a slot to a key's list; the length of the list afterwards. Precondition: it is not in the list.
    std::size_t add(std::uint32_t key, std::uint32_t slot);

    /// Removes a slot from a key's list; the length of the list before. Precondition: it is in the list.
    std::size_t remove(std::uint32_t key, std::uint32_t slot);

    /// The list of a key; valid until the next change.
    [[nodiscard]] std::span<const std::uint32_t> find(std::uint32_t key) const noexcept;

    /// Fetches what `add`, `remove` or `find` of this key will read first: in large pools it is not in the
    /// cache.
    void prefetch(std::uint32_t key) const noexcept {
        if (!cells_.empty())
            __builtin_prefetch(&cells_[home(key)]);
    }

    /// Fetches the list of a key, after `prefetch`.
    void prefetch_list(std::uint32_t key) const noexcept {
        if (cells_.empty())
            return;
        const cell& c = cells_[position(key)];
        if ((c.value & is_list) != 0)
            __builtin_prefetch(&arena_[c.value & ~is_list]);
    }

private:
    // `value` is a slot, or with the highest bit set where in `arena_` the list stands. Key zero: empty.
    struct cell {
        std::uint32_t key = 0;
        std::uint32_t value = 0;
    };
    static constexpr std::uint32_t is_list = 1U << 31U;

    // A list is a block of 2^room words: first its size and room, then the slots.
    static constexpr std::uint32_t size_bits = 27;
    static constexpr std::uint32_t size_mask = (1U << size_bits) - 1U;

    // By the highest bits, so that growing reads and writes from the front to the back.
    [[nodiscard]] std::size_t home(std::uint32_t key) const noexcept { return (key * 0x9E3779B1U) >> shift_; }
    [[nodiscard]] std::size_t position(std::uint32_t key) const noexcept;
    void grow();
    void erase_cell(std::size_t at);
    [[nodiscard]] std::uint32_t take_block(std::uint32_t room);

    std::vector<cell> cells_;
    std::uint32_t shift_ = 32;
    std::size_t used_ = 0;
    std::vector<std::uint32_t> arena_;
    std::array<std::vector<std::uint32_t>, 32> free_blocks_; // by room: where unused ones begin
};

} // namespace patt::identity
