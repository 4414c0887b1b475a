#include <patt/policy/setting_registry.hpp>
#include <patt/text/utf8.hpp>

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace {

using namespace patt;
using namespace patt::policy;
using namespace std::chrono_literals;

std::string printed(const guild_settings& settings, std::string_view key) {
    const auto text = print(settings, key);
    return text ? *text : "?";
}

TEST(Settings, DefaultsAreTheDocumentedOnes) {
    const guild_settings s;
    const std::pair<const char*, const char*> expected[] = {
        {"guild.colour", "#D4A84B"},
        {"guild.colour_ok", "#4ADE80"},
        {"guild.colour_warn", "#FFA500"},
        {"guild.locale", "en"},
        {"guild.timezone", "UTC"},
        {"sending.enabled", "off"},
        {"sending.onboarding", "on"},
        {"sending.invite", "on"},
        {"sending.announcements", "off"},
        {"sending.officers", "on"},
        {"onboarding.enabled", "on"},
        {"onboarding.flow", "newcomer"},
        {"onboarding.silent", "off"},
        {"onboarding.deadline", "1d"},
        {"onboarding.nudge_after", "1h"},
        {"onboarding.check_in_after", "1d"},
        {"onboarding.verify_every", "30m"},
        {"onboarding.closed_dm_fallback", "panel"},
        {"channels.landing", "none"},
        {"trust.claim_max_rank", "auto"},
        {"trust.officer_rank", "1"},
        {"ranks.names", "Guild Leader, Officer, Veteran, Member, Initiate"},
        {"ranks.roles", ""},
        {"ranks.default_role", "none"},
        {"invite.enabled", "on"},
        {"invite.lifetime", "7d"},
        {"roster.enabled", "on"},
        {"roster.shrink_limit", "20"},
        {"leave.policy", "grace"},
        {"leave.grace", "30d"},
        {"policy.roles", ""},
        {"maintenance.enabled", "off"}};
    for (const auto& [key, text] : expected) {
        EXPECT_EQ(printed(s, key), text) << key;
    }
}

TEST(Settings, EveryOneIsDescribedOnceAndPrintsWhatItReads) {
    std::set<std::string_view> keys;
    for (const setting_info& info : all_settings()) {
        SCOPED_TRACE(info.key);
        EXPECT_TRUE(keys.insert(info.key).second);
        EXPECT_FALSE(info.form.empty());
        EXPECT_TRUE(info.description.ends_with('.'));
        ASSERT_NE(find_setting(info.key), nullptr);
        EXPECT_EQ(find_setting(info.key)->description, info.description);
        guild_settings s;
        const std::string before = printed(s, info.key);
        EXPECT_FALSE(set(s, info.key, before)) << before;
        EXPECT_EQ(s, guild_settings{});
    }
    EXPECT_GE(keys.size(), 44U);
}

struct reading {
    const char* key;
    const char* text;
    const char* canonical;
};

TEST(Settings, ReadTheFormsOfPeopleAndPrintOne) {
    const reading cases[] = {
        {"sending.enabled", "ON", "on"},
        {"sending.enabled", " yes ", "on"},
        {"sending.enabled", "true", "on"},
        {"invite.enabled", "off", "off"},
        {"invite.enabled", "No", "off"},
        {"invite.enabled", "0", "off"},
        {"onboarding.deadline", "24 h", "1d"},
        {"onboarding.deadline", "1h30m", "1h30m"},
        {"onboarding.deadline", "90 minutes", "1h30m"},
        {"onboarding.deadline", "2 days", "2d"},
        {"onboarding.deadline", "1 week", "7d"},
        {"onboarding.nudge_after", "60s", "1m"},
        {"guild.colour", "0xd4a84b", "#D4A84B"},
        {"guild.colour", "#ffffff", "#FFFFFF"},
        {"guild.colour", "000000", "#000000"},
        {"guild.name", "  Pull  All The Things ", "Pull All The Things"},
        {"guild.website_url", "https://pullallthething.com", "https://pullallthething.com"},
        {"guild.signup_url", "https://a.example/register?x=1", "https://a.example/register?x=1"},
        {"guild.timezone", "America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"},
        {"guild.locale", "pt-BR", "pt-BR"},
        {"channels.audit", "<#123456789012345678>", "123456789012345678"},
        {"channels.audit", "123456789012345678", "123456789012345678"},
        {"channels.audit", "0", "none"},
        {"channels.audit", "None", "none"},
        {"ranks.default_role", "<@&42>", "42"},
        {"ranks.roles", "1=11,0=10 , 2 = <@&11>", "0=10, 1=11, 2=11"},
        {"roles.managed", "9, 3,9", "3, 9"},
        {"ranks.names", "Boss, Crew ,", "Boss, Crew"},
        {"policy.roles", "10=Leader, 11=officer", "10=leader, 11=officer"},
        {"policy.ranks", "1=officer", "1=officer"},
        {"trust.claim_max_rank", "4", "4"},
        {"trust.claim_max_rank", "auto", "auto"},
        {"trust.officer_rank", "0", "0"},
        {"onboarding.closed_dm_fallback", "Channel", "channel"},
        {"leave.policy", "keep", "keep"},
        {"roster.shrink_limit", "100", "100"},
    };
    for (const reading& c : cases) {
        const auto text = canonical(c.key, c.text);
        ASSERT_TRUE(text) << c.key << ": " << text.err().detail;
        EXPECT_EQ(*text, c.canonical) << c.key;
        const auto again = canonical(c.key, *text);
        ASSERT_TRUE(again);
        EXPECT_EQ(*again, *text);
    }
}

TEST(Settings, RefuseOtherFormsAndNameTheAllowedOne) {
    const std::pair<const char*, const char*> cases[] = {{"sending.enabled", "maybe"},
                                                         {"onboarding.deadline", "24"},
                                                         {"onboarding.deadline", "h"},
                                                         {"onboarding.deadline", "-1h"},
                                                         {"onboarding.deadline", "1 moon"},
                                                         {"onboarding.deadline", "31d"},
                                                         {"onboarding.deadline", "1s"},
                                                         {"onboarding.deadline", "99999999999999999999d"},
                                                         {"onboarding.deadline", "9223372036854775807w"},
                                                         {"guild.colour", "red"},
                                                         {"guild.colour", "#FFF"},
                                                         {"guild.colour", "#GGGGGG"},
                                                         {"guild.colour", "0xFFFFFFF"},
                                                         {"guild.website_url", "http://a.example"},
                                                         {"guild.website_url", "https://"},
                                                         {"guild.website_url", "https://a b.example"},
                                                         {"guild.website_url", "javascript:alert(1)"},
                                                         {"guild.website_url", "https://a.example/<x>"},
                                                         {"guild.website_url", "https://user@a.example"},
                                                         {"guild.timezone", "../etc/passwd"},
                                                         {"guild.timezone", "//"},
                                                         {"guild.locale", "e"},
                                                         {"guild.locale", "en--US"},
                                                         {"guild.locale", "../en"},
                                                         {"channels.audit", "undefined"},
                                                         {"channels.audit", "-5"},
                                                         {"channels.audit", "99999999999999999999"},
                                                         {"channels.audit", "<@&5>"},
                                                         {"ranks.roles", "0"},
                                                         {"ranks.roles", "0="},
                                                         {"ranks.roles", "10=5"},
                                                         {"ranks.roles", "0=5,0=6"},
                                                         {"ranks.roles", "0=none"},
                                                         {"policy.roles", "5=god"},
                                                         {"policy.roles", "5"},
                                                         {"ranks.names", "a,b,c,d,e,f,g,h,i,j,k"},
                                                         {"trust.officer_rank", "10"},
                                                         {"trust.officer_rank", "-1"},
                                                         {"trust.officer_rank", "1.5"},
                                                         {"roster.shrink_limit", "101"},
                                                         {"leave.policy", "burn"},
                                                         {"guild.name", "a\nb"},
                                                         {"guild.name", "\xff"}};
    for (const auto& [key, text] : cases) {
        guild_settings s;
        s.guild.name = "unchanged";
        const guild_settings before = s;
        const auto refused = set(s, key, text);
        ASSERT_TRUE(refused) << key << " took " << text;
        EXPECT_EQ(refused->code, errc::invalid_input);
        EXPECT_NE(refused->detail.find(find_setting(key)->form), std::string::npos) << refused->detail;
        EXPECT_EQ(s, before);
    }
}

TEST(Settings, UnknownKeysAreRefusedWithTheNearestOne) {
    guild_settings s;
    const auto refused = set(s, "onboarding.deadlin", "24h");
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->code, errc::not_found);
    EXPECT_NE(refused->detail.find("onboarding.deadline"), std::string::npos);
    EXPECT_EQ(set(s, "", "x")->code, errc::not_found);
    EXPECT_EQ(set(s, std::string(100000, 'x'), "x")->code, errc::not_found);
    EXPECT_FALSE(print(s, "nothing.like.it"));
    EXPECT_FALSE(canonical("nothing.like.it", "1"));
}

