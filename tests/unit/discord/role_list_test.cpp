#include <patt/discord/role_list.hpp>

#include <gmock/gmock.h>

namespace patt::discord {
namespace {

using identity::listed_role;
using identity::role_coverage;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view two_roles =
    R"([{"id":"41771983423143936","name":"@everyone","permissions":"66321471","position":0,"color":0,)"
    R"("hoist":false,"managed":false,"mentionable":false,"flags":0},)"
    R"({"id":"41771983423143937","name":"Mage \u2728","color":3447003,"tags":{"bot_id":"7"}}])";

std::string refusal_of(std::string_view text, const role_list_limits& limits = {}) {
    const auto list = parse_roles(text, limits);
    return list ? std::string{} : list.err().detail;
}

TEST(RoleList, ReadsRolesAsTheApiGivesThem) {
    const auto list = parse_roles(two_roles);
    ASSERT_TRUE(list) << list.err().detail;
    EXPECT_THAT(list->roles, ElementsAre(listed_role{role_id{41771983423143936}, "@everyone"},
                                         listed_role{role_id{41771983423143937}, "Mage \u2728"}));
    EXPECT_EQ(list->covers, role_coverage::everything);
}

TEST(RoleList, ReadsTheRolesOfAGuild) {
    const auto list =
        parse_roles("\xEF\xBB\xBF{\"id\":\"1\",\"name\":\"G\",\"roles\":" + std::string(two_roles) + "}");
    ASSERT_TRUE(list) << list.err().detail;
    EXPECT_EQ(list->roles.size(), 2U);
}

TEST(RoleList, IsAPartWithoutTheRoleOfEverybody) {
    const auto list = parse_roles(R"([{"id":"5","name":"Mage"},{"id":"6","name":"Mage"}])");
    ASSERT_TRUE(list) << list.err().detail;
    EXPECT_EQ(list->covers, role_coverage::some);
    EXPECT_EQ(list->roles.size(), 2U) << "two roles may have one name";
}

TEST(RoleList, NamesThePlaceAndFieldOfEachFaultAndTakesNothing) {
    const std::string said =
        refusal_of(R"([{"id":"1","name":"@everyone"},{"id":7,"name":"b"},{"id":"8"},{"name":"c"},)"
                   R"({"id":"9","name":5},"Mage"])");
    EXPECT_THAT(said, HasSubstr("roles[1].id: must be text"));
    EXPECT_THAT(said, HasSubstr("roles[2].name: is missing"));
    EXPECT_THAT(said, HasSubstr("roles[3].id: is missing"));
    EXPECT_THAT(said, HasSubstr("roles[4].name: must be text"));
    EXPECT_THAT(said, HasSubstr("roles[5]: must be an object"));
    EXPECT_THAT(said, HasSubstr("Nothing was taken"));
    EXPECT_THAT(refusal_of(R"([{"id":"0","name":"a"}])"), HasSubstr("roles[0].id: is no id"));
    EXPECT_THAT(refusal_of(R"([{"id":"1","name":""}])"), HasSubstr("roles[0].name: is missing"));
    EXPECT_THAT(refusal_of(R"([{"id":"1","name":"a\nb"}])"), HasSubstr("control characters"));
    EXPECT_THAT(refusal_of(R"([{"id":"1","name":")" + std::string(101, 'a') + "\"}]"),
                HasSubstr("more than 100 characters"));
}

TEST(RoleList, RefusesAnIdThatComesTwice) {
    EXPECT_THAT(refusal_of(R"([{"id":"1","name":"a"},{"id":"2","name":"a"},{"id":"1","name":"b"}])"),
                HasSubstr("roles[2].id: 1 is roles[0] already"));
}

TEST(RoleList, RefusesWhatIsNoList) {
    EXPECT_THAT(refusal_of(" \n"), HasSubstr("empty"));
    EXPECT_EQ(parse_roles("[]").err().code, errc::incomplete) << "an outage is no departure";
    EXPECT_EQ(parse_roles("{\"roles\":[]}").err().code, errc::incomplete);
    EXPECT_THAT(refusal_of("<html>"), HasSubstr("no list of roles"));
    EXPECT_THAT(refusal_of("{\"message\": \"401: Unauthorized\"}"), HasSubstr("no list of roles"));
    EXPECT_THAT(refusal_of("id,name\n1,Mage\n"), HasSubstr("not valid JSON"));
    EXPECT_EQ(parse_roles("[{\"id\":").err().code, errc::incomplete);
    EXPECT_THAT(refusal_of("[\n{\"id\":\"\xC3\x28\"}]"), HasSubstr("line 2, byte 8: broken UTF-8"));
}

TEST(RoleList, KeepsItsLimits) {
    role_list_limits small;
    small.max_roles = 1;
    EXPECT_THAT(refusal_of(two_roles, small), HasSubstr("more than 1 roles"));
    small.max_bytes = 5;
    EXPECT_EQ(parse_roles(two_roles, small).err().code, errc::limit_exceeded);
}

} // namespace
} // namespace patt::discord
