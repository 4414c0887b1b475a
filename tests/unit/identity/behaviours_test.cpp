// What is expected of matching, situation by situation, and the traps that simple rules fall into. The other
// situations of the list in docs/matching.md are in matcher_test.cpp and note_test.cpp.
#include <patt/identity/matcher.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace patt::identity {
namespace {

// Members 900 and up are strangers; the ones of interest are 1 and 2.
class guild {
public:
    guild() {
        std::int64_t id = 900;
        for (const char* name : {"Kerrigan", "xoloth", "Brambleback", "Quizzical", "Lunaris", "Oakenfist",
                                 "Vexia", "Thundrik", "pumpkinpie", "Jezebel", "Nightfall", "Corvus"}) {
            member(id++, name);
        }
    }

    guild& member(std::int64_t id, std::string username) {
        match_member m;
        m.id = member_id{id};
        m.username = std::move(username);
        matcher_.put(std::move(m));
        return *this;
    }

    guild& character(std::int64_t id, std::string name, std::string note = {}) {
        match_character c;
        c.id = character_id{id};
        c.name = std::move(name);
        c.realm = "Sen'jin";
        c.guild_note = std::move(note);
        matcher_.put(std::move(c));
        return *this;
    }

    matcher& settled() {
        matcher_.settle();
        return matcher_;
    }

