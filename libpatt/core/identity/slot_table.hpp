/// @file
/// From ids to slots: open addressing in one array, as every change begins with such a look-up.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace patt::identity {

using slot = std::uint32_t;
inline constexpr slot no_slot = UINT32_MAX;

/// Ids are added and never removed. The id zero is nobody's.
template <class Id>
class slot_table {
public:
    /// The slot of an id, or `no_slot`.
    [[nodiscard]] slot find(Id id) const noexcept {
        return cells_.empty() ? no_slot : cells_[position(id)].value;
    }

    /// Adds an id. Preconditions: not zero, not there yet.
    void add(Id id, slot value) {
        if ((used_ + 1) * 2 > cells_.size())
            grow();
        cells_[position(id)] = {id, value};
        ++used_;
    }

private:
    struct cell {
        Id id;
        slot value = no_slot;
    };

    [[nodiscard]] std::size_t position(Id id) const noexcept {
        const std::size_t mask = cells_.size() - 1;
        auto i =
            static_cast<std::size_t>((static_cast<std::uint64_t>(id.value()) * 0x9E3779B97F4A7C15ULL) >> 32U);
        for (i &= mask; cells_[i].value != no_slot && cells_[i].id != id;)
            i = (i + 1) & mask;
        return i;
    }

    void grow() {
        std::vector<cell> old(std::max<std::size_t>(64, cells_.size() * 2));
        old.swap(cells_);
        for (const cell& c : old) {
            if (c.value != no_slot)
                cells_[position(c.id)] = c;
        }
    }

    std::vector<cell> cells_;
    std::size_t used_ = 0;
};

} // namespace patt::identity
