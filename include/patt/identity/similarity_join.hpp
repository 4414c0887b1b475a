/// @file
/// All pairs of names that are nearly equal, fast and exactly.
///
/// For whole lists at once: "which of these 100,000 names are typing errors of those?" One at a time is
/// `text::osa_distance`.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace patt::identity {

/// A pair that is similar enough.
struct join_hit {
    std::uint32_t left = 0;     ///< Index into the left list.
    std::uint32_t right = 0;    ///< Index into the right list.
    std::uint32_t distance = 0; ///< `text::osa_distance`.

    friend auto operator<=>(const join_hit&, const join_hit&) = default;
};

/// How a join finds its pairs. The result is the same.
enum class join_method : std::uint8_t {
    automatic,   ///< By the size of the lists.
    brute_force, ///< Every pair whose lengths allow it.
    index,       ///< Only pairs that share a piece that no allowed number of errors can destroy everywhere.
};

/// The pairs with `osa_distance <= max(length) / 5` (rounded down), that is, a similarity of 0.8 or more: no
/// error up to 4 characters, one from 5, two from 10, three from 15. Compare keys (`folded_key`,
/// `name_keys::bare`).
///
/// @return     Sorted by left, then right. Empty names match nothing.
/// @par Units  Lengths in code points; names of more than 64 are cut there.
/// @par Memory About 60 bytes per right name while it runs.
[[nodiscard]] std::vector<join_hit> similarity_join(std::span<const std::string_view> left,
                                                    std::span<const std::string_view> right,
                                                    join_method method = join_method::automatic);

} // namespace patt::identity
