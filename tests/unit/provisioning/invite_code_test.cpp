#include <patt/provisioning/invite_code.hpp>

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace {

using namespace patt;
using namespace patt::provisioning;

const std::string key = "an instance key of 32 bytes or so";

TEST(InviteCode, HasEightCharactersOfTheAlphabet) {
    for (std::int64_t i = 1; i <= 2000; ++i) {
        const std::string code = derive_invite_code(key, guild_id{7}, invite_id{i});
        ASSERT_EQ(code.size(), 8U);
        ASSERT_EQ(code.find_first_not_of(invite_alphabet), std::string::npos) << code;
    }
}

TEST(InviteCode, IsTheSameForTheSameInviteAndDiffersOtherwise) {
    std::set<std::string> seen;
    for (std::int64_t i = 1; i <= 2000; ++i) {
        seen.insert(derive_invite_code(key, guild_id{7}, invite_id{i}));
    }
    EXPECT_EQ(seen.size(), 2000U);
    const std::string first = derive_invite_code(key, guild_id{7}, invite_id{1});
    EXPECT_EQ(first, derive_invite_code(key, guild_id{7}, invite_id{1}));
    EXPECT_NE(first, derive_invite_code(key, guild_id{8}, invite_id{1}));
    EXPECT_NE(first, derive_invite_code(key + "x", guild_id{7}, invite_id{1}));
    EXPECT_NE(derive_invite_code(key, guild_id{1}, invite_id{2}),
              derive_invite_code(key, guild_id{2}, invite_id{1}));
}

TEST(InviteCode, UsesEveryCharacterAtEveryPlace) {
    std::array<std::set<char>, 8> places;
    for (std::int64_t i = 1; i <= 2000; ++i) {
        const std::string code = derive_invite_code(key, guild_id{7}, invite_id{i});
        for (std::size_t p = 0; p < code.size(); ++p) {
            places[p].insert(code[p]);
        }
    }
    for (const auto& place : places) {
        EXPECT_EQ(place.size(), 32U);
    }
}

TEST(InviteCode, HashIsBoundToKeyGuildAndCode) {
    const digest hash = invite_code_hash(key, guild_id{7}, "ABCDEFGH");
    EXPECT_EQ(hash, invite_code_hash(key, guild_id{7}, "ABCDEFGH"));
    EXPECT_NE(hash, invite_code_hash(key, guild_id{7}, "ABCDEFGJ"));
    EXPECT_NE(hash, invite_code_hash(key, guild_id{8}, "ABCDEFGH"));
    EXPECT_NE(hash, invite_code_hash(key + "x", guild_id{7}, "ABCDEFGH"));
    EXPECT_NE(hash, hmac_sha256(key, "ABCDEFGH"));
}

TEST(InviteCode, RefusesAShortKey) {
    EXPECT_THROW((void)derive_invite_code("short", guild_id{1}, invite_id{1}), failure);
    EXPECT_THROW((void)invite_code_hash("", guild_id{1}, "ABCDEFGH"), failure);
}

TEST(InviteCode, NormalisingForgivesCaseSpacesHyphensAndCopiedMarks) {
    for (const char* typed :
         {"ABCDEFGH", "abcdefgh", " abcd-efgh ", "`ABCDEFGH`", "**ABCD EFGH**", "a b c d e f g h",
          "ABCD\u2011EFGH", "ABCD\u2013EFGH\n", "\u200BABCDEFGH\u00A0", "'abcd_efgh'"}) {
        const auto code = normalise_invite_code(typed);
        ASSERT_TRUE(code) << typed << ": " << code.err().detail;
        EXPECT_EQ(*code, "ABCDEFGH");
    }
}

TEST(InviteCode, NormalisingSaysWhichCharacterIsWrong) {
    const auto wrong = normalise_invite_code("AB0DEFGH");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.err().code, errc::invalid_input);
    EXPECT_NE(wrong.err().detail.find("Character 3"), std::string::npos) << wrong.err().detail;
    EXPECT_NE(wrong.err().detail.find("without I and O"), std::string::npos);
}

TEST(InviteCode, NormalisingSaysTheLength) {
    for (const char* typed : {"", "ABC", "ABCDEFGHJ", "   ", "----"}) {
        const auto wrong = normalise_invite_code(typed);
        ASSERT_FALSE(wrong) << typed;
        EXPECT_NE(wrong.err().detail.find("8 characters"), std::string::npos);
    }
    EXPECT_FALSE(normalise_invite_code(std::string(100000, ' ') + "ABCDEFGH"));
}

TEST(InviteCode, NormalisingTakesAnyBytes) {
    std::mt19937 random(26);
    for (int i = 0; i < 20000; ++i) {
        std::string bytes(random() % 30, ' ');
        for (char& c : bytes) {
            c = static_cast<char>(random());
        }
        const auto code = normalise_invite_code(bytes);
        if (code) {
            ASSERT_EQ(code->size(), 8U);
        }
    }
    for (std::int64_t i = 1; i < 500; ++i) {
        const std::string code = derive_invite_code(key, guild_id{3}, invite_id{i});
        ASSERT_EQ(*normalise_invite_code(code), code);
    }
}

} // namespace
