// Inputs: keys, guilds and routes, threads, policy.
#include "engine/engine_fixture.hpp"
#include "engine/spoken.hpp"
#include "store/guild_repository.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <thread>
#include <vector>

namespace patt::engine_tests {
namespace {

using onboarding::message_received;
using onboarding::session_state;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(InputKey, TheSameKeyGetsTheSameReplyAndHappensOnce) {
    world w;
    const member_id zat = w.join("Zat");
    const engine::input once{w.ids().guild, member_of(zat), "", "interaction:1",
                             message_received{zat, "yes"}};
    const reply first = w.engine().handle(once);
    const std::size_t logged = log_kinds(w).size();
    const reply again = w.engine().handle(once);
    EXPECT_EQ(again.verdict, first.verdict);
    EXPECT_EQ(again.text, first.text);
    EXPECT_EQ(again.data, first.data);
    EXPECT_EQ(session_of(w, zat)->session.step, "main") << "yes was not taken for a name";
    EXPECT_EQ(log_kinds(w).size(), logged);
    const engine::input create{guild_id{5}, at_the_machine, "", "create:5",
                               engine::create_guild{"Five", member_id{1}}};
    EXPECT_EQ(w.engine().handle(create).verdict, verdict::accepted);
    EXPECT_EQ(w.engine().handle(create).verdict, verdict::accepted) << "a repetition is no second guild";
}

TEST(Patience, IsBoundedWhereTheServerHasNoRoomForAConnectionAndSaysSo) {
    spoken said;
    testing::world_options how;
    how.database = recording(fresh_database(), said);
    how.engine.patience = 1s;
    world w(how);
    int attempts = 0;
    said.on_begin = [&](store::tx_mode mode) {
        if (mode == store::tx_mode::read) {
            return;
        }
        ++attempts;
        std::this_thread::sleep_for(20ms);
        throw store::sql_error(store::sql_errc::busy, "the server takes no more connections");
    };
    const auto begun = std::chrono::steady_clock::now();
    try {
        static_cast<void>(join_quietly(w, member_id{7001}));
        ADD_FAILURE() << "it has no room";
    } catch (const store::sql_error& e) {
        EXPECT_STREQ(e.what(), "the server takes no more connections");
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 3s);
    EXPECT_GT(attempts, 6) << "it gave up before its patience was over";
    said.on_begin = nullptr;
    EXPECT_EQ(join_quietly(w, member_id{7001}).verdict, verdict::accepted);
}

TEST(Batch, OneThatLosesAgainstOthersInItsSavepointIsTriedAgain) {
    int settings = 0;
    spoken said;
    testing::world_options how;
    how.database = recording(fresh_database(), said);
    world w(how);
    said.on_statement = [&](std::string_view sql) {
        if (sql.starts_with("INSERT INTO setting")) {
            ++settings;
            if (settings == 1) { // Each gets its savepoint.
                throw store::sql_error(store::sql_errc::other, "something else");
            }
            if (settings == 2) {
                throw store::sql_error(store::sql_errc::serialization, "deadlock");
            }
        }
    };
    const std::vector<engine::input> both(
        2, {w.ids().guild, at_the_machine, "", "", engine::change_setting{"guild.raid_schedule", "Mondays"}});
    EXPECT_THAT(w.engine().handle_all(both), SizeIs(2));
}

TEST(Batch, AFailureInOneGuildLeavesWhatIsKeptOfOthers) {
    int read = 0; // Heard of until the world has ended.
    spoken said;
    testing::world_options how;
    how.database = recording(fresh_database(), said);
    world w(how);
    const guild_id other{2};
    static_cast<void>(
        w.engine().handle({other, at_the_machine, "", "", engine::create_guild{"Other", member_id{900}}}));
    const auto change = [&](guild_id guild) {
        return engine::input{guild, at_the_machine, "", "",
                             engine::change_setting{"guild.raid_schedule", "Mondays"}};
    };
    static_cast<void>(w.engine().handle(change(other)));
    static_cast<void>(join_quietly(w, member_id{7001}, other)); // Reads the settings of now.
    said.on_statement = [&](std::string_view sql) {
        if (sql.starts_with("INSERT INTO setting")) {
            throw failure("a defect");
        }
    };
    EXPECT_THROW(static_cast<void>(w.engine().handle(change(w.ids().guild))), failure);
    said.on_statement = [&](std::string_view sql) { read += sql.starts_with("SELECT setting_key") ? 1 : 0; };
    static_cast<void>(join_quietly(w, member_id{7002}, other));
    EXPECT_EQ(read, 0);
    static_cast<void>(join_quietly(w, member_id{7003}));
    EXPECT_EQ(read, 1) << "what was rolled back may have been kept";
}

TEST(CreateGuild, ANameIsThatOfTheSetting) {
    world w;
    const auto create = [&](const std::string& name) {
        return w.engine().handle(
            {guild_id{5}, at_the_machine, "", "", engine::create_guild{name, member_id{900}}});
    };
    for (const std::string& wrong : {std::string(101, 'x'), std::string("two\nlines"), std::string("\xff")}) {
        const reply answer = create(wrong);
        ASSERT_EQ(answer.verdict, verdict::refused);
        EXPECT_EQ(answer.why->code, errc::invalid_input);
    }
    EXPECT_EQ(create("  The   Guild ").verdict, verdict::accepted);
    EXPECT_EQ(w.engine().settings(guild_id{5}).guild.name, "The Guild");
}

TEST(Questions, AButtonCountsForItsOwnAcrossARestart) {
    world w;
    const member_id zat = w.join("Zat");
    const auto shown = [&] { return w.chat().inbox(zat).back().question; };
    const auto press = [&](const prompt& of, std::string_view text) {
        return w.handle(message_received{zat, std::string(text), of.id}, member_of(zat));
    };
    w.say(zat, "yes");
    w.say(zat, "Trogmoon-Senjin");
    const prompt about_trog = shown();
    EXPECT_EQ(press(about_trog, "no").verdict, verdict::accepted);
    w.restart();
    w.say(zat, "Mito");
    const prompt about_mito = shown();
    ASSERT_EQ(about_mito.step, about_trog.step);
    const reply late = press(about_trog, "yes");
    ASSERT_EQ(late.verdict, verdict::refused);
    EXPECT_EQ(late.why->code, errc::expired);
    EXPECT_EQ(late.question, about_mito);
    EXPECT_THAT(w.engine().show(w.ids().guild, late).messages, ::testing::SizeIs(2));
    EXPECT_EQ(press(about_mito, "yes").verdict, verdict::accepted);
    press(shown(), "none");
    EXPECT_EQ(w.roles(zat), std::vector{w.ids().member});
}

TEST(InputKey, ARefusalIsRememberedToo) {
    world w;
    const member_id zat = w.join("Zat");
    w.say(zat, "yes");
    const engine::input once{w.ids().guild, member_of(zat), "", "k", message_received{zat, "123"}};
    EXPECT_EQ(w.engine().handle(once).verdict, verdict::refused);
    const reply again = w.engine().handle(once);
    EXPECT_EQ(again.verdict, verdict::refused);
    ASSERT_TRUE(again.why.has_value());
    EXPECT_EQ(again.why->code, errc::invalid_input);
}

/// One account in two guilds of one engine.
struct TwoGuilds : ::testing::Test {
    world w;
    guild_id first{1};
    guild_id second{2};
    member_id zat{7001};

