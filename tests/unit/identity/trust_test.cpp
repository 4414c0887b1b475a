// DESIGN's table of trust, row by row, and what a link is good for.
#include <patt/identity/trust.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace patt::identity {
namespace {

constexpr person_id me{1};
constexpr person_id other{2};
constexpr trust_limits limits{};
constexpr int initiate = 4;
constexpr int officer = 1;

const std::vector<assurance> all_levels{assurance::suggested,  assurance::matched, assurance::claimed,
                                        assurance::challenged, assurance::proven,  assurance::confirmed};

link held_by(person_id who, assurance level) {
    link l;
    l.person = who;
    l.level = level;
    return l;
}

claim of(int rank, assurance level) {
    claim c;
    c.rank = rank;
    c.level = level;
    return c;
}

claim owned(int rank, assurance level, assurance held, member_id present = member_id{9}) {
    claim c = of(rank, level);
    c.held = held_by(other, held);
    c.held_by_present = present;
    return c;
}

TEST(Judge, FreeBelowOfficerIsLinkedByAnyClaim) {
    for (const int rank : {2, 3, 4, 9}) {
        for (const assurance level : {assurance::matched, assurance::claimed, assurance::challenged,
                                      assurance::proven, assurance::confirmed}) {
            EXPECT_EQ(judge(of(rank, level), {}, limits), finding::free);
            EXPECT_EQ(judge(of(rank, level), me, limits), finding::free);
        }
    }
}

TEST(Judge, FreeAndPrivilegedWaitsForProof) {
    for (const int rank : {0, 1}) {
        EXPECT_EQ(judge(of(rank, assurance::matched), me, limits), finding::privileged);
        EXPECT_EQ(judge(of(rank, assurance::claimed), me, limits), finding::privileged);
        EXPECT_EQ(judge(of(rank, assurance::challenged), me, limits), finding::free);
        EXPECT_EQ(judge(of(rank, assurance::proven), me, limits), finding::free);
        EXPECT_EQ(judge(of(rank, assurance::confirmed), me, limits), finding::free);
    }
}

TEST(Judge, TheOfficerRankIsASetting) {
    const trust_limits wide{3, 4};
    EXPECT_EQ(judge(of(3, assurance::claimed), me, wide), finding::privileged);
    EXPECT_EQ(judge(of(4, assurance::claimed), me, wide), finding::free);
}

TEST(Judge, AClaimNeverTakesFromSomebodyPresent) {
    for (const assurance held : {assurance::matched, assurance::claimed, assurance::challenged,
                                 assurance::proven, assurance::confirmed}) {
        EXPECT_EQ(judge(owned(initiate, assurance::claimed, held), me, limits), finding::taken);
        EXPECT_EQ(judge(owned(initiate, assurance::claimed, held), {}, limits), finding::taken)
            << "somebody without a person is not the owner";
        EXPECT_EQ(judge(owned(officer, assurance::claimed, held), me, limits), finding::taken);
    }
}

TEST(Judge, AProofBeatsAClaimOfSomebodyPresent) {
    for (const assurance proof : {assurance::challenged, assurance::proven, assurance::confirmed}) {
        EXPECT_EQ(judge(owned(initiate, proof, assurance::matched), me, limits), finding::free);
        EXPECT_EQ(judge(owned(initiate, proof, assurance::claimed), me, limits), finding::free);
        EXPECT_EQ(judge(owned(officer, proof, assurance::claimed), me, limits), finding::free);
    }
}

TEST(Judge, BetweenTwoProofsAnOfficerDecides) {
    for (const assurance proof : {assurance::challenged, assurance::proven, assurance::confirmed}) {
        for (const assurance held : {assurance::challenged, assurance::proven, assurance::confirmed}) {
            EXPECT_EQ(judge(owned(initiate, proof, held), me, limits), finding::taken);
            EXPECT_EQ(judge(owned(initiate, proof, held, {}), me, limits), finding::taken)
                << "also when the other one is gone";
        }
    }
}

TEST(Judge, ADepartedOwnersClaimGivesWayAndTheirProofDoesNot) {
    EXPECT_EQ(judge(owned(initiate, assurance::claimed, assurance::matched, {}), me, limits), finding::free);
    EXPECT_EQ(judge(owned(initiate, assurance::claimed, assurance::claimed, {}), me, limits), finding::free);
    EXPECT_EQ(judge(owned(initiate, assurance::matched, assurance::claimed, {}), me, limits), finding::taken);
    for (const assurance held : {assurance::challenged, assurance::proven, assurance::confirmed}) {
        EXPECT_EQ(judge(owned(initiate, assurance::claimed, held, {}), me, limits), finding::taken);
    }
    EXPECT_EQ(judge(owned(officer, assurance::claimed, assurance::claimed, {}), me, limits),
              finding::privileged);
}

TEST(Judge, OnesOwnIsOwn) {
    for (const assurance held : {assurance::claimed, assurance::challenged, assurance::proven}) {
        claim c = of(initiate, assurance::claimed);
        c.held = held_by(me, held);
        EXPECT_EQ(judge(c, me, limits), finding::own);
        c.rank = officer;
        EXPECT_EQ(judge(c, me, limits), finding::own);
    }
    claim raised = of(officer, assurance::claimed);
    raised.held = held_by(me, assurance::matched);
    EXPECT_EQ(judge(raised, me, limits), finding::privileged) << "more than a note needs more than a claim";
}

TEST(EffectiveRank, ByLevelRoleAndRank) {
    for (int rank = 0; rank <= lowest_rank; ++rank) {
        for (const assurance level : all_levels) {
            for (const claim_role role : {claim_role::main, claim_role::alt}) {
                character who;
                who.rank = rank;
                link why = held_by(me, level);
                why.role = role;
                std::optional<int> expected;
                if (level >= assurance::challenged) {
                    expected = rank;
                } else if (level != assurance::suggested && role == claim_role::main && rank > officer) {
                    expected = rank;
                }
                EXPECT_EQ(effective_rank(who, why, limits), expected)
                    << rank << " " << to_string(level) << " " << static_cast<int>(role);
                who.present = false;
                EXPECT_EQ(effective_rank(who, why, limits), std::nullopt);
                who.present = true;
                why.state = link_state::revoked;
                EXPECT_EQ(effective_rank(who, why, limits), std::nullopt);
            }
        }
    }
}

TEST(EffectiveRank, AStrictGuildCapsClaims) {
    character who;
    who.rank = 2;
    link why = held_by(me, assurance::claimed);
    why.role = claim_role::main;
    EXPECT_EQ(effective_rank(who, why, {1, 4}), 4);
    who.rank = 6;
    EXPECT_EQ(effective_rank(who, why, {1, 4}), 6) << "a cap raises nobody";
    why.level = assurance::proven;
    who.rank = 2;
    EXPECT_EQ(effective_rank(who, why, {1, 4}), 2);
}

TEST(Assurance, NamesAndOrder) {
    for (std::size_t i = 0; i < all_levels.size(); ++i) {
        EXPECT_EQ(parse_assurance(to_string(all_levels[i])), all_levels[i]);
        EXPECT_TRUE(i == 0 || all_levels[i - 1] < all_levels[i]);
    }
    EXPECT_EQ(parse_assurance("sure"), std::nullopt);
    EXPECT_EQ(parse_assurance(""), std::nullopt);
}

} // namespace
} // namespace patt::identity
