// Roster imports as jobs: progress, cancel, restart, one after the other, incomplete ones.
#include "engine/engine_fixture.hpp"
#include "engine/spoken.hpp"

#include <fmt/core.h>

namespace patt::engine_tests {
namespace {

using integrity::issue_type;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// So many members with names of letters; `from` shifts them.
std::string many(int count, int from = 0, std::string_view class_rank_level = "Mage, 4") {
    std::string out;
    for (int i = from; i < from + count; ++i) {
        out += fmt::format("Ab{}{}{}cd-Senjin, {}\n", static_cast<char>('a' + i % 26),
                           static_cast<char>('a' + i / 26 % 26), static_cast<char>('a' + i / 676),
                           class_rank_level);
    }
    return out;
}

struct Imports : ::testing::Test {
    testing::world_options how;
    std::unique_ptr<world> w;

    Imports() {
        how.database = fresh_database();
        how.roster.clear();
        w = std::make_unique<world>(how);
    }
    reply hand_in(std::string_view roster) {
        return w->engine().handle({w->ids().guild, at_the_machine, "", "",
                                   engine::import_roster{testing::roster_from_text(roster), {}, "manual"}});
    }
    static std::int64_t named(const reply& from, std::string_view what) {
        for (const auto& [name, value] : from.data) {
            if (name == what) {
                return std::stoll(value);
            }
        }
        throw failure("the reply does not name its " + std::string(what));
    }
    std::size_t present() { return engine::queries(w->database()).characters(w->ids().guild).size(); }
    store::job_row job(const reply& from) {
        return *engine::queries(w->database()).job(w->ids().guild, job_id{named(from, "job")});
    }
    store::sync_run_row run(const reply& from) {
        return *engine::queries(w->database()).sync_run(w->ids().guild, sync_run_id{named(from, "sync_run")});
    }
    std::vector<issue_type> issues() {
        std::vector<issue_type> out;
        for (const integrity::issue& i : engine::queries(w->database()).open_issues(w->ids().guild)) {
            out.push_back(i.type);
        }
        return out;
    }
    /// One round of what is due: one chunk.
    void one_chunk() { static_cast<void>(w->engine().run_once(duration{0})); }
};

TEST_F(Imports, GoOnInChunksAndAfterARestart) {
    const reply begun = hand_in(many(600));
    ASSERT_EQ(begun.verdict, verdict::accepted);
    EXPECT_EQ(job(begun).total, 3);
    one_chunk();
    EXPECT_EQ(job(begun).done, 1);
    EXPECT_EQ(present(), 250U);
    w->restart();
    one_chunk();
    EXPECT_EQ(job(begun).done, 2);
    w->restart();
    w->settle();
    EXPECT_EQ(job(begun).state, "done");
    EXPECT_EQ(present(), 600U);
    const store::sync_run_row counted = run(begun);
    EXPECT_EQ(counted.status, "success");
    EXPECT_EQ(counted.added, 600);
    EXPECT_EQ(counted.removed, 0);
    EXPECT_TRUE(counted.ended_at);
    expect_whole_log(*w);
}

/// The statements of an import that are about who plays whom.
std::vector<std::string> about_matching(const spoken& said) {
    std::vector<std::string> out;
    for (const spoken::statement& s : said.all()) {
        if (s.sql.find("match_item") != std::string::npos ||
            s.sql.find("character_note") != std::string::npos) {
            out.push_back(s.sql);
        }
    }
    return out;
}

TEST_F(Imports, WhoPlaysWhomIsAskedAgainOnlyWhereItMatters) {
    spoken levels;
    spoken classes;
    how.database = recording(recording(fresh_database(), classes), levels);
    world here(how);
    here.import(many(300));
    levels.listens = true;
    here.import(many(300, 0, "Mage, 4, 61"));
    levels.listens = false;
    classes.listens = true;
    here.import(many(300, 0, "Druid, 4, 61"));
    EXPECT_THAT(about_matching(levels), IsEmpty());
    EXPECT_THAT(about_matching(classes), Not(IsEmpty()));
}

TEST_F(Imports, CancelStopsAtTheNextChunk) {
    const reply begun = hand_in(many(600));
    one_chunk();
    const engine::command stop = engine::cancel_job{job_id{named(begun, "job")}};
    EXPECT_EQ(w->handle(stop, at_the_machine).verdict, verdict::accepted);
    w->turn(1h);
    EXPECT_EQ(job(begun).state, "cancelled");
    EXPECT_EQ(run(begun).status, "cancelled");
    EXPECT_TRUE(run(begun).ended_at);
    EXPECT_EQ(present(), 250U) << "what was merged stays, nobody is removed";
    EXPECT_EQ(w->handle(stop, at_the_machine).why->code, errc::wrong_state);
    EXPECT_EQ(w->handle(engine::cancel_job{job_id{1}}, at_the_machine).why->code, errc::not_found);
    const reply next = hand_in(many(600));
    w->settle();
    EXPECT_EQ(job(next).state, "done") << "a cancelled one stands in nobody's way";
    EXPECT_EQ(present(), 600U);
}

TEST_F(Imports, TwoGoOneAfterTheOther) {
    const reply first = hand_in(many(300));
    const reply second = hand_in(many(310));
    w->turn(1min);
    EXPECT_EQ(job(first).state, "done");
    EXPECT_EQ(job(second).state, "done");
    EXPECT_EQ(present(), 310U);
    EXPECT_EQ(run(first).added, 300);
    EXPECT_EQ(run(second).added, 10);
}

TEST_F(Imports, AVerdictOfBeforeTheWaitRemovesNobody) {
    const reply whole = hand_in(many(300));
    const reply shrunken = hand_in(many(20)); // Nobody was there when it was judged.
    w->turn(1min);
    EXPECT_EQ(job(whole).state, "done");
    EXPECT_EQ(present(), 300U) << "an outage is never a departure";
    EXPECT_EQ(run(shrunken).status, "partial");
    EXPECT_EQ(run(shrunken).removed, 0);
}

TEST_F(Imports, AnEmptyRosterIsRefused) {
    w->import(testing::small_roster);
    const reply no = hand_in("");
    EXPECT_EQ(no.verdict, verdict::refused);
    EXPECT_EQ(no.why->code, errc::incomplete);
    w->settle();
    EXPECT_EQ(present(), 6U);
    EXPECT_THAT(issues(), ElementsAre(issue_type::roster_incomplete));
    EXPECT_EQ(run(no).status, "error");
    hand_in("");
    EXPECT_THAT(issues(), SizeIs(1)) << "one issue while rosters are incomplete";
    w->import(testing::small_roster);
    EXPECT_THAT(issues(), IsEmpty());
}

TEST_F(Imports, AnOutageNeedsNoSnapshot) {
    const reply answer =
        w->handle(engine::import_roster{nullptr, {}, "scheduled", "HTTP 503"}, at_the_machine);
    ASSERT_EQ(answer.verdict, verdict::refused);
    EXPECT_EQ(answer.why->code, errc::incomplete);
    EXPECT_EQ(run(answer).note, "HTTP 503");
    EXPECT_THAT(issues(), Contains(issue_type::roster_incomplete));
}

TEST_F(Imports, OfNothingAreRefused) {
    const std::vector<engine::command> nothing{engine::import_roster{}, engine::import_members{},
                                               engine::import_roles{}};
    for (const engine::command& what : nothing) {
        const reply answer = w->handle(what, at_the_machine);
        ASSERT_EQ(answer.verdict, verdict::refused);
        EXPECT_EQ(answer.why->code, errc::invalid_input);
    }
    EXPECT_THAT(issues(), IsEmpty());
}

TEST_F(Imports, AShrunkenRosterIsMergedAndRemovesNobody) {
    w->import(many(100));
    const reply less = hand_in(many(40) + "Newone-Senjin, Druid, 4\n");
    EXPECT_EQ(less.verdict, verdict::accepted);
    w->settle();
    EXPECT_EQ(present(), 101U);
    EXPECT_EQ(run(less).status, "partial");
    EXPECT_THAT(issues(), ElementsAre(issue_type::roster_incomplete));
}

TEST_F(Imports, WhoeverIsMissingFromAWholeRosterHasLeft) {
    w->import(many(100));
    const reply next = hand_in(many(98, 2));
    w->settle();
    EXPECT_EQ(present(), 98U);
    EXPECT_EQ(run(next).removed, 2);
    EXPECT_THAT(log_kinds(*w), Contains("character.departed"));
    const reply back = hand_in(many(100));
    w->settle();
    EXPECT_EQ(run(back).returned, 2);
    EXPECT_EQ(run(back).added, 0);
}

TEST_F(Imports, TheSameRosterTwiceChangesNothing) {
    w->import(many(100));
    const reply again = hand_in(many(100));
    w->settle();
    EXPECT_EQ(run(again).unchanged, 100);
    EXPECT_EQ(run(again).updated, 0);
}

TEST_F(Imports, TheNearestNamesAreThoseOfNow) {
    w->import("Zatanna-Senjin, Mage, 4\nMito-Senjin, Druid, 3\n");
    const auto offered = [&](std::string_view typed) {
        const member_id who = w->join("Somebody");
        w->say(who, "yes");
        w->say(who, typed);
        return session_of(*w, who)->session.step;
    };
    EXPECT_EQ(offered("Zatannax"), "did_you_mean");
    EXPECT_EQ(offered("Krunchy"), "alts_unknown");
    w->import("Zatanna-Senjin, Mage, 4\nMito-Senjin, Druid, 3\nKrunch-Senjin, Warrior, 4\n");
    EXPECT_EQ(offered("Krunchy"), "did_you_mean") << "the warm index follows the roster";
    w->import("Mito-Senjin, Druid, 3\nKrunch-Senjin, Warrior, 4\n");
    EXPECT_EQ(offered("Zatannax"), "alts_unknown") << "who left is not offered";
}

TEST_F(Imports, APromotionChangesTheRoleInOneWrite) {
    w->import("Mito-Senjin, Druid, 4\n");
    const member_id who = w->join("Mito");
    for (const std::string_view text : {"yes", "Mito", "yes", "none"}) {
        w->say(who, text);
    }
    EXPECT_THAT(w->roles(who), ElementsAre(w->ids().initiate));
    w->import("Mito-Senjin, Druid, 3\n");
    w->turn(5min);
    EXPECT_THAT(w->roles(who), ElementsAre(w->ids().member));
    w->import("Mito-Senjin, Druid, 1\n");
    w->turn(5min);
    EXPECT_THAT(w->roles(who), IsEmpty()) << "a claim gives no officer's role";
    std::size_t writes = 0;
    for (const testing::ledger_entry& e : w->chat().ledger()) {
        writes += e.operation == testing::chat_operation::replace_roles ? 1U : 0U;
    }
    EXPECT_EQ(writes, 3U);
    expect_whole_log(*w);
}

} // namespace
} // namespace patt::engine_tests
