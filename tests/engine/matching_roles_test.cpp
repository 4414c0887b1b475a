// What the roles of the chat server are called, as evidence of whose a character is.
#include "engine/match_load.hpp"
#include "engine/matching_fixture.hpp"

#include <patt/identity/chat_role.hpp>

namespace patt::engine_tests {
namespace {

using datum = std::pair<std::string, std::string>;
using identity::role_change;
using identity::role_coverage;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

constexpr role_id blue{71};
constexpr role_id green{72};
constexpr role_id others{73};

struct RoleNames : Matching {
    /// Two who are called alike, with a role each and one that both have, and one who fits nobody.
    void two_who_fit_alike() {
        join(2501, "somebody");
        join(2502, "another");
        join(2503, "bystander");
        identity::member_snapshot list = listed();
        for (identity::listed_member& m : list.members) {
            const bool fits = m.id == member_id{2501} || m.id == member_id{2502};
            m.nickname = fits ? "Shodoomer" : m.nickname;
            m.roles = {m.id == member_id{2502} ? green : blue, others};
            m.roles = fits ? m.roles : std::vector{others};
        }
        ASSERT_EQ(hand_in(list).verdict, verdict::accepted);
    }
    /// Whom the queue names for Shodoomer, who is a mage; the likeliest first.
    [[nodiscard]] std::vector<std::int64_t> named_for_the_mage() {
        std::vector<std::int64_t> out;
        const auto waits = item("Shodoomer");
        for (const engine::item_candidate& c :
             waits ? engine::candidates_of(*waits) : std::vector<engine::item_candidate>{}) {
            out.push_back(c.member.value());
        }
        return out;
    }
    [[nodiscard]] std::string explained(std::int64_t member) {
        return to_text(look().explain_match(w->ids().guild, named("Shodoomer").id, member_id{member}));
    }
    /// What a matcher that was read before is told to bring in line after `change`.
    template <class Change>
    std::vector<std::int64_t> touched_by(Change change) {
        const guild_id guild = w->ids().guild;
        const auto db = w->database().connect();
        const auto reading = [&](auto work) {
            return store::in_tx(*db, store::tx_mode::read, [&] {
                db->enter_guild(guild);
                return work();
            });
        };
        auto kept = std::make_unique<engine::loaded_matcher>(reading(
            [&] { return engine::load_matcher(*db, guild, engine::setup_of(look().settings(guild))); }));
        change();
        std::vector<std::int64_t> out;
        reading([&] {
            engine::match_rows rows(*db, guild);
            for (const member_id id : engine::reload_role_names(*kept, rows)) {
                out.push_back(id.value());
            }
        });
        return out;
    }
};

TEST_F(RoleNames, PutWhoPlaysTheClassFirst) {
    two_who_fit_alike();
    ASSERT_THAT(named_for_the_mage(), ElementsAre(2501, 2502)) << "nothing tells them apart";
    const reply said = name_roles({{blue, "Priest"}, {green, "Mage"}, {others, "Raider"}});
    ASSERT_EQ(said.verdict, verdict::accepted);
    EXPECT_THAT(said.data, Contains(datum("new", "3")));
    EXPECT_THAT(said.data, Contains(datum("new_names", "Priest, Mage, Raider")));
    EXPECT_THAT(named_for_the_mage(), ElementsAre(2502, 2501));
    EXPECT_THAT(explained(2502), HasSubstr("class"));
    EXPECT_THAT(explained(2501), HasSubstr("class"));
    EXPECT_EQ(explained(2503).find("class"), std::string::npos) << "Raider is no class";
    expect_equal_to_a_new_run();
}

TEST_F(RoleNames, FollowARoleThatIsRenamedOrDeleted) {
    two_who_fit_alike();
    ASSERT_EQ(name_roles({{blue, "Priest"}, {green, "Mage"}}).verdict, verdict::accepted);
    ASSERT_THAT(named_for_the_mage(), ElementsAre(2502, 2501));
    const reply renamed = name_roles({{blue, "Mage"}, {green, "Priest"}});
    EXPECT_THAT(renamed.data, Contains(datum("renamed_names", "Priest -> Mage, Mage -> Priest")));
    EXPECT_THAT(renamed.data, Contains(datum("unchanged", "0")));
    EXPECT_THAT(named_for_the_mage(), ElementsAre(2501, 2502));
    expect_equal_to_a_new_run();
    ASSERT_THAT(explained(2501), HasSubstr("class"));
    const reply gone = name_roles({{green, "Priest"}});
    EXPECT_THAT(gone.data, Contains(datum("gone_names", "Mage")));
    EXPECT_THAT(name_roles({{green, "Priest"}}).data,
                IsSupersetOf({datum("gone", "0"), datum("new", "0"), datum("unchanged", "1")}));
    EXPECT_EQ(explained(2501).find("class"), std::string::npos);
    expect_equal_to_a_new_run();
}

TEST_F(RoleNames, OfAPartOfTheRolesLeaveTheOthers) {
    two_who_fit_alike();
    ASSERT_EQ(name_roles({{blue, "Priest"}, {green, "Mage"}}).verdict, verdict::accepted);
    const reply said = name_roles({{others, "Raider"}}, role_coverage::some);
    EXPECT_THAT(said.data, Contains(datum("gone", "0")));
    EXPECT_THAT(said.data, Contains(datum("complete", "no")));
    EXPECT_THAT(named_for_the_mage(), ElementsAre(2502, 2501));
}

TEST_F(RoleNames, AreNotForgottenForAnEmptyList) {
    two_who_fit_alike();
    ASSERT_EQ(name_roles({{blue, "Priest"}, {green, "Mage"}}).verdict, verdict::accepted);
    const reply said = name_roles({});
    ASSERT_EQ(said.verdict, verdict::refused);
    EXPECT_EQ(said.why->code, errc::incomplete);
    EXPECT_THAT(named_for_the_mage(), ElementsAre(2502, 2501));
}

TEST_F(RoleNames, TouchOnlyWhoCarriesARoleThatSaysSomethingElse) {
    two_who_fit_alike();
    ASSERT_EQ(name_roles({{blue, "Blue"}, {green, "Green"}, {others, "Raider"}}).verdict, verdict::accepted);
    EXPECT_THAT(touched_by([&] {
                    (void)name_roles({{blue, "B"}, {green, "Mage"}, {others, "R"}});
                }),
                ElementsAre(2502));
    EXPECT_THAT(touched_by([&] {
                    (void)name_roles({{blue, "Blue"}, {green, "Mage"}, {others, "Raiders"}});
                }),
                IsEmpty())
        << "no class before and none now";
    EXPECT_THAT(touched_by([&] {
                    (void)name_roles({{green, "Priest"}, {blue, "Mage"}});
                }),
                ElementsAre(2501, 2502));
    EXPECT_THAT(touched_by([&] { (void)name_roles({{blue, "Mage"}}); }), ElementsAre(2502));
}

TEST_F(RoleNames, AreToldBeforeTheyAreTaken) {
    ASSERT_EQ(name_roles({{blue, "Priest"}, {green, "Mage"}}).verdict, verdict::accepted);
    const identity::role_snapshot list{{{green, "Druid"}, {others, "Raider"}}, role_coverage::everything, ""};
    EXPECT_THAT(look().role_changes(w->ids().guild, list),
                ElementsAre(role_change{blue, "Priest", ""}, role_change{green, "Mage", "Druid"},
                            role_change{others, "", "Raider"}));
}

TEST_F(RoleNames, FollowAMemberWhoGetsARole) {
    two_who_fit_alike();
    ASSERT_EQ(name_roles({{blue, "Mage"}}).verdict, verdict::accepted);
    ASSERT_THAT(named_for_the_mage(), ElementsAre(2501, 2502));
    identity::member_snapshot list = listed();
    for (identity::listed_member& m : list.members) {
        m.roles = m.id == member_id{2502} ? std::vector{blue} : std::vector<role_id>{};
    }
    ASSERT_EQ(hand_in(list).verdict, verdict::accepted);
    EXPECT_THAT(named_for_the_mage(), ElementsAre(2502, 2501));
    expect_equal_to_a_new_run();
}

} // namespace
} // namespace patt::engine_tests
