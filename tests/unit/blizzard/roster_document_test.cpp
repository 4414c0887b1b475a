#include "unit/blizzard/documents.hpp"

#include <patt/blizzard/roster_document.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patt::blizzard {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

identity::roster_snapshot parsed(std::string_view json) {
    auto r = parse_roster(json);
    if (!r) {
        ADD_FAILURE() << r.err().detail;
        return {};
    }
    return std::move(r).value();
}

TEST(ParseRoster, ReadsTheGuildAndItsMembers) {
    const auto s = parsed(roster_of(good_member));
    EXPECT_EQ(s.guild, (identity::game_guild{identity::game_guild_id{77}, "Moonfall", "senjin", "Sen'jin"}));
    EXPECT_THAT(s.entries,
                ElementsAre(identity::roster_entry{game_id{111111}, "Aka", "area-52", "", 8, 80, 4}));
    EXPECT_THAT(s.rejected, IsEmpty());
    EXPECT_EQ(s.rejected_count, 0U);
    EXPECT_EQ(s.source, "battle.net");
}

TEST(ParseRoster, ANullCountsAsAbsent) {
    const auto s =
        parsed(with_member(R"({"name":"Bex","id":null,"realm":{"slug":"senjin","name":null},"level":null,)"
                           R"("playable_class":null})",
                           "9"));
    EXPECT_THAT(s.rejected, IsEmpty());
    EXPECT_EQ(s.entries.at(1), (identity::roster_entry{game_id{}, "Bex", "senjin", "Sen'jin", 0, 0, 9}));
}

TEST(ParseRoster, AnUnknownClassAndAMissingNumberAreNoFaults) {
    const auto s =
        parsed(with_member(R"({"name":"Bex","realm":{"slug":"senjin"},"playable_class":{"id":999}})", "0"));
    EXPECT_THAT(s.rejected, IsEmpty());
    EXPECT_EQ(s.entries.at(1).class_id, 999);
    EXPECT_FALSE(s.entries.at(1).game);
    EXPECT_EQ(s.entries.at(1).rank, 0);
}

TEST(ParseRoster, AMemberWithoutARealmIsAtHome) {
    const auto s = parsed(with_member(R"({"name":"Bex"})", "3"));
    EXPECT_EQ(s.entries.at(1).realm_slug, "senjin");
    EXPECT_EQ(s.entries.at(1).realm_name, "Sen'jin");
}

TEST(ParseRoster, KeepsAccentsAndEscapesAsTheGameSpellsThem) {
    const auto s =
        parsed(roster_of(R"({"character":{"name":"Zatañña","realm":{"slug":"senjin"}},"rank":3},)"
                         R"({"character":{"name":"S\u00f8r\u00e9n","realm":{"slug":"senjin"}},"rank":3})"));
    EXPECT_EQ(s.entries.at(0).name, "Zatañña");
    EXPECT_EQ(s.entries.at(1).name, "Sørén");
}

TEST(ParseRoster, SeveralRealmsStayApartAndTheirSlugsHaveOneSpelling) {
    const auto s = parsed(roster_of(R"({"character":{"name":"Zoe","realm":{"slug":"Area-52"}},"rank":3},)"
                                    R"({"character":{"name":"Zoe","realm":{"slug":"illidan"}},"rank":3})"));
    EXPECT_EQ(s.entries.at(0).realm_slug, "area-52");
    EXPECT_EQ(s.entries.at(1).realm_slug, "illidan");
}

TEST(ParseRoster, ARealmsNameIsSharedWithTheOthersThere) {
    const auto s = parsed(
        roster_of(R"({"character":{"name":"Aka","realm":{"slug":"area-52"}},"rank":3},)"
                  R"({"character":{"name":"Bex","realm":{"slug":"area-52","name":"Area 52"}},"rank":3})"));
    EXPECT_EQ(s.entries.at(0).realm_name, "Area 52");
}

TEST(ParseRoster, TranslatedNamesGiveTheEnglishOneOrTheFirst) {
    const auto s = parsed(roster_of(
        R"({"character":{"name":"Aka","realm":{"slug":"a","name":{"de_DE":"Ade","en_US":"A"}}},"rank":3},)"
        R"({"character":{"name":"Bex","realm":{"slug":"b","name":{"fr_FR":"Be"}}},"rank":3},)"
        R"({"character":{"name":"Cyl","realm":{"slug":"c","name":{}}},"rank":3})"));
    EXPECT_EQ(s.entries.at(0).realm_name, "A");
    EXPECT_EQ(s.entries.at(1).realm_name, "Be");
    EXPECT_EQ(s.entries.at(2).realm_name, "");
}

TEST(ParseRoster, AWholeNumberMayBeWrittenAsADouble) {
    EXPECT_EQ(parsed(with_member(R"({"name":"Bex","id":5.0e3,"level":80.0})", "4.0")).entries.at(1).game,
              game_id{5000});
}

TEST(ParseRoster, AnEmptyRosterIsOneForTheVerdictToJudge) {
    EXPECT_THAT(parsed(roster_of("")).entries, IsEmpty());
    EXPECT_THAT(parsed(R"({"members":[]})").entries, IsEmpty());
}

