// From characters to roles: which rank counts, what is given and taken, what is never given.
#include <patt/provisioning/commands.hpp>
#include <patt/provisioning/entitlement.hpp>
#include <patt/provisioning/role_guard.hpp>

#include <gmock/gmock.h>

namespace patt::provisioning {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr member_id zat{1001};
constexpr person_id person{7};
constexpr role_id veteran{102};
constexpr role_id initiate{104};
constexpr instant now{1'000'000};

grant given(role_id role, grant_state state = grant_state::given, std::string source = "rank") {
    grant g;
    g.member = zat;
    g.role = role;
    g.source = std::move(source);
    g.person = person;
    g.state = state;
    g.since = instant{1};
    return g;
}

identity::character ranked(std::int64_t id, int rank) {
    identity::character c;
    c.id = character_id{id};
    c.name = "C" + std::to_string(id);
    c.realm_slug = "senjin";
    c.rank = rank;
    return c;
}

identity::link at(identity::assurance level, identity::claim_role role) {
    identity::link l;
    l.level = level;
    l.role = role;
    return l;
}

TEST(BestRank, TheHighestThatCountsAndWhy) {
    const auto main = ranked(1, 4);
    const auto alt = ranked(2, 2);
    const auto proven = ranked(3, 3);
    const auto by_word = at(identity::assurance::claimed, identity::claim_role::main);
    const auto alt_word = at(identity::assurance::claimed, identity::claim_role::alt);
    const auto proof = at(identity::assurance::proven, identity::claim_role::alt);
    const std::vector<held_character> words{{&main, &by_word}, {&alt, &alt_word}};
    EXPECT_EQ(best_rank(words, {})->rank, 4) << "an alt that is only claimed raises nothing";
    EXPECT_EQ(best_rank(words, {})->because, "rank 4 by C1-senjin (claimed)");
    const std::vector<held_character> with_proof{{&main, &by_word}, {&alt, &alt_word}, {&proven, &proof}};
    EXPECT_EQ(best_rank(with_proof, {})->rank, 3);
    EXPECT_EQ(best_rank({}, {}), std::nullopt);
    const std::vector<held_character> alts{{&alt, &alt_word}};
    EXPECT_EQ(best_rank(alts, {}), std::nullopt);
}

TEST(PlanRoles, GivesWhatIsMissing) {
    const role_plan plan = plan_roles(zat, person, {}, initiate, "because", now);
    EXPECT_THAT(plan.change.add, ElementsAre(initiate));
    EXPECT_THAT(plan.change.remove, IsEmpty());
    ASSERT_THAT(plan.grants, SizeIs(1));
    EXPECT_EQ(plan.grants[0].state, grant_state::wanted);
    EXPECT_EQ(plan.grants[0].reason, "because");
}

TEST(PlanRoles, ChangesInOneWrite) {
    const std::vector<grant> have{given(initiate)};
    const role_plan plan = plan_roles(zat, person, have, veteran, "promoted", now);
    EXPECT_THAT(plan.change.add, ElementsAre(veteran));
    EXPECT_THAT(plan.change.remove, ElementsAre(initiate));
    EXPECT_THAT(plan.grants, SizeIs(2));
}

TEST(PlanRoles, TakesOnlyWhatItGave) {
    for (const grant_state state : {grant_state::found, grant_state::wanted}) {
        const std::vector<grant> have{given(initiate, state)};
        const role_plan plan = plan_roles(zat, person, have, {}, "", now);
        EXPECT_THAT(plan.change.remove, IsEmpty());
        ASSERT_THAT(plan.grants, SizeIs(1));
        EXPECT_EQ(plan.grants[0].state, grant_state::revoked);
        EXPECT_EQ(plan.grants[0].reason, "no character counts any more");
    }
    const std::vector<grant> ended{given(initiate, grant_state::revoked)};
    EXPECT_TRUE(plan_roles(zat, person, ended, {}, "", now).empty());
}

TEST(PlanRoles, WhatIsThereIsNotGivenAgain) {
    for (const grant_state state : {grant_state::given, grant_state::found, grant_state::wanted}) {
        const std::vector<grant> have{given(initiate, state)};
        const role_plan plan = plan_roles(zat, person, have, initiate, "again", now);
        EXPECT_TRUE(plan.empty()) << "also when a human took it away: the entitlement did not change";
        EXPECT_THAT(plan.grants, IsEmpty());
    }
}

TEST(PlanRoles, OtherSourcesAndMembersAreLeftAlone) {
    grant of_other = given(veteran);
    of_other.member = member_id{2};
    const std::vector<grant> have{given(veteran, grant_state::given, "event"), of_other};
    const role_plan plan = plan_roles(zat, person, have, {}, "", now);
    EXPECT_TRUE(plan.empty());
    EXPECT_THAT(plan.grants, IsEmpty());
}

TEST(PlanRoles, ARoleThatAnotherSourceGivesStays) {
    const std::vector<grant> have{given(veteran), given(veteran, grant_state::given, "event")};
    const role_plan plan = plan_roles(zat, person, have, initiate, "demoted", now);
    EXPECT_THAT(plan.change.remove, IsEmpty());
    EXPECT_THAT(plan.change.add, ElementsAre(initiate));
    const std::vector<grant> over{given(veteran), given(veteran, grant_state::revoked, "event")};
    EXPECT_THAT(plan_roles(zat, person, over, initiate, "demoted", now).change.remove, ElementsAre(veteran));
}

TEST(SettleGrants, GivenOrFound) {
    const std::vector<grant> wanted{given(initiate, grant_state::wanted),
                                    given(veteran, grant_state::wanted)};
    const set_roles done{zat, {initiate, veteran}, {}};
    const std::vector<role_id> fresh{initiate};
    const auto settled = settle_grants(wanted, done, fresh, now);
    ASSERT_THAT(settled, SizeIs(2));
    EXPECT_EQ(settled[0].state, grant_state::given);
    EXPECT_EQ(settled[1].state, grant_state::found);
    const std::vector<grant> ended{given(initiate, grant_state::revoked)};
    EXPECT_THAT(settle_grants(ended, done, fresh, now), IsEmpty()) << "what ended meanwhile stays ended";
}

TEST(RoleOfRank, SeveralRanksOneRoleAndTheDefault) {
    policy::guild_settings s;
    s.ranks.roles = {{2, veteran}, {3, veteran}};
    EXPECT_EQ(policy::role_of_rank(s, 2), veteran);
    EXPECT_EQ(policy::role_of_rank(s, 3), veteran);
    EXPECT_EQ(policy::role_of_rank(s, 4), role_id{});
    s.ranks.default_role = initiate;
    EXPECT_EQ(policy::role_of_rank(s, 4), initiate);
    EXPECT_EQ(policy::role_of_rank(s, -1), initiate);
}

TEST(RoleGuard, EachDangerousPermissionIsRefused) {
    // Bits of https://discord.com/developers/docs/topics/permissions
    const std::vector<std::pair<unsigned, bool>> bits{
        {1, true},   {2, true},   {3, true},   {4, true},   {5, true},   {13, true},  {17, true},
        {28, true},  {29, true},  {40, true},  {0, false},  {6, false},  {10, false}, {11, false},
        {14, false}, {16, false}, {20, false}, {21, false}, {31, false}, {63, false}};
    for (const auto& [bit, dangerous] : bits) {
        const auto no = refuse_role(std::uint64_t{1} << bit, false);
        ASSERT_EQ(no.has_value(), dangerous) << bit;
        if (no) {
            EXPECT_EQ(no->error, effect_error::dangerous_role);
        }
    }
    EXPECT_EQ(refuse_role(0, true)->error, effect_error::role_order);
    EXPECT_EQ(refuse_role(8, true)->error, effect_error::dangerous_role) << "the worse one is told";
    EXPECT_EQ(refuse_role(~dangerous_permissions(), false), std::nullopt);
}

TEST(ApplyRoles, FromFreshState) {
    const std::vector<role_id> have{role_id{9}, initiate};
    const role_change change = apply_roles(have, {zat, {veteran}, {initiate}});
    EXPECT_THAT(change.roles, ElementsAre(role_id{9}, veteran)) << "other roles stay";
    EXPECT_THAT(change.given, ElementsAre(veteran));
    EXPECT_TRUE(change.changed);
    const role_change same = apply_roles(have, {zat, {initiate}, {veteran}});
    EXPECT_FALSE(same.changed);
    EXPECT_THAT(same.given, IsEmpty());
    const role_change twice = apply_roles(have, {zat, {veteran, veteran}, {}});
    EXPECT_THAT(twice.given, ElementsAre(veteran));
}

struct Invites : ::testing::Test {
    policy::guild_settings settings;
    policy::actor actor = policy::owner_actor(guild_id{1}, member_id{900});
    id_sequence ids{50};
    random_stream random{1};
    context ctx{guild_id{1}, now, ids, random, settings, actor, ""};
    redeem_facts facts;

