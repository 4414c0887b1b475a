// The further characters of a newcomer: a name that fits several, or none quite, is asked about.
#include "unit/onboarding/scene.hpp"

#include <gmock/gmock.h>

namespace patt::onboarding {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

/// A newcomer who has named and confirmed their main, in a guild with homonyms.
struct AltsWalk : ::testing::Test {
    scene s;

    AltsWalk() {
        s.add_character("Mito", "Senjin", 3, 11);
        s.add_character("Trog", "Senjin", 2, 1);
        s.add_character("Trog", "Area 52", 4, 3);
        s.add_character("Zatañña", "Senjin", 4);
        s.add_character("Maren", "Senjin", 4);
        s.add_character("Máren", "Senjin", 4);
        s.member.reset();
        s.act(member_joined{s.ids.subject, "zat", "Zat", {}, identity::account_kind::human, s.now});
        s.perform_all();
    }
    void main_is(std::string_view name) {
        s.say("yes");
        s.say(name);
        s.say("yes");
        EXPECT_EQ(step(), "alts");
    }
    [[nodiscard]] std::string step() const { return s.session->step; }
    [[nodiscard]] const prompt& question() const {
        return std::get<direct_message>(s.outbox.back().what.body).question;
    }
    [[nodiscard]] std::vector<std::string> linked() const {
        std::vector<std::string> out;
        for (const identity::link& l : s.links) {
            for (const identity::character& c : s.characters) {
                if (l.kind == identity::link_kind::character && l.target == c.id.value()) {
                    out.push_back(c.name + "-" + c.realm_slug);
                }
            }
        }
        std::sort(out.begin(), out.end());
        return out;
    }
};

TEST_F(AltsWalk, ANameOnTwoRealmsIsAskedAbout) {
    main_is("Mito");
    s.say("Trog");
    ASSERT_EQ(step(), "which_alt");
    ASSERT_THAT(question().choices, SizeIs(2));
    EXPECT_THAT(question().choices[1], HasSubstr("Area 52"));
    s.say("2");
    EXPECT_EQ(s.session->state, session_state::provisioning);
    EXPECT_EQ(linked(), (std::vector<std::string>{"Mito-senjin", "Trog-area-52"}));
}

TEST_F(AltsWalk, NoneOfThemLinksNoneOfThem) {
    main_is("Mito");
    s.say("Trog");
    s.say("none");
    EXPECT_EQ(s.session->state, session_state::provisioning);
    EXPECT_EQ(linked(), (std::vector<std::string>{"Mito-senjin"}));
}

TEST_F(AltsWalk, ARealmNeedsNoQuestion) {
    main_is("Mito");
    s.say("Trog-Area 52, Zatanna");
    EXPECT_EQ(s.session->state, session_state::provisioning);
    EXPECT_EQ(linked(), (std::vector<std::string>{"Mito-senjin", "Trog-area-52", "Zatañña-senjin"}));
}

TEST_F(AltsWalk, WhoTypesTheAccentsMeansThem) {
    main_is("Mito");
    s.say("Máren");
    EXPECT_EQ(s.session->state, session_state::provisioning);
    EXPECT_EQ(linked(), (std::vector<std::string>{"Mito-senjin", "Máren-senjin"}));
}

TEST_F(AltsWalk, TheMainIsNoChoice) {
    main_is("Trog-Area 52");
    s.say("Trog");
    EXPECT_EQ(s.session->state, session_state::provisioning) << "only the other one can be meant";
    EXPECT_EQ(linked(), (std::vector<std::string>{"Trog-area-52", "Trog-senjin"}));
}

TEST_F(AltsWalk, ASlipOfThePenIsOfferedTheNearest) {
    main_is("Mito");
    s.say("Zatannia");
    ASSERT_EQ(step(), "alt_did_you_mean");
    s.say("yes");
    EXPECT_EQ(s.session->state, session_state::provisioning);
    EXPECT_EQ(s.recall("alts"), "Zatañña");
    EXPECT_EQ(linked(), (std::vector<std::string>{"Mito-senjin", "Zatañña-senjin"}));
}

TEST_F(AltsWalk, OneQuestionAfterTheOther) {
    main_is("Mito");
    s.say("Zatannia, Trog, Nobodyatall");
    ASSERT_EQ(step(), "alt_did_you_mean");
    s.say("1");
    ASSERT_EQ(step(), "which_alt");
    s.say("Trog — Senjin, Warrior, Veteran");
    EXPECT_EQ(s.session->state, session_state::provisioning);
    EXPECT_EQ(s.recall("alts"), "Zatañña, Trog, Nobodyatall");
    EXPECT_EQ(linked(), (std::vector<std::string>{"Mito-senjin", "Trog-senjin", "Zatañña-senjin"}));
}

TEST_F(AltsWalk, AnotherNameIsTakenWhereOnesWereOffered) {
    main_is("Mito");
    s.say("Zatannia");
    s.say("Trog");
    ASSERT_EQ(step(), "which_alt") << "the other name fits two";
    s.say("👍👍👍");
    EXPECT_EQ(step(), "which_alt") << "that says nothing";
    s.say("Trog-Senjin");
    EXPECT_EQ(s.session->state, session_state::provisioning);
    EXPECT_EQ(linked(), (std::vector<std::string>{"Mito-senjin", "Trog-senjin"}));
}

TEST_F(AltsWalk, AnUnclearAnswerWithSuchANameAsksToo) {
    s.say("yes");
    s.say("Mito");
    s.perform_all(); // They see who is meant before they answer by the way.
    s.say("Trog and Zatanna");
    ASSERT_EQ(step(), "which_alt");
    s.say("1");
    EXPECT_EQ(linked(), (std::vector<std::string>{"Mito-senjin", "Trog-senjin", "Zatañña-senjin"}));
}

TEST_F(AltsWalk, AnUnknownMainKeepsTheQuestionAboutAlts) {
    s.say("yes");
    s.say("Brandnew");
    ASSERT_EQ(step(), "alts_unknown");
    s.say("Trog");
    ASSERT_EQ(step(), "which_alt");
    s.say("2");
    EXPECT_EQ(s.session->state, session_state::verifying);
    s.add_character("Brandnew", "Senjin", 4);
    s.timer(timer_purpose::verify);
    EXPECT_EQ(linked(), (std::vector<std::string>{"Brandnew-senjin", "Trog-area-52"}));
}

TEST_F(AltsWalk, WhoLeftMeanwhileIsNotLinked) {
    main_is("Mito");
    s.say("Trog");
    for (identity::character& c : s.characters) {
        c.present = c.present && c.realm_slug != "area-52";
    }
    s.say("2");
    EXPECT_EQ(s.session->state, session_state::provisioning);
    EXPECT_EQ(linked(), (std::vector<std::string>{"Mito-senjin"}));
}

} // namespace
} // namespace patt::onboarding
