// What an explanation must say: bits that add up in every form, what held a likely owner back, and what would
// change the answer.
#include "unit/identity/reference/made_up.hpp"
#include "unit/identity/small_matcher.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace patt::identity {
namespace {

class Explanations : public small_matcher {
protected:
    match_explanation of(std::int64_t who) {
        m.settle();
        return m.explain(character_id{who});
    }
    match_explanation of(std::int64_t who, std::int64_t owner) {
        m.settle();
        return m.explain(character_id{who}, member_id{owner});
    }
};

double sum_of(const match_explanation& e) {
    double sum = 0;
    for (const evidence_item& i : e.items)
        sum += static_cast<double>(i.weight) / one_bit;
    return sum;
}

bool says(const match_explanation& e, const std::string& text) {
    return std::any_of(e.would_change.begin(), e.would_change.end(),
                       [&text](const std::string& s) { return s.find(text) != std::string::npos; });
}

TEST_F(Explanations, WhomANoteCallsSomebodyElseIsNotSuggestedAsThePerson) {
    character(1, "Hrafna");
    character(2, "Hrafn", "Valdis' cousin, not Hrafna");
    EXPECT_EQ(of(2).decision.alt_suggestion, character_id{});
    character(2, "Hrafn");
    EXPECT_EQ(of(2).decision.alt_suggestion, character_id{1});
}

TEST_F(Explanations, APairInWhichNothingAgreesHasNoProbability) {
    member(1, "jaskella");
    member(2, "zarvox");
    character(1, "Zarvox");
    const match_explanation e = of(1, 1);
    EXPECT_TRUE(e.items.empty()) << to_text(e);
    EXPECT_EQ(e.decision.probability, 0.0);
    EXPECT_EQ(e.decision.level, confidence::none);
    EXPECT_EQ(e.runner_up, member_id{2});
    EXPECT_TRUE(says(e, "Nothing agrees")) << to_text(e);
    EXPECT_EQ(to_text(e).find("p ="), std::string::npos) << to_text(e);
    EXPECT_NE(to_text(e).find("ahead: member 2"), std::string::npos) << to_text(e);
}

TEST_F(Explanations, TheBitsOfAPairAddUp) {
    member(1, "trogmoon");
    member(2, "trogmoonn");
    member(3, "rocket");
    character(1, "Trogmoon", "Rocket's friend");
    character(2, "Trogmoon Rocket", "Discord: trogmoon");
    for (const std::int64_t who : {1, 2}) {
        for (const std::int64_t owner : {1, 2, 3, 900}) {
            const match_explanation e = of(who, owner);
            if (e.items.empty())
                continue;
            const double p = e.decision.probability;
            EXPECT_NEAR(sum_of(e), std::log2(p / (1 - p)), 0.01) << to_text(e);
        }
    }
    EXPECT_TRUE(of(1, 900).items.empty());
    EXPECT_FALSE(of(1, 3).items.empty()) << "a relation speaks against it";
}

TEST_F(Explanations, ARuleThatHoldsALikelyOwnerBackIsNamed) {
    member(1, "rivermayne");
    character(1, "Rivermane");
    const match_explanation e = of(1);
    ASSERT_NE(e.decision.what, advice::link);
    ASSERT_GT(e.decision.probability, 0.99);
    EXPECT_TRUE(says(e, "typing errors")) << to_text(e);
    EXPECT_TRUE(says(of(1, 1), "typing errors")) << "of the pair, too";
}

TEST_F(Explanations, SoAreThreeLettersAmongManyMembers) {
    for (std::int64_t i = 0; i < 80; ++i)
        member(100 + i, "Marrow" + std::string(1, static_cast<char>('a' + i % 26)) +
                            std::string(1, static_cast<char>('b' + i / 26)) + "wind");
    member(1, "qyx");
    character(1, "Qyx");
    const match_explanation e = of(1);
    ASSERT_NE(e.decision.what, advice::link);
    EXPECT_TRUE(says(e, "Three letters")) << to_text(e);
}

TEST_F(Explanations, ALookAlikeAndARejectionSayWhatWouldHelp) {
    member(1, "Velmerich");
    character(1, "V\u0435lm\u0435rich"); // two of them Cyrillic
    EXPECT_TRUE(says(of(1, 1), "Only a proof or an officer")) << to_text(of(1, 1));
    EXPECT_TRUE(says(of(1), "Only a proof or an officer")) << to_text(of(1));
    member(2, "drimwald");
    character(2, "Drimwald");
    m.settle();
    m.rule({ruling_kind::rejected, character_id{2}, member_id{2}, {}, 0});
    EXPECT_TRUE(says(of(2, 2), "taking the rejection back")) << to_text(of(2, 2));
    m.rule({ruling_kind::accepted, character_id{2}, member_id{1}, {}, 0});
    EXPECT_TRUE(says(of(2, 900), "Velmerich")) << to_text(of(2, 900));
}

// Whoever is not linked, and whoever is not the owner, is told what would change that.
TEST_F(Explanations, NobodyIsLeftWithoutAWayOn) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        reference::dice d(seed);
        matcher all(reference::some_settings(d));
        const reference::stems names = reference::some_stems(d, 4);
        for (std::int64_t i = 1; i <= 8; ++i) {
            match_character c = reference::some_character(d, character_id{i}, names);
            c.state = attendance::present;
            all.put(c);
            match_member who = reference::some_member(d, member_id{100 + i}, names);
            who.state = attendance::present;
            who.counts = candidacy::candidate;
            all.put(who);
        }
        all.rule({ruling_kind::accepted, character_id{1}, member_id{101}, {}, 0});
        all.rule({ruling_kind::rejected, character_id{2}, member_id{102}, {}, 0});
        all.rule({ruling_kind::not_in_chat, character_id{3}, {}, {}, 0});
        all.settle();
        for (const match_decision& decided : all.decisions()) {
            const match_explanation e = all.explain(decided.character);
            EXPECT_TRUE(decided.what == advice::link || !e.would_change.empty()) << seed << to_text(e);
            for (std::int64_t i = 101; i <= 108; ++i) {
                const match_explanation pair = all.explain(decided.character, member_id{i});
                EXPECT_FALSE(pair.would_change.empty()) << seed << to_text(pair);
                if (pair.items.empty())
                    continue;
                const double p = pair.decision.probability;
                EXPECT_NEAR(sum_of(pair), std::log2(p / (1 - p)), 0.02) << to_text(pair);
            }
        }
    }
}

} // namespace
} // namespace patt::identity
