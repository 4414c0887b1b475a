#include <patt/result.hpp>
#include <patt/testing/roster_text.hpp>

#include <gtest/gtest.h>

namespace patt::testing {
namespace {

TEST(RosterText, ReadsTheSmallRoster) {
    const auto roster = roster_from_text(small_roster);
    ASSERT_EQ(roster->entries.size(), 6U);
    const identity::roster_entry& first = roster->entries[0];
    EXPECT_EQ(first.name, "Zatañña");
    EXPECT_EQ(first.realm_slug, "senjin");
    EXPECT_EQ(first.class_id, 5);
    EXPECT_EQ(first.rank, 4);
    EXPECT_EQ(first.level, 80);
    EXPECT_EQ(roster->announced, 6U);
}

TEST(RosterText, GivesEachCharacterANumberThatStays) {
    const auto whole = roster_from_text(small_roster);
    const auto one = roster_from_text("  Trogmoon-Quelthalas , hunter,4, 12 \n");
    EXPECT_EQ(one->entries[0].game, whole->entries[4].game);
    EXPECT_NE(one->entries[0].game, whole->entries[3].game) << "a namesake on another realm is somebody else";
    EXPECT_EQ(one->entries[0].level, 12);
}

TEST(RosterText, NamesTheLineThatIsWrong) {
    for (const char* bad : {"Zat", "Zat-Senjin, Priest", "Zat-Senjin, Nonsense, 4", "Zat, Priest, 4",
                            "Zat-Senjin, Priest, four", "Zat-Senjin, Priest, -1",
                            "Zat-Senjin, Priest, 4, 80, more", "-Senjin, Priest, 4"}) {
        try {
            (void)roster_from_text(bad);
            ADD_FAILURE() << bad << " was taken";
        } catch (const failure& e) {
            EXPECT_NE(std::string(e.what()).find(bad), std::string::npos) << e.what();
        }
    }
}

} // namespace
} // namespace patt::testing