    Invites() {
        const auto out = std::get<change_set>(
            decide(create_invite_facts{"an instance key for tests only"}, create_invite{person}, ctx));
        facts.found = std::get<invite>(out.rows.at(0));
    }
    change_set redeem() { return std::get<change_set>(decide(facts, redeem_invite{"", "web:1"}, ctx)); }
};

TEST_F(Invites, MadeByAnOfficer) {
    EXPECT_EQ(facts.found->generated_by, "manual");
    EXPECT_EQ(facts.found->made_by, "owner:900");
    EXPECT_EQ(facts.found->person, person);
    EXPECT_EQ(facts.found->expires_at, now + std::chrono::hours(24 * 7));
}

TEST_F(Invites, UsedOnce) {
    const change_set first = redeem();
    EXPECT_EQ(first.reply.verdict, verdict::accepted);
    facts.found = std::get<invite>(first.rows.at(0));
    EXPECT_EQ(facts.found->used_by, "web:1");
    const change_set second = redeem();
    EXPECT_EQ(second.reply.why->code, errc::used_up);
    EXPECT_THAT(second.rows, IsEmpty());
    EXPECT_THAT(second.log, SizeIs(1));
}

TEST_F(Invites, ExpiredRevokedAndUnknownAreRefused) {
    ctx.now = facts.found->expires_at - duration{1};
    EXPECT_EQ(redeem().reply.verdict, verdict::accepted) << "valid until its last moment";
    ctx.now = facts.found->expires_at;
    EXPECT_EQ(redeem().reply.why->code, errc::expired);
    ctx.now = now;
    facts.found->revoked_at = now;
    EXPECT_EQ(redeem().reply.why->code, errc::not_found);
    facts.found.reset();
    EXPECT_EQ(redeem().reply.why->code, errc::not_found);
}

} // namespace
} // namespace patt::provisioning
