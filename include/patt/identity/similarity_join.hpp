/// @file
/// All pairs of names that are nearly equal, fast and exactly.
///
/// For whole lists at once ("which of these 100,000 names are typing errors of those?") `similarity_join`,
/// for one name against a list `similarity_index`. Of two names `text::osa_distance` tells how far they are
/// apart.
#pragma once

#include <cstdint>
#include <memory>
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

/// A list of names to look one up in: what `similarity_join` finds for a left list of that name alone.
///
/// @par Threads  Safe to look up concurrently.
/// @par Memory   About 60 bytes per name.
class similarity_index {
public:
    /// @param names  Must stay where they are as long as the index is used.
    explicit similarity_index(std::span<const std::string_view> names);
    ~similarity_index();
    similarity_index(similarity_index&&) noexcept;
    similarity_index& operator=(similarity_index&&) noexcept;

    /// Puts the names that are similar enough in place of what is in `hits`, with `left` zero, sorted.
    void find(std::string_view name, std::vector<join_hit>& hits) const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace patt::identity
