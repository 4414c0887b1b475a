#include "core/text/catalogue_cards.hpp"
#include "core/text/catalogue_source.hpp"

#include <patt/integrity/issue.hpp>
#include <patt/text/catalogue.hpp>
#include <patt/text/utf8.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

namespace {

using namespace patt;
using namespace patt::text;

policy::guild_settings sample() {
    policy::guild_settings s;
    s.guild.name = "Pull All The Things";
    s.guild.home_realm = "Sen'jin";
    s.guild.website_url = "https://pullallthething.com";
    s.guild.signup_url = "https://pullallthething.com/register";
    s.guild.raid_schedule = "Fridays & Saturdays at 6 PM PST / 9 PM EST";
    return s;
}

/// Every argument that a text declares, with the value that `value_of` gives.
text_ref with_all(const catalogue& texts, const std::string& key, const std::string& word) {
    text_ref out{key, {}};
    std::set<std::string> names;
    const auto add = [&](const std::string& of) {
        for (const std::string& name : texts.arguments("en", of)) {
            names.insert(name);
        }
    };
    add(key);
    for (const std::string& other : texts.keys("en")) {
        if (other.starts_with(key + ".")) {
            add(other);
        }
    }
    for (const std::string& name : names) {
        if (name == "attempts" || name == "count" || name.ends_with("_hours") || name.ends_with("_days")) {
            out.with(name, "3", arg_kind::number);
        } else if (name == "role_status") {
            out.with(name, "done", arg_kind::trusted);
        } else if (name == "in_guild") {
            out.with(name, "yes", arg_kind::trusted);
        } else if (name == "invite") {
            out.with(name, "7", arg_kind::invite_code);
        } else if (!name.starts_with("has_")) {
            out.with(name, word);
        }
    }
    return out;
}

struct Catalogue : testing::Test {
    policy::guild_settings settings = sample();
    catalogue texts;
    surroundings with{settings, markup::markdown,
                      [](invite_id id) { return "CODE" + std::to_string(id.value()); }};

    std::string say(const text_ref& what) { return texts.format(what, with); }
    message card(const text_ref& what) { return texts.compose(what, with); }
};

TEST_F(Catalogue, FormatsEveryTextWithoutAMiss) {
    const std::vector<std::string> keys = texts.keys("en");
    EXPECT_GT(keys.size(), 80U);
    for (const std::string& key : keys) {
        const std::string out = say(with_all(texts, key, "Zatañña"));
        EXPECT_FALSE(out.empty()) << key;
        EXPECT_TRUE(is_utf8(out)) << key;
        EXPECT_EQ(out.find('{'), std::string::npos) << key << ": " << out;
    }
    EXPECT_EQ(texts.misses().keys, 0);
    EXPECT_EQ(texts.misses().arguments, 0);
}

TEST_F(Catalogue, EveryMessageFitsTheChatServerWhateverIsPutIn) {
    std::set<std::string> messages;
    for (const std::string& key : texts.keys("en")) {
        const auto* card = detail::find_card(key.substr(0, key.find('.', key.find('.') + 1)));
        messages.insert(card != nullptr ? std::string(card->key) : key);
    }
    settings.guild.raid_schedule = std::string(300, 's');
    for (const std::string& word : {std::string("x"), std::string(5000, '*'), std::string(5000, '\\')}) {
        for (const std::string& key : messages) {
            const message m = card(with_all(texts, key, word));
            EXPECT_LE(count_characters(m.content), message_limits::content) << key;
            EXPECT_LE(count_characters(m.title), message_limits::title) << key;
            EXPECT_LE(count_characters(m.description), message_limits::description) << key;
            EXPECT_LE(count_characters(m.footer), message_limits::footer) << key;
            EXPECT_LE(m.fields.size(), message_limits::fields) << key;
            std::size_t total = count_characters(m.title + m.description + m.footer);
            for (const message_field& f : m.fields) {
                EXPECT_LE(count_characters(f.name), message_limits::field_name) << key;
                EXPECT_LE(count_characters(f.value), message_limits::field_value) << key;
                EXPECT_FALSE(f.name.empty() || f.value.empty()) << key;
                total += count_characters(f.name + f.value);
            }
            EXPECT_LE(total, message_limits::card) << key;
            EXPECT_NE(m.content.empty(), !m.has_card()) << key;
        }
    }
}

TEST_F(Catalogue, CardsHaveAllTheirTextsAndNoOthers) {
    std::set<std::string> expected;
    for (const detail::card& c : detail::all_cards()) {
        const std::string key(c.key);
        expected.insert({key + ".title", key + ".description"});
        if (c.footer == detail::presence::present) {
            expected.insert(key + ".footer");
        }
        for (const detail::card_field& f : c.fields) {
            expected.insert(
                {key + "." + std::string(f.name) + ".name", key + "." + std::string(f.name) + ".value"});
        }
    }
    const std::vector<std::string> keys = texts.keys("en");
    for (const std::string& key : expected) {
        EXPECT_TRUE(std::binary_search(keys.begin(), keys.end(), key)) << key;
    }
    for (const std::string& key : keys) {
        if (std::count(key.begin(), key.end(), '.') > 1) {
            EXPECT_TRUE(expected.contains(key)) << key << " belongs to no card";
        }
    }
}

TEST_F(Catalogue, EveryIssueHasASummary) {
    const std::vector<std::string> keys = texts.keys("en");
    for (const integrity::issue_type type : integrity::all_issue_types()) {
        const std::string key = integrity::open_issue({}, type, {}, {}).summary.key;
        EXPECT_TRUE(std::binary_search(keys.begin(), keys.end(), key)) << key;
    }
}

/// Text keys that the library's sources name exist, so that nobody is shown a key.
TEST_F(Catalogue, HasEveryKeyThatTheSourcesName) {
    const std::regex named("\"((?:newcomer|status|answer|self_service|landing|public|rehearsal|route|officer)"
                           "\\.[a-z_]+)\"");
    std::size_t found = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(PATT_SOURCE_DIR "/libpatt")) {
        if (file.path().extension() != ".cpp" || file.path().filename() == "catalogue_cards.cpp") {
            continue;
        }
        std::ifstream in(file.path());
        const std::string source((std::istreambuf_iterator<char>(in)), {});
        for (std::sregex_iterator it(source.begin(), source.end(), named), end; it != end; ++it) {
            const std::string key = (*it)[1];
            if (key == "answer.given") {
                continue; // an entry of the event log, no text
            }
            ++found;
            const std::string probe = detail::find_card(key) != nullptr ? key + ".title" : key;
            const auto keys = texts.keys("en");
            EXPECT_TRUE(std::binary_search(keys.begin(), keys.end(), probe))
                << key << ", named in " << file.path().filename();
        }
    }
    EXPECT_GT(found, 0) << "the sources name texts, so this pattern no longer finds them";
}

