#include "blizzard/json_location.hpp"

#include <gtest/gtest.h>

namespace patt::blizzard::detail {
namespace {

TEST(PathAtEnd, FollowsObjectsAndArrays) {
    EXPECT_EQ(path_at_end(""), "");
    EXPECT_EQ(path_at_end(R"({)"), "");
    EXPECT_EQ(path_at_end(R"({"guild":{"na)"), "guild");
    EXPECT_EQ(path_at_end(R"({"guild":{"name":)"), "guild.name");
    EXPECT_EQ(path_at_end(R"({"members":[)"), "members[0]");
    EXPECT_EQ(path_at_end(R"({"members":[{},{"rank":1},{"character":{"id":)"), "members[2].character.id");
    EXPECT_EQ(path_at_end(R"({"a":[1,2,3],"b":)"), "b");
    EXPECT_EQ(path_at_end(R"([[],[1,[)"), "[1][1][0]");
}

TEST(PathAtEnd, QuotesAndBracketsInsideStringsDoNotCount) {
    EXPECT_EQ(path_at_end(R"({"a]}\"":{"b":"[{\\","c":)"), R"(a]}\".c)");
    EXPECT_EQ(path_at_end(R"({"a":"unfinished [[[)"), "a");
    EXPECT_EQ(path_at_end("{\"a\":\"ends in a backslash \\"), "a");
}

TEST(PathAtEnd, SurvivesWhatIsNoJson) {
    EXPECT_EQ(path_at_end("]]]}}}"), "");
    EXPECT_EQ(path_at_end(":::,,,"), "");
    EXPECT_EQ(path_at_end(std::string(100'000, '[')).substr(0, 6), "[0][0]");
    EXPECT_LT(path_at_end(std::string(100'000, '[')).size(), 300U);
}

TEST(PathAtEnd, AKeyIsShortenedAndCannotBreakALine) {
    EXPECT_EQ(path_at_end("{\"a\nb\x1B\xC3\xB1\":"), "a?b???");
    EXPECT_LE(path_at_end("{\"" + std::string(5'000, 'k') + "\":").size(), 40U);
}

TEST(DescribeLocation, CountsFromOne) {
    EXPECT_EQ(describe_location("{", 1), "byte 2 (line 1, column 2)");
    EXPECT_EQ(describe_location("{\n \"a\": x", 8), "byte 9 (line 2, column 7), in a");
    EXPECT_EQ(describe_location("", 99), "byte 1 (line 1, column 1)");
}

} // namespace
} // namespace patt::blizzard::detail
