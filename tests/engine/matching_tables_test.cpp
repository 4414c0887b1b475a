// Who plays whom, from a list that officers kept before.
#include "engine/matching_fixture.hpp"

namespace patt::engine_tests {
namespace {

using datum = std::pair<std::string, std::string>;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

/// How often each fate is told ahead.
template <class Fate>
std::vector<datum> counted(const std::vector<Fate>& fates) {
    std::map<std::string, int> counts;
    for (const Fate f : fates) {
        ++counts[std::string(to_string(f))];
    }
    std::vector<datum> out;
    for (const auto& [name, count] : counts) {
        out.emplace_back(name, std::to_string(count));
    }
    return out;
}

TEST_F(Matching, WhatBecomesOfEachOwnerIsToldBefore) {
    using engine::link_fate;
    join(2411, "somebody else entirely");
    join(2412, "another fellow");
    ASSERT_EQ(rule(ruling_kind::accepted, "Brackenfell", 2412).verdict, verdict::accepted);
    const engine::import_links table{{{"Kestrelby", "Senjin", "2411"},
                                      {"Kestrelby", "", "2412"},
                                      {"brackenfell", "", "2411"},
                                      {"Brackenfell", "Draenor", "2412"},
                                      {"Highlordan", "", "2411"},
                                      {"Shodoomer", "", "nobody of that name"},
                                      {"Nosuchcharacter", "", "2411"}}};
    EXPECT_THAT(look().fates(w->ids().guild, table),
                ElementsAre(link_fate::confirmed, link_fate::twice, link_fate::kept, link_fate::unknown,
                            link_fate::privileged, link_fate::unknown_member, link_fate::unknown));
    EXPECT_FALSE(link("Kestrelby").has_value()) << "nothing was written";
    EXPECT_THAT(hand_in(table).data,
                IsSupersetOf({datum("linked", "1"), datum("kept", "1"), datum("privileged", "1"),
                              datum("unknown", "2"), datum("unknown_members", "1"), datum("twice", "1")}));
    ASSERT_EQ(rule(ruling_kind::rejected, "Shodoomer", 2411).verdict, verdict::accepted);
    const engine::import_links again{{{"Kestrelby", "", "2411"},
                                      {"Brackenfell", "", "2412"},
                                      {"Shodoomer", "", "2411"},
                                      {"Kestrelby", "", "2411"}}};
    EXPECT_THAT(look().fates(w->ids().guild, again),
                ElementsAre(link_fate::same, link_fate::same, link_fate::kept, link_fate::twice));
    EXPECT_THAT(counted(look().fates(w->ids().guild, again)),
                ElementsAre(datum("kept", "1"), datum("same", "2"), datum("twice", "1")));
}

TEST_F(Matching, NotesThatATableDoesNotSpeakOfStay) {
    const engine::import_notes all{{{"Kestrelby", "", "a", "b", "c"}}};
    const engine::import_notes some{{{"Kestrelby", "", "a", {}, {}}}};
    const engine::import_notes emptied{{{"Kestrelby", "", {}, "", {}}}};
    ASSERT_EQ(hand_in(all).verdict, verdict::accepted);
    EXPECT_THAT(look().fates(w->ids().guild, some), ElementsAre(engine::note_fate::unchanged));
    EXPECT_THAT(look().fates(w->ids().guild, emptied), ElementsAre(engine::note_fate::changed));
    ASSERT_EQ(hand_in(emptied).verdict, verdict::accepted);
    EXPECT_THAT(look().fates(w->ids().guild, some), ElementsAre(engine::note_fate::unchanged));
    EXPECT_THAT(look().fates(w->ids().guild, all), ElementsAre(engine::note_fate::changed));
}

TEST_F(Matching, WhatBecomesOfEachNoteIsToldBefore) {
    const engine::import_notes table{{{"Kestrelby", "", "Discord: bob", "", ""},
                                      {"kestrelby", "Senjin", "another", "", ""},
                                      {"Brackenfell", "", "", "", ""},
                                      {"Nosuchcharacter", "", "x", "", ""}}};
    const auto told = look().fates(w->ids().guild, table);
    EXPECT_THAT(counted(told), ElementsAre(datum("changed", "1"), datum("twice", "1"),
                                           datum("unchanged", "1"), datum("unknown", "1")));
    EXPECT_THAT(hand_in(table).data,
                IsSupersetOf({datum("changed", "1"), datum("twice_names", "kestrelby-Senjin"),
                              datum("unknown_names", "Nosuchcharacter")}));
    EXPECT_EQ(look().fates(w->ids().guild, table).front(), engine::note_fate::unchanged);
}

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
