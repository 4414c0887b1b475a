#include <patt/identity/matcher.hpp>

#include <gtest/gtest.h>

#include <cmath>

namespace patt::identity {
namespace {

match_character character(std::int64_t id, std::string name, std::string note = {}) {
    match_character c;
    c.id = character_id{id};
    c.name = std::move(name);
    c.realm = "Sen'jin";
    c.guild_note = std::move(note);
    return c;
}

match_member member(std::int64_t id, std::string username, std::string nickname = {}) {
    match_member m;
    m.id = member_id{id};
    m.username = std::move(username);
    m.nickname = std::move(nickname);
    return m;
}

// A guild with the seeds' officers and some neighbours, so that a pool is there.
matcher some_guild() {
    matcher m;
    std::int64_t id = 900;
    for (const char* name :
         {"Kerrigan", "xoloth", "Brambleback", "Quizzical", "Lunaris", "Oakenfist", "Vexia", "Thundrik",
          "pumpkinpie", "Jezebel", "Nightfall", "Corvus", "zephyrine", "Marrowgar", "Wobbuffet"}) {
        m.put(member(id++, name));
    }
    return m;
}

TEST(Matcher, LinksAnExactName) {
    matcher m = some_guild();
    m.put(character(1, "Shodoom"));
    m.put(member(7, "shodoom"));
    const auto changes = m.settle();
    ASSERT_EQ(changes.size(), 1U);
    const match_decision d = m.decision(character_id{1});
    EXPECT_EQ(d.what, advice::link) << to_text(m.explain(character_id{1}));
    EXPECT_EQ(d.member, member_id{7});
    EXPECT_EQ(d.by, route::exact_name);
    EXPECT_GE(d.level, confidence::high);
    EXPECT_TRUE(m.settle().empty()) << "a second run changes nothing";
}

TEST(Matcher, LinksWhatANoteTags) {
    for (const char* note : {"Discord: Rocket", "DC Rocket", "disc=rocket", "@Rocket"}) {
        matcher m = some_guild();
        m.put(character(1, "Zatañña", note));
        m.put(member(7, "rocket"));
        m.settle();
        const match_decision d = m.decision(character_id{1});
        EXPECT_EQ(d.member, member_id{7}) << note;
        EXPECT_EQ(d.what, advice::link) << note << to_text(m.explain(character_id{1}));
        EXPECT_EQ(d.by, route::guild_note) << note;
    }
}

TEST(Matcher, EverybodyWhoFitsCompetes) {
    matcher m;
    match_character c = character(1, "Kestrelby");
    c.former_names = {"Oakenfist"};
    m.put(c);
    for (std::int64_t i = 0; i < 100; ++i)
        m.put(member(100 + i, i < 50 ? "Kestrelby" : "stranger" + std::to_string(i)));
    double last = 1.0;
    for (std::int64_t i = 50; i < 100; ++i) {
        m.put(member(100 + i, "Oakenfist"));
        m.settle();
        const double now = m.decision(character_id{1}).candidates.front().probability;
        EXPECT_LT(now, last) << i;
        last = now;
    }
}

TEST(Matcher, OfficerNotesCountAsTheirOwnSource) {
    matcher m = some_guild();
    match_character c = character(1, "Zatañña");
    c.officer_note = "Discord: Rocket";
    m.put(c);
    m.put(member(7, "rocket"));
    m.settle();
    EXPECT_EQ(m.decision(character_id{1}).by, route::officer_note);
    EXPECT_EQ(m.decision(character_id{1}).what, advice::link);
}

TEST(Matcher, AnAltGoesToTheOwnerOfItsMain) {
    for (const char* note :
         {"alt of Trogmoon", "Main: Trogmoon", "Trogmoon's alt", "Trogmoon alt", "Trogmoon"}) {
        matcher m = some_guild();
        m.put(character(1, "Trogmoon"));
        m.put(character(2, "Bearfoot", note));
        m.put(member(7, "trogmoon"));
        m.settle();
        const match_decision d = m.decision(character_id{2});
        EXPECT_EQ(d.group, character_id{1}) << note;
        EXPECT_EQ(d.member, member_id{7}) << note << to_text(m.explain(character_id{2}));
        EXPECT_EQ(d.what, advice::link) << note << to_text(m.explain(character_id{2}));
    }
}

character_id group_by_note(const std::string& name, const std::string& note, const std::string& other_note) {
    matcher m;
    m.put(character(1, name, other_note));
    m.put(character(2, "Quibblefizz", note));
    m.settle();
    return m.decision(character_id{2}).group;
}

TEST(Matcher, ATypingErrorAnywhereInANameOfANoteIsUnderstood) {
    for (const std::string name : {"Mitsa", "Mitsar", "Mitsaro", "Mitsarok", "Mitsaroka"}) {
        for (std::size_t at = 0; at < name.size(); ++at) {
            std::string wrong = name;
            wrong[at] = at == 0 ? 'X' : 'x';
            EXPECT_EQ(group_by_note(name, "alt of " + wrong, ""), character_id{1}) << wrong;
            if (at + 1 == name.size())
                continue;
            wrong = name;
            std::swap(wrong[at], wrong[at + 1]);
            EXPECT_EQ(group_by_note(name, "alt of " + wrong, ""), character_id{1}) << wrong;
        }
    }
}

TEST(Matcher, ANicknameHasFourLettersInAnyScript) {
    for (const char* other_note : {"", "friend of Зев"}) {
        EXPECT_EQ(group_by_note("Зевсомир", "alt of Зев", other_note), character_id{2}) << other_note;
        EXPECT_EQ(group_by_note("Зевсомир", "alt of Зевс", other_note), character_id{1}) << other_note;
    }
}

TEST(Matcher, ThreeCharactersWithOneNoteAreOnePerson) {
    matcher m = some_guild();
    for (std::int64_t i = 1; i <= 3; ++i)
        m.put(character(i, std::string(3, static_cast<char>('p' + i)) + "anarok", "sho"));
    m.settle();
    for (std::int64_t i = 1; i <= 3; ++i)
        EXPECT_EQ(m.decision(character_id{i}).group, character_id{1});
}

TEST(Matcher, NotesThatSayNothingGroupNobody) {
    for (const char* note : {"alt", "Bank", "Officer alt", "Unknown main", "alch", "tailoring"}) {
        matcher m = some_guild();
        for (std::int64_t i = 1; i <= 3; ++i)
            m.put(character(i, std::string(3, static_cast<char>('p' + i)) + "anarok", note));
        m.settle();
        for (std::int64_t i = 1; i <= 3; ++i)
            EXPECT_EQ(m.decision(character_id{i}).group, character_id{i}) << note;
    }
}

TEST(Matcher, NobodyWinsByBeingFirst) {
    matcher m = some_guild();
    m.put(character(1, "Shodoom"));
    m.put(member(7, "shodoom"));
    m.put(member(8, "other", "Shodoom"));
    m.settle();
    const match_decision d = m.decision(character_id{1});
    EXPECT_NE(d.what, advice::link);
    EXPECT_EQ(d.why_not, doubt::several_fit);
    ASSERT_GE(d.candidates.size(), 2U);
}

// What one character may not link by, it may not link by together with an alt that says nothing of an owner.
TEST(Matcher, AnAltMakesNoTieALink) {
    for (const confidence from : {confidence::high, confidence::medium, confidence::low}) {
        matcher_settings lenient;
        lenient.link_from = from;
        matcher m(lenient);
        m.put(member(7, "Kestrelby"));
        m.put(member(8, "other.name", "Kestrelby"));
        m.put(character(1, "Kestrelby"));
        m.put(character(2, "Wobblefoot", "alt of Kestrelby"));
        m.settle();
        EXPECT_EQ(m.decision(character_id{1}).group, m.decision(character_id{2}).group);
        for (const std::int64_t id : {1, 2})
            EXPECT_EQ(m.decision(character_id{id}).what, advice::suggest)
                << to_text(m.explain(character_id{id}));
    }
}

TEST(Matcher, AShortNameAloneLinksNobodyInABigPool) {
    for (const confidence from : {confidence::high, confidence::low}) {
        for (const char* note : {"", "alt of Xqz"}) {
            matcher_settings lenient;
            lenient.link_from = from;
            matcher m(lenient);
            for (std::int64_t i = 0; i < 100; ++i)
                m.put(member(1000 + i, "neighbour" + std::string(1, static_cast<char>('a' + i % 26)) +
                                           std::string(1, static_cast<char>('a' + i / 26))));
            m.put(member(7, "Xqz"));
            m.put(character(1, "Xqz"));
            m.put(character(2, "Wobblefoot", note));
            m.settle();
            EXPECT_EQ(m.decision(character_id{1}).member, member_id{7});
            for (const std::int64_t id : {1, 2})
                EXPECT_NE(m.decision(character_id{id}).what, advice::link)
                    << note << ": " << to_text(m.explain(character_id{id}));
            m.put(member(7, "Xqz", "Xqz"));
            m.put(character(3, "Gnomish", "Discord: Xqz"));
            m.settle();
            EXPECT_EQ(m.decision(character_id{3}).what, advice::link) << "a tag is another reason";
        }
    }
}

// The character's name is long, what agrees is not.
TEST(Matcher, NorDoesAShortNameInALongerOne) {
    matcher m;
    for (std::int64_t i = 0; i < 100; ++i)
        m.put(member(1000 + i, "neighbour" + std::string(1, static_cast<char>('a' + i % 26)) +
                                   std::string(1, static_cast<char>('a' + i / 26))));
    m.put(member(7, "Xqz"));
    m.put(character(1, "wob9xqz"));
    m.put(character(2, "Wobble Xqz"));
    m.put(character(3, "XqzWobble"));
    m.settle();
    for (const std::int64_t id : {1, 2, 3}) {
        EXPECT_EQ(m.decision(character_id{id}).member, member_id{7}) << id;
        EXPECT_NE(m.decision(character_id{id}).what, advice::link) << to_text(m.explain(character_id{id}));
    }
}

TEST(Matcher, HomonymsOnTwoRealmsAreReviewed) {
    matcher m = some_guild();
    m.put(character(1, "Shodoom"));
    match_character other = character(2, "Shodoom");
    other.realm = "Sargeras";
    m.put(other);
    m.put(member(7, "shodoom"));
    m.settle();
    for (const std::int64_t id : {1, 2}) {
        EXPECT_NE(m.decision(character_id{id}).what, advice::link);
        EXPECT_EQ(m.decision(character_id{id}).why_not, doubt::several_characters);
    }
}

TEST(Matcher, ARelationIsNoOwner) {
    for (const char* note :
         {"Rocket's friend", "Rocket's brother", "managed by Rocket", "Rocket invited?", "Rocketwife"}) {
        matcher m = some_guild();
        m.put(character(1, "Zatañña", note));
        m.put(character(2, "Rocket"));
        m.put(member(7, "rocket"));
        m.settle();
        EXPECT_NE(m.decision(character_id{1}).what, advice::link) << note;
        EXPECT_EQ(m.decision(character_id{1}).group, character_id{1}) << note;
        EXPECT_EQ(m.decision(character_id{2}).what, advice::link) << note;
    }
}

TEST(Matcher, ALookAlikeWarnsAndNeverLinks) {
    matcher m = some_guild();
    m.put(character(1, "Shodoom"));
    m.put(member(7, "Sh\u043Ed\u043E\u043Em")); // Cyrillic o
    m.settle();
    const match_decision d = m.decision(character_id{1});
    EXPECT_EQ(d.what, advice::suggest);
    EXPECT_EQ(d.why_not, doubt::look_alike);
}

TEST(Matcher, ARulingIsFinal) {
    matcher m = some_guild();
    m.put(character(1, "Shodoom"));
    m.put(member(7, "shodoom"));
    m.put(member(8, "Mikey"));
    m.rule({ruling_kind::accepted, character_id{1}, member_id{8}, {}, 0});
    m.settle();
    const match_decision d = m.decision(character_id{1});
    EXPECT_EQ(d.member, member_id{8});
    EXPECT_EQ(d.level, confidence::confirmed);
    EXPECT_EQ(d.why_not, doubt::contradicts_ruling);
    EXPECT_EQ(m.review_queue().size(), 1U);
}

TEST(Matcher, ARejectionHoldsUntilANameChanges) {
    matcher m = some_guild();
    m.put(character(1, "Shodoom"));
    m.put(member(7, "shodoom"));
    m.rule({ruling_kind::rejected, character_id{1}, member_id{7}, {}, 0});
    m.settle();
    EXPECT_EQ(m.decision(character_id{1}).what, advice::nothing);
    m.put(member(7, "Shodoom"));
    m.settle();
    EXPECT_EQ(m.decision(character_id{1}).what, advice::link) << "the member has another name now";
}

TEST(Matcher, WhoIsGoneTakesNoPart) {
    matcher m = some_guild();
    m.put(character(1, "Shodoom"));
    m.put(member(7, "shodoom"));
    m.settle();
    m.remove(member_id{7});
    m.settle();
    EXPECT_EQ(m.decision(character_id{1}).what, advice::nothing);
    match_member back = member(7, "shodoom");
    back.counts = candidacy::bystander;
    m.put(back);
    m.settle();
    EXPECT_EQ(m.decision(character_id{1}).what, advice::nothing);
    m.put(member(7, "shodoom"));
    m.settle();
    EXPECT_EQ(m.decision(character_id{1}).what, advice::link);
    m.remove(character_id{1});
    m.settle();
    EXPECT_EQ(m.decision(character_id{1}), match_decision{});
    EXPECT_EQ(m.members_without_character().size(), m.member_count());
}

TEST(Matcher, AccentsDoNotMatterOnEitherSide) {
    matcher m = some_guild();
    m.put(character(1, "Zatañña"));
    m.put(member(7, "zatanna"));
    m.put(character(2, "Skogtrollet"));
    m.put(member(8, "Skøgtröllet"));
    m.settle();
    EXPECT_EQ(m.decision(character_id{1}).what, advice::link);
    EXPECT_EQ(m.decision(character_id{2}).what, advice::link);
}

TEST(Matcher, TheBitsOfAnExplanationAddUp) {
    matcher m = some_guild();
    m.put(character(1, "Trogmoon", "Discord: Trog"));
    m.put(character(2, "Bearfoot", "alt of Trogmoon"));
    m.put(character(3, "Trogmun"));
    m.put(member(7, "trog", "Trogmoon"));
    m.put(member(8, "Trogmoo"));
    m.settle();
    for (const match_decision& d : m.decisions()) {
        if (!d.member)
            continue;
        const match_explanation e = m.explain(d.character);
        double sum = 0;
        for (const evidence_item& i : e.items)
            sum += static_cast<double>(i.weight) / one_bit;
        EXPECT_NEAR(sum, std::log2(d.probability / (1 - d.probability)), 0.01) << to_text(e);
    }
}

TEST(Matcher, TwoCertainOwnersSplitTheGroupAtItsWeakestEdge) {
    matcher m = some_guild();
    m.put(character(1, "Trogmoon"));
    m.put(character(2, "Bearfoot", "alt of Trogmoon"));
    m.put(character(3, "Shodoom", "Bearfoot"));
    m.put(member(7, "trogmoon"));
    m.put(member(8, "shodoom"));
    m.settle();
    EXPECT_EQ(m.decision(character_id{2}).member, member_id{7});
    EXPECT_EQ(m.decision(character_id{3}).member, member_id{8});
    EXPECT_EQ(m.decision(character_id{3}).why_not, doubt::owners_conflict);
}

// What a newcomer types is asked about by the kernel that links names.
TEST(Matcher, OffersTheNearestNamesToATypedOne) {
    matcher m;
    std::int64_t id = 0;
    for (const char* name :
         {"Shodoom", "Shodoomer", "Kestrelby", "Zatanna", "\u0417\u0435\u0432\u0441", "Bo", "Xylo"}) {
        match_character c;
        c.id = character_id{++id};
        c.name = name;
        m.put(c);
    }
    const auto first = [&m](const char* typed) {
        const std::vector<character_id> near = m.nearest(typed, 3);
        return near.empty() ? std::int64_t{0} : near.front().value();
    };
    EXPECT_EQ(first("Shodom"), 1) << "a letter left out";
    EXPECT_EQ(first("shodoomre"), 2) << "two letters swapped";
    EXPECT_EQ(first("Kestrl"), 3) << "an edit or two, or the beginning";
    EXPECT_EQ(first("Z4tanna"), 4) << "digits for letters";
    EXPECT_EQ(first("Zevs"), 5) << "as it sounds";
    EXPECT_EQ(first("kestrelby tv"), 3) << "more than the name";
    EXPECT_EQ(first("Quillfeather"), 0);
    EXPECT_EQ(first(""), 0);
    EXPECT_EQ(m.nearest("Shodoo", 1).size(), 1U);
    m.remove(character_id{1});
    EXPECT_EQ(first("Shodoom"), 2);
}

} // namespace
} // namespace patt::identity
