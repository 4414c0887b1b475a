// The check of texts, against every code point and against ICU.
#include "store/text_check.hpp"

#include <gtest/gtest.h>
#include <unicode/utf8.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>

namespace patt::store {
namespace {

std::string encoded(std::uint32_t code_point) {
    std::array<std::uint8_t, 4> bytes{};
    int32_t length = 0;
    U8_APPEND_UNSAFE(bytes.data(), length, code_point);
    return {bytes.begin(), bytes.begin() + length};
}

/// ICU's word on a text.
bool icu_accepts(const std::string& text) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto size = static_cast<int32_t>(text.size());
    for (int32_t i = 0; i < size;) {
        UChar32 found = 0;
        U8_NEXT(bytes, i, size, found);
        if (found < 0) {
            return false;
        }
    }
    return true;
}

TEST(CheckText, TakesEveryCodePointButNulAndSurrogates) {
    for (std::uint32_t point = 0; point <= 0x10FFFF; ++point) {
        const text_fault fault = check_text(encoded(point));
        if (point == 0) {
            ASSERT_EQ(fault, text_fault::nul);
        } else if (U_IS_SURROGATE(point)) {
            ASSERT_EQ(fault, text_fault::not_utf8) << point;
        } else {
            ASSERT_EQ(fault, text_fault::none) << point;
        }
    }
}

TEST(CheckText, RefusesEveryCutOffSequenceWhereverItStands) {
    for (const std::uint32_t point : {0xE9U, 0x20ACU, 0x1F409U}) {
        const std::string whole = encoded(point);
        for (std::size_t keep = 1; keep < whole.size(); ++keep) {
            for (std::size_t before = 0; before < 20; ++before) {
                const std::string cut = std::string(before, 'x') + whole.substr(0, keep);
                EXPECT_EQ(check_text(cut), text_fault::not_utf8);
                EXPECT_EQ(check_text(cut + "and more"), text_fault::not_utf8);
                // The rest is there, but behind the end of the view.
                EXPECT_EQ(
                    check_text(std::string_view{std::string(before, 'x') + whole}.substr(0, before + keep)),
                    text_fault::not_utf8);
            }
        }
    }
}

TEST(CheckText, FindsANulWhereverItStands) {
    for (std::size_t size = 1; size < 40; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            std::string text(size, 'x');
            text[at] = '\0';
            EXPECT_EQ(check_text(text), text_fault::nul) << size << " " << at;
        }
    }
}

TEST(CheckText, AgreesWithIcuOnRandomBytes) {
    std::mt19937 random{20240229}; // NOLINT(cert-msc51-cpp): the same bytes each time.
    constexpr std::string_view likely{
        "\x01\x41\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC1\xC2\xDF\xE0\xE1\xED\xEF\xF0\xF1\xF4\xF5\xFF"};
    std::array<int, 2> seen{};
    for (int round = 0; round < 300'000; ++round) {
        std::string text(1 + random() % 12, '\0');
        for (char& c : text) {
            c = likely[random() % likely.size()];
        }
        const bool accepted = icu_accepts(text);
        ++seen[accepted ? 1 : 0];
        ASSERT_EQ(check_text(text) == text_fault::none, accepted) << testing::PrintToString(text);
    }
    EXPECT_GT(seen[0], 1000);
    EXPECT_GT(seen[1], 1000);
}

} // namespace
} // namespace patt::store
