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

} // namespace
} // namespace patt::text