TEST(ParseRoster, AByteOrderMarkAndSpacesDoNotMatter) {
    EXPECT_THAT(parsed("\xEF\xBB\xBF \r\n\t" + roster_of(good_member) + "\n\n").entries, SizeIs(1));
}

struct broken_member {
    const char* character;
    const char* rank;
    const char* where;
    const char* reason;
};

class ParseRosterBrokenMember : public testing::TestWithParam<broken_member> {};

TEST_P(ParseRosterBrokenMember, IsReportedAndCountedAndTheRestIsKept) {
    const auto& p = GetParam();
    const auto s = parsed(with_member(p.character, p.rank));
    EXPECT_THAT(s.entries, SizeIs(1));
    EXPECT_EQ(s.rejected_count, 1U);
    EXPECT_THAT(s.rejected, ElementsAre(identity::rejected_member{1, p.where, p.reason}));
}

INSTANTIATE_TEST_SUITE_P(
    Each, ParseRosterBrokenMember,
    testing::Values(
        broken_member{R"({"name":"Bex"})", "10", "members[1].rank", "is 10, must be 0 to 9"},
        broken_member{R"({"name":"Bex"})", "-1", "members[1].rank", "is -1, must be 0 to 9"},
        broken_member{R"({"name":"Bex"})", "null", "members[1].rank", "is missing"},
        broken_member{R"({"name":"Bex"})", "\"4\"", "members[1].rank", "is a string, must be a whole number"},
        broken_member{R"({"name":"Bex"})", "4.5", "members[1].rank",
                      "is another number, must be a whole number"},
        broken_member{R"({"name":"Bex"})", "1e300", "members[1].rank",
                      "is another number, must be a whole number"},
        broken_member{R"({"name":"Bex"})", "true", "members[1].rank",
                      "is true or false, must be a whole number"},
        broken_member{R"({"name":"Bex"})", "18446744073709551615", "members[1].rank",
                      "is another number, must be a whole number"},
        broken_member{R"({"name":42})", "4", "members[1].character.name",
                      "is another number, must be a string"},
        broken_member{R"({"name":""})", "4", "members[1].character.name", "is empty"},
        broken_member{R"({"name":"B\u0000x"})", "4", "members[1].character.name", "has a control character"},
        broken_member{R"({"name":"B\nx"})", "4", "members[1].character.name", "has a control character"},
        broken_member{R"({"id":5})", "4", "members[1].character.name", "is missing"},
        broken_member{R"({"name":"Bex","id":"5"})", "4", "members[1].character.id",
                      "is a string, must be a whole number"},
        broken_member{R"({"name":"Bex","id":-5})", "4", "members[1].character.id",
                      "is -5, must be 0 to 9223372036854775807"},
        broken_member{R"({"name":"Bex","realm":"senjin"})", "4", "members[1].character.realm",
                      "is a string, must be an object"},
        broken_member{R"({"name":"Bex","realm":{"id":5}})", "4", "members[1].character.realm.slug",
                      "is missing"},
        broken_member{R"({"name":"Bex","realm":{"slug":["x"]}})", "4", "members[1].character.realm.slug",
                      "is an array, must be a string"},
        broken_member{R"({"name":"Bex","level":-1})", "4", "members[1].character.level",
                      "is -1, must be 0 to 1000"},
        broken_member{R"({"name":"Bex","level":{}})", "4", "members[1].character.level",
                      "is an object, must be a whole number"},
        broken_member{R"({"name":"Bex","playable_class":8})", "4", "members[1].character.playable_class",
                      "is another number, must be an object"},
        broken_member{R"({"name":"Bex","playable_class":{"id":"Mage"}})", "4",
                      "members[1].character.playable_class.id", "is a string, must be a whole number"},
        broken_member{"[]", "4", "members[1].character", "is an array, must be an object"},
        broken_member{"null", "4", "members[1].character", "is missing"}));

TEST(ParseRoster, AMemberThatIsNoObjectIsRejected) {
    const auto s = parsed(roster_of(R"(5,null,"x",[])"));
    EXPECT_EQ(s.rejected_count, 4U);
    EXPECT_EQ(s.rejected.at(0), (identity::rejected_member{0, "members[0]", "must be an object"}));
}

TEST(ParseRoster, AVeryLongNameIsRejected) {
    EXPECT_EQ(parsed(with_member(R"({"name":")" + std::string(101, 'x') + "\"}", "4")).rejected.at(0).reason,
              "has 101 bytes, at most 100 are believed");
    EXPECT_THAT(parsed(with_member(R"({"name":")" + std::string(100, 'x') + "\"}", "4")).rejected, IsEmpty());
}

TEST(ParseRoster, OnlyTheFirstHundredRejectionsAreListedButAllAreCounted) {
    std::string members = "5";
    for (int i = 1; i < 250; ++i) {
        members += ",5";
    }
    const auto s = parsed(roster_of(members));
    EXPECT_EQ(s.rejected_count, 250U);
    EXPECT_THAT(s.rejected, SizeIs(100));
}

TEST(ParseRoster, WithoutAnyRealmAMemberIsRejected) {
    const auto s = parsed(R"({"members":[{"character":{"name":"Aka"},"rank":1}]})");
    EXPECT_EQ(s.rejected.at(0).where, "members[0].character.realm.slug");
}

} // namespace
} // namespace patt::blizzard
