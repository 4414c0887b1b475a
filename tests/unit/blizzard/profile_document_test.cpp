#include "unit/blizzard/documents.hpp"

#include <patt/blizzard/profile_document.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patt::blizzard {
namespace {

using namespace test;
using testing::HasSubstr;

identity::character_profile parsed(std::string_view json) {
    auto r = parse_profile(json);
    if (!r) {
        ADD_FAILURE() << r.err().detail;
        return {};
    }
    return std::move(r).value();
}

TEST(ParseProfile, ReadsEveryFact) {
    identity::character_profile expected;
    expected.game = game_id{111111};
    expected.name = "Zatañña";
    expected.realm_slug = "senjin";
    expected.realm_name = "Sen'jin";
    expected.class_id = 8;
    expected.class_name = "Mage";
    expected.active_spec = "Frost";
    expected.level = 80;
    expected.item_level = 642;
    expected.last_login = instant{1'740'000'000'000'000};
    expected.race = "Troll";
    expected.gender = "Female";
    EXPECT_EQ(parsed(good_profile), expected);
}

TEST(ParseProfile, WhatIsAbsentNullOrZeroStaysAbsent) {
    for (
        const auto* json :
        {R"({"id":1,"level":0})",
         R"({"id":1,"level":null,"character_class":null,"active_spec":null,"realm":null,"race":null})",
         R"({"id":1,"level":0,"equipped_item_level":0,"last_login_timestamp":0,"active_spec":{},"gender":{}})"}) {
        identity::character_profile expected;
        expected.game = game_id{1};
        EXPECT_EQ(parsed(json), expected) << json;
    }
}

TEST(ParseProfile, NamesItsCharacterByNumberOrByNameAndRealm) {
    EXPECT_EQ(parsed(R"({"name":"Aka","realm":{"slug":"Senjin"},"level":5})").realm_slug, "senjin");
    for (const auto* json : {"{}", R"({"level":80})", R"({"name":"Aka","level":80})",
                             R"({"realm":{"slug":"senjin"},"level":80})", R"({"id":0,"level":1})"}) {
        const auto e = refusal(parse_profile(json));
        EXPECT_EQ(e.code, errc::invalid_input);
        EXPECT_THAT(e.detail, HasSubstr("names no character")) << json;
    }
}

TEST(ParseProfile, TranslatedNamesGiveTheEnglishOne) {
    const auto p = parsed(R"({"id":1,"level":1,"active_spec":{"name":{"de_DE":"Waffen","en_US":"Arms"}}})");
    EXPECT_EQ(p.active_spec, "Arms");
}

struct broken {
    const char* member;
    const char* said;
};

class ParseProfileBroken : public testing::TestWithParam<broken> {};

TEST_P(ParseProfileBroken, IsRefusedAsAWhole) {
    const auto e = refusal(parse_profile(std::string{R"({"id":1,"level":80,)"} + GetParam().member + "}"));
    EXPECT_EQ(e.code, errc::invalid_input);
    EXPECT_THAT(e.detail, HasSubstr(GetParam().said));
}

INSTANTIATE_TEST_SUITE_P(
    Each, ParseProfileBroken,
    testing::Values(
        broken{R"("name":5)", "name is another number, must be a string"},
        broken{R"("realm":"senjin")", "realm is a string, must be an object"},
        broken{R"("equipped_item_level":"642")", "equipped_item_level is a string, must be a whole number"},
        broken{R"("equipped_item_level":-1)", "equipped_item_level is -1"},
        broken{R"("active_spec":"Frost")", "active_spec is a string, must be an object"},
        broken{R"("active_spec":{"name":[]})", "active_spec.name is an array"},
        broken{R"("active_spec":{"name":{"en_US":""}})", "active_spec.name.en_US is empty"},
        broken{R"("active_spec":{"name":{"fr_FR":5}})", "active_spec.name is another number"},
        broken{R"("last_login_timestamp":253402300800000)", "last_login_timestamp is 253402300800000"},
        broken{R"("last_login_timestamp":9223372036854775807)",
               "last_login_timestamp is 9223372036854775807"},
        broken{R"("last_login_timestamp":-5)", "last_login_timestamp is -5"},
        broken{R"("character_class":{"id":1.5})", "character_class.id is another number"},
        broken{R"("race":{"name":"a\u0007b"})", "race.name has a control character"}));

TEST(ParseProfile, OtherDocumentsAreNamed) {
    EXPECT_THAT(refusal(parse_profile(roster_of(good_member))).detail,
                HasSubstr("This is no character profile but a guild roster"));
    EXPECT_THAT(
        refusal(parse_profile(R"({"code":404,"type":"BLZWEBAPI00000404","detail":"Not Found"})")).detail,
        HasSubstr("an error answer of Battle.net (404, Not Found)"));
    EXPECT_THAT(refusal(parse_profile("<html>")).detail,
                HasSubstr("This is no character profile but a web page"));
    EXPECT_EQ(refusal(parse_profile("")).code, errc::incomplete);
}

TEST(ParseProfile, CutAnywhereItIsIncomplete) {
    for (std::size_t n = 0; n < good_profile.size(); ++n) {
        const auto r = parse_profile(good_profile.substr(0, n));
        ASSERT_FALSE(r) << n;
        EXPECT_EQ(r.err().code, errc::incomplete) << n;
    }
}

} // namespace
} // namespace patt::blizzard
