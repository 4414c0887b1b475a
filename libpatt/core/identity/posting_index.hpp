/// @file
/// Which records share a key: hash to short lists, made for keys that mostly have one record.
#pragma once

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

private:
    // `value` is a slot, or the number of a list with the highest bit set. Key zero: empty.
    struct cell {
        std::uint32_t key = 0;
        std::uint32_t value = 0;
    };
    static constexpr std::uint32_t is_list = 1U << 31U;

    [[nodiscard]] std::size_t position(std::uint32_t key) const noexcept;
    void grow();
    void erase_cell(std::size_t at);

    std::vector<cell> cells_;
    std::size_t used_ = 0;
    std::vector<std::vector<std::uint32_t>> lists_;
    std::vector<std::uint32_t> free_lists_;
};

} // namespace patt::identity
