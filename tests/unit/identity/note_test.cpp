#include <patt/identity/note.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::identity {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> read(std::string_view note) {
    std::vector<std::string> out;
    for (const note_pointer& p : parse_note(note).pointers) {
        out.push_back(std::string(to_string(p.kind)) + ":" + p.key);
    }
    return out;
}

TEST(ParseNote, TaggedHandlesPointAtAccounts) {
    for (const char* note : {"Discord: Trog", "DC=Trog", "discord Trog", "disc:Trog", "@Trog", "dc trog",
                             "Discord:@trog", "discord = trog", "Discord - Trog", "trog#1234"}) {
        EXPECT_THAT(read(note), ElementsAre("handle:trog")) << note;
    }
    EXPECT_THAT(read("@Trog, main"), ElementsAre("handle:trog"));
    EXPECT_THAT(read("bnet: Trog#1234"), ElementsAre("battletag:trog"));
    EXPECT_THAT(read("discord: Cool Guy"), ElementsAre("handle:coolguy", "handle:cool"));
}

TEST(ParseNote, AltAndMainPointAtPersons) {
    for (const char* note : {"alt of Trogmoon", "alt for Trogmoon", "Alt: Trogmoon", "Trogmoon's alt",
                             "Trogmoon\u2019s alt", "Trogmoon alt", "Trogmoon bank alt",
                             "Trogmoon's mage alt", "alt (Trogmoon)", "twink von Trogmoon"}) {
        EXPECT_THAT(read(note), ElementsAre("alt_of:trogmoon")) << note;
    }
    for (const char* note : {"Main: Trogmoon", "main = Trogmoon", "main is Trogmoon", "main Trogmoon",
                             "alt, main: Trogmoon", "Trogmoon main"}) {
        EXPECT_THAT(read(note), ElementsAre("main_of:trogmoon")) << note;
    }
    const note_facts f = parse_note("Mitos alt");
    ASSERT_EQ(f.pointers.size(), 1U);
    EXPECT_EQ(f.pointers[0].key, "mitos");
    EXPECT_EQ(f.pointers[0].singular, "mito");
}

TEST(ParseNote, LoneAndLeadingNames) {
    EXPECT_THAT(read("Rocket"), ElementsAre("lone:rocket"));
    EXPECT_THAT(read("Mito, healer"), ElementsAre("lone:mito"));
    EXPECT_THAT(read("sho again"), ElementsAre("lone:sho"));
    EXPECT_THAT(read("GM / Mike"), ElementsAre("lone:mike"));
    EXPECT_THAT(read("Rocket-mental 702"), ElementsAre("first:rocket", "mention:mental"));
    EXPECT_THAT(read("Rocket's DH waifu"), ElementsAre("possessive:rocket", "mention:waifu"));
    EXPECT_THAT(read("shodooms shammy"), ElementsAre("possessive:shodooms"));
    EXPECT_THAT(read("hit mito"), ElementsAre("first:hit", "mention:mito"));
    EXPECT_THAT(read("Trog/Rocket"), ElementsAre("first:trog", "mention:rocket"));
}

TEST(ParseNote, ProfessionsRanksAndSmallWordsSayNothing) {
    for (const char* note : {"alt",
                             "Bank",
                             "Officer alt",
                             "Unknown main.",
                             "alch / herb",
                             "Engineer 375",
                             "tailoring",
                             "GM",
                             "",
                             "?",
                             "^",
                             "Alt?",
                             "resto druid",
                             "LF raid",
                             "the",
                             "5/6 mythic",
                             "enchanting, mining",
                             "...",
                             "disc priest",
                             "main tank",
                             "bank alt",
                             "unknown",
                             "someone's alt"}) {
        EXPECT_THAT(read(note), IsEmpty()) << note;
    }
}

TEST(ParseNote, RelationsNameSomebodyElse) {
    for (const char* note :
         {"Rocket's friend", "friend of Rocket", "Rocket brother", "Rocketwife", "managed by Rocket",
          "son to Rocket", "Rocket invited?", "invited by Rocket", "Rocket's little brother", "Rocket's gf",
          "wife of Rocket", "ref: Rocket", "recruited by Rocket", "brother to Rocket", "bro of Rocket",
          "Rockets wife", "Rocket (friend)", "friends with Rocket"}) {
        const auto got = read(note);
        ASSERT_FALSE(got.empty()) << note;
        for (const std::string& p : got)
            EXPECT_EQ(p.substr(0, 9), "relation:") << note << " -> " << p;
    }
}

