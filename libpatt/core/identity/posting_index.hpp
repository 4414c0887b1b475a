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

    /// Fetches what `add`, `remove` or `find` of this key will read: in large pools it is not in the cache.
    void prefetch(std::uint32_t key) const noexcept {
        if (!cells_.empty())
            __builtin_prefetch(&cells_[home(key)]);
    }

private:
    // `value` is a slot, or the number of a list with the highest bit set. Key zero: empty.
    struct cell {
        std::uint32_t key = 0;
        std::uint32_t value = 0;
    };
    static constexpr std::uint32_t is_list = 1U << 31U;

    // A part of `arena_` with room for 2^room slots.
    struct list {
        std::uint32_t begin = 0;
        std::uint32_t size = 0;
        std::uint32_t room = 0;
    };

    [[nodiscard]] std::size_t home(std::uint32_t key) const noexcept {
        return (key * 0x9E3779B1U) & (cells_.size() - 1);
    }
    [[nodiscard]] std::size_t position(std::uint32_t key) const noexcept;
    void grow();
    void erase_cell(std::size_t at);
    [[nodiscard]] std::uint32_t take_list();
    [[nodiscard]] std::uint32_t take_room(std::uint32_t room);
    void append(list& l, std::uint32_t slot);

    std::vector<cell> cells_;
    std::size_t used_ = 0;
    std::vector<list> lists_;
    std::vector<std::uint32_t> free_lists_;
    std::vector<std::uint32_t> arena_;
    std::array<std::vector<std::uint32_t>, 32> free_rooms_; // by size: where unused parts begin
};

} // namespace patt::identity