    TwoGuilds() {
        const auto as_operator = [&](engine::command c) {
            return w.engine().handle({second, at_the_machine, "", "", std::move(c)});
        };
        EXPECT_EQ(as_operator(engine::create_guild{"Second", member_id{901}}).verdict, verdict::accepted);
        EXPECT_EQ(as_operator(engine::change_setting{"sending.enabled", "on"}).verdict, verdict::accepted);
        EXPECT_EQ(w.handle(engine::change_setting{"sending.enabled", "on"}, at_the_machine).verdict,
                  verdict::accepted);
    }
    void join(guild_id guild) {
        join_quietly(w, zat, guild);
        testing::settle(w.engine());
        w.turn(1min);
    }
    std::string step(guild_id guild) { return session_of(w, zat, guild)->session.step; }
};

/// A second pair, to compare with.
struct TwoGuildsAgain : TwoGuilds {
    void TestBody() override {}
};

TEST_F(TwoGuilds, TheLastQuestionDecides) {
    join(first);
    join(second);
    w.say(zat, "yes");
    EXPECT_EQ(step(second), "main");
    EXPECT_EQ(step(first), "in_guild");
}

TEST_F(TwoGuilds, ABatchHasTheOrderThatItWasHandedInWith) {
    TwoGuildsAgain one_by_one;
    const auto in = [&](guild_id guild, member_id who) {
        w.chat().add_member(guild, {who, "User", {}});
        one_by_one.w.chat().add_member(guild, {who, "User", {}});
        return engine::input{guild, {}, "", "", joined(who, w.clock().now())};
    };
    const auto yes = [](member_id who) {
        return engine::input{{}, member_of(who), "", "", message_received{who, "yes"}};
    };
    const member_id other{7002};
    const std::vector<engine::input> batch{in(first, other), in(second, other), in(first, zat), yes(zat),
                                           in(second, zat),  yes(zat),          yes(other)};
    const std::vector<reply> together = w.engine().handle_all(batch);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const reply alone = one_by_one.w.engine().handle(batch[i]);
        EXPECT_EQ(together[i].verdict, alone.verdict) << i;
        EXPECT_EQ(together[i].text, alone.text) << i;
    }
    for (const guild_id guild : {first, second}) {
        for (const member_id who : {zat, other}) {
            EXPECT_EQ(session_of(w, who, guild)->session.step,
                      session_of(one_by_one.w, who, guild)->session.step);
        }
        EXPECT_EQ(log_kinds(w, guild), log_kinds(one_by_one.w, guild));
    }
}

TEST_F(TwoGuilds, WhenOneIsThroughTheOtherHasItsTurn) {
    join(first);
    join(second);
    for (const std::string_view text : {"yes", "Qwertz", "none"}) {
        w.say(zat, text);
    }
    EXPECT_EQ(session_of(w, zat, second)->session.state, session_state::verifying);
    w.say(zat, "no");
    EXPECT_EQ(step(first), "wait_for_guild");
}

TEST_F(TwoGuilds, ARepetitionIsNoAnswerToTheOther) {
    join(first);
    join(second);
    for (const char* text : {"yes", "Qwertz"}) {
        w.say(zat, text);
    }
    const engine::input last{{}, member_of(zat), "", "message:4", message_received{zat, "none"}};
    const reply done = w.engine().handle(last);
    w.turn(1min); // The second guild has all that it asked for: now it is the first one's turn.
    ASSERT_EQ(session_of(w, zat, second)->session.state, session_state::verifying);
    const reply again = w.engine().handle(last);
    EXPECT_EQ(again.verdict, done.verdict);
    EXPECT_EQ(again.text, done.text);
    EXPECT_EQ(step(first), "in_guild");
}

TEST_F(TwoGuilds, AGuildThatTheyLeftAsksNothingMore) {
    join(first);
    w.officer(onboarding::officer_verb::dismiss, zat);
    w.turn(1min);
    join(second);
    static_cast<void>(w.engine().handle({second, {}, "", "", onboarding::member_left{zat}}));
    w.officer(onboarding::officer_verb::start, zat);
    w.say(zat, "yes");
    EXPECT_EQ(step(first), "main");
}

TEST_F(TwoGuilds, UnaskedItIsAmbiguous) {
    w.set("onboarding.enabled", "off");
    static_cast<void>(w.engine().handle(
        {second, at_the_machine, "", "", engine::change_setting{"onboarding.enabled", "off"}}));
    join(first);
    EXPECT_EQ(w.say(zat, "hello").text.key, "self_service.hint") << "one guild: that one";
    join(second);
    const reply which = w.say(zat, "hello");
    EXPECT_EQ(which.verdict, verdict::refused);
    EXPECT_EQ(which.why->code, errc::ambiguous);
    EXPECT_EQ(w.say(member_id{5}, "hello").text.key, "dm.which_guild") << "a stranger belongs to none";
}

TEST_F(TwoGuilds, NeitherSeesTheOther) {
    join(first);
    engine::queries q(w.database());
    EXPECT_THAT(q.members(second), IsEmpty());
    EXPECT_FALSE(q.session_of(second, zat).has_value());
    EXPECT_THAT(q.characters(second), IsEmpty());
    EXPECT_EQ(
        w.engine()
            .handle({second, member_of(w.ids().owner), "", "", engine::change_setting{"guild.name", "Mine"}})
            .verdict,
        verdict::refused)
        << "the owner of the first is nobody in the second";
    expect_whole_log(w, first);
    expect_whole_log(w, second);
}

TEST(Threads, FourShareTheCommits) {
    world w;
    w.set("onboarding.verify_every", "30m");
    constexpr int each = 25;
    std::vector<std::thread> threads;
    std::atomic<int> accepted{0};
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < each; ++i) {
                const member_id who{10'000 + t * 1000 + i};
                const reply a =
                    w.engine().handle({w.ids().guild, {}, "", "", joined(who, testing::first_moment)});
                const reply b = w.engine().handle(
                    {w.ids().guild, {}, "", "once", joined(member_id{9'999}, testing::first_moment)});
                accepted += a.verdict == verdict::accepted && b.verdict == verdict::accepted ? 1 : 0;
            }
        });
    }
    for (std::thread& t : threads) {
        t.join();
    }
    EXPECT_EQ(accepted, 4 * each);
    EXPECT_THAT(engine::queries(w.database()).open_sessions(w.ids().guild), SizeIs(4 * each + 1));
    expect_whole_log(w);
}

TEST(Threads, WhatWaitedSharesATransaction) {
    world w;
    const std::int64_t before = w.engine().metrics().batches;
    const auto blocker = w.database().connect();
    blocker->begin(store::tx_mode::write);
    blocker->enter_guild(w.ids().guild);
    (void)store::lock_guild(*blocker, w.ids().guild);
    constexpr int callers = 12;
    std::vector<std::future<reply>> answers;
    for (int i = 0; i < callers; ++i) {
        answers.push_back(std::async(std::launch::async, [&w, i] {
            return w.engine().handle(
                {w.ids().guild, {}, "", "", joined(member_id{10'000 + i}, testing::first_moment)});
        }));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(300)); // Until they are waiting.
    blocker->rollback();
    for (std::future<reply>& a : answers) {
        EXPECT_EQ(a.get().verdict, verdict::accepted);
    }
    EXPECT_LE(w.engine().metrics().batches - before, callers / 3);
    expect_whole_log(w);
}

// Any wait for company would show in the quickest one, too.
TEST(Threads, ALoneInputWaitsForNobody) {
    world w;
    if (!w.database().connect()->dialect().for_update.empty()) {
        GTEST_SKIP() << "a server's answers take as long as such a wait would; the code is the same";
    }
    auto quickest = std::chrono::steady_clock::duration::max();
    for (int i = 0; i < 50; ++i) {
        const auto begun = std::chrono::steady_clock::now();
        (void)w.engine().handle(
            {w.ids().guild, {}, "", "", joined(member_id{10'000 + i}, testing::first_moment)});
        quickest = std::min(quickest, std::chrono::steady_clock::now() - begun);
    }
    EXPECT_LT(quickest, std::chrono::milliseconds(2));
}

TEST(Policy, DenialsAreLoggedAndChangeNothing) {
    world w;
    const member_id zat = w.join("Zat");
    const std::vector<engine::command> forbidden{
        engine::change_setting{"sending.enabled", "off"},
        engine::import_roster{testing::roster_from_text(testing::small_roster), {}, "manual"},
        engine::cancel_job{job_id{1}},
        provisioning::create_invite{},
        onboarding::officer_action{onboarding::officer_verb::resolve, zat, "Boss"},
    };
    for (const engine::command& c : forbidden) {
        const reply no = w.handle(c, member_of(zat));
        EXPECT_EQ(no.verdict, verdict::refused);
        ASSERT_TRUE(no.why.has_value());
        EXPECT_EQ(no.why->code, errc::not_allowed);
    }
    const auto kinds = log_kinds(w);
    EXPECT_EQ(std::count(kinds.begin(), kinds.end(), "policy.denied"), static_cast<long>(forbidden.size()));
    EXPECT_TRUE(w.engine().settings(w.ids().guild).sending.enabled);
    EXPECT_EQ(session_of(w, zat)->session.step, "in_guild");
    expect_whole_log(w);
}

TEST(Policy, NobodyIsWhomTheyClaimToBe) {
    world w;
    const member_id zat = w.join("Zat");
    const reply no = w.handle(message_received{zat, "yes"}, member_of(member_id{666}));
    EXPECT_EQ(no.verdict, verdict::refused);
    EXPECT_EQ(session_of(w, zat)->session.step, "in_guild");
    const reply unknown = w.engine().handle({guild_id{77}, {}, "", "", message_received{zat, "yes"}});
    EXPECT_EQ(unknown.why->code, errc::not_found);
}

} // namespace
} // namespace patt::engine_tests
