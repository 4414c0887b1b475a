#include <patt/discord/member_list.hpp>

#include <gmock/gmock.h>

namespace patt::discord {
namespace {

using identity::account_kind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string refusal_of(std::string_view text, const member_list_limits& limits = {}) {
    const auto list = parse_members(text, limits);
    return list ? std::string{} : list.err().detail;
}

TEST(MemberList, ReadsGuildMembersAsTheApiGivesThem) {
    const auto list = parse_members(
        R"([{"user":{"id":"80351110224678912","username":"nelly","global_name":"Nelly B","avatar":null},)"
        R"("nick":"Nell","roles":["9","7","9"],"joined_at":"2015-04-26T06:26:56.936000+00:00","deaf":false},)"
        R"({"user":{"id":"5","username":"helper","bot":true},"nick":null,"roles":[]}])");
    ASSERT_TRUE(list) << list.err().detail;
    ASSERT_EQ(list->members.size(), 2U);
    const identity::listed_member& nelly = list->members[0];
    EXPECT_EQ(nelly.id, member_id{80351110224678912});
    EXPECT_EQ(nelly.username, "nelly");
    EXPECT_EQ(nelly.global_name, "Nelly B");
    EXPECT_EQ(nelly.nickname, "Nell");
    EXPECT_THAT(nelly.roles, ElementsAre(role_id{7}, role_id{9}));
    EXPECT_EQ(nelly.joined_at, instant{1'430'029'616'936'000});
    EXPECT_EQ(nelly.kind, account_kind::human);
    EXPECT_EQ(list->members[1].kind, account_kind::bot);
    EXPECT_FALSE(list->members[1].joined_at);
}

TEST(MemberList, ReadsATableOfAnySeparator) {
    for (const std::string separator : {",", ";", "\t"}) {
        std::string text =
            "\xEF\xBB\xBFid,Username,nickname,roles,joined_at,bot\r\n"
            "7,ann,\"A \"\"n\"\" n\",12 11,2026-01-05T20:00:00-02:00,\r\n\r\n8,robot,,,,yes\r\n";
        for (std::size_t at = 0; (at = text.find(',', at)) != std::string::npos; ++at) {
            text.replace(at, 1, separator);
        }
        const auto list = parse_members(text);
        ASSERT_TRUE(list) << list.err().detail;
        ASSERT_EQ(list->members.size(), 2U);
        EXPECT_EQ(list->members[0].nickname, "A \"n\" n");
        EXPECT_THAT(list->members[0].roles, ElementsAre(role_id{11}, role_id{12}));
        EXPECT_EQ(list->members[0].joined_at, instant{1'767'650'400'000'000});
        EXPECT_EQ(list->members[1].kind, account_kind::bot);
    }
}

TEST(MemberList, NamesRowAndFieldOfEachFaultAndTakesNothing) {
    const std::string said = refusal_of(R"([{"user":{"id":"1","username":"a"}},{"nick":"x"},)"
                                        R"({"user":{"id":7,"username":"b"}},{"user":{"id":"8"}},)"
                                        R"({"user":{"id":"9","username":"c"},"roles":["x"]}])");
    EXPECT_THAT(said, HasSubstr("members[1].user: is missing"));
    EXPECT_THAT(said, HasSubstr("members[2].user.id: must be text"));
    EXPECT_THAT(said, HasSubstr("members[3].user.username: is missing"));
    EXPECT_THAT(said, HasSubstr("members[4].roles[0]: is no id"));
    EXPECT_THAT(said, HasSubstr("Nothing was taken"));
    const std::string table =
        refusal_of("id,username,joined_at\n1,a,\n8.1E+16,b,\n3,,\n4,d,yesterday\n5,e\n");
    EXPECT_THAT(table, HasSubstr("line 3, id: a spreadsheet has rounded the id"));
    EXPECT_THAT(table, HasSubstr("line 4, username: is missing"));
    EXPECT_THAT(table, HasSubstr("line 5, joined_at: is no time"));
    EXPECT_THAT(table, HasSubstr("line 6: has 2 cells, the first line has 3"));
}

TEST(MemberList, TellsTheFirstFaultsAndCountsTheRest) {
    std::string text = "id,username\n";
    for (int i = 0; i < 50; ++i) {
        text += "x,a\n";
    }
    const std::string said = refusal_of(text);
    EXPECT_THAT(said, HasSubstr("line 6, id"));
    EXPECT_THAT(said, Not(HasSubstr("line 7, id")));
    EXPECT_THAT(said, HasSubstr("and 45 more"));
}

TEST(MemberList, RefusesAnIdThatComesTwice) {
    EXPECT_THAT(refusal_of(R"([{"user":{"id":"1","username":"a"}},{"user":{"id":"1","username":"b"}}])"),
                HasSubstr("members[1].user.id: 1 is members[0] already"));
    EXPECT_THAT(refusal_of("id,username\n1,a\n2,b\n1,c\n"), HasSubstr("line 4, id: 1 is in line 2 already"));
}

TEST(MemberList, RefusesWhatIsNoList) {
    EXPECT_THAT(refusal_of(""), HasSubstr("empty"));
    EXPECT_THAT(refusal_of("<html>"), HasSubstr("web page"));
    EXPECT_THAT(refusal_of("{\"message\": \"401: Unauthorized\"}"), HasSubstr("no list of members"));
    EXPECT_THAT(refusal_of("[{\"user\":"), HasSubstr("ends in the middle"));
    EXPECT_THAT(refusal_of("[1,]"), HasSubstr("not valid JSON"));
    EXPECT_THAT(refusal_of("[\n{\"user\":\"\xC3\x28\"}]"), HasSubstr("line 2, byte 10: broken UTF-8"));
    EXPECT_THAT(refusal_of("\xFF\xFE"), HasSubstr("UTF-16"));
    EXPECT_THAT(refusal_of("name,id\na,1\n"), HasSubstr("no column \"name\""));
    EXPECT_THAT(refusal_of("id\n1\n"), HasSubstr("the column username is missing"));
    EXPECT_THAT(refusal_of("id,id,username\n1,1,a\n"), HasSubstr("twice"));
    EXPECT_THAT(refusal_of("id,username\n1,\"a\n"), HasSubstr("inside quotes"));
    EXPECT_EQ(parse_members("[{\"user\":").err().code, errc::incomplete);
}

TEST(MemberList, KeepsItsLimits) {
    member_list_limits small;
    small.max_members = 1;
    EXPECT_THAT(refusal_of("id,username\n1,a\n2,b\n", small), HasSubstr("more than 1 members"));
    EXPECT_THAT(
        refusal_of(R"([{"user":{"id":"1","username":"a"}},{"user":{"id":"2","username":"b"}}])", small),
        HasSubstr("more than 1 members"));
    small.max_bytes = 5;
    EXPECT_EQ(parse_members("id,username\n", small).err().code, errc::limit_exceeded);
}

TEST(MemberList, TakesAFullPageOfTheApiForAPart) {
    std::string text = "[";
    for (int i = 1; i <= 1'000; ++i) {
        text += (i > 1 ? "," : "") + std::string(R"({"user":{"username":"a","id":")") + std::to_string(i) +
                "\"}}";
    }
    EXPECT_EQ(parse_members(text + "]")->delivery, identity::roster_delivery::cut);
    EXPECT_EQ(parse_members(text + R"(,{"user":{"username":"a","id":"2000"}}])")->delivery,
              identity::roster_delivery::whole);
}

} // namespace
} // namespace patt::discord