    match_decision decided(std::int64_t id = 1) { return settled().decision(character_id{id}); }

private:
    matcher matcher_;
};

match_decision decide(const char* character, const char* member) {
    return guild().member(1, member).character(1, character).decided();
}

bool names(const match_decision& d, std::int64_t member) {
    return std::any_of(d.candidates.begin(), d.candidates.end(),
                       [member](const ranked_candidate& c) { return c.member == member_id{member}; });
}

TEST(Behaviours, EveryFormOfAMainGoesToItsOwner) {
    for (const auto& [note, by] :
         {std::pair{"alt of Trogmoon", route::alt_of}, std::pair{"alt for Trogmoon", route::alt_of},
          std::pair{"Main: Trogmoon", route::main_of}, std::pair{"main = Trogmoon", route::main_of},
          std::pair{"Trogmoon's alt", route::alt_of}, std::pair{"Trogmoon alt", route::alt_of}}) {
        guild g;
        g.member(1, "skatefarm").character(1, "Trogmoon", "Discord: skatefarm");
        const match_decision d = g.character(2, "Quellcrag", note).decided(2);
        EXPECT_EQ(d.what, advice::link) << note;
        EXPECT_EQ(d.member, member_id{1}) << note;
        EXPECT_EQ(d.by, by) << note;
        EXPECT_EQ(d.group, character_id{1}) << note;
    }
}

TEST(Behaviours, NearNamesAreFoundAndFarOnesAreNot) {
    EXPECT_TRUE(names(decide("Xero", "Xer0"), 1));
    for (const auto& [c, m] : {std::pair{"Rivermane", "rivermayne"}, std::pair{"Trogmoon", "trogmoonn"},
                               std::pair{"Shamlees", "shamleys"}}) {
        const match_decision d = decide(c, m);
        EXPECT_NE(d.what, advice::nothing) << c;
        EXPECT_EQ(d.member, member_id{1}) << c;
        EXPECT_EQ(d.by, route::fuzzy_name) << c;
    }
    for (const auto& [c, m] :
         {std::pair{"Trogmoon", "skatefarm"}, std::pair{"Tide", "diet"}, std::pair{"Elrek", "kerle"}}) {
        EXPECT_EQ(decide(c, m).what, advice::nothing) << c;
    }
}

TEST(Behaviours, TheKnownPairsOfNamesOneByOne) {
    struct known_pair {
        const char* character;
        const char* member;
        bool found;
    };
    constexpr known_pair pairs[] = {
        {"Trogmoon", "trogmoon", true},    {"Trogmoon", "trogmun", true}, {"Trogmoon", "trogmon", true},
        {"Trogmoon", "skatefarm", false},  {"Zatañña", "zatanna", true},  {"Zatañña", "zatana", true},
        {"Rivermane", "rivermayne", true}, {"Shamlee", "shamley", true},  {"Kronas", "cronas", true},
        {"Moonbear", "moonbeer", true},    {"Tide", "diet", false},       {"Diet", "tide", false},
        {"Trog", "trogmoon", true},        {"Elrek", "elrak", true},
    };
    for (const known_pair& p : pairs)
        EXPECT_EQ(names(decide(p.character, p.member), 1), p.found) << p.character << ' ' << p.member;
}

TEST(Behaviours, OneJamoIsATypingErrorInHangul) {
    const match_decision d = decide("한국사람", "한극사람");
    EXPECT_TRUE(names(d, 1));
    EXPECT_NE(d.what, advice::link);
    EXPECT_FALSE(names(decide("한국사람", "북극사람"), 1));
}

TEST(Behaviours, ATagOfAClanIsNobody) {
    guild g;
    for (std::int64_t i = 0; i < 20; ++i) {
        const std::string own = std::string("Fen") + static_cast<char>('a' + i) + "wulf";
        g.member(100 + i, "[Zyrcon] " + own);
    }
    g.character(1, "Zyrcon").character(2, "Zyrconius").character(3, "Fencwulf");
    EXPECT_NE(g.decided(1).what, advice::link);
    EXPECT_NE(g.decided(2).what, advice::link);
    EXPECT_EQ(g.decided(3).member, member_id{102});
}

TEST(Behaviours, AFriendCodeIsNoPartOfAName) {
    const match_decision plain = decide("Velmerich", "velmerich99");
    for (const char* name : {"Velmerich 1234-5678-9012", "Velmerich (SW-1234-5678-9012)", "Velmerich#1339"}) {
        const match_decision d = decide(name, "velmerich99");
        EXPECT_EQ(d.what, advice::link) << name;
        EXPECT_EQ(d.probability, plain.probability) << name;
    }
    EXPECT_EQ(decide("Qzrt 1234-5678-9012", "Wvkx 1234-5678-9012").what, advice::nothing);
}

TEST(Behaviours, AWordOfManyNamesIsNoReason) {
    EXPECT_EQ(decide("The Boss", "The Mole").what, advice::nothing);
    EXPECT_NE(decide("Captain Velm", "captain_orshk").what, advice::link);
}

// One that fits is likelier the owner than each of two that fit equally, and two together are as likely.
TEST(Behaviours, WhoFitsSharesTheProbabilityWithWhoFitsToo) {
    const match_decision alone = decide("Razzle", "razzlewind");
    guild g;
    g.member(1, "razzlewind").member(2, "razzlemoon").character(1, "Razzle");
    const match_decision two = g.decided();
    ASSERT_TRUE(names(alone, 1) && names(two, 1) && names(two, 2));
    EXPECT_LT(two.probability, alone.probability * 0.75);
    EXPECT_EQ(two.why_not, doubt::several_fit);
}

TEST(Behaviours, TheDirectionOfANameDoesNotMatter) {
    EXPECT_EQ(decide("Trogmoon", "trogmun").what, decide("Trogmun", "trogmoon").what);
    EXPECT_EQ(decide("Rivermane", "rivermayne").probability, decide("Rivermayne", "rivermane").probability);
}

TEST(Behaviours, ATieListsBothAndLinksNeither) {
    guild g;
    g.member(1, "rivermayne").member(2, "rivermahne").character(1, "Rivermane");
    const match_decision d = g.decided();
    EXPECT_NE(d.what, advice::link);
    EXPECT_TRUE(names(d, 1));
    EXPECT_TRUE(names(d, 2));
}

TEST(Behaviours, WordsThatAreNobodyGroupNobody) {
    for (const char* note :
         {"alt", "Bank", "Officer alt", "Unknown main", "Unknown main.", "discord", "main"}) {
        guild g;
        g.character(1, "Quellcrag", note).character(2, "Ombrask", note).character(3, "Tolvir", note);
        EXPECT_EQ(g.decided(2).group, character_id{2}) << note;
        EXPECT_EQ(g.decided(3).group, character_id{3}) << note;
    }
}

TEST(Behaviours, ShortKeysNeedAWholeWord) {
    EXPECT_EQ(decide("Bo", "bobcatter").what, advice::nothing);
    EXPECT_NE(decide("Sho", "shodoomer").what, advice::link);
    EXPECT_TRUE(names(decide("Sho", "Bear Sho Runner"), 1)) << "a word of its own";
    EXPECT_TRUE(names(decide("Sho", "BearShoRunner"), 1)) << "by its capitals, too";
    EXPECT_TRUE(names(decide("ειSho", "sho-bear"), 1)) << "and by its script";
    EXPECT_EQ(decide("Sho", "Bearshorunner").what, advice::nothing) << "a part of one";
    guild g;
    g.member(1, "sholto").member(2, "shodoom").character(1, "Quellcrag", "sho");
    EXPECT_NE(g.decided().what, advice::link) << "sho may be either";
}

TEST(Behaviours, AllCharactersWithOneNoteGoToOneOwner) {
    guild g;
    g.member(1, "quellcrag").character(1, "Quellcrag", "sho").character(2, "Brimwick", "sho's dk");
    g.character(3, "Ottergloom", "sho");
    for (std::int64_t id = 1; id <= 3; ++id) {
        EXPECT_EQ(g.decided(id).group, g.decided(1).group) << id;
        EXPECT_EQ(g.decided(id).member, member_id{1}) << id;
    }
}

TEST(Behaviours, NoRuleChangesWhatWasConfirmed) {
    guild g;
    g.member(1, "trogmoon").member(2, "otherwise").character(1, "Trogmoon");
    g.settled().rule({ruling_kind::accepted, character_id{1}, member_id{2}, {}, 0});
    for (const char* note : {"", "Discord: trogmoon", "alt of Trogmoon"}) {
        const match_decision d = g.character(1, "Trogmoon", note).decided();
        EXPECT_EQ(d.member, member_id{2}) << note;
        EXPECT_EQ(d.level, confidence::confirmed) << note;
        EXPECT_EQ(d.why_not, doubt::contradicts_ruling) << note;
    }
    EXPECT_EQ(g.settled().review_queue().size(), 1U) << "the contradiction is asked about";
}

TEST(Behaviours, ASettledGuildHasNothingToDo) {
    guild g;
    g.member(1, "trogmoon").character(1, "Trogmoon").character(2, "Quellcrag", "alt of Trogmoon");
    matcher& m = g.settled();
    EXPECT_TRUE(m.settle().empty());
    EXPECT_TRUE(m.settle().empty());
}

TEST(Behaviours, ALinkSaysItsSourceAndHowSure) {
    guild g;
    g.member(1, "rocket").character(1, "Quellcrag", "Discord: Rocket");
    const match_explanation e = g.settled().explain(character_id{1});
    EXPECT_EQ(e.decision.by, route::guild_note);
    EXPECT_GE(e.decision.level, confidence::high);
    EXPECT_TRUE(std::any_of(e.items.begin(), e.items.end(), [](const evidence_item& i) {
        return i.from == channel::guild_note && i.left == "Rocket" && i.right == "rocket";
    }));
}

TEST(Behaviours, AccentsStrokesAndLigaturesFold) {
    for (const auto& [c, m] : {std::pair{"Zatañña", "zatanna"}, std::pair{"Zatan\u0303n\u0303a", "zatanna"},
                               std::pair{"Françoisel", "francoisel"}, std::pair{"Skøgtroll", "skogtroll"},
                               std::pair{"Ægirsson", "aegirsson"}, std::pair{"Graßhopf", "grasshopf"},
                               std::pair{"Wałkirion", "walkirion"}}) {
        for (const match_decision& d : {decide(c, m), decide(m, c)}) {
            EXPECT_EQ(d.what, advice::link) << c;
            EXPECT_EQ(d.member, member_id{1}) << c;
        }
    }
}

} // namespace
} // namespace patt::identity