TEST_F(Catalogue, SpeaksTheSeedsWords) {
    const message welcome = card(text_ref{"newcomer.welcome", {}});
    EXPECT_EQ(welcome.title, "Welcome to Pull All The Things! 🎮");
    EXPECT_EQ(welcome.description, "Hey there! Welcome to the Pull All The Things Discord! I'm the guild bot "
                                   "and I'm here to get you set "
                                   "up.\n\n**Have you already joined the guild in World of "
                                   "Warcraft?**\n\nJust reply with **yes** or **no** "
                                   "— no rush!");
    EXPECT_EQ(welcome.footer, "Pull All The Things • Sen'jin");
    EXPECT_EQ(welcome.colour, 0xD4A84BU);
    EXPECT_EQ(say(text_ref{"newcomer.unclear_yes", {}}), "I'll take that as a yes! 😄 Let's get you set up.");
    EXPECT_EQ(say(text_ref{"newcomer.found_main", {}}
                      .with("main", "Zatañña")
                      .with("realm", "Area 52")
                      .with("class", "Druid")
                      .with("rank", "Veteran")),
              "Found **Zatañña** on **Area 52** — Druid, Veteran! That you? 🎉\n\nJust reply with **yes** or "
              "**no**.");
}

TEST_F(Catalogue, WrapUpListsAltsOnlyWhenThereAreSome) {
    const message with_alts =
        card(text_ref{"newcomer.wrap_up", {}}.with("main", "Trog").with("alts", "Mitos, Elrek"));
    EXPECT_TRUE(
        with_alts.description.starts_with("**Main:** Trog\n**Alts:** Mitos, Elrek\n\nI'm going to verify"))
        << with_alts.description;
    EXPECT_NE(with_alts.description.find("• Send you a website invite for https://pullallthething.com\n"),
              std::string::npos);
    settings.invite.enabled = false;
    const message without = card(text_ref{"newcomer.wrap_up", {}}.with("main", "Trog").with("alts", ""));
    EXPECT_TRUE(without.description.starts_with("**Main:** Trog\n\nI'm going")) << without.description;
    EXPECT_EQ(without.description.find("invite"), std::string::npos);
    EXPECT_EQ(texts.misses().arguments, 0);
}

