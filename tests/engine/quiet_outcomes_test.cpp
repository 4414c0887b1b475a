// Effects that went well and mean nothing else are acknowledged together, one input for each guild.
#include "engine/engine_fixture.hpp"
#include "engine/passing_chat.hpp"
#include "store/outbox_repository.hpp"

#include <patt/onboarding/commands.hpp>
#include <patt/onboarding/outcomes.hpp>
#include <patt/store/in_tx.hpp>

#include <functional>

namespace patt::engine_tests {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

effect post(std::int64_t id, std::string lane, std::string after = {}) {
    effect e;
    e.id = effect_id{id};
    e.key = "p" + std::to_string(id);
    e.order_key = std::move(lane);
    e.after = std::move(after);
    e.body = channel_post{channel_id{12}, {"public.welcome", {{"member", e.key, arg_kind::text}}}, {}, {}};
    return e;
}

/// Writes to the database beside the engine.
template <class Work>
void beside(testing::world& w, Work work) {
    const auto db = engine_tests::beside(w.database());
    store::in_tx(*db, store::tx_mode::write, [&] { work(*db); });
}

void put(testing::world& w, const std::vector<effect>& effects) {
    beside(w, [&](store::connection& db) {
        for (const effect& e : effects) {
            store::insert_effect(db, w.ids().guild, e, effect_state::pending, w.clock().now());
        }
    });
}

std::vector<effect> posts(std::int64_t count) {
    std::vector<effect> out;
    for (std::int64_t i = 1; i <= count; ++i) {
        out.push_back(post(i, "lane" + std::to_string(i)));
    }
    return out;
}

/// A chat in whose first post something else happens.
class interrupted_chat final : public passing_chat {
public:
    using passing_chat::passing_chat;
    std::function<void()> meanwhile;

    effect_outcome post(guild_id g, channel_id where, const engine::outgoing& what,
                        std::string_view key) override {
        if (auto once = std::exchange(meanwhile, nullptr)) {
            once();
        }
        return passing_chat::post(g, where, what, key);
    }
};

struct QuietOutcomes : ::testing::Test {
    world w;
    interrupted_chat chat{w.chat()};
    testing::seeded_entropy entropy{5};
    std::unique_ptr<engine::engine> slow;

    QuietOutcomes() {
        engine::options how;
        how.instance_key = "an instance key for tests only";
        const std::shared_ptr<store::database> same(&w.database(), [](store::database*) {});
        slow = std::make_unique<engine::engine>(same, engine::ports{chat, w.clock(), entropy}, how);
    }
    [[nodiscard]] std::vector<store::ledger_row> ledger() {
        return engine::queries(w.database()).ledger(w.ids().guild);
    }
    [[nodiscard]] std::int64_t waiting() {
        const store::outbox_counts n = engine::queries(w.database()).outbox(w.ids().guild);
        return n.waiting + n.held + n.pending + n.sending + n.failed;
    }
};

TEST_F(QuietOutcomes, AreOneInputOfTheGuild) {
    put(w, posts(10));
    const std::int64_t before = slow->metrics().inputs;
    testing::settle(*slow);
    EXPECT_THAT(ledger(), SizeIs(10));
    EXPECT_EQ(waiting(), 0);
    EXPECT_EQ(slow->metrics().effects_acked, 10);
    EXPECT_EQ(slow->metrics().inputs - before, 1);
    for (const store::ledger_row& row : ledger()) {
        EXPECT_EQ(row.result, "done");
        EXPECT_EQ(row.attempts, 1);
    }
}

TEST_F(QuietOutcomes, FreeWhatStandsBehindThem) {
    std::vector<effect> all = posts(6);
    all.push_back(post(7, "lane1"));
    all.push_back(post(8, "lane8", "p2"));
    put(w, all);
    testing::settle(*slow);
    EXPECT_THAT(ledger(), SizeIs(8));
    std::vector<std::string> keys;
    for (const testing::ledger_entry& e : w.chat().ledger()) {
        keys.push_back(e.key);
    }
    const auto place = [&](std::string_view key) { return std::find(keys.begin(), keys.end(), key); };
    EXPECT_LT(place("p1"), place("p7"));
    EXPECT_LT(place("p2"), place("p8"));
}

TEST_F(QuietOutcomes, ThatComeTooLateAreDropped) {
    put(w, posts(6));
    chat.meanwhile = [&] {
        w.clock().turn(3min); // Longer than a lease lasts.
        testing::settle(w.engine());
    };
    static_cast<void>(slow->run_once(1s));
    EXPECT_THAT(ledger(), SizeIs(6));
    EXPECT_GT(slow->metrics().effects_stale, 0);
    EXPECT_EQ(slow->metrics().effects_acked, 0);
    for (const testing::ledger_count& c : w.chat().counted_by_key()) {
        EXPECT_EQ(c.times, 1U) << c.what;
    }
}

TEST_F(QuietOutcomes, ThatAreSomebodyElsesByNowAreNotAcknowledged) {
    put(w, posts(6));
    chat.meanwhile = [&] { // One was claimed anew, one cancelled; the others are as they were.
        beside(w, [&](store::connection& db) {
            db.run("UPDATE outbox SET claim_epoch = claim_epoch + 1 WHERE guild_id = $1 AND effect_id = 2",
                   {w.ids().guild.value()});
            db.run("DELETE FROM outbox WHERE guild_id = $1 AND effect_id = 3", {w.ids().guild.value()});
        });
    };
    static_cast<void>(slow->run_once(1s));
    EXPECT_EQ(slow->metrics().effects_acked, 5) << "four together, and the one that was claimed anew";
    EXPECT_EQ(slow->metrics().effects_stale, 2);
    EXPECT_THAT(ledger(), SizeIs(5));
    EXPECT_EQ(waiting(), 0);
}

TEST(EndsQuietly, MeansThatNothingElseIsDecided) {
    random_stream random(1);
    const policy::guild_settings settings;
    const policy::actor actor = policy::system_actor();
    int quiet = 0;
    const std::vector<effect_body> bodies{direct_message{}, channel_post{}, set_roles{}};
    for (const effect_body& body : bodies) {
        for (const session_id owner : {session_id{}, session_id{7}}) {
            for (const necessity need : {necessity::optional, necessity::required}) {
                effect what;
                what.id = effect_id{3};
                what.body = body;
                what.owner = owner;
                what.need = need;
                if (!onboarding::ends_quietly(what, {})) {
                    continue;
                }
                ++quiet;
                onboarding::effect_tried tried;
                tried.id = what.id;
                tried.body = body;
                tried.owner = owner;
                tried.need = need;
                onboarding::session_facts facts;
                if (owner) {
                    facts.session.emplace();
                    facts.session->id = owner;
                    facts.session->state = onboarding::session_state::provisioning;
                }
                id_sequence ids{1};
                context ctx{guild_id{1}, instant{1}, ids, random, settings, actor, {}};
                const auto decided = std::get<change_set>(decide(facts, tried, ctx));
                EXPECT_THAT(decided.operations, SizeIs(1));
                EXPECT_THAT(decided.rows, IsEmpty());
                EXPECT_THAT(decided.log, IsEmpty());
                EXPECT_THAT(decided.timers, IsEmpty());
                EXPECT_THAT(decided.effects, IsEmpty());
            }
        }
    }
    EXPECT_EQ(quiet, 5)
        << "posts of sessions that need them, direct messages of sessions and roles mean more";
    effect_outcome failed;
    failed.error = effect_error::temporary;
    EXPECT_FALSE(onboarding::ends_quietly(effect{}, failed));
}

} // namespace
} // namespace patt::engine_tests
