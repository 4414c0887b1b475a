// What humans decide: final until the names they decided about change, and taught to the rest of the guild.
#include "unit/identity/small_matcher.hpp"

#include <algorithm>

namespace patt::identity {
namespace {

class Rulings : public small_matcher {
protected:
    Rulings() {
        member(7, "somebody else");
        character(1, "Kestrelby");
        character(2, "Wobblefoot");
        m.settle();
    }
    /// As an add-on groups them.
    void grouped(std::int64_t id, std::string name) {
        match_character who;
        who.id = character_id{id};
        who.name = std::move(name);
        who.alt_group = "K";
        m.put(who);
    }
    match_ruling rule(ruling_kind kind, std::int64_t who, std::int64_t owner, std::int64_t other = 0,
                      std::uint64_t facts = 0) {
        const match_ruling out =
            m.rule({kind, character_id{who}, member_id{owner}, character_id{other}, facts});
        m.settle();
        return out;
    }
    [[nodiscard]] match_decision of(std::int64_t who) {
        m.settle();
        return m.decision(character_id{who});
    }
    [[nodiscard]] bool waits(std::int64_t who) {
        m.settle();
        const std::vector<match_decision> queue = m.review_queue();
        return std::any_of(queue.begin(), queue.end(),
                           [&](const match_decision& d) { return d.character == character_id{who}; });
    }
};

TEST_F(Rulings, AnAcceptanceAsksAgainUnderAnotherName) {
    rule(ruling_kind::accepted, 1, 7);
    EXPECT_FALSE(waits(1));
    member(7, "called otherwise");
    EXPECT_FALSE(waits(1)) << "a member is the same under any name";
    character(1, "Thornquill");
    EXPECT_EQ(of(1).why_not, doubt::ruling_outdated);
    EXPECT_TRUE(waits(1));
    EXPECT_EQ(of(1).member, member_id{7}) << "it stands meanwhile";
    EXPECT_EQ(of(1).what, advice::link);
    EXPECT_FALSE(m.explain(character_id{1}).would_change.empty());
    rule(ruling_kind::accepted, 1, 7);
    EXPECT_EQ(of(1).why_not, doubt::none) << "said again";
    EXPECT_FALSE(waits(1));
}

TEST_F(Rulings, AnAcceptanceSaysHowItIsKnown) {
    rule(ruling_kind::accepted, 1, 7);
    EXPECT_EQ(of(1).by, route::manual);
    m.rule({ruling_kind::accepted, character_id{1}, member_id{7}, {}, lasting_facts, route::self_reported});
    EXPECT_EQ(of(1).by, route::self_reported);
    ASSERT_EQ(m.rulings().size(), 1U);
    EXPECT_EQ(m.rulings().front().by, route::self_reported);
}

// Whoever names somebody's alt as own must not be called as that one is.
TEST_F(Rulings, AClaimTeachesNothing) {
    character(1, "Kestrelby", "Discord: rocketman77");
    character(2, "Wobblefoot", "Discord: rocketman77");
    m.rule({ruling_kind::accepted, character_id{1}, member_id{7}, {}, lasting_facts, route::self_reported});
    m.rule({ruling_kind::split, character_id{1}, {}, character_id{2}, 0});
    EXPECT_EQ(of(2).member, member_id{});
    m.rule({ruling_kind::accepted, character_id{1}, member_id{7}, {}, lasting_facts, route::proven});
    EXPECT_EQ(of(2).member, member_id{7});
}

TEST_F(Rulings, TwoOwnersByRulingsInOneGroupAreAskedAbout) {
    member(8, "another fellow");
    grouped(1, "Kestrelby");
    grouped(2, "Wobblefoot");
    rule(ruling_kind::accepted, 1, 7);
    rule(ruling_kind::accepted, 2, 8);
    EXPECT_EQ(of(1).why_not, doubt::owners_conflict);
    EXPECT_EQ(of(2).why_not, doubt::owners_conflict);
    EXPECT_EQ(of(1).member, member_id{7});
    EXPECT_EQ(of(2).member, member_id{8});
    rule(ruling_kind::split, 1, 0, 2);
    EXPECT_EQ(of(2).why_not, doubt::none);
}

TEST_F(Rulings, ARejectedOwnerOfTheGroupIsToldAsThat) {
    character(2, "Wobblefoot", "alt of Kestrelby");
    rule(ruling_kind::accepted, 1, 7);
    rule(ruling_kind::rejected, 2, 7);
    EXPECT_EQ(of(2).why_not, doubt::rejected);
    const match_explanation e = m.explain(character_id{2});
    ASSERT_EQ(e.vetoes.size(), 1U);
    EXPECT_NE(e.vetoes.front().find("somebody else"), std::string::npos) << e.vetoes.front();
    ASSERT_FALSE(e.would_change.empty());
    EXPECT_NE(e.would_change.front().find("rejection"), std::string::npos);
}

TEST_F(Rulings, ANameThatSaysTheSameAsksNobody) {
    rule(ruling_kind::accepted, 1, 7);
    character(1, "Somebodyelse");
    EXPECT_EQ(of(1).why_not, doubt::none);
    EXPECT_EQ(of(1).by, route::manual);
}

TEST_F(Rulings, AltsThatSayTheSameAskNobodyAndOthersDo) {
    grouped(1, "Kestrelby");
    grouped(2, "Wobblefoot");
    rule(ruling_kind::accepted, 1, 7);
    rule(ruling_kind::accepted, 2, 7);
    grouped(2, "Thornquill");
    EXPECT_EQ(of(2).why_not, doubt::none) << "the add-on ties it to another of the owner's";
    m.withdraw({ruling_kind::accepted, character_id{1}, member_id{7}, {}, 0});
    EXPECT_EQ(of(2).why_not, doubt::ruling_outdated) << "nobody else says so";
}

TEST_F(Rulings, AProofHoldsUnderAnyName) {
    rule(ruling_kind::accepted, 1, 7, 0, lasting_facts);
    character(1, "Thornquill");
    EXPECT_EQ(of(1).why_not, doubt::none);
    rule(ruling_kind::rejected, 2, 7, 0, lasting_facts);
    character(2, "Somebodyelse");
    EXPECT_NE(of(2).member, member_id{7});
}

TEST_F(Rulings, AMergeStandsButAsksAgainUnderAnotherName) {
    rule(ruling_kind::accepted, 1, 7);
    rule(ruling_kind::merged, 2, 0, 1);
    EXPECT_EQ(of(2).member, member_id{7});
    EXPECT_EQ(of(2).why_not, doubt::none);
    character(2, "Thornquill");
    EXPECT_EQ(of(2).member, member_id{7}) << "nobody loses anything by a new name";
    EXPECT_EQ(of(2).why_not, doubt::ruling_outdated);
    EXPECT_TRUE(waits(2));
    character(2, "Thornquill", "alt of Kestrelby");
    EXPECT_EQ(of(2).why_not, doubt::none) << "the note says the same";
    character(2, "Thornquill");
    rule(ruling_kind::merged, 1, 0, 2);
    EXPECT_EQ(of(2).why_not, doubt::none) << "said again, from the other side";
}

TEST_F(Rulings, ASplitStandsButAsksAgainUnderAnotherName) {
    rule(ruling_kind::accepted, 1, 7);
    character(2, "Wobblefoot", "alt of Kestrelby");
    ASSERT_EQ(of(2).member, member_id{7});
    const match_ruling apart = rule(ruling_kind::split, 2, 0, 1);
    EXPECT_EQ(of(2).what, advice::nothing);
    character(2, "Thornquill", "alt of Kestrelby");
    EXPECT_EQ(of(2).what, advice::nothing) << "it stands";
    EXPECT_EQ(of(2).why_not, doubt::ruling_outdated);
    EXPECT_TRUE(waits(2));
    rule(ruling_kind::split, 2, 0, 1);
    EXPECT_EQ(of(2).why_not, doubt::none);
    m.withdraw(apart);
    EXPECT_EQ(of(2).member, member_id{7});
}

TEST_F(Rulings, AnotherNameOfTheOtherOneAsksToo) {
    character(2, "Wobblefoot", "alt of Kestrelby");
    rule(ruling_kind::merged, 2, 0, 1);
    character(1, "Thornquill");
    EXPECT_EQ(of(2).why_not, doubt::ruling_outdated) << "the note names nobody any more";
    EXPECT_EQ(of(1).why_not, doubt::ruling_outdated);
}

TEST_F(Rulings, AMergeTeachesWhatTheOtherNoteCallsTheOwner) {
    character(2, "Wobblefoot", "Discord: rocketman77");
    character(3, "Thornquill", "Discord: rocketman77");
    rule(ruling_kind::accepted, 1, 7);
    EXPECT_EQ(of(3).member, member_id{});
    const match_ruling one = rule(ruling_kind::merged, 2, 0, 1);
    EXPECT_EQ(of(3).member, member_id{7});
    character(2, "Wobblefoot");
    EXPECT_EQ(of(3).member, member_id{7}) << "what stood there when the officer looked counts";
    m.withdraw(one);
    EXPECT_EQ(of(3).member, member_id{});
}

// A note that is written after an officer has looked is what may be wrong: it teaches nothing.
TEST_F(Rulings, ALaterNoteTeachesNothing) {
    rule(ruling_kind::accepted, 1, 7);
    character(1, "Kestrelby", "Discord: rocketman77");
    character(2, "Wobblefoot", "Discord: rocketman77");
    rule(ruling_kind::split, 1, 0, 2);
    EXPECT_EQ(of(2).member, member_id{});
    rule(ruling_kind::accepted, 1, 7);
    EXPECT_EQ(of(2).member, member_id{7}) << "said again, with the note in view";
}

TEST_F(Rulings, ATagOfSomebodyElseContradictsAndTeachesNothing) {
    member(8, "moonbeer");
    for (const char* note : {"", "Discord: moonbeer"}) { // before and after the ruling
        character(1, "Kestrelby", note);
        rule(ruling_kind::accepted, 1, 7);
        character(1, "Kestrelby", "Discord: moonbeer");
        EXPECT_EQ(of(1).member, member_id{7}) << note;
        EXPECT_EQ(of(1).level, confidence::confirmed) << note;
        EXPECT_EQ(of(1).why_not, doubt::contradicts_ruling) << note;
        EXPECT_TRUE(waits(1)) << note;
        const bits owner = m.explain(character_id{1}, member_id{7}).margin;
        EXPECT_LT(owner, 0) << "the owner is not called so";
        m.withdraw({ruling_kind::accepted, character_id{1}, member_id{7}, {}, 0});
    }
}

TEST_F(Rulings, ATagOfSomebodyElseContradictsAnOwnerWhoFitsToo) {
    member(8, "moonbeer");
    character(1, "Somebodyelse");
    rule(ruling_kind::accepted, 1, 7);
    EXPECT_EQ(of(1).why_not, doubt::none);
    character(1, "Somebodyelse", "Discord: moonbeer");
    EXPECT_EQ(of(1).member, member_id{7});
    EXPECT_EQ(of(1).why_not, doubt::contradicts_ruling);
    rule(ruling_kind::rejected, 1, 8);
    EXPECT_EQ(of(1).why_not, doubt::none) << "an officer has said that it is not moonbeer's";
    EXPECT_EQ(of(1).member, member_id{7});
}

TEST_F(Rulings, WrongNotesOfOneCharacterTakeNobodyElsesAway) {
    member(8, "drimwald");
    member(9, "boldrick");
    character(2, "Drimwald");
    character(3, "Boldrick");
    const match_decision before = of(2);
    ASSERT_EQ(before.what, advice::link);
    ASSERT_EQ(of(3).what, advice::link);
    for (const char* first : {"", "Discord: drimwald"}) {
        character(1, "Kestrelby", first);
        rule(ruling_kind::accepted, 1, 7);
        character(1, "Kestrelby", "Discord: drimwald");
        EXPECT_EQ(of(2).what, advice::link) << first;
        EXPECT_EQ(of(2).member, member_id{8}) << first;
        EXPECT_EQ(of(1).why_not, doubt::contradicts_ruling) << first;
        character(1, "Kestrelby", "alt of Boldrick");
        EXPECT_EQ(of(3).what, advice::link) << first;
        EXPECT_EQ(of(3).member, member_id{9}) << first;
        EXPECT_EQ(of(1).member, member_id{7}) << first;
        EXPECT_TRUE(waits(1)) << "two owners of one group";
    }
    rule(ruling_kind::accepted, 1, 7);
    EXPECT_EQ(of(3).member, member_id{9}) << "nor does a ruling that was made in view of such a note";
    EXPECT_EQ(of(3).what, advice::link);
}

TEST_F(Rulings, AMergeDoesNotCallItsOwnerAsSomebodyElseIsCalled) {
    member(8, "drimwald");
    character(3, "Drimwald");
    character(2, "Wobblefoot", "Discord: drimwald");
    rule(ruling_kind::accepted, 1, 7);
    rule(ruling_kind::merged, 2, 0, 1);
    EXPECT_EQ(of(3).what, advice::link);
    EXPECT_EQ(of(3).member, member_id{8});
}

TEST_F(Rulings, WhatARulingTaughtComesWithIt) {
    character(1, "Kestrelby", "Discord: rocketman77");
    const match_ruling said = rule(ruling_kind::accepted, 1, 7);
    ASSERT_TRUE(said.taught.has_value());
    EXPECT_EQ(*said.taught, std::vector<std::string>{"rocketman77"});
    EXPECT_EQ(m.rulings(), std::vector<match_ruling>{said});
}

TEST_F(Rulings, SplitsTeachWhatATieIsWorthHere) {
    character(2, "Wobblefoot", "Kestrelby hollow");
    ASSERT_EQ(of(2).group, of(1).group);
    const double before = m.tie(character_id{1}, character_id{2});
    EXPECT_EQ(m.tie(character_id{2}, character_id{1}), before);
    const route_experience wrong{route::alt_of, 0, 20, 19'000};
    m.learn({&wrong, 1});
    m.settle();
    EXPECT_LT(m.tie(character_id{1}, character_id{2}), before);
    EXPECT_NE(of(2).group, of(1).group) << "it only suggests now";
    EXPECT_EQ(m.explain(character_id{2}).decision.alt_suggestion, character_id{1});
    m.learn({});
    EXPECT_EQ(of(2).group, of(1).group);
}

TEST_F(Rulings, MergesTeachNoWeakTieToGroup) {
    character(3, "Trogmoon");
    character(4, "Thornquill", "Tro, healer");
    character(5, "Duskmantle", "hit Trogmoon");
    const route_experience right{route::alt_of, 1000, 0, 1'000};
    const double before = m.tie(character_id{5}, character_id{3});
    m.learn({&right, 1});
    m.settle();
    EXPECT_GE(m.tie(character_id{5}, character_id{3}), before);
    EXPECT_LT(m.tie(character_id{5}, character_id{3}), 0.95);
    EXPECT_NE(of(5).group, of(3).group);
}

TEST_F(Rulings, ARulingIsNoTieByItself) {
    rule(ruling_kind::merged, 2, 0, 1);
    EXPECT_EQ(m.tie(character_id{1}, character_id{2}), 0.0);
    EXPECT_EQ(m.tie(character_id{1}, character_id{77}), 0.0);
}

TEST_F(Rulings, OwnersThatAreAwayTeachHowManyAre) {
    for (std::int64_t i = 0; i < 60; ++i) {
        const std::string name = "Marrow" + std::string(1, static_cast<char>('a' + i % 26)) +
                                 std::string(1, static_cast<char>('b' + i / 26)) + "wind";
        character(100 + i, name);
        member(100 + i, name);
    }
    character(2, "Brindlewick");
    member(8, "brindlewicc");
    const double before = of(2).probability;
    ASSERT_GT(before, 0.0);
    for (std::int64_t i = 0; i < 50; ++i)
        m.rule({ruling_kind::not_in_chat, character_id{100 + i}, {}, {}, 0});
    EXPECT_LT(of(2).probability, before);
}

TEST_F(Rulings, HowMuchAlikeTwoNamesAreIsToldApart) {
    const auto by = [this](const char* character_name, const char* member_name) {
        character(9, character_name);
        member(9, member_name);
        return of(9).by;
    };
    EXPECT_EQ(by("Marrowind", "marrowind"), route::exact_name);
    EXPECT_EQ(by("Marrowind", "marrowinx"), route::fuzzy_name) << "one of nine: 0.89";
    EXPECT_EQ(by("Velmer", "velmir"), route::similar_name) << "one of six: 0.83";
    EXPECT_EQ(by("Marrowind", "marrowindtv"), route::fuzzy_name) << "18 of 20";
    EXPECT_EQ(by("Marrowind", "marrowind the great one"), route::similar_name);
}

} // namespace
} // namespace patt::identity