TEST_F(Catalogue, ProvisionedHasTheSeedsFields) {
    const message m = card(text_ref{"newcomer.provisioned", {}}
                               .with("role_status", "done", arg_kind::trusted)
                               .with("invite", "7", arg_kind::invite_code));
    ASSERT_EQ(m.fields.size(), 4U);
    EXPECT_EQ(m.fields[0],
              (message_field{"✅ Discord Role", "Your guild role has been assigned!", field_width::full}));
    EXPECT_EQ(m.fields[1].value,
              "**Your invite code:** `CODE7`\n**Sign up here:** https://pullallthething.com/register\n"
              "Enter the invite code when prompted. This code is just for you!");
    EXPECT_EQ(m.fields[2].name, "📋 Roster");
    EXPECT_EQ(m.fields[3].value, "Fridays & Saturdays at 6 PM PST / 9 PM EST");
    EXPECT_EQ(m.colour, 0x4ADE80U);
    EXPECT_EQ(m.footer, "Welcome to Pull All The Things! 🔥");
}

TEST_F(Catalogue, FieldsWithoutContentAreLeftOut) {
    settings.guild.raid_schedule.clear();
    settings.roster.enabled = false;
    const message m = card(text_ref{"newcomer.provisioned", {}}
                               .with("role_status", "none", arg_kind::trusted)
                               .with("has_invite", "no", arg_kind::trusted));
    EXPECT_TRUE(m.fields.empty());
    const message e = card(text_ref{"officer.escalation", {}}
                               .with("member", "Somebody")
                               .with("main", "")
                               .with("alts", "")
                               .with("in_guild", "unknown", arg_kind::trusted)
                               .number("attempts", 0)
                               .with("member_id", "5", arg_kind::trusted));
    ASSERT_EQ(e.fields.size(), 2U);
    EXPECT_EQ(e.fields[0].name, "Verification Attempts");
    EXPECT_EQ(e.fields[0].value, "0");
}

TEST_F(Catalogue, EscalationHasTheSeedsFields) {
    const message m = card(text_ref{"officer.escalation", {}}
                               .with("member", "new_guy*")
                               .with("main", "Trog")
                               .with("alts", "Mitos")
                               .with("in_guild", "no", arg_kind::trusted)
                               .number("attempts", 48)
                               .with("member_id", "123456789012345678", arg_kind::trusted));
    EXPECT_EQ(m.title, "⏰ Unverified New Member — Action Needed");
    EXPECT_EQ(
        m.description,
        "**new\\_guy\\*** joined Discord more than 24 hours ago and could not be automatically verified.");
    ASSERT_EQ(m.fields.size(), 5U);
    EXPECT_EQ(m.fields[2].value, "No");
    EXPECT_EQ(m.fields[3].value, "48");
    EXPECT_EQ(m.fields[3].width, field_width::narrow);
    EXPECT_NE(m.fields[4].value.find("`/onboard-resolve`"), std::string::npos);
    EXPECT_EQ(m.footer, "Discord ID: 123456789012345678");
    EXPECT_EQ(m.colour, 0xFFA500U);
}

TEST_F(Catalogue, CountsPeopleInPlurals) {
    const auto status = [&](std::int64_t n) {
        return say(text_ref{"officer.status", {}}.number("count", n));
    };
    EXPECT_EQ(status(0), "Nobody is being onboarded.");
    EXPECT_EQ(status(1), "1 member is being onboarded:");
    EXPECT_EQ(status(1234), "1,234 members are being onboarded:");
    settings.onboarding.check_in_after = std::chrono::hours(1);
    EXPECT_NE(card(text_ref{"newcomer.not_in_guild", {}}).description.find("in about an hour!"),
              std::string::npos);
}

TEST_F(Catalogue, WordsOfUsersAreDataInEveryPart) {
    const std::string evil = "@everyone **x** {guild} <@5> [a](https://evil.example)\u202E\n# big";
    for (const std::string& key : texts.keys("en")) {
        const std::string out = say(with_all(texts, key, evil));
        EXPECT_EQ(out.find("@everyone"), std::string::npos) << key;
        EXPECT_EQ(out.find("**x**"), std::string::npos) << key;
        EXPECT_EQ(out.find(" <@5>"), std::string::npos) << key;
        EXPECT_EQ(out.find("](https://evil"), std::string::npos) << key;
        EXPECT_EQ(out.find("\u202E"), std::string::npos) << key;
        EXPECT_EQ(out.find("\n# big"), std::string::npos) << key;
    }
    with.markup = markup::plain;
    EXPECT_EQ(say(text_ref{"landing.panel", {}}.with("member", "a_b")).find("\\"), std::string::npos);
}

