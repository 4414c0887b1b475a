#include <patt/onboarding/answers.hpp>
#include <patt/text/utf8.hpp>

#include <gtest/gtest.h>

#include <random>

namespace {

using namespace patt::onboarding;

TEST(ParseYesNo, TakesTheSeedsSpellingsOfYes) {
    for (const char* typed : {"yes", "y", "yeah", "yep", "yea", "si", "ye", "yup"}) {
        EXPECT_EQ(parse_yes_no(typed), yes_no::yes) << typed;
    }
}

TEST(ParseYesNo, TakesTheSeedsSpellingsOfNo) {
    for (const char* typed : {"no", "n", "nah", "nope", "not yet"}) {
        EXPECT_EQ(parse_yes_no(typed), yes_no::no) << typed;
    }
}

TEST(ParseYesNo, ForgivesCasePunctuationSpacesAndPictures) {
    for (const char* typed :
         {"YES", " yes ", "Yes!", "yes.", "\"yes\"", "**yes**", "yes 😄", "yes 🎉🎉", "\xF0\x9F\x91\x8D",
          "👍🏽", "✅", "✔️", ":thumbsup:", ":+1:", "+1", "Sí", "ＹＥＳ"}) {
        EXPECT_EQ(parse_yes_no(typed), yes_no::yes) << typed;
    }
    for (const char* typed :
         {"NO", "No.", "nope!!", "Not yet...", "not  yet", "'no'", "👎", "❌", ":thumbsdown:", "-1"}) {
        EXPECT_EQ(parse_yes_no(typed), yes_no::no) << typed;
    }
}

TEST(ParseYesNo, ReadsSentencesThatBeginWithTheAnswer) {
    for (const char* typed :
         {"yes I have", "yeah, since yesterday", "yep that's me", "yes: Mitos", "Yes\nMitos"}) {
        EXPECT_EQ(parse_yes_no(typed), yes_no::yes) << typed;
    }
    for (const char* typed :
         {"no, not yet", "no I haven't", "No I haven’t yet", "nope sorry", "not yet but soon",
          "I haven't joined", "no. someone must invite me", "that's not me", "no that's wrong"}) {
        EXPECT_EQ(parse_yes_no(typed), yes_no::no) << typed;
    }
}

TEST(ParseYesNo, LeavesTheRestUnclear) {
    for (const char* typed : {"", " ", "maybe", "what?", "no problem I did", "yeah no", "Mitos", "yesterday",
                              "nobody", "Norok", "Yeti", "🤔", "...", "yes and no"}) {
        EXPECT_EQ(parse_yes_no(typed), yes_no::unclear) << typed;
    }
}

TEST(IsNone, TakesTheSeedsSpellings) {
    for (const char* typed : {"none", "no", "nope", "n/a", "na", "0", "-"}) {
        EXPECT_TRUE(is_none(typed)) << typed;
    }
}

TEST(IsNone, TakesWhatMeansTheSame) {
    for (const char* typed :
         {"None.", "NONE", "N/A", "—", "--", "nothing", "no alts", "No alts yet", "none yet!", "not yet",
          "just the one", "no, just this one", "I don't have any", "👎", "nah", "zero"}) {
        EXPECT_TRUE(is_none(typed)) << typed;
    }
}

TEST(IsNone, KeepsNamesAndSilence) {
    for (const char* typed :
         {"", "  ", "Mitos", "Noah", "Nona", "Nap", "Mitos - Illidan", "?", "😄", "00", "Zeroo"}) {
        EXPECT_FALSE(is_none(typed)) << typed;
    }
}

class ParseChoice : public testing::Test {
protected:
    std::vector<std::string> options = {"Zatañña - Sen'jin (Druid)", "Zatanna - Illidan (Mage)",
                                        "Zatani - Area 52 (Rogue)"};

    void expect(std::string_view typed, choice_kind kind, std::size_t index = 0) {
        EXPECT_EQ(parse_choice(typed, options), (choice{kind, index})) << typed;
    }
};

TEST_F(ParseChoice, TakesNumbers) {
    for (const char* typed : {"2", "2.", "#2", " 2) ", "the 2nd", "second", "the second one", "option 2",
                              "number 2 please", "２"}) {
        expect(typed, choice_kind::chosen, 1);
    }
    expect("last", choice_kind::chosen, 2);
    expect("4", choice_kind::unclear);
    expect("99999999999999999999999", choice_kind::unclear);
}

TEST_F(ParseChoice, TakesTheWholeTextOrAPartThatOneHas) {
    expect("zatanna senjin druid", choice_kind::chosen, 0);
    expect("Senjin", choice_kind::chosen, 0);
    expect("the druid", choice_kind::unclear);
    expect("druid", choice_kind::chosen, 0);
    expect("ILLIDAN!", choice_kind::chosen, 1);
    expect("area-52", choice_kind::chosen, 2);
    expect("Zatani", choice_kind::chosen, 2);
}

TEST_F(ParseChoice, AsksAgainWhenSeveralFit) {
    expect("zatanna", choice_kind::several);
    expect("Zatañña", choice_kind::several);
}

TEST_F(ParseChoice, KnowsNoneOfThem) {
    for (const char* typed : {"none", "none of them", "neither", "no", "0", "-", "nope, not me", "👎"}) {
        expect(typed, choice_kind::none);
    }
}

TEST_F(ParseChoice, LeavesOtherTextUnclear) {
    for (const char* typed : {"", "?", "Mitos", "yes", "z", "what do you mean"}) {
        expect(typed, choice_kind::unclear);
    }
}

TEST_F(ParseChoice, YesChoosesTheOnlyOption) {
    options.resize(1);
    expect("yes", choice_kind::chosen, 0);
    expect("no", choice_kind::none);
    options.clear();
    expect("yes", choice_kind::unclear);
    expect("1", choice_kind::unclear);
}

TEST(ParseAnswers, TakeAnyBytes) {
    std::mt19937 random(74);
    const std::vector<std::string> options = {"One", "Two \xff", ""};
    const std::string alphabet = "yesno ,.-(/)\n'\"@#0129\xf0\x9f\x91\x8d\xc3\xb1\xe2\x80\x8b\xff";
    for (int i = 0; i < 20000; ++i) {
        std::string bytes(random() % 40, ' ');
        for (char& c : bytes) {
            c = i % 2 == 0 ? static_cast<char>(random()) : alphabet[random() % alphabet.size()];
        }
        const choice c = parse_choice(bytes, options);
        ASSERT_LT(c.index, options.size());
        const yes_no said = parse_yes_no(bytes);
        ASSERT_EQ(said, parse_yes_no(bytes + " "));
        (void)is_none(bytes);
        const std::string kept = parse_free_text(bytes);
        ASSERT_TRUE(patt::text::is_utf8(kept));
        ASSERT_EQ(kept.find('\n'), std::string::npos);
    }
    const std::string long_text(1000000, 'y');
    EXPECT_EQ(parse_yes_no(long_text), yes_no::unclear);
    EXPECT_FALSE(is_none(long_text));
    EXPECT_EQ(parse_free_text(long_text).size(), answer_limits::free_text);
    EXPECT_EQ(parse_free_text("  a \n b\u200B  "), "a b");
}

} // namespace
