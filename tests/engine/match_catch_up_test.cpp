// A matcher that is kept while another host writes: it follows the members and links that the log tells of,
// and is then what reading everything anew would give.

#include "engine/match_index.hpp"
#include "engine/matching_fixture.hpp"
#include "engine/spoken.hpp"
#include "store/match_repository.hpp"

#include <array>
#include <random>
#include <string>
#include <vector>

namespace patt::engine_tests {
namespace {

/// A matcher of its own beside the engine's, as another host has.
class other_host {
public:
    explicit other_host(Matching& of)
        : of_(of)
        , db_(of.w->database().connect()) {}
    [[nodiscard]] std::size_t reads() const { return index_.builds(); }
    /// What it decides, which is what a fresh one does.
    void expect_equal_to_a_new_one(const std::string& after) {
        const guild_id guild = of_.w->ids().guild;
        const log::head head = *of_.look().log_head(guild);
        const engine::match_setup setup = engine::setup_of(of_.look().settings(guild));
        store::in_tx(*db_, store::tx_mode::read, [&] {
            db_->enter_guild(guild);
            const auto kept = index_.warm(*db_, guild, head, setup);
            const engine::loaded_matcher fresh = engine::load_matcher(*db_, guild, setup);
            EXPECT_EQ(kept->matcher.decisions(), fresh.matcher.decisions()) << after;
            EXPECT_EQ(kept->matcher.member_count(), fresh.matcher.member_count()) << after;
            for (const identity::match_decision& d : fresh.matcher.decisions()) {
                const auto found = fresh.rulings.find(d.character);
                const auto same = kept->rulings.find(d.character);
                EXPECT_EQ(same == kept->rulings.end() ? 0 : same->second.size(),
                          found == fresh.rulings.end() ? 0 : found->second.size())
                    << after;
            }
        });
    }

private:
    Matching& of_;
    std::unique_ptr<store::connection> db_;
    engine::match_index index_;
};

struct MatchCatchUp : Matching {};

TEST_F(MatchCatchUp, ReadsOnlyWhatMembersAndLinksHaveBecome) {
    join(2201, "first fellow");
    other_host there(*this);
    there.expect_equal_to_a_new_one("the beginning");
    join(2202, "shodoomer");
    there.expect_equal_to_a_new_one("a member who fits");
    EXPECT_EQ(owner("Shodoomer"), member_id{2202});
    const member_id claims = w->join("nobody in particular");
    w->say(claims, "yes");
    w->say(claims, "Kestrelby");
    w->say(claims, "yes");
    w->say(claims, "none");
    EXPECT_EQ(owner("Kestrelby"), claims);
    there.expect_equal_to_a_new_one("somebody claims a character");
    w->leave(member_id{2202});
    there.expect_equal_to_a_new_one("the member leaves");
    EXPECT_EQ(there.reads(), 1U);
    note("Brackenfell", "Discord: first fellow");
    there.expect_equal_to_a_new_one("notes");
    EXPECT_EQ(there.reads(), 2U) << "notes may be about everybody";
}

TEST_F(MatchCatchUp, ReadsWhatRolesAreCalledNow) {
    for (const std::int64_t who : {2203, 2204}) {
        join(who, "fellow " + std::to_string(who));
    }
    identity::member_snapshot list = listed();
    for (identity::listed_member& m : list.members) {
        m.nickname = "Shodoomer";
        m.roles = {role_id{70 + m.id.value() % 2}};
    }
    ASSERT_EQ(hand_in(list).verdict, verdict::accepted);
    other_host there(*this);
    there.expect_equal_to_a_new_one("the beginning");
    ASSERT_EQ(name_roles({{role_id{70}, "Mage"}, {role_id{71}, "Priest"}}).verdict, verdict::accepted);
    there.expect_equal_to_a_new_one("names of roles");
    EXPECT_EQ(there.reads(), 1U) << "only those who have the roles are read again";
    join(2205, "kestrelby");
    there.expect_equal_to_a_new_one("and it knows them afterwards");
}

TEST_F(MatchCatchUp, ReadsAnewWhatFitsAnotherHistory) {
    join(2201, "first fellow");
    other_host there(*this);
    there.expect_equal_to_a_new_one("the beginning");
    // As after a failover that lost the last event, in whose place others happened.
    const auto db = beside(w->database());
    store::in_tx(*db, store::tx_mode::write, [&] {
        db->run("UPDATE event SET hash = prev WHERE guild_id = $1 AND seq ="
                " (SELECT g.log_seq FROM guild g WHERE g.guild_id = $1)",
                {w->ids().guild.value()});
    });
    join(2202, "shodoomer");
    there.expect_equal_to_a_new_one("what it fits is gone");
    EXPECT_EQ(there.reads(), 2U);
}

TEST_F(MatchCatchUp, TheOtherAccountOfSomebodyWhoLeavesStandsForThem) {
    const member_id first = w->join("nobody in particular");
    for (const char* answer : {"yes", "Kestrelby", "yes", "none"}) {
        w->say(first, answer);
    }
    ASSERT_EQ(owner("Kestrelby"), first);
    join(2301, "second account");
    const auto db = w->database().connect();
    store::in_tx(*db, store::tx_mode::write, [&] {
        db->enter_guild(w->ids().guild);
        db->run("UPDATE member SET person_id = (SELECT m.person_id FROM member m WHERE m.guild_id = 1 AND "
                "m.member_id"
                " = $1) WHERE guild_id = 1 AND member_id = 2301",
                {first.value()});
    });
    other_host there(*this);
    there.expect_equal_to_a_new_one("two accounts");
    w->leave(first);
    there.expect_equal_to_a_new_one("one of them left");
    EXPECT_EQ(there.reads(), 1U);
}

/// A roster with so many characters.
std::string many(int characters) {
    std::string out;
    for (int i = 0; i < characters; ++i) {
        const std::string name{static_cast<char>('A' + i / 26 % 26),
                               static_cast<char>('a' + i % 26),
                               static_cast<char>('a' + i / 676),
                               'o',
                               'r',
                               'n'};
        out += name + "-Senjin, Mage, 4\n";
    }
    return out;
}

TEST_F(MatchCatchUp, FollowsDeparturesFromTheFirstOn) {
    how.database = fresh_database();
    how.roster = many(600);
    w = std::make_unique<world>(how);
    w->set("roster.shrink_limit", "90");
    join(2201, "first fellow");
    other_host there(*this);
    engine::import_roster fewer;
    fewer.snapshot = testing::roster_from_text(many(300));
    ASSERT_EQ(hand_in(fewer).verdict, verdict::accepted);
    std::size_t departed = 0;
    for (int steps = 0; departed == 0 && steps < 20; ++steps) {
        there.expect_equal_to_a_new_one("so far");
        static_cast<void>(w->engine().run_timers(duration{0}));
        const std::vector<std::string> kinds = log_kinds(*w);
        departed = static_cast<std::size_t>(std::count(kinds.begin(), kinds.end(), "character.departed"));
    }
    ASSERT_GT(departed, 200U);
    ASSERT_LT(departed, 300U) << "the import is not over";
    there.expect_equal_to_a_new_one("some are gone");
    EXPECT_EQ(hand_in(engine::cancel_job{look().jobs(w->ids().guild, 1).front().id}).verdict,
              verdict::accepted);
    there.expect_equal_to_a_new_one("and the others stay");
}

/// Hears what is written to the tables that the matcher reads, and whether the log tells other hosts of it.
class overheard {
public:
    overheard() {
        said_.on_statement = [this](std::string_view sql) {
            for (const char* table : {"member", "member_alias", "game_character", "character_name", "link",
                                      "character_note", "match_ruling", "chat_role"}) {
                const bool writes = sql.starts_with("INSERT INTO " + std::string(table) + " ") ||
                                    sql.starts_with("UPDATE " + std::string(table) + " ") ||
                                    sql.starts_with("DELETE FROM " + std::string(table) + " ");
                wrote_ = writes ? std::string(sql.substr(0, 60)) : wrote_;
            }
        };
        said_.on_begin = [this](store::tx_mode) { compare(); };
    }
    std::shared_ptr<store::database> on(std::shared_ptr<store::database> real) {
        real_ = std::move(real);
        return recording(real_, said_);
    }
    /// Between two transactions.
    void compare() {
        if (!db_ && !wrote_.empty()) {
            db_ = beside(*real_);
        }
        if (!wrote_.empty()) {
            const auto since = store::match_changes_since(*db_, guild_id{1}, seen_, 1'000);
            EXPECT_NE(since.how_much, store::match_changes::extent::nothing) << wrote_;
            const store::cursor head = db_->query("SELECT log_seq FROM guild WHERE guild_id = 1");
            seen_ = head->next() ? head->i64(0) : seen_;
            ++compared;
        }
        wrote_.clear();
    }
    int compared = 0;

private:
    std::shared_ptr<store::database> real_;
    std::unique_ptr<store::connection> db_;
    spoken said_;
    std::string wrote_;
    std::int64_t seen_ = 0;
};

TEST_F(MatchCatchUp, IsToldOfWhateverIsWritten) {
    overheard ears;
    how.database = ears.on(fresh_database());
    w = std::make_unique<world>(how);
    const member_id claims = w->join("nobody in particular");
    w->chat().add_fault(testing::fails(1, testing::chat_operation::replace_roles));
    for (const char* answer : {"yes", "Kestrelby", "yes", "Brackenfell", "yes"}) {
        w->say(claims, answer);
    }
    w->turn(1min); // The role comes in an input of its own.
    ASSERT_THAT(log_kinds(*w), Contains("roles.set"));
    join(2202, "shodoomer");
    join(2203, "highlordan");
    w->turn(1min);
    note("Brackenfell", "Discord: first fellow");
    rule(ruling_kind::accepted, "Highlordan", 2203);
    ASSERT_EQ(name_roles({{w->ids().initiate, "Mage"}}).verdict, verdict::accepted);
    identity::member_snapshot list = listed();
    list.members[0].nickname = "Somebody else";
    ASSERT_EQ(hand_in(list).verdict, verdict::accepted);
    w->leave(member_id{2202});
    w->set("roster.shrink_limit", "90");
    w->import("Kestrelby-Senjin, Druid, 3\nNewcomer-Senjin, Mage, 4\n");
    w->turn(24h);
    w->officer(onboarding::officer_verb::resolve, claims, "Newcomer-Senjin");
    w->turn(24h);
    w.reset(); // It speaks until its end.
    ears.compare();
    EXPECT_GT(ears.compared, 12);
}

TEST_F(MatchCatchUp, IsEqualAfterAnyHistory) {
    constexpr std::array names{"shodoomer", "Kestrelby", "brackenfel", "highlordan", "shodoomer.",
                               "kestrel",   "someone",   "Bracken",    "other"};
    constexpr std::array<const char*, 3> claimed{"Shodoomer", "Kestrelby", "Brackenfell"};
    for (const unsigned seed : {1U, 2U, 3U}) {
        std::mt19937 dice(seed);
        other_host there(*this);
        std::vector<member_id> here;
        for (int i = 0; i < 14; ++i) {
            std::string did;
            switch (dice() % 4) {
            case 0:
            case 1: {
                const member_id who{static_cast<std::int64_t>(3000 + seed * 100 + static_cast<unsigned>(i))};
                did = std::string("joins: ") + names[dice() % names.size()];
                join(who.value(), did.substr(7));
                here.push_back(who);
                break;
            }
            case 2:
                if (!here.empty()) {
                    const std::size_t which = dice() % here.size();
                    did = "leaves";
                    w->leave(here[which]);
                    here.erase(here.begin() + static_cast<std::ptrdiff_t>(which));
                }
                break;
            default:
                if (!here.empty()) {
                    const member_id who = here[dice() % here.size()];
                    did = std::string("claims: ") + claimed[dice() % claimed.size()];
                    w->say(who, "yes");
                    w->say(who, did.substr(8));
                    w->say(who, "yes");
                }
            }
            if (dice() % 3 != 0) { // Else several come together.
                there.expect_equal_to_a_new_one(did + ", seed " + std::to_string(seed));
            }
        }
        EXPECT_LE(there.reads(), 2U) << seed;
    }
}

} // namespace
} // namespace patt::engine_tests