TEST_F(Catalogue, KindsOfArgumentsAreRenderedAsTheyAre) {
    catalogue own(std::vector<catalogue_source>{{"en", "k(a) = <{a}>"}});
    const auto one = [&](std::string_view value, arg_kind kind) {
        return own.format(text_ref{"k", {}}.with("a", value, kind), with);
    };
    EXPECT_EQ(one("a_b", arg_kind::text), "<a\\_b>");
    EXPECT_EQ(one("a_b", arg_kind::trusted), "<a_b>");
    EXPECT_EQ(one("123", arg_kind::member), "<<@123>>");
    EXPECT_EQ(one("x>@everyone", arg_kind::member).find("@everyone"), std::string::npos);
    EXPECT_EQ(one("12", arg_kind::invite_code), "<CODE12>");
    EXPECT_EQ(one("1234", arg_kind::number), "<1,234>");
    EXPECT_EQ(one("no_number", arg_kind::number), "<no\\_number>");
    with.code_of = nullptr;
    EXPECT_EQ(one("12", arg_kind::invite_code), "<>");
}

TEST_F(Catalogue, MissesAreShownAndCountedNeverThrown) {
    EXPECT_EQ(say(text_ref{"no.such.text", {}}), "no.such.text");
    EXPECT_EQ(card(text_ref{"", {}}).content, "");
    EXPECT_EQ(texts.misses().keys, 2);
    EXPECT_EQ(texts.misses().first_keys.front(), "no.such.text");
    EXPECT_EQ(say(text_ref{"landing.panel", {}}).substr(0, 17), "Welcome, **{membe");
    EXPECT_EQ(texts.misses().arguments, 1);
    EXPECT_EQ(say(text_ref{"issue.plan_stopped", {}}.with("count", "many")), "issue.plan_stopped");
    EXPECT_EQ(texts.misses().keys, 3);
}

TEST_F(Catalogue, FallsBackFromRegionToLanguageToEnglish) {
    catalogue own(std::vector<catalogue_source>{
        {"en", "a = en a\nb = en b\nc(n) = {n, plural, one{# night} other{# nights}}"},
        {"pl", "b = pl b\nc(n) = {n, plural, one{# noc} few{# noce} many{# nocy} other{# nocy}}"},
        {"pl-PL", "d = pl-PL d"}});
    settings.guild.locale = "pl-PL";
    EXPECT_EQ(own.format(text_ref{"a", {}}, with), "en a");
    EXPECT_EQ(own.format(text_ref{"b", {}}, with), "pl b");
    EXPECT_EQ(own.format(text_ref{"d", {}}, with), "pl-PL d");
    for (const auto& [n, expected] :
         {std::pair{1, "1 noc"}, {2, "2 noce"}, {5, "5 nocy"}, {12, "12 nocy"}, {22, "22 noce"}}) {
        EXPECT_EQ(own.format(text_ref{"c", {}}.number("n", n), with), expected);
    }
    for (const char* odd : {"", "xx", "not a locale", "-", "--"}) {
        settings.guild.locale = odd;
        EXPECT_EQ(own.format(text_ref{"a", {}}, with), "en a") << odd;
    }
    EXPECT_EQ(own.misses().keys, 0);
}

TEST(CatalogueSource, BrokenDocumentsAreRefusedWithTheirLine) {
    for (const char* document : {"no equals sign", "| continues nothing", "a = x\na = y", "Bad Key = x",
                                 "k(a = x", "k(a b) = {a}", "= x", "k = {a}", "k(a) = no argument",
                                 "k(a, a) = {a}", "k = {", "k(a) = {a, plural, one{x}}", "k = {0}"}) {
        EXPECT_THROW(catalogue(std::vector<catalogue_source>{{"en", document}}), failure) << document;
    }
    try {
        (void)detail::read_source("a = 1\n\n# c\noops");
        FAIL();
    } catch (const failure& e) {
        EXPECT_NE(std::string(e.what()).find("line 4"), std::string::npos) << e.what();
    }
}

TEST(CatalogueSource, ReadsContinuationsCommentsAndApostrophes) {
    const auto texts =
        detail::read_source("# c\na(x, y) = one {x}\n  | two\n  |\n  |  {y} it's = fine\n\nb =\n  | only");
    ASSERT_EQ(texts.size(), 2U);
    EXPECT_EQ(texts[0].pattern, "one {x}\ntwo\n\n {y} it's = fine");
    EXPECT_EQ(texts[0].arguments, (std::vector<std::string>{"x", "y"}));
    EXPECT_EQ(texts[1].pattern, "only");
}

TEST(Message, BecomesLines) {
    message m;
    m.title = "T";
    m.description = "D";
    m.fields = {{"F", "V", field_width::full}};
    m.footer = "foot";
    EXPECT_EQ(as_lines(m), "T\nD\nF: V\nfoot");
    EXPECT_TRUE(m.has_card());
    message p;
    p.content = "hi";
    EXPECT_EQ(as_lines(p), "hi");
    EXPECT_FALSE(p.has_card());
}

} // namespace
