// The table of trust as the simulation has it: a judge that is wrong is worse than none.

#include "simulation/trust_oracle.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace patt::simulation {
namespace {

const role_id member_role{303};
const member_id somebody{7};

class TrustOracle : public ::testing::Test {
protected:
    TrustOracle() {
        game_guild g;
        g.id = guild_id{3};
        for (int rank = 0; rank < 5; ++rank) {
            g.rank_roles.emplace_back(300 + rank);
        }
        add(g, "ursanquen", "Ursánquen", 3);
        add(g, "urquenfa", "Urquenfa", 1);
        guilds_.push_back(std::move(g));
        oracle_.roster_told(guilds_.front(), roster_shape::whole, now_);
    }

    static void add(game_guild& to, std::string plain, std::string name, int rank) {
        game_character c;
        c.game = game_id{static_cast<std::int64_t>(to.characters.size()) + 1};
        c.plain = std::move(plain);
        c.name = std::move(name);
        c.rank = rank;
        to.characters.push_back(std::move(c));
    }

    /// "Found ... That you?"
    void asks_about(guild_id guild, std::string_view name) {
        said_.asked(guild, somebody, {prompt_kind::confirm, "that_you", {}}, name);
    }

    [[nodiscard]] bool may_have(role_id role) {
        testing::ledger_entry done;
        done.at = now_;
        done.operation = testing::chat_operation::replace_roles;
        done.guild = guilds_.front().id;
        done.target = somebody.value();
        done.after = {role};
        return !oracle_.roles_replaced(done).has_value();
    }

    std::vector<game_guild> guilds_;
    claims said_;
    trust_oracle oracle_{guilds_, said_};
    instant now_{1'000'000};
    const guild_id here_{3};
};

TEST_F(TrustOracle, AllowsTheRoleOfTheNameThatWasGiven) {
    said_.named(somebody, "ursanquen");
    EXPECT_TRUE(may_have(member_role));
    EXPECT_FALSE(may_have(role_id{302}));
}

TEST_F(TrustOracle, SeesNoClaimInACharacterThatWasOnlyMentioned) {
    said_.mentioned(somebody, "ursanquen");
    EXPECT_FALSE(may_have(member_role));
}

// Whoever claimed an officer's character and waits may name another one, and an alt that comes late is one.
TEST_F(TrustOracle, TakesAYesToTheQuestionAboutAMentionedOneForAClaim) {
    said_.named(somebody, "urquenfa");
    said_.mentioned(somebody, "ursanquen");
    asks_about(here_, "Ursánquen");
    EXPECT_FALSE(may_have(member_role));
    said_.said(somebody, "yes");
    EXPECT_TRUE(may_have(member_role));
    EXPECT_FALSE(may_have(role_id{301}));
}

TEST_F(TrustOracle, TakesWhatIsNeitherYesNorNoForAYesAsTheQuestionDoes) {
    said_.mentioned(somebody, "ursanquen");
    asks_about(here_, "Ursánquen");
    said_.said(somebody, "-");
    EXPECT_TRUE(may_have(member_role));
}

TEST_F(TrustOracle, SeesNoClaimInANo) {
    said_.mentioned(somebody, "ursanquen");
    asks_about(here_, "Ursánquen");
    said_.said(somebody, "No, sorry");
    EXPECT_FALSE(may_have(member_role));
}

TEST_F(TrustOracle, SeesNoClaimInAYesToAQuestionAboutSomebodyWhomTheyNeverMentioned) {
    asks_about(here_, "Ursánquen");
    said_.said(somebody, "yes");
    EXPECT_FALSE(may_have(member_role));
}

TEST_F(TrustOracle, SeesNoClaimInAYesToTheNextQuestion) {
    said_.mentioned(somebody, "ursanquen");
    asks_about(here_, "Ursánquen");
    said_.asked(here_, somebody, {prompt_kind::text, "main_again", {}}, {});
    said_.said(somebody, "yes");
    EXPECT_FALSE(may_have(member_role));
}

TEST_F(TrustOracle, TakesAYesForTheQuestionsOfAllGuilds) {
    said_.mentioned(somebody, "ursanquen");
    asks_about(here_, "Ursánquen");
    said_.asked(guild_id{1}, somebody, {prompt_kind::confirm, "in_guild", {}}, {});
    said_.said(somebody, "yes");
    EXPECT_TRUE(may_have(member_role));
}

TEST_F(TrustOracle, TakesTheNumberOfAnOfferedMainOneForAClaim) {
    const std::vector<std::string> offered = {"Urquenfa — Area 52, Druid, Officer",
                                              "Ursánquen — Area 52, Druid, Member"};
    said_.asked(here_, somebody, {prompt_kind::choice, "which_alt", offered}, {});
    said_.said(somebody, "2");
    EXPECT_FALSE(may_have(member_role));
    said_.asked(here_, somebody, {prompt_kind::choice, "which_main", offered}, {});
    said_.said(somebody, "1");
    EXPECT_FALSE(may_have(member_role));
    said_.said(somebody, "3");
    EXPECT_FALSE(may_have(member_role));
    said_.said(somebody, "2");
    EXPECT_TRUE(may_have(member_role));
}

TEST_F(TrustOracle, TakesAYesToTheOnlyOfferedOneForAClaim) {
    said_.asked(here_, somebody,
                {prompt_kind::choice, "did_you_mean", {"Ursánquen — Area 52, Druid, Member"}}, {});
    said_.said(somebody, "yep");
    EXPECT_TRUE(may_have(member_role));
}

TEST(Claims, ReadWhomAQuestionIsAbout) {
    EXPECT_EQ(main_in("Found **Fárorona** on **Senjin** — Mage, Member! That you? 🎉"), "Fárorona");
    EXPECT_EQ(main_in("Are you in the guild?"), "");
    EXPECT_EQ(main_in("An **unfinished one"), "");
}

} // namespace
} // namespace patt::simulation