TEST(Settings, EmptyAndDefaultRestoreTheDefault) {
    guild_settings s;
    ASSERT_FALSE(set(s, "onboarding.deadline", "2h"));
    EXPECT_EQ(s.onboarding.deadline, 2h);
    ASSERT_FALSE(set(s, "onboarding.deadline", "default"));
    EXPECT_EQ(s.onboarding.deadline, 24h);
    ASSERT_FALSE(set(s, "guild.name", "x"));
    ASSERT_FALSE(set(s, "guild.name", ""));
    EXPECT_EQ(s, guild_settings{});
}

TEST(Settings, LoadingSurvivesBrokenRows) {
    const std::vector<std::pair<std::string, std::string>> rows = {{"guild.name", "The Guild"},
                                                                   {"channels.audit", "undefined"},
                                                                   {"gone.key", "1"},
                                                                   {"onboarding.silent", "on"}};
    const loaded_settings loaded = load_settings(rows);
    EXPECT_EQ(loaded.settings.guild.name, "The Guild");
    EXPECT_TRUE(loaded.settings.onboarding.silent);
    EXPECT_FALSE(loaded.settings.channels.audit);
    EXPECT_EQ(loaded.ignored.size(), 2U);
}

TEST(Settings, TakeAnyBytesAndPrintTextThatReadsBack) {
    std::mt19937 random(9);
    const std::string alphabet = "0123456789=,dhmsw#xofn <@&>auto\xc3\xa9\xff";
    for (int i = 0; i < 40000; ++i) {
        const setting_info& info = all_settings()[random() % all_settings().size()];
        std::string text(random() % 24, ' ');
        for (char& c : text) {
            c = alphabet[random() % alphabet.size()];
        }
        guild_settings s;
        if (set(s, info.key, text)) {
            ASSERT_EQ(s, guild_settings{});
            continue;
        }
        const std::string once = printed(s, info.key);
        ASSERT_TRUE(text::is_utf8(once));
        guild_settings again;
        ASSERT_FALSE(set(again, info.key, once)) << info.key << " printed " << once;
        ASSERT_EQ(again, s) << info.key << " from " << text << " printed " << once;
    }
}

