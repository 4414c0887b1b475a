#include <patt/text/utf8.hpp>

#include <gtest/gtest.h>
#include <unicode/utf8.h>

#include <string>

namespace patt::text {
namespace {

TEST(Utf8, EveryCodePointSurvivesTheRoundTrip) {
    for (char32_t cp = 0; cp <= 0x10FFFF; ++cp) {
        if (cp >= 0xD800 && cp < 0xE000)
            continue;
        std::string s;
        append_utf8(s, cp);
        const decoded d = decode_at(s, 0);
        ASSERT_FALSE(d.broken) << std::hex << static_cast<std::uint32_t>(cp);
        ASSERT_EQ(d.code_point, cp);
        ASSERT_EQ(d.bytes, s.size());
    }
}

TEST(Utf8, SurrogatesAndTooLargeValuesBecomeTheReplacement) {
    for (const char32_t cp : {char32_t{0xD800}, char32_t{0xDFFF}, char32_t{0x110000}, char32_t{0xFFFFFFFF}}) {
        std::string s;
        append_utf8(s, cp);
        EXPECT_EQ(s, "\xEF\xBF\xBD");
    }
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndTornSequences) {
    for (const std::string s : {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                                "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80", "\xE2\x82", "\xFF"}) {
        EXPECT_FALSE(is_utf8(s));
        const auto r = checked_utf8("ab" + s, on_broken::refuse);
        ASSERT_FALSE(r.has_value());
        EXPECT_EQ(r.err().code, errc::invalid_input);
        EXPECT_NE(r.err().detail.find("offset 2"), std::string::npos) << r.err().detail;
    }
}

TEST(Utf8, RepairPutsOneReplacementForEachMaximalSubpart) {
    // The example of Unicode 15.0, table 3-11.
    EXPECT_EQ(repair_utf8("a\xF1\x80\x80\xE1\x80\xC2"
                          "b\x80"
                          "c\x80\xBF"
                          "d"),
              "a\uFFFD\uFFFD\uFFFDb\uFFFDc\uFFFD\uFFFDd");
    EXPECT_EQ(checked_utf8("Zata\xC3", on_broken::repair).value(), "Zata\uFFFD");
    EXPECT_EQ(checked_utf8("Zatañña", on_broken::refuse).value(), "Zatañña");
}

TEST(Utf8, DecodesAnyTwoAndThreeBytesAsIcuDoes) {
    for (std::uint32_t bits = 0; bits < (1U << 24U); bits += bits < (1U << 16U) ? 1U : 97U) {
        const std::string s = {static_cast<char>(bits & 0xFFU), static_cast<char>((bits >> 8U) & 0xFFU),
                               static_cast<char>((bits >> 16U) & 0xFFU)};
        std::int32_t i = 0;
        UChar32 c = 0;
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(s.data());
        U8_NEXT_OR_FFFD(bytes, i, 3, c);
        const decoded d = decode_at(s, 0);
        ASSERT_EQ(d.code_point, static_cast<char32_t>(c)) << bits;
        ASSERT_EQ(d.bytes, i) << bits;
    }
}

TEST(Utf8, CountsCharactersAsPeopleAndPlatformsDo) {
    EXPECT_EQ(count_characters(""), 0U);
    EXPECT_EQ(count_characters("Zatañña"), 7U);
    EXPECT_EQ(count_characters("🐉x"), 2U);
    EXPECT_EQ(count_utf16_units("🐉x"), 3U);
    EXPECT_EQ(count_characters("\xFF\xFF"), 2U);
}

TEST(Utf8, CutsBetweenCharacters) {
    EXPECT_EQ(first_characters("ñandú", 1), "ñ");
    EXPECT_EQ(first_characters("ñandú", 5), "ñandú");
    EXPECT_EQ(first_characters("ñandú", 50), "ñandú");
    EXPECT_EQ(first_characters("ñandú", 0), "");
}

} // namespace
} // namespace patt::text
