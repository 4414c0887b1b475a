#include <patt/identity/similarity_join.hpp>
#include <patt/text/distance.hpp>
#include <patt/text/utf8.hpp>

#include <gtest/gtest.h>

#include <string>

namespace patt::identity {
namespace {

std::vector<std::string_view> views(const std::vector<std::string>& names) {
    return {names.begin(), names.end()};
}

std::vector<join_hit> plain(const std::vector<std::string>& left, const std::vector<std::string>& right) {
    std::vector<join_hit> out;
    for (std::uint32_t l = 0; l < left.size(); ++l) {
        for (std::uint32_t r = 0; r < right.size(); ++r) {
            const std::size_t longer =
                std::max(text::count_characters(left[l]), text::count_characters(right[r]));
            const auto limit = static_cast<std::uint32_t>(longer / 5);
            if (left[l].empty() || right[r].empty())
                continue;
            const std::uint32_t d = text::osa_distance(left[l], right[r], limit);
            if (d <= limit)
                out.push_back({l, r, d});
        }
    }
    return out;
}

// Words over few letters, and errors put into them, swaps most of all.
std::vector<std::string> words(std::uint64_t seed, std::size_t count, std::size_t longest, bool wide) {
    const std::vector<std::string> letters = wide ? std::vector<std::string>{"a", "ж", "한", "b", "д", "🐉"}
                                                  : std::vector<std::string>{"a", "b", "c", "d"};
    std::uint64_t state = seed;
    const auto next = [&state](std::size_t n) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>((state >> 33U) % n);
    };
    std::vector<std::vector<std::string>> all;
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<std::string> w;
        if (i > 4 && next(3) != 0) {
            w = all[next(i)];
            for (std::size_t e = next(4); e > 0 && w.size() > 1; --e) {
                const std::size_t at = next(w.size() - 1);
                switch (next(5)) {
                case 0:
                    w.erase(w.begin() + static_cast<std::ptrdiff_t>(at));
                    break;
                case 1:
                    w.insert(w.begin() + static_cast<std::ptrdiff_t>(at), letters[next(letters.size())]);
                    break;
                case 2:
                    w[at] = letters[next(letters.size())];
                    break;
                default:
                    std::swap(w[at], w[at + 1]);
                }
            }
        } else {
            for (std::size_t n = next(longest + 1); n > 0; --n)
                w.push_back(letters[next(letters.size())]);
        }
        all.push_back(std::move(w));
    }
    std::vector<std::string> out;
    for (const auto& w : all) {
        std::string s;
        for (const std::string& c : w)
            s += c;
        out.push_back(std::move(s));
    }
    return out;
}

TEST(SimilarityJoin, FindsEveryPairByEitherMethod) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        const bool wide = seed % 3 == 0;
        const auto left = words(seed, 120, 4 + seed % 24, wide);
        const auto right =
            words(seed, 140, 4 + seed % 24, wide); // begins alike, so that there are many pairs
        const auto expected = plain(left, right);
        ASSERT_GT(expected.size(), 50U);
        ASSERT_EQ(similarity_join(views(left), views(right), join_method::index), expected)
            << "seed " << seed;
        ASSERT_EQ(similarity_join(views(left), views(right), join_method::brute_force), expected)
            << "seed " << seed;
        ASSERT_EQ(similarity_join(views(left), views(right)), expected);
    }
}

TEST(SimilarityJoin, NothingJoinsNothing) {
    const std::vector<std::string_view> none;
    const std::vector<std::string_view> some = {"", "abc"};
    EXPECT_TRUE(similarity_join(none, some).empty());
    EXPECT_EQ(similarity_join(some, some, join_method::index).size(), 1U);
}

TEST(SimilarityJoin, LongAndBrokenNamesAreCutAndRead) {
    const std::string endless(5000, 'x');
    const std::vector<std::string_view> names = {endless, "\xFF\xFE\xFD\xFC\xFB", "\xFF\xFE"};
    EXPECT_GE(similarity_join(names, names, join_method::index).size(), 3U);
}

TEST(SimilarityIndex, OneLookUpAfterTheOtherFindsWhatTheJoinFinds) {
    for (const bool wide : {false, true}) {
        const auto left = words(31, 300, 20, wide);
        const auto right = words(32, 300, 20, wide);
        const auto l = views(left);
        const auto r = views(right);
        const similarity_index index(r);
        std::vector<join_hit> all;
        std::vector<join_hit> hits;
        for (std::uint32_t i = 0; i < l.size(); ++i) {
            index.find(l[i], hits);
            for (join_hit h : hits) {
                EXPECT_EQ(h.left, 0U);
                h.left = i;
                all.push_back(h);
            }
        }
        EXPECT_EQ(all, similarity_join(l, r, join_method::brute_force));
        EXPECT_FALSE(all.empty());
    }
}

TEST(SimilarityIndex, BearsNothing) {
    std::vector<join_hit> hits{{1, 2, 3}};
    const similarity_index empty(std::span<const std::string_view>{});
    empty.find("kestrelby", hits);
    EXPECT_TRUE(hits.empty());
    const std::vector<std::string_view> one{"kestrelby", ""};
    const similarity_index some(one);
    some.find("", hits);
    EXPECT_TRUE(hits.empty());
    some.find("kestrelbi", hits);
    EXPECT_EQ(hits, (std::vector<join_hit>{{0, 0, 1}}));
}

} // namespace
} // namespace patt::identity