/// Whether a note takes somebody of that key for the owner, or for another character of the owner's.
bool is_tied_to(std::string_view note, const std::string& key) {
    const note_facts facts = parse_note(note);
    return std::any_of(facts.pointers.begin(), facts.pointers.end(), [&](const note_pointer& p) {
        return names_owner(p.kind) && (p.key == key || p.singular == key);
    });
}

// A tag says whose account it is, and a relation beside it that this is not the owner.
TEST(ParseNote, ARelationBesideATagNamesSomebodyElse) {
    for (const char* note : {"@Rocket's friend",
                             "friend of @Rocket",
                             "@Rocket invited",
                             "inv by @Rocket",
                             "disc: Rocket's friend",
                             "Discord: Rocket's wife",
                             "dc: friend of Rocket",
                             "Rocket#1234's friend",
                             "friend of Rocket#1234",
                             "rec. by Rocket#1234",
                             "wife of @Rocket",
                             "@Rocket wife",
                             "husband (Rocket#1234)",
                             "invited by discord: Rocket",
                             "Discord: ask Rocket",
                             "disc: see Rocket",
                             "dc: no, ask Rocket",
                             "discord? Rocket knows",
                             "Discord: Rocket invited",
                             "not @Rocket",
                             "bnet: brother of Rocket",
                             "@Rocket (brother)",
                             "dc Rocket gf"}) {
        EXPECT_FALSE(is_tied_to(note, "rocket")) << note;
    }
    for (const char* note :
         {"friend of Mito, Discord: Rocket", "Discord: Rocket, friend of Mito", "@Rocket friend of Mito",
          "friend of Mito - dc: Rocket", "invited by Mito / @Rocket", "Rocket#1234, wife of Mito",
          "dc: Rocket / Mito's brother", "Discord: Rocket. Ask Mito"}) {
        EXPECT_TRUE(is_tied_to(note, "rocket")) << note;
        EXPECT_FALSE(is_tied_to(note, "mito")) << note;
    }
    EXPECT_THAT(read("Discord: Sugar Daddy"), ElementsAre("handle:sugardaddy"));
    EXPECT_THAT(read("Discord: Daddy"), ElementsAre("handle:daddy"));
    for (const char* note : {"Discord: none", "dc: no", "discord: N/A", "Discord: unknown", "Discord: tbd"})
        EXPECT_THAT(read(note), IsEmpty()) << note;
}

// Whole sentences about somebody else leave no lone name behind.
TEST(ParseNote, SentencesAboutSomebodyElseTieNobody) {
    for (const char* note : {"ask Rocket",
                             "see Rocket",
                             "thanks Rocket",
                             "NOT Rocket!",
                             "definitely not Rocket",
                             "isn't Rocket",
                             "kicked by Rocket",
                             "trained by Rocket",
                             "approved by Rocket",
                             "sub for Rocket",
                             "backup for Rocket",
                             "replaces Rocket",
                             "Rocket's ex",
                             "ex of Rocket",
                             "from Rocket",
                             "Rocket's crew",
                             "Rocket's guild",
                             "Rocket's raid team",
                             "team Rocket",
                             "group Rocket",
                             "student of Rocket",
                             "Rocket's mentor",
                             "mentor: Rocket",
                             "Rocket's boss",
                             "works with Rocket",
                             "works for Rocket",
                             "Rocket's pet",
                             "fan of Rocket",
                             "Rocket's twin",
                             "Rocket in law",
                             "mates with Rocket",
                             "frend of Rocket",
                             "Rocket's bestie",
                             "Rocket SO",
                             "s/o Rocket",
                             "Rocket + 1",
                             "Rocket plus one",
                             "Rocket's +1",
                             "contact: Rocket",
                             "c/o Rocket",
                             "poc Rocket",
                             "shared with Rocket",
                             "heal for Rocket",
                             "report to Rocket",
                             "co-gm with Rocket",
                             "Rocket's co-leader",
                             "talk to Rocket",
                             "promoted by Rocket",
                             "rec: Rocket",
                             "recced by Rocket",
                             "by Rocket",
                             "not an alt of Rocket",
                             "alt of Rocket's wife",
                             "no discord, ask Rocket"}) {
        EXPECT_FALSE(is_tied_to(note, "rocket")) << note;
    }
}