TEST(Settings, SecretsAreNotShown) {
    setting_info info = *find_setting("guild.name");
    EXPECT_EQ(shown(info, "abc"), "abc");
    info.secrecy = secrecy::secret;
    EXPECT_EQ(shown(info, "abc"), "********");
    EXPECT_EQ(shown(info, ""), "");
}

TEST(Settings, OnlyTheLeaderSetDecidesOverRightsAndSwitches) {
    const capabilities officer = contents(capability_set::officer);
    for (const setting_info& info : all_settings()) {
        const bool rights = info.key.starts_with("policy.") || info.key.starts_with("trust.");
        const bool switches = info.key.ends_with(".enabled") || info.key.starts_with("sending.");
        if (rights || switches) {
            EXPECT_FALSE(officer.has(info.changed_by)) << info.key;
        }
        if (rights) {
            EXPECT_EQ(info.danger, danger::confirm) << info.key;
        }
    }
    EXPECT_TRUE(officer.has(find_setting("channels.audit")->changed_by));
}

TEST(Settings, AClaimNeverGivesAPrivilegedRank) {
    guild_settings s;
    EXPECT_EQ(claim_max_rank(s), 2);
    s.trust.claim_max_rank = 4;
    EXPECT_EQ(claim_max_rank(s), 4);
    s.trust.claim_max_rank = 0;
    EXPECT_EQ(claim_max_rank(s), 2) << "a privileged rank in the setting does not count";
    s.trust.officer_rank = 3;
    s.trust.claim_max_rank.reset();
    EXPECT_EQ(claim_max_rank(s), 4);
}

TEST(Settings, RanksHaveNamesAndRoles) {
    guild_settings s;
    EXPECT_EQ(rank_name(s, 0), "Guild Leader");
    EXPECT_EQ(rank_name(s, 7), "Rank 7");
    EXPECT_EQ(rank_name(s, -1), "Rank -1");
    EXPECT_EQ(role_of_rank(s, 3), role_id{});
    s.ranks.roles = {{3, role_id{30}}, {4, role_id{30}}};
    s.ranks.default_role = role_id{99};
    EXPECT_EQ(role_of_rank(s, 3), role_id{30});
    EXPECT_EQ(role_of_rank(s, 4), role_id{30});
    EXPECT_EQ(role_of_rank(s, 8), role_id{99});
}

TEST(Settings, ContradictionsAreNamed) {
    guild_settings s;
    s.channels = {channel_id{1}, channel_id{2}, channel_id{3}};
    s.ranks.default_role = role_id{4};
    s.guild.signup_url = "https://a.example";
    EXPECT_TRUE(contradictions(s).empty());
    s.trust.claim_max_rank = 1;
    EXPECT_EQ(contradictions(s).size(), 1U);
    s.sending.announcements = true;
    s.channels = {};
    s.ranks.default_role = {};
    s.guild.signup_url.clear();
    EXPECT_EQ(contradictions(s).size(), 6U);
}

} // namespace
