// Rows that this program cannot read: of a newer version beside it, or damaged. They hold up nobody else.
#include "engine/outbox_fixture.hpp"
#include "store/codec.hpp"
#include "store/timer_repository.hpp"

namespace patt::engine_tests {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr guild_id neighbour{5};

struct two_guilds {
    world w;

    two_guilds() {
        static_cast<void>(w.engine().handle(
            {neighbour, at_the_machine, "", "made", engine::create_guild{"Neighbour", member_id{900}}}));
        static_cast<void>(w.engine().handle(
            {neighbour, at_the_machine, "", "", engine::change_setting{"sending.enabled", "on"}}));
        static_cast<void>(w.engine().handle(
            {neighbour, at_the_machine, "", "", engine::change_setting{"sending.announcements", "on"}}));
        w.chat().add_channel(neighbour, {channel_id{12}, "welcome"});
    }
    /// Two effects in one lane, one beside it, one of another guild; the first is changed by `set`.
    void put(std::string_view set) {
        beside(w, [&](store::connection& db) {
            const auto one = [&](guild_id guild, const effect& e) {
                store::insert_effect(db, guild, e, effect_state::pending, w.clock().now());
            };
            one(w.ids().guild, post(1, "foreign", "lane"));
            one(w.ids().guild, post(2, "behind", "lane"));
            one(w.ids().guild, post(3, "beside", "other lane"));
            one(neighbour, post(4, "neighbour", "lane"));
            db.run("UPDATE outbox SET " + std::string(set) + " WHERE guild_id = 1 AND effect_id = 1");
        });
        w.turn(1min);
    }
};

TEST(ForeignEffects, OfAnUnknownKindAreLeftToANewerHostInTheirOrder) {
    for (const char* kind : {"kind = 99", "kind = -1"}) {
        SCOPED_TRACE(kind);
        two_guilds of;
        of.put(kind);
        EXPECT_THAT(post_keys(of.w), UnorderedElementsAre("beside", "neighbour"));
        const store::outbox_counts open = engine::queries(of.w.database()).outbox(of.w.ids().guild);
        EXPECT_EQ(open.pending, 2) << "neither claimed nor given up";
        beside(of.w, [](store::connection& db) {
            db.run("DELETE FROM outbox WHERE effect_id = 1"); // The newer host has done it.
        });
        of.w.turn(1min);
        EXPECT_THAT(post_keys(of.w), UnorderedElementsAre("beside", "neighbour", "behind"));
    }
}

TEST(ForeignEffects, OfAnUnknownKindEndALaneForThisHost) {
    world w;
    beside(w, [&](store::connection& db) {
        for (std::int64_t i = 1; i <= 3; ++i) {
            store::insert_effect(db, w.ids().guild, post(i, "p" + std::to_string(i), "lane"),
                                 effect_state::pending, w.clock().now());
        }
        db.run("UPDATE outbox SET kind = 99 WHERE effect_id = 2");
    });
    w.turn(1min);
    EXPECT_THAT(post_keys(w), ElementsAre("p1")) << "what comes next in its lane is asked for by its lane";
}

TEST(ForeignEffects, ThatCannotBeReadFailAndOfficersSeeWhy) {
    for (const char* body : {"{", "null", R"({"channel": "twelve"})"}) {
        SCOPED_TRACE(body);
        two_guilds of;
        of.put("body = '" + std::string(body) + "'");
        EXPECT_THAT(post_keys(of.w), UnorderedElementsAre("behind", "beside", "neighbour"));
        const auto issues = engine::queries(of.w.database()).open_issues(of.w.ids().guild);
        ASSERT_THAT(issues, SizeIs(1));
        EXPECT_EQ(issues[0].type, integrity::issue_type::effect_failed);
        EXPECT_EQ(engine::queries(of.w.database()).outbox(of.w.ids().guild).failed, 1);
        beside(of.w, [](store::connection& db) {
            const store::cursor rows = db.query("SELECT last_error FROM outbox WHERE effect_id = 1");
            ASSERT_TRUE(rows->next());
            EXPECT_THAT(std::string(rows->text(0)), HasSubstr("stored effect"));
        });
    }
}

TEST(ForeignEffects, ThatCannotBeReadFailWhateverTheyWere) {
    world w;
    const std::vector<effect_body> bodies{direct_message{}, channel_post{}, set_roles{}, issue_invite{},
                                          add_roster_entries{}};
    ASSERT_EQ(bodies.size(), std::variant_size_v<effect_body>);
    const session_id session = session_of(w, w.join("Zat"))->session.id;
    const std::size_t before = w.chat().ledger().size();
    beside(w, [&](store::connection& db) {
        for (const effect_body& body : bodies) {
            const auto kind = static_cast<std::int64_t>(body.index());
            effect e = post(kind + 1, "k" + std::to_string(kind), "lane" + std::to_string(kind));
            e.body = body;
            e.cls = kind < 3 ? effect_class::publish : effect_class::internal;
            e.owner = kind == 4 ? session : session_id{};
            store::insert_effect(db, w.ids().guild, e, effect_state::pending, w.clock().now());
        }
        db.run("UPDATE outbox SET body = '{'");
    });
    w.turn(1min);
    EXPECT_EQ(engine::queries(w.database()).outbox(w.ids().guild).failed, 5);
    for (std::size_t i = before; i < w.chat().ledger().size(); ++i) {
        EXPECT_EQ(w.chat().ledger()[i].target, w.ids().audit.value()) << "officers are told, nobody else";
    }
}

/// Due timers of the newer version, so many, older than all others.
void put_newer_timers(world& w, int count) {
    beside(w, [&](store::connection& db) {
        for (int i = 0; i < count; ++i) {
            store::set_timer(db, w.ids().guild, {-1 - i, timer_purpose::nudge, w.clock().now() - 1h, {}});
        }
        db.run("UPDATE timer SET purpose = 'of a newer version' WHERE owner_id < 0");
    });
}

TEST(ForeignTimers, LeaveRoomForThoseThatAreKnown) {
    world w;
    const member_id zat = w.join("Zat");
    put_newer_timers(w, engine::options{}.batch + 1);
    w.turn(24h);
    EXPECT_THAT(w.inbox(zat), SizeIs(2)) << "the reminder";
}

TEST(ForeignTimers, AreNothingToWaitFor) {
    world w;
    static_cast<void>(w.join("Zat"));
    put_newer_timers(w, 1);
    const engine::run_report report = w.engine().run_timers(1s);
    EXPECT_EQ(report.inputs, 0);
    EXPECT_GT(report.next_due, w.clock().now()) << "a host would ask again and again";
    const auto db = beside(w.database());
    EXPECT_EQ(db->run("DELETE FROM timer WHERE purpose = 'of a newer version'"), 1) << "and stay";
}

TEST(StoredForms, ThatAreNotAsTheyWereWrittenAreFailures) {
    for (const char* text : {"", "{", "{}", "[]", "null", "7", "\"x\"", "[[]]", "[7]", "[[\"a\"]]",
                             "{\"verdict\": \"x\"}", "{\"to\": 1, \"text\": [], \"question\": 1}",
                             "{\"member\": 1, \"add\": [\"x\"], \"remove\": []}"}) {
        SCOPED_TRACE(text);
        for (std::size_t kind = 0; kind <= std::variant_size_v<effect_body>; ++kind) {
            EXPECT_THROW(static_cast<void>(store::decode_effect(kind, text)), failure);
        }
        if (std::string_view(text) != "[]") {
            EXPECT_THROW(static_cast<void>(store::decode_args(text)), failure);
        }
        EXPECT_THROW(static_cast<void>(store::decode_reply(text)), failure);
    }
}

} // namespace
} // namespace patt::engine_tests
