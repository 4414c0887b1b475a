// Flows that exist in tests only, run by the engine as it is.
#include "engine/engine_fixture.hpp"
#include "unit/onboarding/own_flows.hpp"

namespace patt::engine_tests {
namespace {

using onboarding::checklist_document;
using onboarding::entry_flow_document;
using onboarding::officer_verb;
using onboarding::session_state;
using onboarding::task_completed;
using ::testing::Contains;
using ::testing::SizeIs;

testing::world_options with_flows(std::vector<std::string> flows, std::string_view entry) {
    testing::world_options how;
    how.database = fresh_database();
    how.engine.flows = std::move(flows);
    how.settings = {{"onboarding.flow", std::string(entry)}};
    return how;
}

TEST(OwnFlows, ARaiderIsAskedAgreesAndIsReviewed) {
    world w(with_flows({entry_flow_document(1)}, "entry"));
    const member_id zat = w.join("Zat");
    w.say(zat, "raider");
    w.say(zat, "accept");
    EXPECT_EQ(session_of(w, zat)->session.state, session_state::reviewing);
    EXPECT_THAT(w.posts(w.ids().audit), SizeIs(1));
    w.restart();
    EXPECT_EQ(w.officer(officer_verb::approve, zat).verdict, verdict::accepted);
    EXPECT_EQ(session_of(w, zat)->session.state, session_state::completed);
    expect_whole_log(w);
}

TEST(OwnFlows, ASessionKeepsTheVersionItBeganWith) {
    const auto one = with_flows({entry_flow_document(1)}, "entry");
    world before(one);
    const member_id old = before.join("Old");
    before.say(old, "social");
    auto two = with_flows({entry_flow_document(1), entry_flow_document(2)}, "entry");
    two.database = one.database;
    two.roster.clear();
    world after(two);
    const member_id fresh{7001};
    after.chat().add_member(after.ids().guild, {old, "Old", {}});
    join_quietly(after, fresh);
    testing::settle(after.engine());
    after.say(fresh, "social");
    after.say(fresh, "accept");
    after.say(old, "accept");
    EXPECT_EQ(session_of(after, old)->session.flow_version, 1);
    EXPECT_EQ(session_of(after, fresh)->session.flow_version, 2);
    for (const member_id who : {old, fresh}) {
        EXPECT_EQ(session_of(after, who)->session.state, session_state::completed);
    }
    // Whoever joins again begins the newest version and is shown the newest document.
    after.handle(onboarding::member_left{old});
    after.handle(joined(old, after.clock().now() + 1h));
    EXPECT_EQ(session_of(after, old)->session.flow_version, 2);
}

TEST(OwnFlows, AMissedLeavingBeginsTheNewestVersion) {
    const auto one = with_flows({entry_flow_document(1)}, "entry");
    world before(one);
    const member_id old = before.join("Old");
    auto two = with_flows({entry_flow_document(1), entry_flow_document(2)}, "entry");
    two.database = one.database;
    two.roster.clear();
    world after(two);
    after.chat().add_member(after.ids().guild, {old, "Old", {}});
    after.handle(joined(old, after.clock().now() + 1h));
    EXPECT_EQ(session_of(after, old)->session.flow_version, 2);
}

TEST(OwnFlows, ANoEndsIt) {
    world w(with_flows({entry_flow_document(1)}, "entry"));
    const member_id zat = w.join("Zat");
    w.say(zat, "social");
    w.say(zat, "decline");
    w.say(zat, "decline");
    EXPECT_EQ(session_of(w, zat)->session.state, session_state::declined);
    for (const engine::timer_info& t : engine::queries(w.database()).timers(w.ids().guild)) {
        EXPECT_NE(t.owner, session_of(w, zat)->session.id.value()) << t.purpose;
    }
}

TEST(OwnFlows, TasksByRoleAndPredicate) {
    world w(with_flows({entry_flow_document(1), checklist_document}, "entry"));
    const member_id zat = w.join("Zat");
    w.say(zat, "raider");
    w.say(zat, "accept");
    w.officer(officer_verb::approve, zat);
    w.set("onboarding.flow", "checklist");
    w.officer(officer_verb::start, zat);
    EXPECT_EQ(session_of(w, zat)->session.flow, "checklist");
    EXPECT_EQ(w.handle(task_completed{zat, "kitchen"}, member_of(zat)).why->code, errc::not_found);
    EXPECT_EQ(w.handle(task_completed{zat, "addon"}, member_of(zat)).verdict, verdict::accepted);
    w.restart();
    EXPECT_EQ(w.handle(task_completed{zat, "website"}, member_of(member_id{666})).why->code,
              errc::not_allowed);
    EXPECT_EQ(session_of(w, zat)->session.state, session_state::active);
    w.handle(task_completed{zat, "website"}, member_of(zat));
    EXPECT_EQ(session_of(w, zat)->session.state, session_state::completed);
    EXPECT_THAT(log_kinds(w), Contains("policy.denied"));
    expect_whole_log(w);
}

TEST(OwnFlows, ABrokenDocumentStopsTheStart) {
    EXPECT_THROW(world(with_flows({"{}"}, "newcomer")), failure);
    EXPECT_THROW(world(with_flows({entry_flow_document(1), entry_flow_document(1)}, "entry")), failure);
}

TEST(OwnFlows, WhoIsDoneWithAFlowThatIsGoneMayGoOnTalking) {
    const auto how = with_flows({entry_flow_document(1)}, "entry");
    world before(how);
    const member_id zat = before.join("Zat");
    before.say(zat, "social");
    before.say(zat, "accept");
    ASSERT_EQ(session_of(before, zat)->session.state, session_state::completed);
    testing::world_options without;
    without.database = how.database;
    without.roster.clear();
    world after(without);
    after.set("onboarding.flow", "newcomer");
    after.chat().add_member(after.ids().guild, {zat, "Zat", {}});
    EXPECT_NO_THROW(after.say(zat, "hello"));
    EXPECT_EQ(session_of(after, zat)->session.state, session_state::completed);
    expect_whole_log(after);
}

TEST(OwnFlows, ASettingThatNamesNoFlowIsRefused) {
    world w(with_flows({entry_flow_document(1)}, "entry"));
    const reply answer = w.handle(engine::change_setting{"onboarding.flow", "entri"}, at_the_machine);
    ASSERT_EQ(answer.verdict, verdict::refused);
    EXPECT_EQ(answer.why->code, errc::invalid_input);
    EXPECT_THAT(answer.why->detail, ::testing::HasSubstr("entry, newcomer"));
    EXPECT_EQ(w.engine().settings(w.ids().guild).onboarding.flow, "entry");
    w.set("onboarding.flow", "");
    EXPECT_EQ(w.engine().settings(w.ids().guild).onboarding.flow, "newcomer");
}

/// A session of a flow that the program after a restart does not have, and the setting still names it.
struct GoneFlow : ::testing::Test {
    testing::world_options how = with_flows({entry_flow_document(1)}, "entry");
    member_id broken;
    std::unique_ptr<world> w;
    member_id healthy{7001};

