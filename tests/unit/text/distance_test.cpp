#include <patt/text/distance.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace patt::text {
namespace {

TEST(OsaDistance, CountsEachKindOfTypingErrorOnce) {
    EXPECT_EQ(osa_distance("trogmoon", "trogmoon", 5), 0U);
    EXPECT_EQ(osa_distance("trogmoon", "trogmon", 5), 1U);
    EXPECT_EQ(osa_distance("trogmoon", "trogmooon", 5), 1U);
    EXPECT_EQ(osa_distance("elrek", "elrak", 5), 1U);
    EXPECT_EQ(osa_distance("moonbear", "moonbaer", 5), 1U);
    EXPECT_EQ(osa_distance("kitten", "sitting", 5), 3U);
    EXPECT_EQ(osa_distance("ca", "abc", 5), 3U); // where it differs from the unrestricted distance (2)
}

TEST(OsaDistance, CountsCharactersNotBytes) {
    EXPECT_EQ(osa_distance("ñ", "n", 5), 1U);
    EXPECT_EQ(osa_distance("ежик", "ёжик", 5), 1U);
    EXPECT_EQ(osa_distance("🐉", "", 5), 1U);
}

TEST(OsaDistance, StopsAtTheLimit) {
    EXPECT_EQ(osa_distance("kitten", "sitting", 2), 3U);
    EXPECT_EQ(osa_distance("a", "completely different", 2), 3U);
    EXPECT_EQ(osa_distance("abc", "abd", 0), 1U);
    EXPECT_EQ(osa_distance("", "", 0), 0U);
    EXPECT_EQ(osa_distance("abc", "xyz", 4294967295U), 3U);
}

// The textbook recursion with a full table and no shortcut.
std::uint32_t plain(const std::string& a, const std::string& b) {
    std::vector<std::vector<std::uint32_t>> d(a.size() + 1, std::vector<std::uint32_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                d[i][j] = static_cast<std::uint32_t>(i + j);
                continue;
            }
            d[i][j] = std::min(
                {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1] ? 1U : 0U)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
    }
    return d[a.size()][b.size()];
}

TEST(OsaDistance, AgreesWithThePlainTableForEveryLimit) {
    std::uint32_t state = 7;
    const auto word = [&state] {
        std::string s;
        state = state * 1664525U + 1013904223U;
        for (std::uint32_t n = (state >> 16U) % 9U; n > 0; --n) {
            state = state * 1664525U + 1013904223U;
            s.push_back(static_cast<char>('a' + (state >> 20U) % 3U));
        }
        return s;
    };
    for (int round = 0; round < 20000; ++round) {
        const std::string a = word();
        const std::string b = word();
        const std::uint32_t d = plain(a, b);
        for (std::uint32_t limit = 0; limit < 6; ++limit) {
            ASSERT_EQ(osa_distance(a, b, limit), std::min(d, limit + 1)) << a << ' ' << b << ' ' << limit;
        }
        ASSERT_EQ(osa_distance(a, b, 9), osa_distance(b, a, 9));
    }
}

TEST(OsaSimilarity, IsSymmetricAndZeroForNothing) {
    EXPECT_DOUBLE_EQ(osa_similarity("trogmoon", "trogmon"), 1.0 - 1.0 / 8.0);
    EXPECT_DOUBLE_EQ(osa_similarity("tide", "diet"), osa_similarity("diet", "tide"));
    EXPECT_DOUBLE_EQ(osa_similarity("", ""), 0.0);
    EXPECT_DOUBLE_EQ(osa_similarity("abc", ""), 0.0);
}

} // namespace
} // namespace patt::text
