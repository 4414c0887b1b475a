// Each channel of evidence on its own, what groups carry and what officers say of groups.
#include <patt/identity/matcher.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace patt::identity {
namespace {

using std::chrono::hours;

class Channels : public ::testing::Test {
protected:
    Channels() {
        std::int64_t id = 900;
        for (const char* name :
             {"Kerrigan", "xoloth", "Brambleback", "Quizzical", "Lunaris", "Oakenfist", "Vexia"})
            m.put(named(id++, name));
        kestrelby.id = character_id{1};
        kestrelby.name = "Kestrelby";
        kestrelby.realm = "Sen'jin";
        kestrelby.class_name = "Priest";
        kestrelby.joined_at = instant{1'780'000'000'000'000};
        owner = named(7, "kestrelby");
    }
    static match_member named(std::int64_t id, std::string name) {
        match_member out;
        out.id = member_id{id};
        out.username = std::move(name);
        return out;
    }
    static match_character alt(std::int64_t id, std::string name, std::string note) {
        match_character out;
        out.id = character_id{id};
        out.name = std::move(name);
        out.guild_note = std::move(note);
        return out;
    }
    /// Tied to the character by the add-on, as a note would name the account, too.
    void put_grouped(std::int64_t id, std::string name) {
        match_character other = alt(id, std::move(name), "");
        other.alt_group = kestrelby.alt_group = "K";
        m.put(other);
    }
    void put_both() {
        m.put(kestrelby);
        m.put(owner);
        m.settle();
    }
    /// What the channel says of the pair; 0 if it is silent.
    [[nodiscard]] bits said_by(channel from) const {
        bits sum = 0;
        for (const evidence_item& i : m.explain(kestrelby.id, owner.id).items)
            sum += i.from == from ? i.weight : 0;
        return sum;
    }
    [[nodiscard]] match_decision of(std::int64_t character) const {
        return m.decision(character_id{character});
    }

    matcher m;
    match_character kestrelby;
    match_member owner;
};

TEST_F(Channels, AClassRoleHelpsOrSpeaksAgainst) {
    put_both();
    EXPECT_EQ(said_by(channel::char_class), 0) << "no role, nothing said";
    owner.role_names = {"Raider", "priest"};
    put_both();
    EXPECT_GT(said_by(channel::char_class), 0);
    owner.role_names = {"Mage"};
    put_both();
    EXPECT_LT(said_by(channel::char_class), 0);
    owner.role_names = {"Raider"};
    put_both();
    EXPECT_EQ(said_by(channel::char_class), 0) << "not every role is a class";
}

TEST_F(Channels, OnlyTheRolesThatAreReadSayAnything) {
    for (const char* name :
         {"priest", "Death Knight", "\U0001F525 Mage", "PRIEST!", "Raider", "", "Priests"}) {
        owner.role_names = {name};
        put_both();
        EXPECT_EQ(said_by(channel::char_class) != 0, reads_role(name)) << name;
    }
    EXPECT_TRUE(reads_role("Demon-Hunter"));
    EXPECT_FALSE(reads_role("Raider"));
}

TEST_F(Channels, TheRealmInANicknameHelps) {
    put_both();
    EXPECT_EQ(said_by(channel::realm), 0);
    owner.nickname = "Kestrelby Senjin";
    put_both();
    EXPECT_GT(said_by(channel::realm), 0);
    owner.nickname = "Kestrelby Draenor";
    put_both();
    EXPECT_EQ(said_by(channel::realm), 0);
}

TEST_F(Channels, JoiningTogetherHelps) {
    owner.joined_at = kestrelby.joined_at + hours(47);
    put_both();
    EXPECT_GT(said_by(channel::join_time), 0);
    owner.joined_at = kestrelby.joined_at + hours(49);
    put_both();
    EXPECT_EQ(said_by(channel::join_time), 0);
    owner.joined_at = {};
    put_both();
    EXPECT_EQ(said_by(channel::join_time), 0) << "unknown";
}

TEST_F(Channels, AFormerNameIsWorthLessThanTheName) {
    put_both();
    const bits now = said_by(channel::name);
    kestrelby.former_names = {"Kestrelby"};
    kestrelby.name = "Wobblefoot";
    put_both();
    EXPECT_EQ(said_by(channel::name), 0);
    EXPECT_GT(said_by(channel::former_name), 0);
    EXPECT_LT(said_by(channel::former_name), now);
}

TEST_F(Channels, AnAliasLinksByItself) {
    owner = named(7, "somebody.else");
    owner.aliases = {"Kestrelby"};
    put_both();
    EXPECT_GT(said_by(channel::alias), 0);
    EXPECT_EQ(of(1).by, route::alias);
}

TEST_F(Channels, AnImitationIsNoSecondName) {
    owner.nickname = "Kestr\u0435lby"; // another e
    put_both();
    const bits alone = said_by(channel::name);
    std::swap(owner.username, owner.nickname);
    put_both();
    EXPECT_EQ(said_by(channel::name), alone) << "whichever name is read first";
}

TEST_F(Channels, AClaimOfAnotherRealmIsNone) {
    owner = named(7, "somebody.else");
    owner.claims = {"Kestrelby-Senjin"};
    put_both();
    EXPECT_GT(said_by(channel::claim), 0);
    EXPECT_EQ(of(1).by, route::self_reported);
    owner.claims = {"Kestrelby-Draenor"};
    put_both();
    EXPECT_EQ(said_by(channel::claim), 0);
}

TEST_F(Channels, WhoIsClaimedByOneMemberIsNoRivalOfTheOther) {
    owner.username = "somebody";
    owner.claims = {"Kestrelby", "Trogmoon"};
    put_both();
    EXPECT_EQ(of(1).what, advice::link);
    m.put(alt(2, "Trogmoon", ""));
    m.settle();
    for (const std::int64_t claimed : {1, 2}) {
        EXPECT_EQ(of(claimed).what, advice::link) << claimed;
        EXPECT_EQ(of(claimed).member, owner.id);
        EXPECT_EQ(of(claimed).by, route::self_reported);
    }
}

TEST_F(Channels, HomonymsCompeteForAClaimThatGivesNoRealm) {
    owner.username = "somebody";
    owner.claims = {"Kestrelby"};
    put_both();
    match_character homonym = alt(2, "Kestrelby", "");
    homonym.realm = "Draenor";
    m.put(homonym);
    m.settle();
    EXPECT_EQ(of(1).why_not, doubt::several_characters);
    EXPECT_EQ(of(2).why_not, doubt::several_characters);
    owner.claims = {"Kestrelby-Draenor", "Kestrelby-Senjin"};
    put_both();
    EXPECT_EQ(of(1).what, advice::link);
    EXPECT_EQ(of(2).what, advice::link);
}

TEST_F(Channels, AClaimOfSignsIsNoClaimOfOtherSigns) {
    owner.claims = {"!!"};
    kestrelby.name = "\u2605\u2605";
    put_both();
    EXPECT_EQ(said_by(channel::claim), 0);
}

TEST_F(Channels, TheGroupOfAnAddonTies) {
    put_grouped(2, "Wobblefoot");
    match_character stranger = alt(3, "Zindrael", "");
    stranger.alt_group = "Z";
    m.put(stranger);
    put_both();
    EXPECT_EQ(of(2).member, owner.id);
    EXPECT_EQ(of(2).group, of(1).group);
    EXPECT_EQ(of(3).member, member_id{});
}

TEST_F(Channels, WhatIsCarriedToAnAltLosesOnTheWay) {
    put_grouped(2, "Wobblefoot");
    m.put(alt(3, "Zindrael", "alt of Wobblefoot"));
    put_both();
    EXPECT_EQ(of(2).via, character_id{1});
    EXPECT_EQ(of(3).via, character_id{1});
    EXPECT_EQ(of(3).by, route::alt_of);
    EXPECT_LT(of(2).probability, of(1).probability);
    EXPECT_LT(of(3).probability, of(2).probability);
}

TEST_F(Channels, AnOfficerPartsWhatAnAddonTies) {
    put_grouped(2, "Wobblefoot");
    put_both();
    ASSERT_EQ(of(2).member, owner.id);
    const match_ruling apart{ruling_kind::split, character_id{2}, {}, character_id{1}, 0};
    m.rule(apart);
    m.settle();
    EXPECT_NE(of(2).group, of(1).group);
    EXPECT_EQ(of(2).what, advice::nothing);
    EXPECT_EQ(of(1).member, owner.id);
    m.withdraw(apart);
    m.settle();
    EXPECT_EQ(of(2).member, owner.id);
}

TEST_F(Channels, AnOfficerTiesWhatNothingTied) {
    m.put(alt(2, "Wobblefoot", ""));
    m.rule({ruling_kind::merged, character_id{2}, {}, character_id{1}, 0});
    put_both();
    EXPECT_EQ(of(2).member, owner.id);
    EXPECT_EQ(of(2).via, character_id{1});
}

TEST_F(Channels, TwoCertainOwnersOfAGroupAreAskedAbout) {
    put_grouped(2, "Wobblefoot");
    m.put(alt(3, "Zindrael", "Wobblefoot"));
    m.put(named(8, "zindrael"));
    put_both();
    EXPECT_EQ(of(1).member, owner.id);
    EXPECT_EQ(of(2).member, owner.id);
    EXPECT_EQ(of(3).member, member_id{8});
    const std::vector<match_decision> queue = m.review_queue();
    EXPECT_TRUE(std::any_of(queue.begin(), queue.end(), [](const match_decision& d) {
        return d.character == character_id{3} && d.why_not == doubt::owners_conflict;
    }));
}

// The lines of evidence are those of the decision: what is booked as competition or calibration cannot hide
// one.
TEST_F(Channels, TheEvidenceThatIsShownIsThatOfTheDecision) {
    kestrelby.guild_note = "Discord: kestrelby";
    owner.nickname = "Kestrelby Senjin";
    owner.role_names = {"Priest"};
    owner.joined_at = kestrelby.joined_at;
    m.put(named(8, "kestrelbee"));
    put_both();
    const match_explanation e = m.explain(kestrelby.id);
    ASSERT_FALSE(e.decision.candidates.empty());
    bits evidence = 0;
    for (const evidence_item& i : e.items) {
        const bool arithmetic = i.from == channel::prior || i.from == channel::competition ||
                                i.from == channel::rivalry || i.from == channel::calibration ||
                                i.from == channel::group;
        evidence += arithmetic ? 0 : i.weight;
    }
    EXPECT_EQ(evidence, e.decision.candidates.front().weight);
    EXPECT_EQ(e.runner_up, member_id{8});
    ASSERT_GE(e.decision.candidates.size(), 2U);
    EXPECT_EQ(e.margin, e.decision.candidates[0].weight - e.decision.candidates[1].weight);
}

// An owner has many characters: that another note names the same account speaks against neither.
TEST_F(Channels, NotesThatNameOneAccountAreNoRivals) {
    m.put(named(8, "Rocketeer"));
    m.put(alt(2, "Wobblefoot", "Rocketeer's DH waifu"));
    m.put(alt(3, "Zindrael", "Rocketeer-mental 702"));
    m.put(alt(4, "Oakenshade", "Rocketeer"));
    put_both();
    for (const std::int64_t id : {2, 3, 4})
        EXPECT_EQ(of(id).member, member_id{8}) << id;
    EXPECT_EQ(of(2).what, advice::link);
    EXPECT_EQ(of(4).what, advice::link);
    for (const evidence_item& i : m.explain(character_id{4}).items)
        EXPECT_NE(i.from, channel::rivalry);
}

TEST_F(Channels, AVetoIsTold) {
    m.rule({ruling_kind::rejected, kestrelby.id, owner.id, {}, 0});
    put_both();
    m.rule({ruling_kind::rejected, kestrelby.id, owner.id, {}, 0});
    m.settle();
    const match_explanation e = m.explain(kestrelby.id);
    ASSERT_EQ(e.vetoes.size(), 1U);
    EXPECT_NE(e.vetoes.front().find("officer"), std::string::npos);
    EXPECT_FALSE(e.would_change.empty());
}

} // namespace
} // namespace patt::identity