    GoneFlow() {
        world before(how);
        broken = before.join("Broken");
        before.chat().set_outage(testing::outage::on);
        before.say(broken, "social"); // Its next question waits in the outbox.
        testing::world_options after;
        after.database = how.database;
        after.roster = "";
        w = std::make_unique<world>(after);
        w->import(testing::small_roster);
        w->chat().add_member(w->ids().guild, {broken, "Broken", {}});
    }
    engine::input message(member_id who, std::string text) {
        return {w->ids().guild, member_of(who), "", "", onboarding::message_received{who, std::move(text)}};
    }
};

TEST_F(GoneFlow, NewcomersAreLedThroughTheBuiltInOne) {
    join_quietly(*w, healthy);
    w->turn(1min);
    EXPECT_EQ(w->inbox(healthy).size(), 1U);
    EXPECT_EQ(session_of(*w, healthy)->session.flow, "newcomer");
    w->handle(onboarding::member_left{healthy});
    EXPECT_NE(session_of(*w, healthy)->session.state, session_state::active);
}

TEST_F(GoneFlow, WhatWasSentIsNotSentForEver) {
    w->chat().set_dedupe_window(duration{0});
    w->turn(3h);
    EXPECT_EQ(w->inbox(broken).size(), 1U);
    EXPECT_EQ(engine::queries(w->database()).outbox(w->ids().guild).sending, 0);
}

struct BrokenSession : GoneFlow {
    BrokenSession() { w->set("onboarding.flow", "newcomer"); }
};

TEST_F(BrokenSession, StopsNobody) {
    join_quietly(*w, healthy);
    w->turn(2h);
    EXPECT_EQ(w->inbox(healthy).size(), 2U) << "the question and the reminder";
    EXPECT_THROW(static_cast<void>(w->engine().handle(message(broken, "accept"))), failure);
    for (const std::string_view text : {"yes", "Mito", "yes", "none"}) {
        w->say(healthy, text);
    }
    EXPECT_EQ(session_of(*w, healthy)->session.state, session_state::completed);
    w->turn(48h);
    bool still_there = false;
    for (const engine::timer_info& t : engine::queries(w->database()).timers(w->ids().guild)) {
        still_there = still_there || t.owner == session_of(*w, broken)->session.id.value();
        EXPECT_GT(t.due, w->clock().now()) << "postponed, not spinning";
    }
    EXPECT_TRUE(still_there) << "kept for the day when its flow is back";
    expect_whole_log(*w);
}

TEST_F(BrokenSession, WhatWasSentIsNotSentForEver) {
    w->chat().set_dedupe_window(duration{0});
    w->turn(3h);
    EXPECT_EQ(w->inbox(broken).size(), 1U);
    EXPECT_EQ(engine::queries(w->database()).outbox(w->ids().guild).sending, 0);
}

TEST_F(BrokenSession, AFailingInputLeavesTheOthersOfItsBatch) {
    join_quietly(*w, healthy);
    testing::settle(w->engine());
    const member_id third{7002};
    const std::vector<engine::input> batch{message(healthy, "yes"),
                                           message(broken, "accept"),
                                           {w->ids().guild, {}, "", "", joined(third, w->clock().now())}};
    EXPECT_THROW(static_cast<void>(w->engine().handle_all(batch)), failure);
    EXPECT_EQ(session_of(*w, healthy)->session.step, "main");
    EXPECT_TRUE(session_of(*w, third).has_value());
    EXPECT_EQ(session_of(*w, broken)->session.step, "rules");
    expect_whole_log(*w);
}

} // namespace
} // namespace patt::engine_tests
