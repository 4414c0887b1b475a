// The keys of every code point, and of many sequences, against ICU (which has its own data and code).
#include <patt/text/name_key.hpp>
#include <patt/text/utf8.hpp>

#include <gtest/gtest.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <array>
#include <cstdint>
#include <regex>
#include <string>
#include <unordered_map>

namespace patt::text {
namespace {

const icu::Normalizer2& instance(const char* name, UNormalization2Mode mode) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* n = icu::Normalizer2::getInstance(nullptr, name, mode, status);
    EXPECT_TRUE(U_SUCCESS(status));
    return *n;
}

std::string utf8(const icu::UnicodeString& s) {
    std::string out;
    s.toUTF8String(out);
    return out;
}

icu::UnicodeString casefold(const icu::UnicodeString& s) {
    UErrorCode status = U_ZERO_ERROR;
    return instance("nfkc_cf", UNORM2_COMPOSE).normalize(s, status);
}

// "LATIN SMALL LETTER L WITH STROKE" is an l with a stroke: its name says which letter it is.
std::string base_letter(UChar32 c) {
    static const std::regex named("LATIN (SMALL LETTER|LETTER SMALL CAPITAL) ([A-Z])( WITH .*)?");
    static const std::unordered_map<UChar32, std::string> others = {
        {0xE6, "ae"},   {0x153, "oe"},  {0xFE, "th"},   {0xF0, "d"},    {0x131, "i"},   {0x237, "j"},
        {0x14B, "n"},   {0x138, "k"},   {0x25B, "e"},   {0x251, "a"},   {0x261, "g"},   {0x269, "i"},
        {0x28A, "u"},   {0x1DD, "e"},   {0x259, "e"},   {0x254, "o"},   {0x1BF, "w"},   {0xA733, "aa"},
        {0xA735, "ao"}, {0xA737, "au"}, {0xA739, "av"}, {0xA73D, "ay"}, {0xA74F, "oo"}, {0xAB53, "x"},
        {0x276, "oe"},  {0x1D01, "ae"}};
    if (const auto it = others.find(c); it != others.end())
        return it->second;
    const auto category = u_charType(c);
    if (c < 0x80 || (category != U_LOWERCASE_LETTER && category != U_OTHER_LETTER))
        return {};
    std::array<char, 128> name{};
    UErrorCode status = U_ZERO_ERROR;
    u_charName(c, U_UNICODE_CHAR_NAME, name.data(), static_cast<std::int32_t>(name.size()), &status);
    std::cmatch m;
    if (!std::regex_match(name.data(), m, named))
        return {};
    return {static_cast<char>(u_tolower(m[2].str()[0]))};
}

icu::UnicodeString fold(const icu::UnicodeString& s) {
    static std::unordered_map<UChar32, std::string> known;
    UErrorCode status = U_ZERO_ERROR;
    const icu::UnicodeString d = instance("nfc", UNORM2_DECOMPOSE).normalize(casefold(s), status);
    icu::UnicodeString out;
    for (std::int32_t i = 0; i < d.length(); i = d.moveIndex32(i, 1)) {
        const UChar32 c = d.char32At(i);
        if (u_charType(c) == U_NON_SPACING_MARK && c != 0x3099 && c != 0x309A)
            continue;
        const auto [it, fresh] = known.try_emplace(c);
        if (fresh)
            it->second = base_letter(c);
        out += it->second.empty() ? icu::UnicodeString(c) : icu::UnicodeString::fromUTF8(it->second);
    }
    return instance("nfc", UNORM2_COMPOSE).normalize(out, status);
}

void expect_same(const icu::UnicodeString& s) {
    const std::string text = utf8(s);
    ASSERT_EQ(exact_key(text), utf8(casefold(s))) << text;
    ASSERT_EQ(folded_key(text), utf8(fold(s))) << text;
}

TEST(NameKeyOracle, EveryCodePointHasIcusKeys) {
    for (UChar32 c = 0; c <= 0x10FFFF; ++c) {
        if (c >= 0xD800 && c < 0xE000)
            continue;
        expect_same(icu::UnicodeString(c));
        if (HasFatalFailure())
            FAIL() << std::hex << c;
    }
}

TEST(NameKeyOracle, RandomSequencesOfAwkwardCharactersHaveIcusKeys) {
    // Letters, marks of many classes, Hangul and Indic parts, ligatures, ignorables: all that reorders or
    // composes.
    const std::u32string alphabet =
        U"aeoKÅñøßİſκΣёЙがかㇷﬃǆ\u0300\u0301\u0303\u0308\u0323\u0327\u0345\u0338\u0652\u05B0"
        U"\u3099\u309A\u1100\u1112\u1161\u1175\u11A8\u11AB가힣\u09C7\u09BE\u0B47\u0B56\u1B05"
        U"\u1B35\u200D\u00AD\u302E\U0001D165\U0001D16E\u0F71\u0F72\u0DD9\u0DCF\u0DCA";
    std::uint64_t state = 42;
    const auto next = [&state](std::uint64_t bound) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return (state >> 33U) % bound;
    };
    for (int round = 0; round < 100000; ++round) {
        icu::UnicodeString s;
        for (std::uint64_t n = 1 + next(8); n > 0; --n) {
            s.append(static_cast<UChar32>(alphabet[next(alphabet.size())]));
        }
        expect_same(s);
        if (HasFatalFailure())
            FAIL() << "round " << round;
    }
}

} // namespace
} // namespace patt::text
