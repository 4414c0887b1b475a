/// @file
/// Bit-parallel optimal string alignment for short ASCII texts.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace patt::text {

/// A pattern of at most 64 ASCII characters, prepared for many comparisons.
///
/// H. Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances" (2003).
class osa_pattern {
public:
    static constexpr std::size_t longest = 64;

    /// Precondition: ASCII, at most `longest` characters.
    explicit osa_pattern(std::string_view pattern) noexcept { set(pattern); }
    osa_pattern() noexcept = default;

    void set(std::string_view pattern) noexcept {
        for (const char c : pattern_)
            masks_[static_cast<unsigned char>(c)] = 0;
        pattern_ = pattern;
        for (std::size_t i = 0; i < pattern.size(); ++i) {
            masks_[static_cast<unsigned char>(pattern[i])] |= std::uint64_t{1} << i;
        }
    }

    /// The distance to an ASCII text, or `limit + 1` if it is above. The pattern must still be alive.
    [[nodiscard]] std::uint32_t distance(std::string_view text, std::uint32_t limit) const noexcept {
        const auto m = static_cast<std::uint32_t>(pattern_.size());
        const auto n = static_cast<std::uint32_t>(text.size());
        if ((m > n ? m - n : n - m) > limit)
            return limit + 1;
        if (m == 0)
            return std::min(n, limit + 1);
        std::uint64_t vp = ~std::uint64_t{0};
        std::uint64_t vn = 0;
        std::uint64_t d0 = 0;
        std::uint64_t before = 0;
        std::uint32_t score = m;
        const std::uint64_t last = std::uint64_t{1} << (m - 1U);
        for (std::uint32_t j = 0; j < n; ++j) {
            const std::uint64_t pm = masks_[static_cast<unsigned char>(text[j])];
            const std::uint64_t tr = (((~d0) & pm) << 1U) & before;
            d0 = (((pm & vp) + vp) ^ vp) | pm | vn | tr;
            const std::uint64_t hp = vn | ~(d0 | vp);
            const std::uint64_t hn = d0 & vp;
            score += (hp & last) != 0 ? 1U : 0U;
            score -= (hn & last) != 0 ? 1U : 0U;
            const std::uint64_t x = (hp << 1U) | 1U;
            vp = (hn << 1U) | ~(d0 | x);
            vn = x & d0;
            before = pm;
            // What is left of the text can lower the score by one per character.
            if (score > limit + (n - 1U - j))
                return limit + 1;
        }
        return std::min(score, limit + 1);
    }

private:
    std::array<std::uint64_t, 128> masks_{};
    std::string_view pattern_;
};

} // namespace patt::text