// The many ways in which officers say whose character it is.
TEST(ParseNote, TiesInManyForms) {
    for (const char* note : {"Discord tag Rocket", "discord name: Rocket", "discord is Rocket",
                             "Rocket on discord",  "Rocket (discord)",     "disc = Rocket, alt of Mito",
                             "alt of: Rocket",     "Alt - Rocket",         "alt/Rocket",
                             "alt. Rocket",        "alt, Rocket",          "Rocket, alt",
                             "Rocket alts",        "(Rocket alt)",         "[Rocket]",
                             "Rocket's main",      "main Rocket alt",      "2nd Rocket",
                             "Rocket's lock alt",  "alt of Rocket (tank)", "alt of GM Rocket",
                             "Officer Rocket",     "Rocket, officer",      "resto / Rocket",
                             "Alch/Herb Rocket",   "Rocket 702",           "Rocket!",
                             "Rocket (EU)",        "played by Rocket",     "owner: Rocket",
                             "Rocket's toon",      "Rocket's other",       "also Rocket",
                             "this is Rocket",     "it's Rocket",          "aka Rocket",
                             "formerly Rocket",    "Rocket, ask first",    "Rocket - inactive since May"}) {
        EXPECT_TRUE(is_tied_to(note, "rocket")) << note;
    }
}

TEST(ParseNote, TheTrapsOfTheOldRules) {
    EXPECT_THAT(read("remain: Bob"), Not(Contains("alt_of:bob")));
    EXPECT_THAT(read("Salt of Earth"), Not(Contains("alt_of:earth")));
    EXPECT_THAT(read("email@host.com"), Not(Contains("handle:host")));
    EXPECT_THAT(read("James"), ElementsAre("lone:james"));
    EXPECT_THAT(read("Chris"), ElementsAre("lone:chris"));
    EXPECT_THAT(read("\u2605 Trog \U0001F409"), ElementsAre("lone:trog"));
}

// Every note that the first rules were tried on, right ones and traps.
TEST(ParseNote, TheKnownNotesOneByOne) {
    constexpr std::pair<const char*, const char*> vectors[] = {
        {"Discord: Trog", "handle:trog"},
        {"DC=Trog", "handle:trog"},
        {"DC: Trog", "handle:trog"},
        {"@Trog, main", "handle:trog"},
        {"discord Trog", "handle:trog"},
        {"discord: Cool Guy", "handle:coolguy handle:cool"},
        {"alt for Mito", "alt_of:mito"},
        {"main = Mito", "main_of:mito"},
        {"Mitos alt", "alt_of:mitos"},
        {"alt of Trogmoon", "alt_of:trogmoon"},
        {"Main: Trogmoon", "main_of:trogmoon"},
        {"remain: Bob", "first:remain mention:bob"},
        {"Salt of Earth", "first:salt mention:earth"},
        {"email@host.com", "first:email mention:host mention:com"},
        {"Rocket's DH waifu", "possessive:rocket mention:waifu"},
        {"Rocket\u2019s DH", "possessive:rocket"},
        {"Rocket-mental 702", "first:rocket mention:mental"},
        {"shodooms shammy", "possessive:shodooms"},
        {"sho again", "lone:sho"},
        {"Mito, healer", "lone:mito"},
        {"GM / Mike", "lone:mike"},
        {"Officer alt", ""},
        {"the Trog", "lone:trog"},
        {"Bank", ""},
        {"Unknown main.", ""},
        {"James", "lone:james"},
        {"Chris", "lone:chris"},
        {"Jess", "lone:jess"},
        {"Trog/Rocket", "first:trog mention:rocket"},
        {"Trog \U0001F409", "lone:trog"},
    };
    for (const auto& [note, expected] : vectors) {
        std::string got;
        for (const std::string& p : read(note))
            got += (got.empty() ? "" : " ") + p;
        EXPECT_EQ(got, expected) << note;
    }
}

