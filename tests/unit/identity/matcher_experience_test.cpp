// What officers' rulings teach of the kinds of evidence.
#include <patt/identity/matcher.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

namespace patt::identity {
namespace {

TEST(MatcherExperience, SaysNothingWhileOfficersAgreeAsOftenAsWasShown) {
    EXPECT_EQ(experience_weight({route::fuzzy_name, 0, 0, 0}), 0);
    EXPECT_EQ(experience_weight({route::fuzzy_name, 60, 40, 60'000}), 0);
    EXPECT_EQ(experience_weight({route::fuzzy_name, 990, 10, 990'000}), 0);
}

TEST(MatcherExperience, SaysLittleOfAFewRulings) {
    EXPECT_EQ(experience_weight({route::fuzzy_name, 1, 0, 500}), 0);
    EXPECT_EQ(experience_weight({route::fuzzy_name, 0, 1, 500}), 0);
}

TEST(MatcherExperience, GrowsWithTheDifferenceAndHasItsLimits) {
    EXPECT_EQ(experience_weight({route::fuzzy_name, 0, 10, 6'000}), -3 * one_bit / 2);
    EXPECT_EQ(experience_weight({route::fuzzy_name, 0, 1000, 600'000}), -2 * one_bit);
    EXPECT_EQ(experience_weight({route::fuzzy_name, 1000, 0, 600'000}), one_bit);
    bits last = experience_weight({route::fuzzy_name, 0, 40, 20'000});
    for (int accepted = 1; accepted <= 40; ++accepted) {
        const bits now = experience_weight({route::fuzzy_name, accepted, 40 - accepted, 20'000});
        EXPECT_GE(now, last) << accepted;
        last = now;
    }
}

TEST(MatcherExperience, BearsWhatMakesNoSense) {
    EXPECT_EQ(experience_weight({route::fuzzy_name, 2, 2, 9'000'000}),
              experience_weight({route::fuzzy_name, 2, 2, 4'000}));
    EXPECT_EQ(experience_weight({route::fuzzy_name, 2, 2, -5}),
              experience_weight({route::fuzzy_name, 2, 2, 0}));
}

struct Experienced : ::testing::Test {
    matcher m;

    Experienced() {
        put(character_id{1}, "Kestrelby");
        put(character_id{2}, "Shodoom");
        put(member_id{7}, "kestrelbie");
        put(member_id{8}, "shodoom");
        m.settle();
    }
    void put(character_id id, std::string name) {
        match_character c;
        c.id = id;
        c.name = std::move(name);
        m.put(std::move(c));
    }
    void put(member_id id, std::string name) {
        match_member who;
        who.id = id;
        who.username = std::move(name);
        m.put(std::move(who));
    }
    [[nodiscard]] double probability(std::int64_t character) const {
        return m.decision(character_id{character}).probability;
    }
};

TEST_F(Experienced, ConcernsThePairsOfItsRouteAlone) {
    ASSERT_EQ(m.decision(character_id{1}).by, route::similar_name);
    ASSERT_EQ(m.decision(character_id{2}).by, route::exact_name);
    const double fuzzy = probability(1);
    const double exact = probability(2);
    const route_experience bad{route::similar_name, 0, 10, 6'000};
    m.learn({&bad, 1});
    const auto changed = m.settle();
    ASSERT_EQ(changed.size(), 1U);
    EXPECT_EQ(changed.front().character, character_id{1});
    EXPECT_LT(probability(1), fuzzy);
    EXPECT_EQ(probability(2), exact);
    const route_experience good{route::similar_name, 20, 0, 12'000};
    m.learn({&good, 1});
    m.settle();
    EXPECT_GT(probability(1), fuzzy);
    m.learn({});
    m.settle();
    EXPECT_EQ(probability(1), fuzzy);
}

TEST_F(Experienced, IsALineOfTheExplanation) {
    const route_experience bad{route::similar_name, 0, 10, 6'000};
    m.learn({&bad, 1});
    m.settle();
    const match_explanation why = m.explain(character_id{1});
    const auto line = std::find_if(why.items.begin(), why.items.end(),
                                   [](const evidence_item& i) { return i.from == channel::experience; });
    ASSERT_NE(line, why.items.end());
    EXPECT_EQ(line->weight, experience_weight(bad));
    const double sum =
        std::accumulate(why.items.begin(), why.items.end(), 0.0, [](double all, const evidence_item& i) {
            return all + static_cast<double>(i.weight);
        });
    const double odds = std::exp2(sum / one_bit);
    EXPECT_NEAR(odds / (1.0 + odds), why.decision.probability, 0.001);
    EXPECT_NE(to_text(why).find("experience"), std::string::npos);
}

TEST_F(Experienced, CannotMakeOneTypingErrorLink) {
    const route_experience good{route::similar_name, 1000, 0, 1'000};
    m.learn({&good, 1});
    m.settle();
    EXPECT_EQ(m.decision(character_id{1}).what, advice::suggest) << "one typing error alone does not link";
}

} // namespace
} // namespace patt::identity
