#include <patt/text/name_parts.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace patt::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> parts(std::string_view name, const realm_directory* realms = nullptr) {
    static constexpr const char* marks[] = {"", "()", "[]", "@", "#", "%"};
    std::vector<std::string> out;
    for (const name_part& p : parse_name(name, realms)) {
        out.push_back(marks[static_cast<std::size_t>(p.kind)] + std::string(p.text));
    }
    return out;
}

TEST(ParseName, SplitsAtSeparatorsAndDecorations) {
    EXPECT_THAT(parts("Main/Alt | comment"), ElementsAre("Main", "Alt", "comment"));
    EXPECT_THAT(parts("qX_Velmorin"), ElementsAre("qX", "Velmorin"));
    EXPECT_THAT(parts("QP★Velto★"), ElementsAre("QP", "Velto"));
    EXPECT_THAT(parts("trailing.dot."), ElementsAre("trailing", "dot"));
    EXPECT_THAT(parts("Kel'Thuzad Zata\u0303nna"), ElementsAre("Kel'Thuzad", "Zata\u0303nna"));
    EXPECT_THAT(parts("スプーン・28"), ElementsAre("スプーン", "28"));
}

TEST(ParseName, BracketsHoldAliasesAndTags) {
    EXPECT_THAT(parts("[PATT] Trogmoon (Mike)"), ElementsAre("[]PATT", "Trogmoon", "()Mike"));
    EXPECT_THAT(parts("7s「Sumi」"), ElementsAre("7s", "[]Sumi"));
    EXPECT_THAT(parts("3k :     ("), ElementsAre("3k"));
    EXPECT_THAT(parts("a) b (c"), ElementsAre("a", "b", "c"));
}

TEST(DropCodes, LeavesTheNameAndNothingOfTheCode) {
    const auto dropped = [](std::string_view name) {
        std::string out;
        return drop_codes(name, out) ? out : std::string("-");
    };
    EXPECT_EQ(dropped("Synapse (7835-2404-8699)"), "Synapse");
    EXPECT_EQ(dropped("-Glaceon.- SW-3267-4144-0332"), "-Glaceon");
    EXPECT_EQ(dropped("Gall'.. 4720 6435 1812"), "Gall");
    EXPECT_EQ(dropped("7835-2404-8699 Zatañña"), "Zatañña");
    EXPECT_EQ(dropped("Talon#1339"), "Talon");
    for (const char* whole : {"Talon1339", "1234-5678-9012", "Room 101", "Kayzer #Gang", "", "20242025"}) {
        EXPECT_EQ(dropped(whole), "-") << whole;
    }
}

TEST(ParseName, CodesAndDiscriminatorsAreNoNames) {
    EXPECT_THAT(parts("-Glaceon.- SW-3267-4144-0332"), ElementsAre("Glaceon", "%3267-4144-0332"));
    EXPECT_THAT(parts("Tails! (5792-0939-5776)"), ElementsAre("Tails", "%5792-0939-5776"));
    EXPECT_THAT(parts("Sweet 1374-2376–6708"), ElementsAre("Sweet", "%1374-2376–6708"));
    EXPECT_THAT(parts("Velmor#4821"), ElementsAre("Velmor", "#4821"));
    EXPECT_THAT(parts("Kayzer #KZRGang"), ElementsAre("Kayzer", "KZRGang"));
}

TEST(ParseName, TheRealmComesFromTheList) {
    realm_directory realms;
    realms.add({"us", "area-52", "Area 52", ""});
    realms.add({"us", "alterac-mountains", "Alterac Mountains", ""});
    EXPECT_THAT(parts("Shodoom-Area 52", &realms), ElementsAre("Shodoom", "@Area 52"));
    EXPECT_THAT(parts("Shodoom-AlteracMountains/Mito", &realms),
                ElementsAre("Shodoom", "@AlteracMountains", "Mito"));
    EXPECT_THAT(parts("T-West", &realms), ElementsAre("T", "West"));
    EXPECT_THAT(parts("-Area52", &realms), ElementsAre("Area52"));
}

TEST(ParseName, NothingComesOfNothingAndBrokenBytesSeparate) {
    EXPECT_THAT(parts(""), IsEmpty());
    EXPECT_THAT(parts("★ ♪ // --"), IsEmpty());
    EXPECT_THAT(parts("ab\xFF"
                      "cd"),
                ElementsAre("ab", "cd"));
}

TEST(SplitCharacterName, SplitsAtTheFirstHyphen) {
    EXPECT_EQ(split_character_name(" Bloodvalor-Azjol-Nerub ").name, "Bloodvalor");
    EXPECT_EQ(split_character_name(" Bloodvalor-Azjol-Nerub ").realm, "Azjol-Nerub");
    EXPECT_EQ(split_character_name("Mito").realm, "");
}

} // namespace
} // namespace patt::text
