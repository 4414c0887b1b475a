#include <patt/text/name_key.hpp>
#include <patt/text/name_keys.hpp>
#include <patt/text/utf8.hpp>

#include <gtest/gtest.h>

#include <iterator>
#include <random>
#include <string>

namespace patt::text {
namespace {

TEST(NameKeys, PlainNamesHaveOnlyTheFirstThree) {
    const name_keys k = keys_of("Shodoom");
    EXPECT_EQ(k.exact, "shodoom");
    EXPECT_EQ(k.folded, "shodoom");
    EXPECT_EQ(k.bare, "shodoom");
    EXPECT_TRUE(k.look.empty() && k.sound.empty() && k.leet.empty() && k.core.empty());
}

TEST(NameKeys, BareDropsEverythingBetween) {
    EXPECT_EQ(keys_of("El_Viajero").bare, "elviajero");
    EXPECT_EQ(keys_of("Bad Weather").bare, keys_of("bad_weather").bare);
    EXPECT_EQ(keys_of("★Zatañña★").bare, "zatanna");
    EXPECT_EQ(keys_of("한 국").bare, "한국");
    EXPECT_EQ(keys_of("!!! ---").bare, "");
}

TEST(NameKeys, TheBareKeyAloneIsTheSame) {
    std::string alone = "left over";
    for (const std::string name :
         {"", "El_Viajero", "xX Trog 99 Xx", "Zata\u00F1\u00F1a", "\u0417\u0435\u0432\u0441 II", "\u2605",
          "\xFF"
          "broken",
          "\uFF34rog"}) {
        make_bare_key(name, alone);
        EXPECT_EQ(alone, keys_of(name).bare) << name;
    }
}

TEST(NameKeys, TheBareKeyAloneIsTheSameOfAnyLetters) {
    constexpr char32_t letters[] = {U'a',      U'Z',      U'7',      U' ',      U'\u00E9', U'\u0301',
                                    U'\u0323', U'\u1100', U'\u1161', U'\u11A8', U'\uFF76', U'\uFF9E',
                                    U'\u30AB', U'\u3099', U'\u0430', U'\u0130', U'\uFB01', U'\u1E9B',
                                    U'\u2163', U'\u0958', U'\uFDFA'};
    std::mt19937 random(3);
    std::string alone;
    for (int i = 0; i < 20000; ++i) {
        std::string name;
        for (auto n = 1 + random() % 5; n > 0; --n)
            append_utf8(name, letters[random() % std::size(letters)]);
        make_bare_key(name, alone);
        ASSERT_EQ(alone, keys_of(name).bare) << name;
    }
}

TEST(NameKeys, LookUnmasksMixedScripts) {
    EXPECT_EQ(keys_of("Z\u0430tanna").look, "zatanna"); // Cyrillic a
    EXPECT_EQ(keys_of("Zαtaηna").look, "zatanna");      // Greek alpha, eta
    EXPECT_EQ(keys_of("Tr€nt").look, "trent");
    EXPECT_EQ(keys_of("Sнαdσω").look, "shadow");
    EXPECT_EQ(keys_of("Zatañña").look, "") << "an accent is no disguise";
    EXPECT_EQ(keys_of("\u0421\u043E\u0441\u043E").look, "coco")
        << "wholly Cyrillic, every letter has a double";
}

TEST(NameKeys, SoundReadsOtherAlphabets) {
    EXPECT_EQ(keys_of("Зевс").sound, "zevs");
    EXPECT_EQ(keys_of("Ήρα").sound, "era");
    EXPECT_EQ(keys_of("한국").sound, "hanguk");
    EXPECT_EQ(keys_of("カツ").sound, "katsu");
    EXPECT_EQ(keys_of("しゃ").sound, "shya") << "a small ya swallows the i before it";
    EXPECT_EQ(keys_of("Shodoom").sound, "");
}

TEST(NameKeys, LeetIsReadOnlyBetweenLetters) {
    EXPECT_EQ(keys_of("F3rdin4nd").leet, "ferdinand");
    EXPECT_EQ(keys_of("Tr0gm00n").leet, "trogmoon");
    EXPECT_EQ(keys_of("P@laden").leet, "paladen");
    EXPECT_EQ(keys_of("Xer0").leet, "xero");
    EXPECT_EQ(keys_of("Zerø0").leet, "zeroo");
    EXPECT_EQ(keys_of("Acro17").leet, "");
    EXPECT_EQ(keys_of("Acro10").leet, "") << "a number";
    EXPECT_EQ(keys_of("Acro0!").leet, "");
    EXPECT_EQ(keys_of("a0").leet, "");
    EXPECT_EQ(keys_of("2Pac").leet, "");
    EXPECT_EQ(keys_of("W3lk914").leet, "welk914");
}

TEST(NameKeys, WhatStandsOnItsHeadIsReadFromTheEnd) {
    EXPECT_EQ(keys_of("ɯoopoɥs").leet, "shodoom");
    EXPECT_EQ(keys_of("ɐuuɐʇɐz").leet, "zatanna");
    EXPECT_EQ(keys_of("ʇǝʞɔoɹ").leet, "rocket");
    EXPECT_EQ(keys_of("ıpou").leet, "") << "one odd letter is Turkish, not a trick";
    EXPECT_EQ(keys_of("ɐbcɐ").leet, "") << "c is nothing upside down";
}

TEST(NameKeys, CoreCutsWhatPeoplePutAround) {
    EXPECT_EQ(keys_of("Mr_Yoda99").core, "yoda");
    EXPECT_EQ(keys_of("itsvelmor").core, "velmor");
    EXPECT_EQ(keys_of("MeadowTV").core, "meadow");
    EXPECT_EQ(keys_of("xXShodoomXx").core, "shodoom");
    EXPECT_EQ(keys_of("Shodoombank").core, "shodoom");
    EXPECT_EQ(keys_of("Captain Rex").core, "rex");
    EXPECT_EQ(keys_of("shodoom_splatoon").core, "shodoom");
    EXPECT_TRUE(is_affix("the") && is_affix("captain") && is_affix("tv"));
    EXPECT_FALSE(is_affix("shodoom") || is_affix(""));
}

TEST(NameKeys, CoreLeavesShortAndPlainNamesAlone) {
    for (const char* name : {"Bank", "Alt", "The", "Xx", "Lex", "1234", "Sirx", "Theo", "Tvx", ""}) {
        EXPECT_EQ(keys_of(name).core, "") << name;
    }
}

TEST(NameKeys, AgreeWithTheSingleKeysForAnyText) {
    std::uint32_t state = 3;
    const std::string pieces[] = {"a",  "Z",    "3",      "_", "ñ", "е", "ｆ", "한",
                                  "ガ", "\xFF", "\u0301", "🐉", "€", "ß", "İ"};
    for (int round = 0; round < 20000; ++round) {
        std::string s;
        for (int n = 0; n < 6; ++n) {
            state = state * 1664525U + 1013904223U;
            s += pieces[(state >> 16U) % std::size(pieces)];
        }
        const name_keys k = keys_of(s);
        ASSERT_EQ(k.exact, exact_key(s)) << s;
        ASSERT_EQ(k.folded, folded_key(s)) << s;
    }
}

TEST(NameKeys, AreReusedWithoutTraceOfTheNameBefore) {
    name_keys k = keys_of("Zαtaηna_B3rt99TV");
    make_keys("Bo", k);
    const name_keys fresh = keys_of("Bo");
    EXPECT_EQ(k.exact + k.folded + k.bare + k.look + k.sound + k.leet + k.core,
              fresh.exact + fresh.folded + fresh.bare);
}

} // namespace
} // namespace patt::text