// Who wrote "Maren?" does not say that it is so: shown to an officer, and no tie. Another thought is.
TEST(ParseNote, WhatIsDoubtedIsOnlyMentioned) {
    for (const char* note : {"Rocket?",
                             "Rocket ?",
                             "alt of Rocket?",
                             "alt of Rocket??",
                             "Rocket alt?",
                             "Rocket's?",
                             "Rocket's alt?",
                             "maybe Rocket",
                             "maybe Rocket's alt",
                             "might be Rocket's alt",
                             "prob Rocket, probably",
                             "possibly alt of Rocket",
                             "alt of Rocket or Mito",
                             "alt of Mito or Rocket",
                             "Rocket & Mito",
                             "Discord: Rocket?",
                             "@Rocket?",
                             "I think it's Rocket",
                             "suspected alt of Rocket",
                             "vielleicht Rocket",
                             "twink von Rocket?",
                             "c'est Rocket ?",
                             "main: Rocket?"}) {
        EXPECT_FALSE(is_tied_to(note, "rocket")) << note;
    }
    for (const char* note : {"lfg? alt of Rocket", "alt of Rocket, maybe back in May", "Rocket, lvl 60?",
                             "tank? Discord: Rocket", "Rocket, heal or tank"}) {
        EXPECT_TRUE(is_tied_to(note, "rocket")) << note;
    }
    EXPECT_THAT(read("Rocket?"), ElementsAre("mention:rocket"));
}

// Somebody else in one thought takes nothing from what another thought says.
TEST(ParseNote, ARelationConcernsItsOwnThought) {
    for (const char* note : {"alt of Rocket, recruited by Mito", "Rocket alt. Mito's wife",
                             "alt of Rocket; friend of Mito", "main: Rocket / met Mito in LFG"}) {
        EXPECT_TRUE(is_tied_to(note, "rocket")) << note;
        EXPECT_THAT(read(note), Contains("relation:mito")) << note;
    }
    for (const char* note : {"Rocket, friend", "Rocket and Mito's brother", "alt of Rocket's husband",
                             "alt, friend of Rocket", "Rocket alt, friend"}) {
        EXPECT_FALSE(is_tied_to(note, "rocket")) << note;
    }
}

TEST(ParseNote, OtherLanguagesSayAltAndFriendToo) {
    for (const char* note :
         {"alt van Rocket", "alt til Rocket", "Zweitchar von Rocket", "perso 2 de Rocket", "alt 4 of Rocket",
          "pj secundario de Rocket", "tweede char van Rocket", "banco de Rocket", "secondaire : Rocket",
          "huvudkarakt\u00e4r: Rocket", "\u0442\u0432\u0438\u043d\u043a Rocket", "Rocket alt (LW 300)"}) {
        EXPECT_TRUE(is_tied_to(note, "rocket")) << note;
    }
    for (const char* note :
         {"Rocket's missus", "kompis med Rocket", "vriend van Rocket", "amiga de Rocket", "copine de Rocket",
          "k\u00e6reste med Rocket", "\u0431\u0440\u0430\u0442 Rocket", "married to Rocket",
          "freind of Rocket", "plays w/ Rocket & Mito", "same server as Rocket", "met Rocket in LFG",
          "better than Rocket", "replaced Rocket", "Rocket & Mito share this"}) {
        EXPECT_FALSE(is_tied_to(note, "rocket")) << note;
    }
    EXPECT_TRUE(is_tied_to("same as Rocket", "rocket"));
    EXPECT_THAT(read("Van"), ElementsAre("lone:van")) << "small words elsewhere may be names";
}

TEST(ParseNote, AnyTextIsRead) {
    for (const char* note :
         {"\xFF\xFE", "@", "@@@@", "alt of", "'s", "s'", ": = :", "discord:", "main:", "-", "#1234", "a",
          "alt alt alt of of", "friend friend", "\u2019", "@ x", "Ælf's alt", "한국 alt"}) {
        const note_facts f = parse_note(note);
        for (const note_pointer& p : f.pointers)
            EXPECT_GE(p.key.size(), 2U) << note;
    }
    EXPECT_LE(parse_note(std::string(100000, '@')).pointers.size(), 1U);
}

} // namespace
} // namespace patt::identity
