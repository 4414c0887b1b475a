// Who plays whom, from a list that officers kept before.
#include "engine/matching_fixture.hpp"

namespace patt::engine_tests {
namespace {

using datum = std::pair<std::string, std::string>;

TEST_F(Matching, AListOfOwnersLinksWhomNothingElseGives) {
    join(2401, "somebody else entirely");
    join(2402, "another fellow");
    join(2403, "a third one");
    ASSERT_EQ(rule(ruling_kind::accepted, "Brackenfell", 2402).verdict, verdict::accepted);
    const reply said = hand_in(engine::import_links{{{"Kestrelby", "Senjin", "Somebody Else Entirely"},
                                                     {"Kestrelby", "", "2402"},
                                                     {"brackenfell", "", "2401"},
                                                     {"Highlordan", "", "2403"},
                                                     {"Shodoomer", "", "nobody of that name"},
                                                     {"Nosuchcharacter", "", "2401"}}});
    ASSERT_EQ(said.verdict, verdict::accepted);
    EXPECT_THAT(said.data, Contains(datum("linked", "1")));
    EXPECT_THAT(said.data, Contains(datum("twice_names", "Kestrelby")));
    EXPECT_THAT(said.data, Contains(datum("kept_names", "brackenfell")));
    EXPECT_THAT(said.data, Contains(datum("privileged_names", "Highlordan")));
    EXPECT_THAT(said.data, Contains(datum("unknown_member_names", "nobody of that name")));
    EXPECT_THAT(said.data, Contains(datum("unknown_names", "Nosuchcharacter")));
    EXPECT_EQ(owner("Kestrelby"), member_id{2401});
    EXPECT_EQ(link("Kestrelby")->source, "migrated");
    EXPECT_EQ(link("Kestrelby")->level, assurance::confirmed);
    EXPECT_EQ(owner("Brackenfell"), member_id{2402}) << "what an officer said stands";
    EXPECT_FALSE(link("Highlordan").has_value()) << "no privilege from a list";
    EXPECT_THAT(to_text(look().explain_match(w->ids().guild, named("Kestrelby").id)),
                HasSubstr("by migrated"));
    expect_equal_to_a_new_run();
    const reply again = hand_in(engine::import_links{{{"Kestrelby", "", "2401"}}});
    EXPECT_THAT(again.data, Contains(datum("same", "1")));
    EXPECT_THAT(again.data, Contains(datum("linked", "0")));
}

TEST_F(Matching, AListOfOwnersTakesTheMatchersPlace) {
    join(2404, "kestrelby");
    join(2405, "the true owner");
    ASSERT_EQ(owner("Kestrelby"), member_id{2404});
    ASSERT_EQ(hand_in(engine::import_links{{{"Kestrelby", "", "the true owner"}}}).verdict,
              verdict::accepted);
    EXPECT_EQ(owner("Kestrelby"), member_id{2405});
    EXPECT_EQ(why("Kestrelby"), "contradicts_ruling") << "the name says otherwise";
    expect_equal_to_a_new_run();
}

} // namespace
} // namespace patt::engine_tests
