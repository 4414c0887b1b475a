// Everything that is no roster is named, with its place and what to do.
#include "unit/blizzard/documents.hpp"

#include <patt/blizzard/roster_document.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patt::blizzard {
namespace {

using namespace test;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(ParseRosterFaults, AnEmptyTextIsIncomplete) {
    for (const auto* text : {"", " \n\t\r\n", "\xEF\xBB\xBF", "\xEF\xBB\xBF \n"}) {
        const auto e = refusal(parse_roster(text));
        EXPECT_EQ(e.code, errc::incomplete);
        EXPECT_EQ(e.detail, "The guild roster is empty. Fetch it again.");
    }
}

TEST(ParseRosterFaults, ACutDocumentSaysWhereItEnds) {
    const auto whole = roster_of(std::string{good_member} + "," + std::string{good_member});
    const auto e = refusal(parse_roster(whole.substr(0, whole.size() - 40)));
    EXPECT_EQ(e.code, errc::incomplete);
    EXPECT_THAT(e.detail, AllOf(HasSubstr("ends in the middle"), HasSubstr("in members[1].character"),
                                HasSubstr("fetch it again")));
}

TEST(ParseRosterFaults, CutAnywhereItIsAnErrorAndNeverAShorterRoster) {
    const auto whole = roster_of(std::string{good_member} + "," + std::string{good_member});
    for (std::size_t n = 0; n < whole.size(); ++n) {
        const auto r = parse_roster(std::string_view{whole}.substr(0, n));
        ASSERT_FALSE(r) << n;
        EXPECT_EQ(r.err().code, errc::incomplete) << n;
    }
    EXPECT_TRUE(parse_roster(whole));
}

TEST(ParseRosterFaults, BrokenJsonSaysByteLineAndPath) {
    const auto e = refusal(parse_roster("{\n \"members\": [{\"rank\": 1}, {\"rank\": x}]}"));
    EXPECT_EQ(e.code, errc::invalid_input);
    EXPECT_THAT(e.detail, AllOf(HasSubstr("not valid JSON"), HasSubstr("(line 2, column "),
                                HasSubstr("byte 38"), HasSubstr("in members[1].rank")));
}

TEST(ParseRosterFaults, TextBehindTheDocumentIsBrokenJson) {
    const auto e = refusal(parse_roster(roster_of(good_member) + "}"));
    EXPECT_EQ(e.code, errc::invalid_input);
    EXPECT_THAT(e.detail, HasSubstr("not valid JSON"));
}

TEST(ParseRosterFaults, BadUtf8IsBrokenJson) {
    const auto e = refusal(parse_roster(with_member("{\"name\":\"Zata\xF1\"}", "4")));
    EXPECT_EQ(e.code, errc::invalid_input);
    EXPECT_THAT(e.detail, HasSubstr("in members[1].character.name"));
    EXPECT_FALSE(parse_roster(std::string_view{"{\"members\":[]\0}", 15}));
}

TEST(ParseRosterFaults, DeepNestingIsRefusedWithoutBeingFollowed) {
    const std::string deep(1'000'000, '[');
    const auto e = refusal(parse_roster(R"({"members":)" + deep));
    EXPECT_EQ(e.code, errc::limit_exceeded);
    EXPECT_THAT(e.detail, HasSubstr("nested deeper than 32 levels"));
    EXPECT_LT(e.detail.size(), 500U);
}

TEST(ParseRosterFaults, HugeDocumentsAndHugeGuildsAreRefused) {
    const auto e = refusal(parse_roster(roster_of(good_member), {.max_bytes = 100}));
    EXPECT_EQ(e.code, errc::limit_exceeded);
    EXPECT_THAT(e.detail, HasSubstr("more than 100 bytes"));

    const auto two = roster_of(std::string{good_member} + "," + std::string{good_member});
    EXPECT_TRUE(parse_roster(two, {.max_members = 2}));
    EXPECT_THAT(refusal(parse_roster(two, {.max_members = 1})).detail, HasSubstr("has 2 members, at most 1"));
}

struct foreign {
    const char* text;
    const char* named;
};

class ParseRosterForeign : public testing::TestWithParam<foreign> {};

TEST_P(ParseRosterForeign, IsNamed) {
    const auto e = refusal(parse_roster(GetParam().text));
    EXPECT_EQ(e.code, errc::invalid_input);
    EXPECT_THAT(e.detail, HasSubstr("This is no guild roster"));
    EXPECT_THAT(e.detail, HasSubstr(GetParam().named));
}

INSTANTIATE_TEST_SUITE_P(
    Each, ParseRosterForeign,
    testing::Values(
        foreign{"<!DOCTYPE html><html><body>502</body></html>", "a web page"},
        foreign{"\n  <?xml version=\"1.0\"?>", "a web page or XML"}, foreign{"\xFF\xFE{\x01", "UTF-16"},
        foreign{"\x1F\x8B\x08", "a gzip archive"}, foreign{"[]", "it is an array"},
        foreign{"null", "it is null"}, foreign{"42", "it is a number"},
        foreign{"\"members\"", "it is a string"}, foreign{"true", "true or false"},
        foreign{R"({"code":404,"type":"BLZWEBAPI00000404","detail":"Not Found"})",
                "an error answer of Battle.net (404, Not Found). Check the region"},
        foreign{R"({"code":401,"type":"BLZWEBAPI00000401","detail":"Unauthorized"})", "access token"},
        foreign{R"({"code":403,"type":"BLZWEBAPI00000403","detail":"Forbidden"})", "may not read it"},
        foreign{R"({"code":429,"detail":"Too Many"})", "wait"},
        foreign{R"({"code":503,"type":"x"})", "Try again"},
        foreign{R"({"error":"invalid_client","error_description":"x"})", "invalid_client"},
        foreign{R"({"access_token":"secret","expires_in":86399})", "an access token"},
        foreign{R"({"id":1,"wow_accounts":[]})", "list of characters"},
        foreign{R"({"name":"Moonfall","member_count":321,"achievement_points":5})", "a guild's summary"},
        foreign{R"({"name":"Aka","character_class":{"id":8},"achievement_points":5})", "a character profile"},
        foreign{R"({"equipped_items":[]})", "equipment"}, foreign{"{}", "no \"members\""},
        foreign{R"({"members":{}})", "\"members\" is not an array"},
        foreign{R"({"members":null})", "not an array"}));

TEST(ParseRosterFaults, AnAccessTokenIsNotRepeated) {
    EXPECT_THAT(refusal(parse_roster(R"({"access_token":"s3cr3t"})")).detail, Not(HasSubstr("s3cr3t")));
}

TEST(ParseRosterFaults, AGuildOfAWrongTypeRefusesTheDocument) {
    const auto e = refusal(parse_roster(R"({"guild":{"name":5},"members":[]})"));
    EXPECT_EQ(e.code, errc::invalid_input);
    EXPECT_THAT(e.detail, HasSubstr("guild.name is another number, must be a string"));
    EXPECT_FALSE(parse_roster(R"({"guild":"Moonfall","members":[]})"));
}

} // namespace
} // namespace patt::blizzard
