// What stands in nicknames: imitations with decorations, several characters, a realm behind a name.
#include <patt/identity/matcher.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::identity {
namespace {

match_character character(std::int64_t id, std::string name, std::string realm = "Sen'jin") {
    match_character c;
    c.id = character_id{id};
    c.name = std::move(name);
    c.realm = std::move(realm);
    return c;
}

match_member member(std::int64_t id, std::string username, std::string nickname = {}) {
    match_member m;
    m.id = member_id{id};
    m.username = std::move(username);
    m.nickname = std::move(nickname);
    return m;
}

/// As many strangers as a large guild's server has, whose names are made of syllables.
matcher among_strangers(int count = 1000) {
    constexpr std::string_view syllables[] = {"ba", "dor", "kel", "mi",  "thra",
                                              "zu", "fen", "lo",  "gar", "wy"};
    matcher m;
    for (int i = 0; i < count; ++i) {
        std::string name;
        for (int rest = i + 1000; rest > 0; rest /= 10)
            name += syllables[rest % 10];
        m.put(member(10'000 + i, name));
    }
    return m;
}

const std::vector<std::pair<std::string, std::string>>& decorations() {
    static const std::vector<std::pair<std::string, std::string>> all{
        {"", ""},        {"", "99"},     {"", "x"},    {"xx", "xx"}, {"the", ""},          {"", "_tv"},
        {"", " - Raid"}, {"[TAG] ", ""}, {"", "/Ada"}, {"Mr", ""},   {"", " Lightbringer"}};
    return all;
}

/// @return how many of the imitated names are linked to whom they imitate.
int linked(const std::vector<std::pair<std::string, std::string>>& names) {
    int out = 0;
    for (const auto& [imitation, imitated] : names) {
        for (const auto& [before, after] : decorations()) {
            for (const bool member_is_decorated : {true, false}) {
                matcher m = among_strangers();
                const std::string decorated = before + (member_is_decorated ? imitated : imitation) + after;
                m.put(character(1, member_is_decorated ? imitation : decorated));
                m.put(member(7, member_is_decorated ? decorated : imitated));
                m.settle();
                out += m.decision(character_id{1}).what == advice::link ? 1 : 0;
            }
        }
    }
    return out;
}

TEST(MatcherImitations, NeverLinkWhateverStandsAroundThem) {
    EXPECT_EQ(linked({{"V\u0435lmerich", "Velmerich"}, // Cyrillic e
                      {"Corvinu\u0455", "Corvinus"},   // Cyrillic s at the end
                      {"C\u03BFrvinus", "Corvinus"},   // Greek o
                      {"\u039Fmnitrix", "Omnitrix"},   // Greek O in front
                      {"\u0405hodoom", "Shodoom"},     // Cyrillic S in front
                      {"Tr\u043Egm\u043E\u043En", "Trogmoon"},
                      {"R\u0456verm\u0430ne", "Rivermane"},
                      {"Bold\u0433ick", "Boldrick"}}),
              0);
    // The same names as they are written link with most decorations: the pool is not what holds them back.
    EXPECT_GT(linked({{"Velmerich", "Velmerich"}, {"Corvinus", "Corvinus"}, {"Omnitrix", "Omnitrix"}}), 45);
}

TEST(MatcherImitations, DoNotHoldBackAnAccountThatANoteTags) {
    matcher m = among_strangers();
    match_character c = character(1, "Tr\u043Egmoonx");
    m.put(member(7, "trogmoonx"));
    m.put(c);
    m.settle();
    EXPECT_EQ(m.decision(character_id{1}).why_not, doubt::look_alike);
    c.officer_note = "Discord: trogmoonx";
    m.put(c);
    m.settle();
    const match_decision d = m.decision(character_id{1});
    EXPECT_EQ(d.what, advice::link) << to_text(m.explain(character_id{1}));
    EXPECT_EQ(d.by, route::officer_note);
}

// Which level links is the guild's to say; by default nobody is linked by likeness alone, however sure it is.
TEST(MatcherImitations, LikenessAloneLinksWhereTheGuildLetsMediumLevelsLink) {
    for (const confidence from : {confidence::high, confidence::medium}) {
        matcher_settings how;
        how.link_from = from;
        matcher m(how);
        m.put(member(7, "rivermayne"));
        m.put(member(8, "brambleback"));
        m.put(character(1, "Rivermane"));
        m.settle();
        const match_decision d = m.decision(character_id{1});
        ASSERT_GE(d.level, confidence::medium);
        EXPECT_EQ(d.what, from == confidence::medium ? advice::link : advice::suggest);
        EXPECT_EQ(d.by, route::fuzzy_name);
    }
}

TEST(MatcherNicknames, EachOfTheNamesIsACharacterOfTheSameMember) {
    const std::vector<std::string> names{"Halvorsk", "Tindrella", "Quellcrag"};
    for (const std::string between : {"/", " / ", "-", " - ", " & ", " | ", ", ", " + "}) {
        for (const std::size_t count : {2U, 3U}) {
            matcher m = among_strangers();
            std::string nickname;
            for (std::size_t i = 0; i < count; ++i) {
                nickname += (i > 0 ? between : "") + names[i];
                m.put(character(static_cast<std::int64_t>(i) + 1, names[i]));
            }
            m.put(member(7, "gardener", nickname));
            m.settle();
            for (std::size_t i = 0; i < count; ++i) {
                const character_id id{static_cast<std::int64_t>(i) + 1};
                EXPECT_EQ(m.decision(id).what, advice::link) << nickname << "\n" << to_text(m.explain(id));
                EXPECT_EQ(m.decision(id).member, member_id{7}) << nickname;
            }
        }
    }
}

TEST(MatcherNicknames, OneNameOfTwoCharactersIsStillUsedUpOnce) {
    matcher m = among_strangers();
    m.put(character(1, "Halvorsk"));
    m.put(character(2, "Halvorskx"));
    m.put(member(7, "gardener", "Halvorsk / Tindrella"));
    m.settle();
    EXPECT_NE(m.decision(character_id{2}).what, advice::link);
}

TEST(MatcherNicknames, ARealmBehindTheNameSaysWhichOfTheHomonyms) {
    for (const std::string nickname :
         {"Quethran-Sargeras", "Quethran Sargeras", "quethran-sargeras | healer"}) {
        matcher m = among_strangers();
        m.put(character(1, "Quethran", "Sen'jin"));
        m.put(character(2, "Quethran", "Sargeras"));
        m.put(member(7, "gardener", nickname));
        m.settle();
        EXPECT_NE(m.decision(character_id{1}).what, advice::link) << nickname;
        const match_decision d = m.decision(character_id{2});
        EXPECT_EQ(d.what, advice::link) << nickname << "\n" << to_text(m.explain(character_id{2}));
        EXPECT_EQ(d.member, member_id{7}) << nickname;
    }
}

} // namespace
} // namespace patt::identity
