#include <patt/text/realm.hpp>

#include <gtest/gtest.h>

namespace patt::text {
namespace {

TEST(RealmSlug, IsTheApisSpellingOfTheDisplayName) {
    EXPECT_EQ(realm_slug("Sen'jin"), "senjin");
    EXPECT_EQ(realm_slug("Mal'Ganis"), "malganis");
    EXPECT_EQ(realm_slug("Mal\u2019Ganis"), "malganis");
    EXPECT_EQ(realm_slug("Area 52"), "area-52");
    EXPECT_EQ(realm_slug("Bleeding Hollow"), "bleeding-hollow");
    EXPECT_EQ(realm_slug("Aggra (Português)"), "aggra-portugues");
    EXPECT_EQ(realm_slug("Pozzo dell'Eternità"), "pozzo-delleternita");
    EXPECT_EQ(realm_slug("Chants éternels"), "chants-eternels");
    EXPECT_EQ(realm_slug("Azjol-Nerub"), "azjol-nerub");
    EXPECT_EQ(realm_slug("  Area   52 "), "area-52");
}

TEST(RealmSlug, ASlugStaysASlug) {
    for (const char* slug : {"senjin", "alterac-mountains", "area-52", "die-ewige-wacht"}) {
        EXPECT_EQ(realm_slug(slug), slug);
    }
}

TEST(RealmKey, AllSpellingsAgree) {
    EXPECT_TRUE(same_realm("AlteracMountains", "Alterac Mountains"));
    EXPECT_TRUE(same_realm("AlteracMountains", "alterac-mountains"));
    EXPECT_TRUE(same_realm("Sen'jin", "senjin"));
    EXPECT_TRUE(same_realm("Area52", "area-52"));
    EXPECT_FALSE(same_realm("Area 52", "Area 51"));
    EXPECT_EQ(realm_key("Azjol-Nerub"), "azjolnerub");
}

TEST(RealmKey, NothingIsNoRealm) {
    EXPECT_FALSE(same_realm("", ""));
    EXPECT_FALSE(same_realm("'", "-"));
}

realm_directory some_realms() {
    realm_directory d;
    d.add({"us", "senjin", "Sen'jin", "bleeding"});
    d.add({"us", "alterac-mountains", "Alterac Mountains", "bleeding"});
    d.add({"us", "sargeras", "Sargeras", ""});
    d.add({"eu", "sargeras", "Sargeras", ""});
    d.add({"eu", "gordunni", "Гордунни", ""});
    return d;
}

TEST(RealmDirectory, FindsByAnySpellingWithinTheRegion) {
    const realm_directory d = some_realms();
    ASSERT_NE(d.find("us", "AlteracMountains"), nullptr);
    EXPECT_EQ(d.find("us", "AlteracMountains")->slug, "alterac-mountains");
    EXPECT_EQ(d.find("us", "SEN'JIN")->slug, "senjin");
    EXPECT_EQ(d.find("eu", "Гордунни")->slug, "gordunni");
    EXPECT_EQ(d.find("eu", "Gordunni")->display_name, "Гордунни");
    EXPECT_EQ(d.find("eu", "senjin"), nullptr);
    EXPECT_EQ(d.find("us", ""), nullptr);
}

TEST(RealmDirectory, KnowsWhatIsConnected) {
    const realm_directory d = some_realms();
    EXPECT_TRUE(d.connected("us", "senjin", "Alterac Mountains"));
    EXPECT_TRUE(d.connected("us", "unknown-one", "Unknown One"));
    EXPECT_FALSE(d.connected("us", "senjin", "sargeras"));
    EXPECT_FALSE(d.connected("us", "", ""));
}

TEST(RealmDirectory, AddingAgainReplaces) {
    realm_directory d = some_realms();
    d.add({"us", "senjin", "Sen'jin the New", ""});
    EXPECT_EQ(d.find("us", "senjin")->display_name, "Sen'jin the New");
    EXPECT_EQ(d.find("us", "Senjin the New")->slug, "senjin");
    EXPECT_FALSE(d.connected("us", "senjin", "alterac-mountains"));
}

// Found by a fuzzer: letters of Hangul between which a sign was dropped become one syllable.
TEST(Realm, ASlugOfTornSyllablesStaysTheSame) {
    const std::string torn = "\u1105\u1169;\u11A8";
    EXPECT_EQ(realm_slug(torn), "\uB85D");
    EXPECT_EQ(realm_slug(realm_slug(torn)), realm_slug(torn));
    EXPECT_EQ(realm_key(torn), realm_key(realm_slug(torn)));
}

} // namespace
} // namespace patt::text
