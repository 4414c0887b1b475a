#include "unit/identity/roster_fixture.hpp"

#include <patt/identity/roster_merge.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patt::identity {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(MergeChunk, TheGameNumberFindsARenamedCharacter) {
    const std::vector rows{row_of(11, entry(1, "Aka"))};
    const auto out = merge_chunk(items({entry(1, "Bex")}), rows, second_run);
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out[0].row.id, character_id{11});
    EXPECT_EQ(out[0].basis, match_basis::game_id);
    EXPECT_TRUE(out[0].renamed);
}

TEST(MergeChunk, ARenameOntoTheNameOfARemovedRowLosesNeither) {
    auto gone = removed(row_of(12, entry(2, "Bex")));
    gone.person = person_id{7};
    const std::vector rows{row_of(11, entry(1, "Aka")), gone};
    const auto out = merge_chunk(items({entry(1, "Bex")}), rows, second_run);
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out[0].row.id, character_id{11});
    EXPECT_EQ(out[0].row.name, "Bex");
    EXPECT_FALSE(out[0].row.person) << "the links of the old row stay with the old row";
    EXPECT_THAT(out[0].name_also_held_by, ElementsAre(character_id{12}));
}

TEST(MergeChunk, TwoThatSwapNamesKeepTheirRows) {
    const std::vector rows{row_of(11, entry(1, "Aka")), row_of(12, entry(2, "Bex"))};
    const auto out = merge_chunk(items({entry(2, "Aka"), entry(1, "Bex")}), rows, second_run);
    ASSERT_EQ(out.size(), 2U);
    EXPECT_EQ(out[0].row.id, character_id{12});
    EXPECT_EQ(out[1].row.id, character_id{11});
    EXPECT_TRUE(out[0].renamed && out[1].renamed);
}

TEST(MergeChunk, ANewCharacterWithTheNameOfARemovedOneIsANewRow) {
    const std::vector rows{removed(row_of(11, entry(1, "Aka")))};
    const auto out = merge_chunk(items({entry(2, "Aka")}), rows, second_run);
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out[0].kind, merge_kind::insert);
    EXPECT_THAT(out[0].name_also_held_by, ElementsAre(character_id{11}));
}

TEST(MergeChunk, ARemovedOneThatReturnsIsTheSameRow) {
    const std::vector rows{removed(row_of(11, entry(1, "Aka")))};
    const auto out = merge_chunk(items({entry(1, "Aka")}), rows, second_run);
    EXPECT_EQ(out.at(0).row.id, character_id{11});
    EXPECT_TRUE(out.at(0).returned);
}

TEST(MergeChunk, TheSameNameOnTwoRealmsIsTwoRows) {
    const auto out = merge_chunk(items({entry(1, "Zoe"), entry(2, "Zoe", "illidan")}),
                                 std::vector{row_of(11, entry(1, "Zoe"))}, second_run);
    ASSERT_EQ(out.size(), 2U);
    EXPECT_EQ(out[0].kind, merge_kind::unchanged);
    EXPECT_EQ(out[1].kind, merge_kind::insert);
    EXPECT_THAT(out[1].name_also_held_by, IsEmpty());
}

TEST(MergeChunk, ARowWithoutANumberTakesTheOneOfItsName) {
    const auto out =
        merge_chunk(items({entry(1, "Zoé")}), std::vector{row_of(11, entry(0, "zoe"))}, second_run);
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out[0].row.id, character_id{11});
    EXPECT_EQ(out[0].row.game, game_id{1});
    EXPECT_EQ(out[0].row.name, "Zoé");
    EXPECT_EQ(out[0].basis, match_basis::name);
}

TEST(MergeChunk, AnEntryWithoutANumberFindsItsRowByName) {
    const auto out =
        merge_chunk(items({entry(0, "Aka")}), std::vector{row_of(11, entry(1, "Aka"))}, second_run);
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out[0].kind, merge_kind::unchanged);
    EXPECT_EQ(out[0].row.game, game_id{1});
}

TEST(MergeChunk, TheExactSpellingComesBeforeTheFoldedOne) {
    const std::vector rows{row_of(11, entry(0, "Zoe"))};
    const auto out = merge_chunk(items({entry(2, "Zoé"), entry(1, "Zoe")}), rows, second_run);
    ASSERT_EQ(out.size(), 2U);
    EXPECT_EQ(out[0].kind, merge_kind::insert);
    EXPECT_EQ(out[1].row.id, character_id{11});
}

TEST(MergeChunk, BetweenTwoRowsThatFitEquallyNoneIsGuessed) {
    const std::vector rows{row_of(11, entry(0, "Zoe")), row_of(12, entry(0, "Zoë"))};
    const auto out = merge_chunk(items({entry(1, "Zoé")}), rows, second_run);
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out[0].kind, merge_kind::insert);
    EXPECT_THAT(out[0].name_also_held_by, ElementsAre(character_id{11}, character_id{12}));
}

TEST(MergeChunk, APresentRowComesBeforeARemovedOneAndTheLastRemovedBeforeOthers) {
    const std::vector rows{removed(row_of(11, entry(0, "Aka")), day_one),
                           removed(row_of(12, entry(0, "Aka")), day_two), row_of(13, entry(0, "Aka"))};
    EXPECT_EQ(merge_chunk(items({entry(1, "Aka")}), rows, second_run).at(0).row.id, character_id{13});
    const std::vector only_removed{rows[0], rows[1]};
    EXPECT_EQ(merge_chunk(items({entry(1, "Aka")}), only_removed, second_run).at(0).row.id, character_id{12});
}

TEST(MergeChunk, ARowIsUsedOnce) {
    const std::vector rows{row_of(11, entry(1, "Aka"))};
    const auto out = merge_chunk(items({entry(1, "Aka"), entry(0, "Aka")}), rows, second_run);
    ASSERT_EQ(out.size(), 2U);
    EXPECT_EQ(out[0].row.id, character_id{11});
    EXPECT_EQ(out[1].kind, merge_kind::insert);
}

TEST(MergeChunk, MergingTwiceChangesNothingTheSecondTime) {
    const auto all = items({entry(1, "Zoe"), entry(2, "Zoé"), entry(0, "Aka"), entry(4, "Zoe", "illidan")});
    std::vector<character> rows;
    std::int64_t next = 50;
    for (auto& change : merge_chunk(all, {}, first_run)) {
        ASSERT_EQ(change.kind, merge_kind::insert);
        change.row.id = character_id{next++};
        rows.push_back(change.row);
    }
    for (const auto& change : merge_chunk(all, rows, first_run)) {
        EXPECT_EQ(change.kind, merge_kind::unchanged);
    }
}

} // namespace
} // namespace patt::identity
