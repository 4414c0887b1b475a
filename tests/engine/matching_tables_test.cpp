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
    const reply said = hand_in(engine::import_links{{{"Kestrelby", "Senjin", "Somebody else entirely"},
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

TEST_F(Matching, AListOfOwnersOverridesNoRuling) {
    join(2406, "somebody else entirely");
    ASSERT_EQ(rule(ruling_kind::rejected, "Kestrelby", 2406).verdict, verdict::accepted);
    ASSERT_EQ(rule(ruling_kind::not_in_chat, "Brackenfell", 0).verdict, verdict::accepted);
    const reply said =
        hand_in(engine::import_links{{{"Kestrelby", "", "2406"}, {"Brackenfell", "", "2406"}}});
    EXPECT_THAT(said.data, Contains(datum("kept", "2")));
    EXPECT_FALSE(link("Kestrelby").has_value());
    EXPECT_FALSE(link("Brackenfell").has_value());
}

// A name that anybody may choose is worth no more than a claim, and an id is nobody's name.
TEST_F(Matching, AListOfOwnersTrustsNoNickname) {
    join(2407, "stranger");
    identity::member_snapshot list = listed();
    for (identity::listed_member& m : list.members) {
        if (m.id == member_id{2407}) {
            m.nickname = "70000000000000009";
        }
    }
    ASSERT_EQ(hand_in(list).verdict, verdict::accepted);
    const reply absent = hand_in(engine::import_links{{{"Kestrelby", "", "70000000000000009"}}});
    EXPECT_THAT(absent.data, Contains(datum("unknown_members", "1")));
    for (identity::listed_member& m : list.members) {
        if (m.id == member_id{2407}) {
            m.nickname = "Oldbob";
        }
    }
    ASSERT_EQ(hand_in(list).verdict, verdict::accepted);
    const reply said = hand_in(engine::import_links{{{"Kestrelby", "", "oldbob"}}});
    EXPECT_THAT(said.data, Contains(datum("claimed", "1")));
    EXPECT_EQ(link("Kestrelby")->level, assurance::claimed);
    EXPECT_EQ(hand_in(engine::import_links{{{"Kestrelby", "", "stranger"}}}).verdict, verdict::accepted);
    EXPECT_EQ(link("Kestrelby")->level, assurance::confirmed);
    expect_equal_to_a_new_run();
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
