#include <patt/policy/decide.hpp>
#include <patt/policy/setting_registry.hpp>

#include <gtest/gtest.h>

#include <set>

namespace {

using namespace patt;
using namespace patt::policy;

constexpr guild_id here{1};
constexpr guild_id elsewhere{2};
constexpr member_id me{100};
constexpr member_id other{200};

guild_settings sample() {
    guild_settings s;
    s.policy.roles = {{role_id{10}, capability_set::leader},
                      {role_id{11}, capability_set::officer},
                      {role_id{12}, capability_set::veteran},
                      {role_id{13}, capability_set::member}};
    return s;
}

struct Decide : testing::Test {
    guild_settings settings = sample();
    actor leader = member_actor(here, me, {role_id{10}});
    actor officer = member_actor(here, me, {role_id{99}, role_id{11}});
    actor veteran = member_actor(here, me, {role_id{12}});
    actor plain = member_actor(here, me, {role_id{13}, role_id{99}});
    actor owner = owner_actor(here, me);
    target at_other{here, other, {}, {}, 1};
    target at_me{here, me, {}, {}, 1};

    decision run(const actor& who, action what, const target& at, confirmation c = confirmation::missing) {
        return decide(who, what, at, {settings, c});
    }
    void expect(const actor& who, action what, const target& at, outcome o, reason r) {
        const decision d = run(who, what, at);
        EXPECT_EQ(to_string(d.outcome), to_string(o)) << to_string(what) << ": " << d.sentence;
        EXPECT_EQ(to_string(d.why), to_string(r)) << to_string(what) << ": " << d.sentence;
        EXPECT_FALSE(d.sentence.empty());
    }
};

TEST_F(Decide, FollowsTheCapabilityTable) {
    using enum action;
    struct row {
        action what;
        int least; ///< 0 member, 1 veteran, 2 officer, 3 leader, 4 nobody in the chat
    };
    const row rows[] = {{view_status, 1},   {nudge, 1},         {review, 2},
                        {resolve, 2},       {dismiss, 2},       {retry, 2},
                        {start, 2},         {rehearse, 2},      {change_link, 2},
                        {create_invite, 2}, {revoke_invite, 2}, {run_sync, 2},
                        {view_log, 2},      {complete_task, 2}, {export_data, 3},
                        {hand_in_data, 3},  {apply_plan, 2},    {publish_agreement, 3},
                        {erase_data, 3}};
    const actor* actors[] = {&plain, &veteran, &officer, &leader};
    std::set<action> seen = {answer, self_service, change_setting, change_owner};
    for (const row& r : rows) {
        seen.insert(r.what);
        for (int i = 0; i < 4; ++i) {
            const decision d = run(*actors[i], r.what, at_other, confirmation::given);
            EXPECT_EQ(d.allowed(), i >= r.least) << to_string(r.what) << " by " << i << ": " << d.sentence;
            EXPECT_EQ(d.why, i >= r.least ? reason::capability : reason::missing_capability);
        }
    }
    EXPECT_EQ(seen.size(), all_actions().size()) << "every action is tested";
}

TEST_F(Decide, OnlyItsOwnerAndTheOperatorGiveAGuildAway) {
    for (const actor* who : {&plain, &officer, &leader}) {
        expect(*who, action::change_owner, at_other, outcome::deny, reason::not_own);
        expect(*who, action::change_owner, at_me, outcome::deny, reason::not_own);
    }
    for (const actor& who : {owner, local_operator()}) {
        expect(who, action::change_owner, at_other, outcome::confirm, reason::needs_confirmation);
        EXPECT_TRUE(run(who, action::change_owner, at_other, confirmation::given).allowed());
    }
}

TEST_F(Decide, OwnThingsAreForEveryoneAndOnlyForOneself) {
    for (const actor* who : {&plain, &officer, &owner}) {
        for (const action what : {action::answer, action::self_service}) {
            expect(*who, what, at_me, outcome::allow, reason::own_thing);
            expect(*who, what, at_other, outcome::deny, reason::not_own);
        }
        expect(*who, action::view_status, at_me, outcome::allow, reason::own_thing);
        expect(*who, action::export_data, at_me, outcome::allow, reason::own_thing);
        expect(*who, action::erase_data, at_me, outcome::confirm, reason::needs_confirmation);
    }
    expect(local_operator(), action::answer, at_other, outcome::deny, reason::not_own);
    EXPECT_EQ(run(plain, action::view_status, at_me).log, logging::no);
}

TEST_F(Decide, OwnIsNotWhatHasNoPerson) {
    actor unlinked = plain;
    unlinked.person = {};
    target nobody{here, {}, {}, {}, 1};
    expect(unlinked, action::export_data, nobody, outcome::deny, reason::missing_capability);
    expect(unlinked, action::answer, nobody, outcome::deny, reason::not_own);
    actor linked = plain;
    linked.person = person_id{5};
    expect(linked, action::export_data, target{here, {}, person_id{5}, {}, 1}, outcome::allow,
           reason::own_thing);
    expect(linked, action::export_data, target{here, other, person_id{5}, {}, 1}, outcome::deny,
           reason::missing_capability);
}

TEST_F(Decide, AnotherGuildIsAlwaysDenied) {
    target there{elsewhere, other, {}, {}, 1};
    target nowhere{{}, other, {}, {}, 1};
    for (const action what : all_actions()) {
        if (what == action::change_setting) {
            there.setting = nowhere.setting = "guild.name";
        }
        for (const actor& who :
             {plain, leader, owner, api_key_actor(here, "k", contents(capability_set::leader))}) {
            expect(who, what, there, outcome::deny, reason::guild_mismatch);
            expect(who, what, nowhere, outcome::deny, reason::guild_mismatch);
        }
        expect(local_operator(), what, nowhere, outcome::deny, reason::guild_mismatch);
    }
    EXPECT_TRUE(run(local_operator(), action::resolve, there).allowed());
}

TEST_F(Decide, MaintenanceHoldsWhatPublishesAndReadingGoesOn) {
    settings.maintenance.enabled = true;
    expect(plain, action::answer, at_me, outcome::deny, reason::maintenance_mode);
    expect(owner, action::start, at_other, outcome::deny, reason::maintenance_mode);
    expect(plain, action::view_status, at_me, outcome::allow, reason::own_thing);
    expect(officer, action::dismiss, at_other, outcome::allow, reason::capability);
    EXPECT_TRUE(run(plain, action::erase_data, at_me, confirmation::given).allowed())
        << "privacy always runs";
    target setting{here, {}, {}, "maintenance.enabled", 1};
    expect(leader, action::change_setting, setting, outcome::allow, reason::capability);
}

TEST_F(Decide, MaintenanceIsToldBeforeFeatureAndFeatureBeforeCapability) {
    settings.maintenance.enabled = true;
    settings.onboarding.enabled = false;
    expect(plain, action::start, at_other, outcome::deny, reason::maintenance_mode);
    settings.maintenance.enabled = false;
    expect(plain, action::start, at_other, outcome::deny, reason::feature_disabled);
    settings.onboarding.enabled = true;
    expect(plain, action::start, at_other, outcome::deny, reason::missing_capability);
}

TEST_F(Decide, ASwitchedOffFeatureIsDeniedForAllPeople) {
    settings.onboarding.enabled = false;
    settings.invite.enabled = false;
    for (const actor* who : {&leader, &owner}) {
        expect(*who, action::start, at_other, outcome::deny, reason::feature_disabled);
        expect(*who, action::create_invite, at_other, outcome::deny, reason::feature_disabled);
        EXPECT_TRUE(run(*who, action::resolve, at_other).allowed());
    }
    EXPECT_NE(run(owner, action::create_invite, at_other).sentence.find("invite.enabled"), std::string::npos);
}

TEST_F(Decide, RolesThatTheGuildDidNotMapGiveNothing) {
    settings.policy.roles.clear();
    expect(officer, action::resolve, at_other, outcome::deny, reason::missing_capability);
    expect(leader, action::view_status, at_other, outcome::deny, reason::missing_capability);
}

TEST_F(Decide, OnlyAProvenRankCountsAndOnlyIfTheGuildSaysSo) {
    actor ranked = member_actor(here, me, {}, person_id{5}, 1);
    expect(ranked, action::resolve, at_other, outcome::deny, reason::missing_capability);
    settings.policy.ranks = {{1, capability_set::officer}};
    expect(ranked, action::resolve, at_other, outcome::allow, reason::capability);
    ranked.proven_rank = 0;
    expect(ranked, action::resolve, at_other, outcome::deny, reason::missing_capability);
    ranked.proven_rank.reset();
    expect(ranked, action::resolve, at_other, outcome::deny, reason::missing_capability);
}

TEST_F(Decide, ApiKeysHaveWhatTheyWereMadeFor) {
    const actor key = api_key_actor(here, "uploader", {capability::import_data});
    expect(key, action::hand_in_data, target{here, {}, {}, {}, 1}, outcome::allow, reason::capability);
    expect(key, action::resolve, at_other, outcome::deny, reason::missing_capability);
    expect(key, action::view_status, target{here, {}, {}, {}, 1}, outcome::deny, reason::missing_capability);
    actor with_roles = key;
    with_roles.roles = {role_id{10}};
    expect(with_roles, action::resolve, at_other, outcome::deny, reason::missing_capability);
    EXPECT_NE(run(key, action::resolve, at_other).sentence.find("`resolve`"), std::string::npos);
}

TEST_F(Decide, SettingsAskForTheirOwnCapability) {
    for (const setting_info& info : all_settings()) {
        const target at{here, {}, {}, info.key, 1};
        for (const auto& [who, set] : {std::pair{&officer, capability_set::officer},
                                       {&leader, capability_set::leader},
                                       {&plain, capability_set::member}}) {
            const decision d = run(*who, action::change_setting, at, confirmation::given);
            EXPECT_EQ(d.allowed(), contents(set).has(info.changed_by)) << info.key;
            const decision first = run(*who, action::change_setting, at);
            const bool asked = d.allowed() && info.danger == danger::confirm;
            EXPECT_EQ(first.outcome == outcome::confirm, asked) << info.key;
        }
    }
    expect(leader, action::change_setting, target{here, {}, {}, "no.such", 1}, outcome::deny,
           reason::unknown_action);
    expect(leader, action::change_setting, target{here, {}, {}, "", 1}, outcome::deny,
           reason::unknown_action);
}

TEST_F(Decide, DangerousThingsWantConfirmation) {
    expect(officer, action::apply_plan, at_other, outcome::confirm, reason::needs_confirmation);
    EXPECT_TRUE(run(officer, action::apply_plan, at_other, confirmation::given).allowed());
    target many = at_other;
    many.count = 5;
    expect(officer, action::dismiss, many, outcome::confirm, reason::needs_confirmation);
    EXPECT_NE(run(officer, action::dismiss, many).sentence.find("5"), std::string::npos);
    expect(officer, action::dismiss, at_other, outcome::allow, reason::capability);
    expect(owner, action::dismiss, many, outcome::confirm, reason::needs_confirmation);
    expect(local_operator(), action::dismiss, many, outcome::confirm, reason::needs_confirmation);
    expect(plain, action::dismiss, many, outcome::deny, reason::missing_capability);
}

TEST_F(Decide, ConfirmationAloneGivesNothing) {
    EXPECT_FALSE(run(plain, action::apply_plan, at_other, confirmation::given).allowed());
}

TEST_F(Decide, UnknownActionsAreDenied) {
    const decision d = decide(owner, "launch", at_other, {settings});
    EXPECT_EQ(d.outcome, outcome::deny);
    EXPECT_EQ(d.why, reason::unknown_action);
    EXPECT_EQ(d.log, logging::yes);
    EXPECT_EQ(decide(owner, "resolve", at_other, {settings}).outcome, outcome::allow);
    const decision bad = decide(system_actor(), static_cast<action>(250), at_other, {settings});
    EXPECT_EQ(bad.why, reason::unknown_action);
    for (const action what : all_actions()) {
        EXPECT_EQ(parse_action(to_string(what)), what);
    }
    EXPECT_FALSE(parse_action(""));
}

TEST_F(Decide, EveryRefusalAndPrivilegedPermissionIsLogged) {
    for (const action what : all_actions()) {
        const target at{here, other, {}, "guild.name", 1};
        for (const actor& who : {plain, veteran, officer, leader, owner, local_operator()}) {
            const decision d = run(who, what, at);
            const bool harmless = what == action::view_status || what == action::view_log ||
                                  what == action::complete_task || what == action::answer ||
                                  what == action::self_service;
            EXPECT_EQ(d.log, d.allowed() && harmless ? logging::no : logging::yes) << to_string(what);
        }
    }
}

TEST_F(Decide, ThePartsThatPattDoesByItselfAreAllowed) {
    settings.maintenance.enabled = true;
    expect(system_actor(), action::retry, at_other, outcome::allow, reason::system);
}

TEST_F(Decide, RefusalsBecomeErrors) {
    EXPECT_EQ(as_error(run(plain, action::resolve, at_other)).code, errc::not_allowed);
    EXPECT_EQ(as_error(run(officer, action::apply_plan, at_other)).code, errc::confirm_first);
    settings.onboarding.enabled = false;
    EXPECT_EQ(as_error(run(officer, action::start, at_other)).code, errc::disabled);
}

TEST(Capabilities, NamesReadBackAndSetsGrow) {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < capability_count; ++i) {
        const auto c = static_cast<capability>(i);
        names.insert(to_string(c));
        EXPECT_EQ(parse_capability(to_string(c)), c);
    }
    EXPECT_EQ(names.size(), capability_count);
    EXPECT_FALSE(parse_capability("root"));
    capabilities before;
    for (const std::string_view name : capability_set_names()) {
        const auto set = parse_capability_set(name);
        ASSERT_TRUE(set);
        EXPECT_EQ(to_string(*set), name);
        EXPECT_EQ(before | contents(*set), contents(*set)) << "each set includes the one before";
        EXPECT_NE(before, contents(*set));
        before = contents(*set);
    }
}

TEST(Actor, IsNamedForTheLog) {
    EXPECT_EQ(to_string(system_actor()), "system");
    EXPECT_EQ(to_string(local_operator()), "operator");
    EXPECT_EQ(to_string(member_actor(here, me, {})), "member:100");
    EXPECT_EQ(to_string(owner_actor(here, me)), "owner:100");
    EXPECT_EQ(to_string(api_key_actor(here, "up", {})), "key:up");
}

} // namespace
