#include <patt/text/name_key.hpp>

#include <gtest/gtest.h>

namespace patt::text {
namespace {

TEST(ExactKey, IgnoresCaseWidthAndInvisibleCharacters) {
    EXPECT_EQ(exact_key("ShoDoom"), "shodoom");
    EXPECT_EQ(exact_key("ＳＨＯＤＯＯＭ"), "shodoom");
    EXPECT_EQ(exact_key("Sho\u200BDoom\uFE0F"), "shodoom");
    EXPECT_EQ(exact_key("𝓢𝓱𝓸𝓭𝓸𝓸𝓶"), "shodoom");
    EXPECT_EQ(exact_key("ⓈⓗⓞⒹⓞⓞⓜ"), "shodoom");
    EXPECT_EQ(exact_key("STRASSE"), exact_key("Straße"));
    EXPECT_EQ(exact_key("ΣΊΣΥΦΟΣ"), exact_key("σίσυφος"));
}

TEST(ExactKey, KeepsAccentsApart) {
    EXPECT_NE(exact_key("Zatañña"), exact_key("Zatanna"));
    EXPECT_EQ(exact_key("ZATAÑÑA"), exact_key("zatañña"));
}

TEST(ExactKey, ComposedAndDecomposedAreTheSame) {
    EXPECT_EQ(exact_key("Zatan\u0303n\u0303a"), exact_key("Zatañña"));
    EXPECT_EQ(exact_key("e\u0323\u0302"), exact_key("\u1EC7"));
    EXPECT_EQ(exact_key("e\u0302\u0323"), exact_key("\u1EC7"));
    EXPECT_EQ(exact_key("\u1112\u1161\u11AB"), exact_key("한"));
}

TEST(FoldedKey, StripsAccentsOnEitherSide) {
    EXPECT_EQ(folded_key("Zatañña"), "zatanna");
    EXPECT_EQ(folded_key("Zatan\u0303n\u0303a"), "zatanna");
    EXPECT_EQ(folded_key("ZATANNA"), "zatanna");
    EXPECT_EQ(folded_key("Ärçÿ"), "arcy");
}

TEST(FoldedKey, MapsLettersThatUnicodeDoesNotDecompose) {
    EXPECT_EQ(folded_key("ŁøßÆþÐıđħŧœŊſ"), "lossaethdidhtoens");
    EXPECT_EQ(folded_key("İstanbul"), "istanbul");
    EXPECT_EQ(folded_key("ᴅᴀʀᴋ"), "dark");
}

TEST(FoldedKey, KeepsLettersOfOtherScripts) {
    EXPECT_EQ(folded_key("ЁЖИК"), "ежик");
    EXPECT_EQ(folded_key("がぎ"), "がぎ");
    EXPECT_EQ(folded_key("か\u3099"), "が");
    EXPECT_EQ(folded_key("한국"), "한국");
    EXPECT_EQ(folded_key("\u1112\u1161\u11AB"), "한");
    EXPECT_EQ(folded_key("Ήρα"), "ηρα");
}

TEST(FoldedKey, AFoldedKeyFoldsToItself) {
    for (const char* name : {"Zatañña", "Ærø", "Ŧħé", "ﬁne", "Ǆ", "한e\u0301", "か\u3099", "ῼ", "İ"}) {
        EXPECT_EQ(folded_key(folded_key(name)), folded_key(name)) << name;
        EXPECT_EQ(exact_key(exact_key(name)), exact_key(name)) << name;
        EXPECT_EQ(folded_key(exact_key(name)), folded_key(name)) << name;
    }
}

TEST(NameKey, BrokenBytesBecomeTheReplacementAndNeverVanish) {
    EXPECT_EQ(exact_key("Sho\xFF"), "sho\uFFFD");
    EXPECT_EQ(folded_key("\xC3"), "\uFFFD");
    EXPECT_EQ(folded_key(""), "");
}

TEST(NameKey, AppendingLeavesWhatWasThere) {
    std::string out = "e";
    append_exact_key(out, "\u0301x"); // would combine with the e if the key were not its own
    EXPECT_EQ(out, "e\u0301x");
    out = "realm/";
    append_folded_key(out, "Zatañña");
    EXPECT_EQ(out, "realm/zatanna");
}

} // namespace
} // namespace patt::text
