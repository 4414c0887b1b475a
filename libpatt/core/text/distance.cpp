#include <patt/text/distance.hpp>
#include <patt/text/utf8.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace patt::text {

namespace {

std::u32string code_points(std::string_view s) {
    std::u32string out;
    out.reserve(s.size());
    for (std::size_t i = 0; i < s.size();) {
        const decoded d = decode_at(s, i);
        out.push_back(d.code_point);
        i += d.bytes;
    }
    return out;
}

// What both have in common at the ends costs nothing and needs no table.
void trim_common_ends(std::u32string_view& a, std::u32string_view& b) {
    while (!a.empty() && !b.empty() && a.front() == b.front()) {
        a.remove_prefix(1);
        b.remove_prefix(1);
    }
    while (!a.empty() && !b.empty() && a.back() == b.back()) {
        a.remove_suffix(1);
        b.remove_suffix(1);
    }
}

std::uint32_t length_of(std::u32string_view s) {
    return static_cast<std::uint32_t>(s.size());
}

std::uint32_t distance(std::u32string_view a, std::u32string_view b, std::uint32_t limit) {
    trim_common_ends(a, b);
    if (a.size() > b.size())
        std::swap(a, b);
    if (length_of(b) - length_of(a) > limit)
        return limit + 1;
    if (a.empty())
        return length_of(b);

    std::vector<std::uint32_t> before(a.size() + 1), above(a.size() + 1), row(a.size() + 1);
    for (std::uint32_t j = 0; j <= length_of(a); ++j)
        above[j] = j;
    for (std::uint32_t i = 1; i <= length_of(b); ++i) {
        row[0] = i;
        std::uint32_t least = i;
        for (std::size_t j = 1; j <= a.size(); ++j) {
            const std::uint32_t replaced = above[j - 1] + (a[j - 1] == b[i - 1] ? 0U : 1U);
            std::uint32_t best = std::min({replaced, above[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && a[j - 1] == b[i - 2] && a[j - 2] == b[i - 1]) {
                best = std::min(best, before[j - 2] + 1);
            }
            row[j] = best;
            least = std::min(least, best);
        }
        // A swap reaches two rows back, so one row above the limit is no proof; the next one is.
        if (least > limit + 1)
            return limit + 1;
        std::swap(before, above);
        std::swap(above, row);
    }
    return std::min(above[a.size()], limit + 1);
}

} // namespace

std::uint32_t osa_distance(std::string_view a, std::string_view b, std::uint32_t limit) {
    const std::u32string wide_a = code_points(a);
    const std::u32string wide_b = code_points(b);
    constexpr std::uint32_t no_limit = UINT32_MAX - 1;
    return distance(wide_a, wide_b, std::min(limit, no_limit - 1));
}

double osa_similarity(std::string_view a, std::string_view b) {
    const std::u32string wide_a = code_points(a);
    const std::u32string wide_b = code_points(b);
    const std::size_t longest = std::max(wide_a.size(), wide_b.size());
    if (longest == 0)
        return 0.0;
    const std::uint32_t d = distance(wide_a, wide_b, static_cast<std::uint32_t>(longest));
    return 1.0 - static_cast<double>(d) / static_cast<double>(longest);
}

} // namespace patt::text
