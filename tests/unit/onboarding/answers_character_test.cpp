#include <patt/onboarding/answers.hpp>
#include <patt/text/utf8.hpp>

#include <gtest/gtest.h>

#include <random>

namespace {

using namespace patt;
using namespace patt::onboarding;

struct parse_case {
    const char* typed;
    const char* name;
    const char* realm;
    const char* hint;
};

TEST(ParseCharacter, ReadsNameRealmAndWhatElseWasSaid) {
    const parse_case cases[] = {
        {"Trogmoon", "Trogmoon", "", ""},
        {"  trogmoon  ", "trogmoon", "", ""},
        {"Trogmoon-Senjin", "Trogmoon", "Senjin", ""},
        {"Trogmoon - Sen'jin", "Trogmoon", "Sen'jin", ""},
        {"Trogmoon – Sen’jin", "Trogmoon", "Sen’jin", ""},
        {"Trogmoon-Area 52", "Trogmoon", "Area 52", ""},
        {"Trogmoon-area-52", "Trogmoon", "area-52", ""},
        {"Trogmoon-Azjol-Nerub", "Trogmoon", "Azjol-Nerub", ""},
        {"Trogmoon (Druid)", "Trogmoon", "", "Druid"},
        {"Trogmoon(Druid", "Trogmoon", "", "Druid"},
        {"Trogmoon-Senjin (Resto Druid)", "Trogmoon", "Senjin", "Resto Druid"},
        {"Trogmoon/Mitos", "Trogmoon", "", "Mitos"},
        {"\"Trogmoon\"", "Trogmoon", "", ""},
        {"“Trogmoon”", "Trogmoon", "", ""},
        {"`Trogmoon`", "Trogmoon", "", ""},
        {"**Trogmoon**", "Trogmoon", "", ""},
        {"@Trogmoon", "Trogmoon", "", ""},
        {"Trogmoon...", "Trogmoon", "", ""},
        {"Trogmoon!", "Trogmoon", "", ""},
        {"Trogmoon 🎉", "Trogmoon", "", ""},
        {"🎉 Trogmoon", "Trogmoon", "", ""},
        {"- Trogmoon", "Trogmoon", "", ""},
        {"1. Trogmoon", "Trogmoon", "", ""},
        {"Zatañña", "Zatañña", "", ""},
        {"Ølgar-Bleeding Hollow", "Ølgar", "Bleeding Hollow", ""},
        {"Трог-Гордунни", "Трог", "Гордунни", ""},
        {"my main is Trogmoon", "Trogmoon", "", ""},
        {"My main's name is Trogmoon.", "Trogmoon", "", ""},
        {"Main: Trogmoon", "Trogmoon", "", ""},
        {"main = Trogmoon-Senjin", "Trogmoon", "Senjin", ""},
        {"I'm Trogmoon", "Trogmoon", "", ""},
        {"I’m Trogmoon", "Trogmoon", "", ""},
        {"it's Trogmoon on Sen'jin", "Trogmoon", "Sen'jin", ""},
        {"Trogmoon from Area 52!", "Trogmoon", "Area 52", ""},
        {"Trogmoon @ Illidan", "Trogmoon", "Illidan", ""},
        {"Trogmoon-Senjin is my main", "Trogmoon", "Senjin", "is my main"},
        {"Trogmoon the druid", "Trogmoon", "", "the druid"},
        {"hi, yes, it's Trogmoon", "Trogmoon", "", ""},
        {"no, I'm Trogmoon", "Trogmoon", "", ""},
        {"Trogmoon\nthanks a lot", "Trogmoon", "", ""},
        {"Trogmoon-", "Trogmoon", "", ""},
        {"Trog\u200Bmoon", "Trogmoon", "", ""},
        {"\u202ETrogmoon", "Trogmoon", "", ""},
    };
    for (const parse_case& c : cases) {
        const auto a = parse_character(c.typed);
        ASSERT_TRUE(a) << c.typed;
        EXPECT_EQ(a->name, c.name) << c.typed;
        EXPECT_EQ(a->realm, c.realm) << c.typed;
        EXPECT_EQ(a->hint, c.hint) << c.typed;
    }
}

TEST(ParseCharacter, KeepsNamesThatAreAlsoCommonWords) {
    for (const char* typed : {"Main", "Its", "Alt", "Name", "And", "Yes", "Also", "Sorry", "Im"}) {
        ASSERT_TRUE(parse_character(typed));
        EXPECT_EQ(parse_character(typed)->name, typed);
    }
    ASSERT_TRUE(parse_character("Main-Senjin"));
    EXPECT_EQ(parse_character("Main-Senjin")->name, "Main");
    EXPECT_EQ(parse_character("Main-Senjin")->realm, "Senjin");
}

TEST(ParseCharacter, HasNoNameWithoutALetter) {
    for (const char* typed :
         {"", "   ", "-", "???", "12345", "<@123456789012345678>", "🎉", "(", "\xff\xfe", "1."}) {
        EXPECT_FALSE(parse_character(typed)) << typed;
    }
}

TEST(ParseCharacter, KeepsWhatWasTypedForShowing) {
    EXPECT_EQ(parse_character("  my main is  Zatañña - Sen'jin (Druid)! \n thanks")->typed,
              "my main is Zatañña - Sen'jin (Druid)! thanks");
    EXPECT_EQ(text::count_characters(parse_character(std::string(5000, 'x'))->typed), answer_limits::typed);
}

std::vector<std::string> names(std::string_view typed) {
    std::vector<std::string> out;
    for (const auto& c : parse_character_list(typed)) {
        out.push_back(c.realm.empty() ? c.name : c.name + "-" + c.realm);
    }
    return out;
}

using list = std::vector<std::string>;

TEST(ParseCharacters, SplitsAtEverySeparator) {
    const list three = {"Mitos", "Elrek", "Shodoom"};
    for (const char* typed : {"Mitos, Elrek, Shodoom",
                              "Mitos,Elrek,Shodoom,",
                              "Mitos; Elrek; Shodoom",
                              "Mitos\nElrek\nShodoom",
                              "Mitos, Elrek and Shodoom",
                              "Mitos and Elrek and Shodoom",
                              "Mitos, Elrek, and Shodoom",
                              "Mitos AND Elrek, Shodoom",
                              "Mitos & Elrek & Shodoom",
                              "Mitos/Elrek/Shodoom",
                              "Mitos + Elrek + Shodoom",
                              "- Mitos\n- Elrek\n- Shodoom",
                              "1. Mitos\n2. Elrek\n3. Shodoom",
                              "• Mitos • Elrek • Shodoom",
                              "my alts are Mitos, Elrek and Shodoom",
                              "alts: Mitos, Elrek, Shodoom",
                              "yes, Mitos, Elrek, Shodoom",
                              "yes: Mitos, Elrek, Shodoom",
                              "Mitos (druid, resto), Elrek (tank and dps), Shodoom",
                              "Mitos, mitos, MITOS, Elrek, Shodoom",
                              ",,Mitos,, ,Elrek,Shodoom"}) {
        EXPECT_EQ(names(typed), three) << typed;
    }
}

TEST(ParseCharacters, KeepsRealms) {
    EXPECT_EQ(names("Mitos-Area 52, Elrek - Bleeding Hollow and Shodoom"),
              (list{"Mitos-Area 52", "Elrek-Bleeding Hollow", "Shodoom"}));
    EXPECT_EQ(names("Mitos-Senjin, Mitos-Illidan"), (list{"Mitos-Senjin", "Mitos-Illidan"}));
}

TEST(ParseCharacters, ReadsNamesWithAndInThem) {
    EXPECT_EQ(names("Brandy, Sandman, Andorra"), (list{"Brandy", "Sandman", "Andorra"}));
}

TEST(ParseCharacters, AnUnclosedBracketSwallowsNothing) {
    EXPECT_EQ(names("Mitos (druid, Elrek"), (list{"Mitos", "Elrek"}));
    EXPECT_EQ(names("Mitos (druid\nElrek)"), (list{"Mitos", "Elrek"}));
}

TEST(ParseCharacters, GivesNothingForNone) {
    for (const char* typed :
         {"none", "no", "nope", "n/a", "na", "0", "-", "None!", "no alts", "", ",,,", "!!", "12, 13"}) {
        EXPECT_EQ(names(typed), list{}) << typed;
    }
}

TEST(ParseCharacters, IsBoundedAndSaysWhatIsLeftOut) {
    std::string typed;
    for (int i = 0; i < 100; ++i) {
        typed += std::string(1, static_cast<char>('a' + i % 26)) + static_cast<char>('a' + i / 26) + "x,";
    }
    const character_list l = parse_character_list(typed);
    EXPECT_EQ(l.characters.size(), answer_limits::characters);
    EXPECT_EQ(l.left_out, 100 - answer_limits::characters);
}

TEST(ParseCharacters, GivesValidBoundedTextForAnyBytes) {
    std::mt19937 random(75);
    const std::string alphabet =
        "Trog ,.-(/)[]\n\r\t'\"@#019&+;and \xc3\xb1\xcc\x81\xe2\x80\x8b\xf0\x9f\x91\x8d\xff\xed\xa0\x80";
    for (int i = 0; i < 30000; ++i) {
        std::string bytes(i % 1000 == 0 ? 20000 : random() % 60, ' ');
        for (char& c : bytes) {
            c = i % 2 == 0 ? static_cast<char>(random()) : alphabet[random() % alphabet.size()];
        }
        const character_list l = parse_character_list(bytes);
        ASSERT_LE(l.characters.size(), answer_limits::characters);
        std::vector<character_answer> all = l.characters;
        if (const auto one = parse_character(bytes)) {
            all.push_back(*one);
        }
        for (const character_answer& a : all) {
            for (const std::string& s : {a.typed, a.name, a.realm, a.hint}) {
                ASSERT_TRUE(text::is_utf8(s));
                ASSERT_EQ(s.find('\n'), std::string::npos);
            }
            ASSERT_LE(text::count_characters(a.typed), answer_limits::typed);
            ASSERT_LE(text::count_characters(a.name), answer_limits::name);
            ASSERT_LE(text::count_characters(a.realm), answer_limits::realm);
            ASSERT_LE(text::count_characters(a.hint), answer_limits::hint);
        }
    }
}

TEST(ParseCharacters, TakesALongMessageQuickly) {
    EXPECT_TRUE(names(std::string(4000000, '(')).empty());
    EXPECT_EQ(names(std::string(4000000, 'a')).size(), 1U);
    EXPECT_LE(names(std::string(4000000, ',')).size(), 0U);
}

} // namespace
