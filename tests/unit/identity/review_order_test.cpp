// In which order officers are asked, and what a member's old name becomes.
#include <patt/identity/review_order.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace patt::identity {
namespace {

review_item character_item(std::int64_t id, std::string why, double p, std::int64_t best = 7,
                           std::int64_t other = 0) {
    review_item i;
    i.id = review_id{id};
    i.subject_kind = link_kind::character;
    i.subject = id;
    i.why = std::move(why);
    i.advice = best != 0 ? "suggest" : "nothing";
    i.member = member_id{best};
    i.other = character_id{other};
    i.probability = p;
    return i;
}

review_item member_item(std::int64_t id) {
    review_item i = character_item(id, "no_character", 0.0, 0);
    i.subject_kind = link_kind::member;
    return i;
}

std::vector<std::int64_t> sorted(std::vector<review_item> items) {
    most_useful_first(items);
    std::vector<std::int64_t> out;
    for (const review_item& i : items)
        out.push_back(i.id.value());
    return out;
}

TEST(ReviewOrder, MembersWhomNothingLeadsToComeLast) {
    EXPECT_EQ(sorted({member_item(1), character_item(2, "nobody_fits", 0.0, 0), member_item(3),
                      character_item(4, "not_in_chat", 0.0), character_item(5, "unsure", 0.9)}),
              (std::vector<std::int64_t>{5, 2, 4, 1, 3}));
}

TEST(ReviewOrder, TheMostOpenQuestionComesFirst) {
    review_item contradiction = character_item(4, "contradicts_ruling", 1.0);
    contradiction.advice = "link";
    EXPECT_EQ(sorted({character_item(1, "unsure", 0.98), character_item(2, "several_fit", 0.45),
                      character_item(3, "unsure", 0.05), contradiction}),
              (std::vector<std::int64_t>{4, 2, 3, 1}));
}

TEST(ReviewOrder, WhomOthersWaitForComesBeforeThem) {
    EXPECT_EQ(sorted({character_item(1, "several_fit", 0.5), character_item(2, "unsure", 0.8),
                      character_item(3, "unsure", 0.95, 7, 2), character_item(4, "unsure", 0.95, 7, 2)}),
              (std::vector<std::int64_t>{2, 1, 3, 4}));
}

TEST(ReviewOrder, EqualOnesComeByAge) {
    EXPECT_EQ(sorted({character_item(3, "unsure", 0.8), character_item(1, "unsure", 0.8)}),
              (std::vector<std::int64_t>{1, 3}));
}

TEST(FormerUsername, IsAnotherNameOfTheMember) {
    member before;
    before.id = member_id{7};
    before.username = "trogmoon";
    before.display_name = "Kerrigan";
    member after = before;
    after.display_name = "a joke";
    EXPECT_FALSE(former_username(before, after, instant{5}).has_value()) << "of nicknames none is kept";
    after.username = "bigguy";
    const auto alias = former_username(before, after, instant{5});
    ASSERT_TRUE(alias.has_value());
    EXPECT_EQ(alias->member, member_id{7});
    EXPECT_EQ(alias->alias, "trogmoon");
    EXPECT_EQ(alias->since, instant{5});
    EXPECT_EQ(alias->ruling, ruling_id{});
}

} // namespace
} // namespace patt::identity
