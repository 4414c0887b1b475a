#include <patt/identity/class_table.hpp>
#include <patt/identity/rank_names.hpp>

#include <gtest/gtest.h>

namespace patt::identity {
namespace {

TEST(ClassTable, NamesTheThirteenClasses) {
    EXPECT_EQ(class_name(1), "Warrior");
    EXPECT_EQ(class_name(6), "Death Knight");
    EXPECT_EQ(class_name(12), "Demon Hunter");
    EXPECT_EQ(class_name(13), "Evoker");
}

TEST(ClassTable, AnUnknownClassHasANameToo) {
    EXPECT_EQ(class_name(0), "Unknown(0)");
    EXPECT_EQ(class_name(14), "Unknown(14)");
    EXPECT_EQ(class_name(999), "Unknown(999)");
    EXPECT_EQ(class_name(-3), "Unknown(-3)");
    EXPECT_EQ(class_name(2147483647), "Unknown(2147483647)");
}

TEST(ClassTable, FindsEveryClassByTheNameItGives) {
    for (std::int32_t id = 1; id <= 13; ++id) {
        EXPECT_EQ(class_by_name(class_name(id)), id);
    }
    EXPECT_EQ(class_by_name("deathknight"), 6);
    EXPECT_EQ(class_by_name("DEMON-HUNTER"), 12);
    EXPECT_EQ(class_by_name(""), std::nullopt);
    EXPECT_EQ(class_by_name("Mag"), std::nullopt);
    EXPECT_EQ(class_by_name("Mages"), std::nullopt);
    EXPECT_EQ(class_by_name("Tinker"), std::nullopt);
}

TEST(RoleOf, FrostDependsOnTheClass) {
    EXPECT_EQ(role_of(6, "Frost"), role_category::melee);
    EXPECT_EQ(role_of(8, "Frost"), role_category::ranged);
    EXPECT_EQ(role_of(0, "Frost"), role_category::ranged);
}

TEST(RoleOf, FollowsTheSpecialisation) {
    for (const auto* spec : {"Protection", "Guardian", "Blood", "Vengeance", "Brewmaster"}) {
        EXPECT_EQ(role_of(1, spec), role_category::tank) << spec;
    }
    for (const auto* spec : {"Holy", "Restoration", "Discipline", "Mistweaver", "Preservation"}) {
        EXPECT_EQ(role_of(5, spec), role_category::healer) << spec;
    }
    for (const auto* spec : {"Survival", "Feral", "Retribution", "Enhancement", "Windwalker", "Havoc", "Arms",
                             "Fury", "Unholy", "Assassination", "Outlaw", "Subtlety"}) {
        EXPECT_EQ(role_of(1, spec), role_category::melee) << spec;
    }
    for (const auto* spec : {"Beast Mastery", "Marksmanship", "Shadow", "Elemental", "Arcane", "Balance",
                             "Devastation", "Augmentation"}) {
        EXPECT_EQ(role_of(3, spec), role_category::ranged) << spec;
    }
}

TEST(RoleOf, IgnoresLetterCase) {
    EXPECT_EQ(role_of(6, "BLOOD"), role_category::tank);
    EXPECT_EQ(role_of(6, "frost"), role_category::melee);
}

TEST(RoleOf, ACategoryInPlaceOfASpecialisationWins) {
    EXPECT_EQ(role_of(8, "Tank"), role_category::tank);
    EXPECT_EQ(role_of(6, "ranged"), role_category::ranged);
}

TEST(RoleOf, TheDefaultIsRangedUnlessTheClassFightsInOneWayOnly) {
    EXPECT_EQ(role_of(999, "Devourer"), role_category::ranged);
    EXPECT_EQ(role_of(1, ""), role_category::ranged);
    EXPECT_EQ(role_of(4, ""), role_category::melee);
    EXPECT_EQ(role_of(9, "Chaos"), role_category::ranged);
}

TEST(RoleCategory, EveryNameIsReadBack) {
    for (const auto role :
         {role_category::tank, role_category::healer, role_category::melee, role_category::ranged}) {
        EXPECT_EQ(parse_role_category(to_string(role)), role);
    }
    EXPECT_EQ(parse_role_category(""), std::nullopt);
    EXPECT_EQ(parse_role_category("DPS"), std::nullopt);
}

TEST(RankNames, TheFirstFiveHaveNamesAndTheRestHaveNumbers) {
    EXPECT_EQ(default_rank_name(0), "Guild Leader");
    EXPECT_EQ(default_rank_name(1), "Officer");
    EXPECT_EQ(default_rank_name(4), "Initiate");
    EXPECT_EQ(default_rank_name(5), "Rank 5");
    EXPECT_EQ(default_rank_name(9), "Rank 9");
    EXPECT_EQ(default_rank_name(-1), "Rank -1");
    EXPECT_EQ(default_rank_name(99), "Rank 99");
}

} // namespace
} // namespace patt::identity
